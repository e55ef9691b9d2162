"""Pictures against a composition spec: the file is checked first, then a vision model is asked.

`metadata["spec"]` is read as GenEval writes it (Ghosh et al. 2023): `include`, a list of
`{class, count, color?, position?: [relation, index into include]}`; `exclude`, a list of `{class, count}`,
each met when there are fewer than `count`. Each demand is one yes/no or counting question; a demand on an
object that is not there fails without being asked (as in DSG, Cho et al. 2024). Score = share of demands met.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from whichmodel.domain import Answer, Item, Json, Verdict
from whichmodel.errors import ScoringFailed

if TYPE_CHECKING:
    from PIL.Image import Image

Ask = Callable[[str, bytes], Awaitable[str]]
"""Question and PNG bytes -> the vision model's reply."""

MAX_BYTES = 32 * 1024 * 1024
MAX_PIXELS = 32_000_000
FLAT = 3
"""A picture whose channels all vary by no more than this (of 255) is blank."""

_RELATIONS = {"left of": "to the left of", "right of": "to the right of"}
_NUMBERS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_YES_NO = " Answer with yes or no only."
_NUMBER = " Answer with a number only."


@dataclass(frozen=True, slots=True)
class Demand:
    """One thing a picture must show."""

    name: str
    """What it asks for, such as `object: dog`."""
    question: str
    least: int | None = None
    """A counting question: the lowest count that meets it. None = yes or no."""
    below: int | None = None
    """The count must stay below this. None = no upper bound."""
    wanted: bool = True
    """The reply to a yes/no question that meets it."""
    needs: tuple[int, ...] = ()
    """Positions of the demands without which this one fails."""


def demands(spec: Mapping[str, Json]) -> tuple[Demand, ...]:
    """The demands of a spec, objects before what depends on them.

    Raises ScoringFailed for a spec that GenEval's format does not allow.
    """
    try:
        include, exclude = list(spec["include"]), list(spec.get("exclude") or ())
        objects = [_object(thing["class"]) for thing in include]
        made = [*objects]
        for index, thing in enumerate(include):
            made += _properties(index, thing, include, exclude)
        own = {thing["class"] for thing in include}
        return (*made, *(_absence(thing) for thing in exclude if thing["class"] not in own))
    except (KeyError, TypeError, IndexError, ValueError) as error:
        raise ScoringFailed(
            f"The spec of a picture cannot be read: {error!r}.",
            where="scorer `image`",
            remedy="Write `include` and `exclude` as in GenEval's evaluation_metadata.jsonl.",
        ) from error


def _object(kind: str) -> Demand:
    return Demand(f"object: {kind}", f'Is there at least one "{kind}" in the image?{_YES_NO}')


def _properties(
    index: int, thing: Mapping[str, Json], include: list[Json], exclude: list[Json]
) -> list[Demand]:
    """Count, colour and position of one object of the spec."""
    kind, count, colour, position = (
        thing["class"],
        int(thing["count"]),
        thing.get("color"),
        thing.get("position"),
    )
    limits = [int(e["count"]) for e in exclude if e["class"] == kind]
    below = min(limits) if limits else None
    made = []
    if count > 1 or below is not None:
        asked = f'How many objects of the kind "{kind}" are in the image?{_NUMBER}'
        made.append(Demand(f"count: {count} {kind}", asked, least=count, below=below, needs=(index,)))
    if colour and count > 1:
        asked = f'How many {colour} objects of the kind "{kind}" are in the image?{_NUMBER}'
        made.append(Demand(f"colour: {colour} {kind}", asked, least=count, needs=(index,)))
    elif colour:
        asked = f'Is at least one "{kind}" in the image {colour}?{_YES_NO}'
        made.append(Demand(f"colour: {colour} {kind}", asked, needs=(index,)))
    if position:
        relation, other = position[0], include[position[1]]["class"]
        where = _RELATIONS.get(relation, relation)
        asked = f'Is at least one "{kind}" {where} a "{other}" in the image?{_YES_NO}'
        name = f"position: {kind} {relation} {other}"
        made.append(Demand(name, asked, needs=(index, int(position[1]))))
    return made


