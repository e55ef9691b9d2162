"""One label out of a list.

The answer should be the label alone, or `{"label": ...}`. Case, spaces against underscores, quotes
and Markdown do not count. Prose that names exactly one label is read and noted; an answer that names
two labels, or none, is unparsed and scores 0.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from whichmodel.domain import Answer, Item, Json, Verdict
from whichmodel.errors import ScoringFailed
from whichmodel.scoring import json_answer
from whichmodel.scoring.reading import spoken


def score(answer: Answer, item: Item, options: Mapping[str, Json]) -> Verdict:
    """1 when the label named is the target, else 0.

    The labels are `options["labels"]`, else `item.metadata["labels"]`. Raises ScoringFailed where
    there are none, or the target is not among them.
    """
    labels = _labels(item, options)
    target = str(item.target)
    stated, wrapping = _stated(spoken(answer.text))
    named = named_labels(stated, labels)
    if len(named) != 1:
        said = f"names {', '.join(named)}" if named else "names none of the labels"
        return Verdict(
            0.0,
            parsed=False,
            detail={"named": list(named), "target": target, "explanation": f"the answer {said}"},
        )
    label = named[0]
    if wrapping == "plain" and _form(stated) != _form(label):
        wrapping = "prose"
    verdict = "the right label" if label == target else f"not {target}"
    return Verdict(
        float(label == target),
        parsed=True,
        answer_norm=label,
        detail={
            "named": [label],
            "target": target,
            "wrapping": wrapping,
            "explanation": f"{label} is {verdict}",
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


def _labels(item: Item, options: Mapping[str, Json]) -> list[str]:
    listed = options.get("labels") or item.metadata.get("labels")
    labels = [str(label) for label in listed] if isinstance(listed, Sequence) else []
    if str(item.target) not in labels:
        raise ScoringFailed(
            f"The target '{item.target}' is not among the labels {labels}.",
            where=item.id,
            remedy="List every label in the card's options or in the item's metadata.",
        )
    return labels


def _stated(text: str) -> tuple[str, str]:
    """The text that should hold the label, and how it was wrapped."""
    found = json_answer.find(text, ["label"])
    if found is not None and isinstance(found.value["label"], str):
        return found.value["label"], f"json, {found.wrapping}"
    return text, "plain"


def _form(text: str) -> str:
    """Words in lower case, one space between them: `Card_Lost.` and `card lost` are the same."""
    return " ".join(re.findall(r"[^\W_]+", text.casefold()))
