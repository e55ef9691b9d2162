"""Projects in which `bench` has run."""

from __future__ import annotations

from pathlib import Path

import pytest
from program import Bench


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """A fresh project with the example configuration."""
    made = Bench(tmp_path)
    assert made("init").code == 0
    return made


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """A project in which the demo panel was measured on invoices, receipts and tickets."""
    made = Bench(tmp_path_factory.mktemp("measured"))
    assert made("init").code == 0
    ended = made("run", "--tasks", "invoices,receipts,tickets", "--limit", "40", "--json")
    assert ended.code == 0, ended.err
    (made.folder / "first.json").write_text(ended.out)
    return made
