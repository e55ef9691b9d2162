"""Two CSV files: as agreed, one row a standing or a route, unknown is empty."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from report.reports import HOSTILE, hostile, made

from whichmodel.report import tables

GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize("name", ["acme-standings.csv", "acme-routes.csv"])
def test_the_file_is_as_agreed(name: str) -> None:
    text = tables.files(made())[name].decode()
    assert text.count("\r\n") == text.count("\n")
    assert text.replace("\r\n", "\n") == (GOLDEN / name).read_text(encoding="utf-8")


def test_each_route_is_a_row_and_what_is_unknown_is_empty() -> None:
    text = tables.files(made())["acme-routes.csv"].decode()
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["task"] for row in rows] == ["invoices", "tickets", "meetings", "technical"]
    assert (rows[-1]["model"], rows[-1]["score"], rows[-1]["monthly_usd"]) == ("", "", "")
    assert (rows[0]["saving_low"], rows[1]["more_items"]) == ("0.81", "310")


def test_a_hostile_name_comes_back_as_it_was() -> None:
    text = tables.files(hostile())["acme-routes.csv"].decode()
    [row] = csv.DictReader(io.StringIO(text, newline=""))
    assert row["model"] == HOSTILE
