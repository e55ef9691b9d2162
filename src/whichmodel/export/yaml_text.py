"""Values -> YAML that every reader reads alike.

YAML 1.1 and 1.2 differ on plain words: `y` and `12:30` change their type under 1.1, `1e3` and `0o17` under
1.2, and PyYAML leaves some of them unquoted. Here a string that any of the two could take for something else
is quoted, and one with line breaks or unprintable characters is written with escapes.
"""

from __future__ import annotations

from typing import Any

import yaml

WORDS_OF_1_1 = frozenset({"y", "n"})
STARTS_A_VALUE = "0123456789+-.=<~"
"""First characters of what a reader may take for a number, a time, a merge or null."""


class _Dumper(yaml.SafeDumper):
    """PyYAML's safe dumper, with careful strings and no anchors."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _string(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = None
    if not text.isprintable():
        style = '"'
    elif text.lower() in WORDS_OF_1_1 or text[:1] in STARTS_A_VALUE:
        style = "'"
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _string)


def dump(value: object) -> str:
    """Plain values (mappings, lists, strings, numbers, None) as a YAML block; keys keep their order."""
    return yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=float("inf"))


def comment(text: str) -> str:
    """Text as comment lines, one a line of text. Whatever it holds, nothing of it leaves the comment."""
    return "".join(f"# {_one_line(line)}".rstrip() + "\n" for line in text.split("\n"))


def indented(text: str, by: int) -> str:
    """Lines of a file further to the right; empty ones stay empty."""
    return "".join(f"{' ' * by}{line}\n" if line else "\n" for line in text.rstrip("\n").split("\n"))


def _one_line(text: str) -> str:
    joined = " ".join(text.split())
    return "".join(char if char.isprintable() else "?" for char in joined)
