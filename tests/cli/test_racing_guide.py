"""The guide's commands run, and print what the guide shows."""

from __future__ import annotations

import re

from conftest import ROOT
from program import Bench

PAGE = (ROOT / "docs" / "guides" / "racing.md").read_text(encoding="utf-8")
COMMANDS = [line.split()[1:] for line in re.findall(r"^    (bench [^\n]*)$", PAGE, re.MULTILINE)]


def test_the_demo_of_the_guide_races_and_ends_like_the_guide(bench: Bench) -> None:
    """Its figures may move with the algorithm; what is said and who wins may not."""
    dry, race, new = COMMANDS
    priced = bench(*dry)
    assert priced.code == 0, priced.err
    assert re.search(
        r"First look: \d+ calls, .* Expected in all: .* Every item for every model: ", priced.out
    )
    ended = bench(*race)
    assert ended.code == 0, ended.err
    block = re.search(r"^```text\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    assert block
    shown, said = block[1].splitlines(), ended.out[ended.out.index("\nRaces\n") + 1 :].splitlines()
    assert said[1].split() == shown[1].split()
    assert said[2].split()[:4] == shown[2].split()[:4]
    assert "The answers that these races rest on cost" in ended.out
    told = bench(*new, "--tasks", "tickets")
    assert told.code == 0
    assert "Nothing new" in told.err
