"""Keys kept out of what is written: some endpoints repeat them in a reply or in an error."""

from __future__ import annotations

import os

from whichmodel.plan import Work

LEAST = 8
"""Characters of a key; anything shorter may be a word."""


def keys_of(work: Work) -> tuple[str, ...]:
    """The keys that this work's models are asked with."""
    names = {model.key_env for model in (work.model, work.judge) if model and model.key_env}
    return tuple(key for name in sorted(names) if len(key := os.environ.get(name, "")) >= LEAST)


def blotted(text: str, keys: tuple[str, ...]) -> str:
    """A text without the keys."""
    for key in keys:
        text = text.replace(key, "[key]")
    return text
