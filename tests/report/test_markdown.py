"""The comment begins with its marker, notifies nobody, breaks no table, and fits."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from report.reports import HOSTILE, INVOICES, hostile, made
from views.boards import STANDINGS

from whichmodel.domain import WhyNot
from whichmodel.report.markdown import MOST, length, marker, render

GOLDEN = Path(__file__).parent / "golden" / "acme.md"


def test_the_comment_is_as_agreed() -> None:
    assert render(made()) == GOLDEN.read_text(encoding="utf-8")


def test_it_begins_with_the_marker_of_its_organisation() -> None:
    assert render(made()).splitlines()[0] == marker("acme") == "<!-- whichmodel:report:acme -->"


def without_code(text: str) -> str:
    """The text without code spans and blocks, where nothing notifies or formats."""
    blocks = re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    return re.sub(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", "", blocks)


def columns(line: str) -> int:
    """Cells of a row of a table: pipes that are not escaped."""
    return len(re.findall(r"(?<!\\)\|", line)) - 1


def test_nothing_of_a_hostile_name_notifies_links_or_is_markup() -> None:
    text = without_code(render(hostile()))
    assert "octocat" in text
    assert not re.search(r"@\w|#\d|<script|<img|://", text)


def tables(text: str) -> list[list[str]]:
    """The lines of each table."""
    return [block.splitlines() for block in re.findall(r"(?:^\|.*\|\n)+", text, re.MULTILINE)]


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=40))
def test_whatever_a_model_is_called_each_row_has_the_cells_of_its_table(name: str) -> None:
    route = replace(
        INVOICES, model=name, ties=(name,), why=name, why_not=(WhyNot(name, name, name, 0.0, -1.0, 1.0, 2),)
    )
    plain = made()
    rows = (replace(STANDINGS[2], model=name),)
    view = replace(plain.view, standings=rows, table=replace(plain.view.table, routes=(route,)))
    for table in tables(render(replace(plain, view=view))):
        assert len({columns(line) for line in table}) == 1


@pytest.mark.parametrize("tasks", [60, 400])
def test_a_long_report_fits_and_says_what_it_left_out(tasks: int) -> None:
    reasons = tuple(
        WhyNot(f"vendor/model-{n}", "dearer", "as good, at 2.0 times the cost") for n in range(40)
    )
    routes = tuple(
        replace(INVOICES, task=f"task-{n:03}", category=f"category-{n % 7}", why_not=reasons)
        for n in range(tasks)
    )
    plain = made()
    view = replace(plain.view, table=replace(plain.view.table, routes=routes))
    text = render(replace(plain, view=view, before=None))
    assert length(text) <= MOST
    assert text.startswith(marker("acme"))
    assert "Left out for length" in text
    assert text.count("<details>") == text.count("</details>")
    assert ("some picks" in text) == (tasks == 400)


def test_a_hostile_name_is_shown_whole() -> None:
    assert HOSTILE.replace("|", "\\|") in render(hostile())
