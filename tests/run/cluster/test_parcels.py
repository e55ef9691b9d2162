"""Logs and images on their way from a node to the results folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from whichmodel.run.cluster.parcels import Parcel, Piece, pieces


def parcel(folder: Path, attempt: int = 1) -> Parcel:
    return Parcel(folder / "logs", folder / "artifacts", attempt, {})


def test_a_file_that_grows_comes_in_parts_and_whole(tmp_path: Path) -> None:
    log = tmp_path / "node" / "logs" / "a.eval"
    log.parent.mkdir(parents=True)
    here = parcel(tmp_path / "here")
    whole = b""
    for part in (b"one", b"", b"two" * 4_000_000, b"three"):
        whole += part
        log.write_bytes(whole)
        while here.take(pieces(str(tmp_path / "node"), here.known)):
            pass
        assert (tmp_path / "here" / "logs" / "a.eval").read_bytes() == whole


def test_images_lie_among_the_artifacts_and_an_empty_file_comes_too(tmp_path: Path) -> None:
    for name in ("artifacts/abc.png", "logs/empty"):
        (tmp_path / "node" / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / "node/artifacts/abc.png").write_bytes(b"png")
    (tmp_path / "node/logs/empty").touch()
    here = parcel(tmp_path)
    assert here.take(pieces(str(tmp_path / "node"), {})) == 2
    assert (tmp_path / "artifacts/abc.png").read_bytes() == b"png"
    assert (tmp_path / "logs/empty").read_bytes() == b""
    assert pieces(str(tmp_path / "node"), here.known) == []


def test_a_second_attempt_s_log_does_not_replace_the_first_one_s(tmp_path: Path) -> None:
    parcel(tmp_path).take([Piece("logs/a.eval", 0, b"1")])
    parcel(tmp_path, attempt=2).take([Piece("logs/a.eval", 0, b"2")])
    assert sorted(f.read_bytes() for f in (tmp_path / "logs").iterdir()) == [b"1", b"2"]


@pytest.mark.parametrize("name", ["logs/../../x", "../x", "etc/passwd", "logs/", "artifacts/../../x"])
def test_a_name_that_leads_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="sent a file"):
        parcel(tmp_path).take([Piece(name, 0, b"x")])
    assert list(tmp_path.iterdir()) == []
