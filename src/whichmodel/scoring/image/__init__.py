"""Pictures against what they must show: the file is checked first, then its pixels, then a vision model.

`metadata["spec"]` is read as GenEval writes it (Ghosh et al. 2023): `include`, a list of
`{class, count, color?, position?: [relation, index into include]}`; `exclude`, a list of `{class, count}`,
each met when there are fewer than `count`. Beside these it may hold `texts` (`lettering`) and what the whole
sheet must be (`page`). `metadata["questions"]` is a list of questions with expected answers (`questions`).
Each demand is one question or one check; a demand on what is not there fails without being asked (as in DSG,
Cho et al. 2024). Score = share of demands met.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from whichmodel.domain import Answer, Item, Json, Verdict
from whichmodel.errors import ScoringFailed
from whichmodel.scoring.image.demand import Demand, examined
from whichmodel.scoring.image.lettering import lettered
from whichmodel.scoring.image.look import READERS, Ask, Look
from whichmodel.scoring.image.page import SHEET, sheet
from whichmodel.scoring.image.picture import MAX_BYTES, MAX_PIXELS, opened
from whichmodel.scoring.image.questions import questioned
from whichmodel.scoring.image.spec import composition
from whichmodel.scoring.image.words import Reading

MOST_SHOWN = 500
"""Characters of a transcript that a verdict keeps."""

__all__ = ["MAX_BYTES", "MAX_PIXELS", "Ask", "Demand", "demands", "score"]


def demands(metadata: Mapping[str, Json]) -> tuple[Demand, ...]:
    """All demands of an item. Raises ScoringFailed where there is none, or they cannot be read."""
    spec: Json = metadata.get("spec")
    listed: Json = metadata.get("questions") or ()
    try:
        made = _of_spec(spec) if spec is not None or not listed else []
        made += questioned(listed, len(made))
        if not made:
            raise ValueError("it demands nothing")
        return tuple(made)
    except (AttributeError, KeyError, TypeError, IndexError, ValueError) as error:
        raise ScoringFailed(
            f"The spec of a picture cannot be read: {error!r}.",
            where="scorer `image`",
            remedy="Write `include` and `exclude` as in GenEval's evaluation_metadata.jsonl, or `questions`.",
        ) from error


def _of_spec(spec: Mapping[str, Json]) -> list[Demand]:
    things = {"include": [], **spec} if spec.keys() & {"texts", *SHEET} else spec
    made = [*composition(things)]
    kinds = [thing["class"] for thing in things["include"]]
    made += lettered(spec.get("texts") or (), len(made), kinds)
    return [*made, *sheet(spec)]


async def score(answer: Answer, item: Item, options: Mapping[str, Json], *, ask: Ask) -> Verdict:
    """Share of demands met by the first picture.

    No picture, or one that does not decode within the limits, is unparsed and scores 0; a blank one scores 0.
    Raises ScoringFailed when the demands or a reply of the vision model cannot be read.
    """
    wanted, reader = demands(item.metadata), options.get("reader", READERS[0])
    if reader not in READERS:
        raise ScoringFailed(
            f"There is no reader {reader!r} of text in pictures.",
            where="options of the scorer `image`",
            remedy=f"Write one of: {', '.join(READERS)}.",
        )
    if not answer.images:
        return _nothing("The answer holds no picture.", parsed=False)
    try:
        picture = await asyncio.to_thread(opened, answer.images[0])
    except ValueError as error:
        return _nothing(f"The picture cannot be used: {error}.", parsed=False)
    if picture.blank:
        return _nothing("The picture is blank.", parsed=True)
    texts = tuple(text["text"] for text in (item.metadata.get("spec") or {}).get("texts") or ())
    look = Look(picture, ask, texts, reader)
    met = await examined(wanted, look)
    failed = [demand.name for demand, holds in zip(wanted, met, strict=True) if not holds]
    missing = f" Not met: {'; '.join(failed)}." if failed else ""
    if failed and look.read:
        missing += f" Read: {' / '.join(look.read.transcript.splitlines()) or 'nothing'}."
    return Verdict(
        score=sum(met) / len(met),
        parsed=True,
        answer_norm="".join("1" if holds else "0" for holds in met),
        detail={
            "explanation": f"{sum(met)} of {len(met)} demands met.{missing}",
            "demands": [[demand.name, holds] for demand, holds in zip(wanted, met, strict=True)],
            "accepted": not failed,
            "file": f"{picture.form}, {picture.size[0]} x {picture.size[1]}, frames: {picture.frames}",
            **({"text": _read(look.read)} if look.read else {}),
        },
    )


def _read(reading: Reading) -> dict[str, Json]:
    return {
        "read_by": reading.reader,
        "transcript": reading.transcript[:MOST_SHOWN],
        "closeness": [round(text.closeness, 3) for text in reading.texts],
        "others": list(reading.others),
        "engine_read": None if reading.second is None else reading.second[:MOST_SHOWN],
    }


def _nothing(explanation: str, *, parsed: bool) -> Verdict:
    return Verdict(0.0, parsed, detail={"explanation": explanation, "accepted": False})