def _absence(thing: Mapping[str, Json]) -> Demand:
    kind, count = thing["class"], int(thing.get("count", 1))
    if count == 1:
        return Demand(f"absent: {kind}", _object(kind).question, wanted=False)
    asked = f'How many objects of the kind "{kind}" are in the image?{_NUMBER}'
    return Demand(f"fewer than {count}: {kind}", asked, least=0, below=count)


async def score(answer: Answer, item: Item, options: Mapping[str, Json], *, ask: Ask) -> Verdict:
    """Share of demands met by the first picture.

    No picture, or one that does not decode within the limits, is unparsed and scores 0; a blank one scores 0.
    Raises ScoringFailed when the spec or a reply of the vision model cannot be read.
    """
    wanted = demands(item.metadata.get("spec") or {})
    if not answer.images:
        return Verdict(0.0, False, detail={"explanation": "The answer holds no picture."})
    try:
        picture, blank = _png(answer.images[0])
    except ValueError as error:
        return Verdict(0.0, False, detail={"explanation": f"The picture cannot be used: {error}."})
    if blank:
        return Verdict(0.0, True, detail={"explanation": "The picture is blank.", "accepted": False})
    met = await _examine(wanted, picture, ask)
    failed = [demand.name for demand, holds in zip(wanted, met, strict=True) if not holds]
    missing = f" Not met: {'; '.join(failed)}." if failed else ""
    return Verdict(
        score=sum(met) / len(met) if met else 1.0,
        parsed=True,
        answer_norm="".join("1" if holds else "0" for holds in met),
        detail={
            "explanation": f"{sum(met)} of {len(met)} demands met.{missing}",
            "demands": [[demand.name, holds] for demand, holds in zip(wanted, met, strict=True)],
            "accepted": not failed,
        },
    )


async def _examine(wanted: tuple[Demand, ...], picture: bytes, ask: Ask) -> list[bool]:
    """Whether each demand is met; no question is asked twice, none about what is not there."""
    replies: dict[str, str] = {}
    met: list[bool] = []
    for demand in wanted:
        if not all(met[need] for need in demand.needs):
            met.append(False)
            continue
        if demand.question not in replies:
            replies[demand.question] = await ask(demand.question, picture)
        met.append(_holds(demand, replies[demand.question]))
    return met


def _holds(demand: Demand, reply: str) -> bool:
    word = re.sub(r"[\s.*!\"'`]+", " ", reply).strip().casefold()
    if demand.least is None and word in {"yes", "no"}:
        return (word == "yes") is demand.wanted
    if demand.least is not None and (re.fullmatch(r"[0-9]{1,4}", word) or word in _NUMBERS):
        count = _NUMBERS.index(word) if word in _NUMBERS else int(word)
        return count >= demand.least and (demand.below is None or count < demand.below)
    raise ScoringFailed(
        f"The vision model's reply to '{demand.question}' is neither of what was asked: {reply[:80]!r}.",
        where="scorer `image`",
        remedy="Use another vision model as judge, or run again: the sample has no score yet.",
    )


def _png(data: bytes) -> tuple[bytes, bool]:
    """The picture as PNG, and whether it is blank. Raises ValueError with the reason it cannot be used."""
    if len(data) > MAX_BYTES:
        raise ValueError(f"it has {len(data):,} bytes, more than {MAX_BYTES:,}")
    try:
        size, form, colours = _decode(data)
    except Exception as error:  # A decoder may raise anything on bytes that a model made.
        raise ValueError(f"it does not decode ({type(error).__name__})") from error
    if colours is None:
        raise ValueError(f"it has {size[0]} x {size[1]} pixels, more than {MAX_PIXELS:,}")
    blank = all(high - low <= FLAT for low, high in _ranges(colours.getextrema()))
    if form == "PNG":
        return data, blank
    target = io.BytesIO()
    colours.save(target, "PNG")
    return target.getvalue(), blank


def _decode(data: bytes) -> tuple[tuple[int, int], str | None, Image | None]:
    """Size, format, and the pixels as RGB: None where the header claims more of them than allowed."""
    from PIL import Image

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "WEBP")) as image:
            if image.width * image.height > MAX_PIXELS:
                return image.size, image.format, None
            return image.size, image.format, image.convert("RGB")


def _ranges(extrema: Json) -> list[tuple[int, int]]:
    return [(int(low), int(high)) for low, high in extrema]
