"""One label out of a list, or one option out of those an item offers.

Labels (`options["labels"]` or `item.metadata["labels"]`): the answer should be the label alone, or
`{"label": ...}`. Case, spaces against underscores, quotes and Markdown do not count.

Options (`item.metadata["choices"]`, a list of texts or letter -> text; the target is a letter): the answer
should be the letter; `(B)`, `B) text`, `\\boxed{B}` or the option's text will do (`lettered`).

What follows `Answer:` and its like counts before all else; prose without it is read if it names exactly one.
An answer that names two, or none, is unparsed and scores 0.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from whichmodel.domain import Answer, Item, Json, Verdict
from whichmodel.errors import ScoringFailed
from whichmodel.scoring import json_answer, lettered, stated
from whichmodel.scoring.reading import spoken

KEYS = ("label", "answer", "choice", "option")
"""Keys of a JSON answer, the first that is there."""


def score(answer: Answer, item: Item, options: Mapping[str, Json]) -> Verdict:
    """1 when the one label or option named is the target, else 0.

    options: `labels`; `answer_marker`, the words before the answer ("" = the usual ones, and prose is
    read without). Raises ScoringFailed
    where there is nothing to choose from, or the target is not among it.
    """
    text, marker = spoken(answer.text), str(options.get("answer_marker", ""))
    if choices := item.metadata.get("choices"):
        offered = lettered.offered(choices)
        target = _target(lettered.letter(str(item.target)), list(offered), item)
        named, wrapping = lettered.read(text, offered, marker)
    else:
        labels = _labels(item, options)
        target = _target(str(item.target), labels, item)
        named, wrapping = _read(text, labels, marker)
    if len(named) != 1:
        said = f"names {', '.join(named)}" if named else "names none of the labels"
        return Verdict(
            0.0,
            parsed=False,
            detail={"named": list(named), "target": target, "explanation": f"the answer {said}"},
        )
    verdict = "the right label" if named[0] == target else f"not {target}"
    return Verdict(
        float(named[0] == target),
        parsed=True,
        answer_norm=named[0],
        detail={
            "named": list(named),
            "target": target,
            "wrapping": wrapping,
            "explanation": f"{named[0]} is {verdict}",
        },
    )


def named_labels(text: str, labels: Sequence[str]) -> tuple[str, ...]:
    """The labels a text names, in the order of the list. Longer labels are read before their parts."""
    rest = f" {_form(text)} "
    named = set()
    for label in sorted(labels, key=lambda name: (-len(_form(name)), name)):
        form = f" {_form(label)} "
        if form in rest:
            named.add(label)
            rest = rest.replace(form, " | ")
    return tuple(label for label in labels if label in named)


def _read(text: str, labels: Sequence[str], marker: str) -> tuple[tuple[str, ...], str]:
    """The labels that an answer names, and how they were wrapped."""
    found = json_answer.find(text, KEYS)
    if found is not None:
        value = next(found.value[key] for key in KEYS if key in found.value)
        if isinstance(value, str):
            return named_labels(value, labels), f"json, {found.wrapping}"
    said = stated.find(text, marker=marker, keys=())
    if said.place in ("marker", "box") and (named := named_labels(said.text, labels)):
        return () if _denied(said.text) else named, "prose"
    if marker and not said.certain:
        return (), "prose"
    named = named_labels(text, labels)
    plain = len(named) == 1 and _form(text) == _form(named[0])
    return named, "plain" if plain else "prose"


def _denied(text: str) -> bool:
    """`not card_lost` names a label only to rule it out."""
    return re.match(r"\W*(?:not|neither|none|never)\b", text, re.IGNORECASE) is not None


def _labels(item: Item, options: Mapping[str, Json]) -> list[str]:
    listed = options.get("labels") or item.metadata.get("labels")
    return [str(label) for label in listed] if isinstance(listed, Sequence) else []


def _target(target: str, known: Sequence[str], item: Item) -> str:
    if target not in known:
        raise ScoringFailed(
            f"The target '{item.target}' is not among the labels {list(known)}.",
            where=item.id,
            remedy="List every label in the card's options or in the item's metadata.",
        )
    return target


def _form(text: str) -> str:
    """Words in lower case, one space between them: `Card_Lost.` and `card lost` are the same."""
    return " ".join(re.findall(r"[^\W_]+", text.casefold()))
