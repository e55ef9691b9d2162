"""Prompts and answers of stored outcomes, read back from their logs."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from whichmodel.record import MOST_MEMBER, SAMPLES

REFERENCE = "attachment://"


@dataclass(frozen=True, slots=True)
class Said:
    """What a model was asked and what it answered."""

    prompt: str
    answer: str


def answers(results: Path, refs: Collection[str]) -> dict[str, Said]:
    """log_ref -> what was said. What lies in no readable log any more is left out."""
    wanted: dict[str, set[str]] = {}
    for ref in refs:
        folder, _, uuid = ref.partition("#")
        wanted.setdefault(folder, set()).add(uuid)
    found: dict[str, Said] = {}
    for folder, uuids in wanted.items():
        for log in sorted((results / folder).glob("*.eval")):
            for uuid, said in _of_log(log, uuids):
                found[f"{folder}#{uuid}"] = said
    return found


def _of_log(log: Path, uuids: Collection[str]) -> Iterator[tuple[str, Said]]:
    import zipfile_zstd  # noqa: F401  (Inspect packs its members with it)

    try:
        with zipfile.ZipFile(log) as archive:
            for info in archive.infolist():
                if info.filename.startswith(SAMPLES) and info.file_size <= MOST_MEMBER:
                    sample = json.loads(archive.read(info))
                    if sample.get("uuid") in uuids:
                        yield sample["uuid"], _said(sample)
    except (OSError, ValueError, zipfile.BadZipFile):
        return


def _said(sample: Mapping[str, Any]) -> Said:
    kept = sample.get("attachments") or {}
    asked = sample.get("input") or ""
    if not isinstance(asked, str):
        asked = "\n\n".join(_text(message.get("content"), kept) for message in asked)
    choices = (sample.get("output") or {}).get("choices") or [{}]
    return Said(_whole(asked, kept), _text((choices[0].get("message") or {}).get("content"), kept))


def _text(content: Any, kept: Mapping[str, str]) -> str:
    if isinstance(content, str):
        return _whole(content, kept)
    parts = content if isinstance(content, list) else []
    return "\n".join(_whole(part.get("text", ""), kept) for part in parts if part.get("type") == "text")


def _whole(text: str, kept: Mapping[str, str]) -> str:
    """A text that Inspect moved to the end of its sample, in its place again."""
    return kept.get(text.removeprefix(REFERENCE), text) if text.startswith(REFERENCE) else text
