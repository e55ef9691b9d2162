"""The CSV holds every standing and nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from views.boards import STANDINGS, standing, view

from whichmodel.views.sheet import COLUMNS, render

GOLDEN = Path(__file__).parents[1] / "golden" / "leaderboard_which_model.csv"


def test_the_csv_is_as_agreed() -> None:
    assert render(view()).replace("\r\n", "\n") == GOLDEN.read_text(encoding="utf-8")


def test_each_standing_is_a_row_and_unknown_is_empty() -> None:
    rows = list(csv.DictReader(io.StringIO(render(view()))))
    assert [row["model"] for row in rows] == [standing.model for standing in STANDINGS]
    down = rows[-1]
    assert (down["decision"], down["score"], down["cost_per_1k_usd"]) == ("failed", "", "")


@given(st.sampled_from("=+-@\t\r"), st.text(st.characters(codec="utf-8", exclude_characters="\x00")))
def test_a_text_that_begins_like_a_formula_is_quoted(first: str, rest: str) -> None:
    text = render(view(standing(first + rest)))
    [row] = list(csv.reader(io.StringIO(text, newline="")))[1:]
    assert row[COLUMNS.index("model")] == f"'{first}{rest}"
