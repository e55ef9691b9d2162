"""How the server is started."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from whichmodel.leaderboard import ICON, serve
from whichmodel.leaderboard.places import Places, places


def test_the_command_names_the_files_so_that_the_app_finds_them_again(tmp_path: Path) -> None:
    command = serve.command(tmp_path / "results", tmp_path / "bench.yaml", 8600)
    behind = command[command.index("--") + 1 :]
    assert places(behind) == Places(tmp_path / "results", tmp_path / "bench.yaml")
    assert "--server.address=127.0.0.1" in command
    assert "--server.port=8600" in command
    assert not [part for part in command if part.startswith("--server.allowedHosts")]


@pytest.mark.parametrize(
    ("host", "names", "url"),
    [
        ("0.0.0.0", ["*"], "http://127.0.0.1:8600"),
        ("192.0.2.7", ["192.0.2.7", "127.0.0.1", "localhost"], "http://192.0.2.7:8600"),
        ("2001:db8::7", ["2001:db8::7", "127.0.0.1", "localhost"], "http://[2001:db8::7]:8600"),
    ],
)
def test_another_address_has_to_be_told_and_is_asked_by_its_own_name(
    tmp_path: Path, host: str, names: list[str], url: str
) -> None:
    command = serve.command(tmp_path, tmp_path / "bench.yaml", 8600, host)
    allowed = [part.partition("=")[2] for part in command if part.startswith("--server.allowedHosts")]
    assert f"--server.address={host}" in command
    assert allowed == names
    assert serve.url(8600, host) == url


def test_the_files_come_from_the_environment_where_no_argument_names_them(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("BENCH_RESULTS", str(tmp_path))
    assert places([]) == Places(tmp_path, Path("bench.yaml"))


def test_settings_of_a_strangers_environment_do_not_reach_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STREAMLIT_CLIENT_SHOW_ERROR_DETAILS", "full")
    monkeypatch.setenv("BENCH_RESULTS", "elsewhere")
    found = serve.environment()
    assert not [name for name in found if name.startswith("STREAMLIT_")]
    assert found["BENCH_RESULTS"] == "elsewhere"


def test_the_server_lies_beside_the_pages() -> None:
    """So that it finds the settings that lie beside them."""
    assert serve.app().with_name(serve.SERVER).is_file()


def test_the_settings_beside_the_entry_keep_the_page_private() -> None:
    settings = tomllib.loads((serve.app().parent / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert settings["server"]["address"] == "127.0.0.1"
    assert settings["server"]["headless"] is True
    assert settings["browser"]["gatherUsageStats"] is False
    assert settings["client"]["showErrorDetails"] == "none"
    assert settings["client"]["disableDataExport"] is True


def test_the_icon_is_a_local_picture() -> None:
    assert ICON.read_bytes().startswith(b"\x89PNG")
