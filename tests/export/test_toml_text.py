"""TOML that `tomllib` reads back as it was written, whatever the names hold."""

from __future__ import annotations

import tomllib

from hypothesis import given
from hypothesis import strategies as st

from whichmodel.export.toml_text import Value, table

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
SCALARS: st.SearchStrategy[Value] = st.one_of(
    TEXT, st.booleans(), st.integers(-(2**63), 2**63 - 1), st.floats(allow_nan=False)
)
VALUES: st.SearchStrategy[Value] = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)


@given(path=st.lists(TEXT, min_size=1, max_size=3), values=st.dictionaries(TEXT, VALUES, max_size=4))
def test_reads_back_as_it_was(path: list[str], values: dict[str, Value]) -> None:
    found = tomllib.loads(table(path, values))
    for part in path:
        found = found[part]
    assert found == values


def test_a_name_cannot_leave_its_quotes() -> None:
    """Quotes, line breaks, braces and what does not print."""
    name = 'a"]\n[b]\r\\ {{ c }} \x7f é \U0001f600 \u2028'
    text = table(["models", name], {"routing": [name]})
    assert tomllib.loads(text) == {"models": {name: {"routing": [name]}}}
    assert len(text.splitlines()) == 2


def test_plain_names_stay_plain() -> None:
    assert table(["functions", "word_problems", "a/b"], {"x": 0.5, "on": True, "deep": {"k-1": 1}}) == (
        '[functions.word_problems."a/b"]\nx = 0.5\non = true\ndeep = { k-1 = 1 }\n'
    )
