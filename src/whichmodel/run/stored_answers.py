"""What was asked and answered, read back from the logs of stored outcomes, without Inspect.

A log is a zip with one JSON file a sample (`logfile`); a sample is found by its name and known by its uuid.
"""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from whichmodel.domain import Json
from whichmodel.domain.logged import ATTACHED, DETAIL, MOST_MEMBER, SAMPLES

MOST_ATTEMPTS = 8
"""Samples of one name in one log that are looked at."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an outcome's sample lies."""

    log_ref: str
    """`logs/...#sample uuid`, relative to the results folder."""
    item: str
    epoch: int = 1


@dataclass(frozen=True, slots=True)
class Stored:
    """One sample as its log has it. Texts and numbers are as the model and its provider gave them."""

    system: str
    """"" = none was sent."""
    prompt: str
    """What the user said, several messages one below the other."""
    images: tuple[str, ...]
    """Of the prompt: data URIs or paths."""
    answer: str
    target: Json
    """JSON where the target is one, else its text."""
    detail: Mapping[str, Json] = field(default_factory=dict)
    """The scorer's findings. {} = there are none."""
    explanation: str = ""
    stop_reason: str = ""
    """In Inspect's words. "" = there was no answer."""

    @property
    def asked(self) -> str:
        """All that was asked, as one text."""
        return "\n\n".join(filter(None, (self.system, self.prompt)))


@dataclass(frozen=True, slots=True)
class Gone:
    """Why a sample cannot be read back."""

    reason: str
    elsewhere: bool = False
    """No log is here: a shared store may have it."""


def answers(results: Path, places: Iterable[Place]) -> dict[str, Stored | Gone]:
    """log_ref -> what was asked and answered, or why it cannot be told; each log is opened once."""
    wanted: dict[str, list[Place]] = {}
    for place in places:
        wanted.setdefault(place.log_ref.partition("#")[0], []).append(place)
    found: dict[str, Stored | Gone] = {}
    for folder, of_log in wanted.items():
        found |= _of_folder(results, folder, of_log)
    return found


def answer(results: Path, place: Place) -> Stored | Gone:
    """One of them."""
    return answers(results, [place])[place.log_ref]


def _of_folder(results: Path, folder: str, places: list[Place]) -> dict[str, Stored | Gone]:
    """Several logs may lie in a folder: those of a job that was begun again."""
    inside = _inside(results, folder)
    if inside is None:
        gone = Gone(f"The folder of its log, {folder}, is not here.", elsewhere=True)
        return {place.log_ref: gone for place in places}
    logs = sorted(inside.glob("*.eval"))
    nowhere = Gone(f"No log in {folder} holds it.")
    if not logs:
        nowhere = Gone(f"There is no log of it in {folder}.", elsewhere=True)
    found: dict[str, Stored | Gone] = {place.log_ref: nowhere for place in places}
    for log in logs:
        missing = [place for place in places if isinstance(found[place.log_ref], Gone)]
        found |= _of_log(log, missing)
    return found


def _inside(results: Path, folder: str) -> Path | None:
    """A folder below the results folder; None = it is none, or lies elsewhere."""
    try:
        found = (results / folder).resolve()
        return found if found.is_relative_to(results.resolve()) and found.is_dir() else None
    except (OSError, ValueError, RuntimeError):
        return None


def _of_log(log: Path, places: list[Place]) -> dict[str, Stored | Gone]:
    """Those that the log holds, or holds in a form that cannot be read."""
    import zipfile_zstd  # noqa: F401  (Inspect packs its members with it)

    found: dict[str, Stored | Gone] = {}
    try:
        with zipfile.ZipFile(log) as archive:
            named: dict[str, list[zipfile.ZipInfo]] = {}
            for info in archive.infolist():
                named.setdefault(info.filename.rpartition("_epoch_")[0] or info.filename, []).append(info)
            for place in places:
                members = named.get(f"{SAMPLES}{place.item}", [])
                if (sample := _sample(archive, members, place)) is not None:
                    found[place.log_ref] = sample
    except (OSError, zipfile.BadZipFile, RuntimeError) as error:
        said = f"Its log {log.name} cannot be read ({type(error).__name__}): it is damaged, or still written."
        found |= {place.log_ref: Gone(said) for place in places if place.log_ref not in found}
    return found


