"""Tables in terminals of any width: nothing is cut, and nothing is lost."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from whichmodel.cli.screen import flowing, shortened
from whichmodel.cli.tables import table

HEADINGS = ["model", "score", "n", "note"]
ROWS = [
    [
        "vendor/a-model-with-a-long-name",
        "0.953 [0.927, 0.970]",
        "400",
        "simulated, few items, judged by its kin",
    ],
    ["b/c", "0.500 [0.400, 0.600]", "1,200", ""],
]


def printed(width: int) -> list[str]:
    file = io.StringIO()
    Console(file=file, width=width).print(table(HEADINGS, ROWS, numbers=[2], whole=[1]))
    return [line.rstrip() for line in file.getvalue().splitlines()]


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_each_cell_is_shown_whole_within_the_width(width: int) -> None:
    lines = printed(width)
    assert max(map(len, lines)) <= width
    text = " ".join(" ".join(lines).split())
    for row in ROWS:
        assert all(word in text for cell in row for word in cell.split())
    assert lines[0].startswith("model")


def test_what_has_no_room_stands_under_its_row_with_its_heading() -> None:
    assert printed(120)[1] == "  ".join(
        ["vendor/a-model-with-a-long-name", "0.953 [0.927, 0.970]", "  400", ROWS[0][3]]
    )
    assert [line.split() for line in printed(62)[:3]] == [
        ["model", "score", "n"],
        [ROWS[0][0], *ROWS[0][1].split(), "400"],
        ["note", *ROWS[0][3].split()],
    ]
    assert printed(40)[0] == "model"
    assert printed(40)[2].startswith("    score 0.953 [0.927, 0.970] · n 400")


def test_a_name_keeps_both_ends() -> None:
    assert shortened("demo-borealis/swift", 19) == "demo-borealis/swift"
    assert shortened("demo-borealis/swift", 12) == "demo-…/swift"
    assert [len(shortened("demo-borealis/swift", width)) for width in range(1, 20)] == list(range(1, 20))


def test_facts_flow_into_lines_and_none_is_broken() -> None:
    facts = ["$1.25 of $5.00 spent", "2 min left", "12 failed"]
    assert [line.plain for line in flowing(facts, 80)] == [" · ".join(facts)]
    assert [line.plain for line in flowing(facts, 24)] == [facts[0], " · ".join(facts[1:])]
