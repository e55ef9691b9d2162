"""What a page that is run without its server leaves behind."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def main_module() -> Iterator[None]:
    """AppTest makes its script the program's `__main__`, which processes that are spawned later would run."""
    before = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = before