def _sample(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], place: Place) -> Stored | Gone | None:
    """The sample with the place's uuid; None = another log may have it."""
    uuid, broken = place.log_ref.partition("#")[2], None
    exact = f"_epoch_{place.epoch}.json"
    for info in sorted(members, key=lambda one: not one.filename.endswith(exact))[:MOST_ATTEMPTS]:
        if info.file_size > MOST_MEMBER:
            broken = Gone(f"Its part of the log would unpack to {info.file_size / 1e6:,.0f} MB, too much.")
            continue
        try:
            sample = json.loads(archive.read(info))
            if isinstance(sample, dict) and sample.get("uuid") == uuid:
                return _stored(sample)
        except (ValueError, RecursionError, TypeError, AttributeError, EOFError, zlib.error) as error:
            broken = Gone(f"Its part of the log cannot be read ({type(error).__name__}).")
        except (OSError, zipfile.BadZipFile, RuntimeError) as error:
            broken = Gone(f"Its part of the log is damaged ({type(error).__name__}).")
    return broken


def _stored(sample: Mapping[str, Any]) -> Stored:
    kept = sample.get("attachments") or {}
    asked = sample.get("input") or ""
    messages = [{"role": "user", "content": asked}] if isinstance(asked, str) else asked
    system = [_text(one.get("content"), kept) for one in messages if one.get("role") == "system"]
    said = [_text(one.get("content"), kept) for one in messages if one.get("role") != "system"]
    choices = (sample.get("output") or {}).get("choices") or []
    first = choices[0] if choices else {}
    score = next(iter((sample.get("scores") or {}).values()), None) or {}
    return Stored(
        system="\n\n".join(system),
        prompt="\n\n".join(said),
        images=tuple(image for one in messages for image in _images(one.get("content"), kept)),
        answer=_text((first.get("message") or {}).get("content"), kept),
        target=_target(sample.get("target"), kept),
        detail=_whole((score.get("metadata") or {}).get(DETAIL) or {}, kept),
        explanation=str(_whole(score.get("explanation") or "", kept)),
        stop_reason=str(first.get("stop_reason") or ""),
    )


def _target(target: Any, kept: Mapping[str, str]) -> Json:
    whole = _whole(target, kept)
    if isinstance(whole, str) and whole[:1] in ("{", "["):
        try:
            return json.loads(whole)
        except (ValueError, RecursionError):
            return whole
    return whole


def _parts(content: Any) -> Iterator[Mapping[str, Any]]:
    for part in content if isinstance(content, list) else []:
        if isinstance(part, dict):
            yield part


def _text(content: Any, kept: Mapping[str, str]) -> str:
    if isinstance(content, str):
        return str(_whole(content, kept))
    return "\n".join(
        str(_whole(part.get("text", ""), kept)) for part in _parts(content) if part.get("type") == "text"
    )


def _images(content: Any, kept: Mapping[str, str]) -> Iterator[str]:
    for part in _parts(content):
        if part.get("type") == "image":
            yield str(_whole(part.get("image", ""), kept))


def _whole(value: Any, kept: Mapping[str, str]) -> Any:
    """A value with the texts that Inspect moved to the end of its sample in their places again."""
    if isinstance(value, str):
        return kept.get(value.removeprefix(ATTACHED), value) if value.startswith(ATTACHED) else value
    if isinstance(value, list):
        return [_whole(each, kept) for each in value]
    if isinstance(value, dict):
        return {name: _whole(each, kept) for name, each in value.items()}
    return value
