"""Who looks, and whose figures they may see."""

from __future__ import annotations

from whichmodel.config import Config


def organisations(config: Config) -> tuple[str, ...]:
    """Names of the organisations that may be shown, the default one first."""
    default = config.default_organisation
    return (default, *(name for name in config.organisations if name != default))
