"""The routing table of the golden files, and the comparison with them."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from routing_table import MODELS, PLAIN, TABLE

from whichmodel.domain import Model, Route, RoutingTable

GOLDEN = Path(__file__).resolve().parents[1] / "golden"


@pytest.fixture
def table() -> RoutingTable:
    """Every status, an unknown price, a rule as the route, an image task; simulated as a whole."""
    return TABLE


@pytest.fixture
def plain() -> Route:
    """One certified route."""
    return PLAIN


@pytest.fixture
def models() -> Mapping[str, Model]:
    """The models that the table names, by id."""
    return {model.id: model for model in MODELS}


@pytest.fixture
def golden() -> Callable[[str, str], None]:
    """Compare with a file of tests/golden; WRITE_GOLDEN=1 writes it instead, to be read before it is kept."""

    def compare(name: str, text: str) -> None:
        path = GOLDEN / name
        if os.environ.get("WRITE_GOLDEN"):
            path.write_text(text, encoding="utf-8")
        assert text == path.read_text(encoding="utf-8")

    return compare
