"""Translations: what must be kept (glossary terms, numbers with units) times likeness to a reference.

    score    = (terms + figures) / 2 * likeness * brevity
    likeness = chrF between 20 and 70, mapped to 0..1
    brevity  = 1, or 1.5 * length of the longest reference / length of the answer where that is less

terms and figures are the shares kept, 1 where none is asked. chrF (Popović 2015, sacrebleu's default) of
an unrelated text or of the source itself stays under 20; a faithful rendering in other words passes 55.

`target`: `references`, one or more; `terms`, each a list of accepted forms; `figures`, each
`{value, units}` with the unit's accepted spellings.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from whichmodel.domain import Answer, Item, Json, Verdict
from whichmodel.scoring import figures
from whichmodel.scoring.reading import spoken

if TYPE_CHECKING:
    from collections.abc import Sequence

FLOOR, CEILING = 20.0, 70.0
"""chrF (0..100) at which likeness is 0 and 1."""


def score(answer: Answer, item: Item, options: Mapping[str, Json]) -> Verdict:
    """How much of a translation is right. Only an empty answer is unparsed."""
    text = read(answer.text)
    if not text:
        return Verdict(0.0, False, detail={"explanation": "The answer is empty."})
    lost_terms = [forms[0] for forms in item.target["terms"] if not any(_names(text, form) for form in forms)]
    lost_figures = [
        f"{figure['value']} {figure['units'][0]}"
        for figure in item.target["figures"]
        if not _keeps(text, Decimal(figure["value"]), figure["units"])
    ]
    terms = _share(item.target["terms"], lost_terms)
    kept = _share(item.target["figures"], lost_figures)
    chrf = _chrf(text, item.target["references"])
    likeness = min(1.0, max(0.0, (chrf - FLOOR) / (CEILING - FLOOR)))
    longest = max(len(reference) for reference in item.target["references"])
    brevity = min(1.0, 1.5 * longest / len(text))
    lost = f" Lost: {'; '.join(lost_terms + lost_figures)}." if lost_terms or lost_figures else ""
    return Verdict(
        score=(terms + kept) / 2 * likeness * brevity,
        parsed=True,
        answer_norm=" ".join(text.casefold().split()),
        detail={
            "explanation": f"chrF {chrf:.0f}, terms kept {terms:.0%}, figures kept {kept:.0%}.{lost}",
            "chrf": round(chrf, 2),
            "terms": terms,
            "figures": kept,
            "brevity": brevity,
            "lost_terms": lost_terms,
            "lost_figures": lost_figures,
        },
    )


def read(text: str) -> str:
    """The translation without reasoning, fences, quotation marks around it and a line that announces it."""
    text = spoken(text).strip()
    fenced = re.search(r"```[a-z]*\n(.*?)```", text, re.DOTALL)
    text = fenced[1].strip() if fenced else text
    head, _, rest = text.partition("\n")
    if head.rstrip("* ").endswith(":") and rest.strip():
        text = rest.strip()
    return text.strip().strip('"“”„«»').strip()


def _share(wanted: Sequence[Json], lost: Sequence[str]) -> float:
    return 1 - len(lost) / len(wanted) if wanted else 1.0


def _names(text: str, form: str) -> bool:
    """Whether a term stands in a text, each of its words with at most three more letters (plural, case)."""
    words = r"\w{0,3}\s+".join(re.escape(word) for word in form.split())
    return re.search(rf"(?<!\w){words}\w{{0,3}}(?!\w)", text, re.IGNORECASE) is not None


def _keeps(text: str, value: Decimal, units: Sequence[str]) -> bool:
    """Whether the value stands in a text, one of its units right behind."""
    behind = "|".join(re.escape(unit) for unit in units)
    unit = re.compile(rf"[\s\u00a0\u202f-]*(?:{behind})(?!\w)", re.IGNORECASE)
    return any(value in found.readings and unit.match(text, found.end) for found in figures.numerals(text))


def _chrf(text: str, references: Sequence[str]) -> float:
    from sacrebleu.metrics.chrf import CHRF

    return float(CHRF().sentence_score(text, list(references)).score)
