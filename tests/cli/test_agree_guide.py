"""The guide on agreement: its commands run, and print what it shows."""

from __future__ import annotations

import re

import pytest
from conftest import ROOT
from program import Bench

PAGE = (ROOT / "docs" / "guides" / "agreement.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^    bench ([^\n]+)$", PAGE, re.MULTILINE)


def blocks(kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


LATENCY = re.compile(r"p95( of an answer)? +(-|unknown|[\d.]+ s( \[[^]]*\])?)(, n [\d,]+ answers)?")


def plain(text: str) -> str:
    """Without line ends, which depend on the terminal, and a latency, which depends on the machine."""
    return " ".join(LATENCY.sub("p95", text).split())


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What each of the guide's commands printed, in their order."""
    made = Bench(tmp_path_factory.mktemp("guide"))
    assert made("init").code == 0
    found = {}
    for line in COMMANDS:
        if line == "agree --max-error 0.02":
            config = made.folder / "bench.yaml"
            before, mark, after = config.read_text().partition("    review_cost_usd: 1.50\n")
            config.write_text(before + mark + blocks("yaml")[0] + after)
        ended = made(*line.split(), *(["--yes"] if line.startswith("run") else []))
        assert ended.code == 0, ended.err
        found[line] = ended.out
    return found


def test_every_output_that_is_shown_is_what_its_command_prints(said: dict[str, str]) -> None:
    replay, verdict, route = blocks("text")
    assert plain(said[COMMANDS[1]]) == plain(replay)
    assert plain(verdict) in plain(said["agree --max-error 0.02"])
    assert plain(route) in plain(said["route"])


def test_a_priced_error_is_part_of_the_total(said: dict[str, str]) -> None:
    [priced] = [out for line, out in said.items() if "--error-cost 2" in line]
    assert "unknown" not in priced
    assert "$400.00" in priced
