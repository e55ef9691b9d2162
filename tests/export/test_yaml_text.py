"""Strings that some reader of YAML would take for something else are quoted."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from whichmodel.export.yaml_text import comment, dump

TRAPS = [
    "no",
    "Yes",
    "on",
    "y",
    "N",
    "3.10",
    "12:30",
    "1e3",
    "0o17",
    "0x1F",
    "1_000",
    "=",
    "=SUM(A1)",
    "~",
    "null",
]


@pytest.mark.parametrize("text", TRAPS)
def test_a_trap_is_quoted_and_read_back(text: str) -> None:
    written = dump({"key": text})
    assert written == f"key: '{text}'\n"
    assert yaml.safe_load(written) == {"key": text}


@settings(deadline=None)
@given(st.dictionaries(st.text(), st.text() | st.lists(st.text())))
def test_any_text_is_read_back_as_it_was(value: dict[str, object]) -> None:
    assert yaml.safe_load(dump(value)) == value


def test_keys_keep_their_order_and_a_long_text_its_line() -> None:
    assert dump({"b": "word " * 60, "a": None}) == f"b: '{'word ' * 60}'\na: null\n"


@settings(deadline=None)
@given(st.text())
def test_a_comment_never_becomes_content(text: str) -> None:
    assert yaml.safe_load(comment(text) + "key: 1\n") == {"key": 1}
