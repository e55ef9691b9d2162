"""docs/reference/providers.md says what the code does: its table is made of the code's."""

from __future__ import annotations

import sys
from pathlib import Path

from whichmodel.domain.driver import Driver, driver
from whichmodel.domain.provider import PROVIDERS, Provider

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "providers.md"
BEGIN, END = "<!-- table -->\n", "<!-- /table -->\n"
ON_THE_WIRE = {"openai", "openai-api", "anthropic", "google", "openrouter", "hf-inference-providers"} | {
    "openai/azure",
    "bedrock",
}
"""Drivers that test_modes.py drives."""
SERVICES = (
    Provider("azureai (OpenAI's models)", "openai/azure"),
    Provider("any other, with `base_url`", "openai-api/..."),
    Provider("any, with `inspect_name`", "python:module:function"),
)


def table() -> str:
    """The page's table: one row a provider, and the services that only an `inspect_name` reaches."""
    heads = ("provider", "Inspect's name", "key or account", "package", "output modes", "proved")
    rows = [heads, tuple("---" for _ in heads), *(_row(provider) for provider in (*PROVIDERS, *SERVICES))]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _row(provider: Provider) -> tuple[str, ...]:
    found = driver(provider.inspect.replace("python:", "python/") + ("" if "." in provider.inspect else "/m"))
    name = f"`{provider.name}/`" if provider.name.isalnum() else provider.name
    how = (
        "on the wire"
        if found.name in ON_THE_WIRE
        else "run"
        if found.name in ("python", "replay")
        else "read"
    )
    package = f"`{found.package}`" if found.package else "-"
    return name, f"`{provider.inspect}`", _needs(provider, found), package, ", ".join(found.modes), how


def _needs(provider: Provider, found: Driver) -> str:
    if found.accounts:
        return " or ".join(" + ".join(f"`{name}`" for name in names) for names in found.accounts)
    keys = (provider.key,) if provider.key else found.keys
    needed = [" or ".join(f"`{key}`" for key in keys)] if keys else []
    needed += [" or ".join(f"`{name}`" for name in (*found.addresses, "base_url"))] if found.addresses else []
    return "; ".join(needed) or "none"


def test_the_page_s_table_is_the_code_s() -> None:
    page = PAGE.read_text()
    assert page.partition(BEGIN)[2].partition(END)[0] == table()


if __name__ == "__main__":
    before, _, rest = PAGE.read_text().partition(BEGIN)
    PAGE.write_text(before + BEGIN + table() + END + rest.partition(END)[2])
    sys.exit(0)
