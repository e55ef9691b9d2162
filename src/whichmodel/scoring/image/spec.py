"""A picture's spec as GenEval writes it (Ghosh et al. 2023) -> demands."""

from __future__ import annotations

from collections.abc import Mapping

from whichmodel.domain import Json
from whichmodel.scoring.image.demand import NUMBER, YES_NO, Count, Demand, YesNo

_RELATIONS = {"left of": "to the left of", "right of": "to the right of"}


def composition(spec: Mapping[str, Json]) -> tuple[Demand, ...]:
    """The demands of `include` and `exclude`, objects before what depends on them.

    Raises KeyError, TypeError, IndexError or ValueError for what GenEval's format does not allow.
    """
    include, exclude = list(spec["include"]), list(spec.get("exclude") or ())
    made = [Demand(f"object: {thing['class']}", _is_there(thing["class"])) for thing in include]
    for index, thing in enumerate(include):
        made += _properties(index, thing, include, exclude)
    own = {thing["class"] for thing in include}
    return (*made, *(_absence(thing) for thing in exclude if thing["class"] not in own))


def _is_there(kind: str) -> YesNo:
    return YesNo(f'Is there at least one "{kind}" in the image?{YES_NO}')


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
        asked = f'How many objects of the kind "{kind}" are in the image?{NUMBER}'
        made.append(Demand(f"count: {count} {kind}", Count(asked, count, below), (index,)))
    if colour and count > 1:
        asked = f'How many {colour} objects of the kind "{kind}" are in the image?{NUMBER}'
        made.append(Demand(f"colour: {colour} {kind}", Count(asked, count), (index,)))
    elif colour:
        asked = f'Is at least one "{kind}" in the image {colour}?{YES_NO}'
        made.append(Demand(f"colour: {colour} {kind}", YesNo(asked), (index,)))
    if position:
        relation, other = position[0], include[position[1]]["class"]
        where = _RELATIONS.get(relation, relation)
        asked = f'Is at least one "{kind}" {where} a "{other}" in the image?{YES_NO}'
        name = f"position: {kind} {relation} {other}"
        made.append(Demand(name, YesNo(asked), (index, int(position[1]))))
    return made


def _absence(thing: Mapping[str, Json]) -> Demand:
    kind, count = thing["class"], int(thing.get("count", 1))
    if count == 1:
        asked = f'Is there at least one "{kind}" in the image?{YES_NO}'
        return Demand(f"absent: {kind}", YesNo(asked, wanted=False))
    asked = f'How many objects of the kind "{kind}" are in the image?{NUMBER}'
    return Demand(f"fewer than {count}: {kind}", Count(asked, 0, below=count))
