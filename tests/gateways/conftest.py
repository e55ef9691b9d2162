"""The providers that the gateways of a module ask."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping

import pytest
from gateways.loopback import Loopback
from gateways.traffic import at

from whichmodel.domain import Model


@pytest.fixture(scope="module")
def providers() -> Iterator[Loopback]:
    """One server for the whole module, as the gateway's file names its address."""
    server = Loopback()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def loopback(providers: Loopback) -> Loopback:
    """The providers, as new."""
    providers.forget()
    return providers


@pytest.fixture(scope="module")
def models(providers: Loopback) -> Mapping[str, Model]:
    """The models of the table, by id."""
    return at(providers)
