"""A client of the hub that talks to loopback alone, with a cache of its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from huggingface_hub import constants
from registry.loopback_hub import Hub


@pytest.fixture
def at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Hub], Path]:
    """Point the client, whose settings are read when it is imported, at a hub; gives its home."""
    monkeypatch.delenv("HF_TOKEN", raising=False)

    def point(hub: Hub) -> Path:
        home = tmp_path / "hf"
        monkeypatch.setattr(constants, "ENDPOINT", hub.endpoint)
        template = hub.endpoint + "/{repo_id}/resolve/{revision}/{filename}"
        monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)
        monkeypatch.setattr(constants, "HF_HUB_CACHE", str(home / "hub"))
        monkeypatch.setattr(constants, "HF_ASSETS_CACHE", str(home / "assets"))
        monkeypatch.setattr(constants, "HF_TOKEN_PATH", str(home / "token"))
        return home

    return point
