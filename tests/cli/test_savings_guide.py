"""The guide's commands do what the guide says."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from conftest import ROOT
from program import Bench, Done

PAGE = (ROOT / "docs" / "guides" / "savings.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Done]:
    """Every command of the page in its order, in a project with the page's organisation."""
    made = Bench(tmp_path_factory.mktemp("guide"))
    assert made("init").code == 0
    block = re.search(r"^```yaml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    assert block
    with Path(made.folder / "bench.yaml").open("a", encoding="utf-8") as file:
        file.write("\n" + block[1])
    return {line: made(*shlex.split(line)) for line in re.findall(r"^    bench (.*)$", PAGE, re.MULTILINE)}


def test_every_command_of_the_page_works(followed: dict[str, Done]) -> None:
    assert len(followed) == 6
    for line, ended in followed.items():
        assert ended.code == 0, f"{line}: {ended.err}"


def test_they_print_what_the_page_speaks_of(followed: dict[str, Done]) -> None:
    text = " ".join(followed["savings --org shop"].out.split())
    for words in (
        "Corner shop",
        "best single model",
        "today's models",
        "routes",
        "floors",
        "average",
        "in total",
    ):
        assert words in text
    assert "Totals hold calls, reviews, unnoticed errors." in text
    assert "2 times the volume" in followed["savings --org shop --volume 2x"].out
    assert "Run it at" in next(ended.out for line, ended in followed.items() if line.startswith("load"))


def test_the_page_makes_no_claim_of_others() -> None:
    assert not re.search(r"\b(?:40|60|28)\s?%", PAGE)
