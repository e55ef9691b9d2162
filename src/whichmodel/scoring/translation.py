"""Translations: what must be kept (glossary terms, numbers with units, sense) times likeness to a reference.

    score    = (terms + figures) / 2 * sense * likeness * brevity
    sense    = 1, halved by each instruction that is turned round: a negation lost, or one put in
    likeness = chrF between 20 and 70, mapped to 0..1
    brevity  = 1, or 1.5 * length of the longest reference / length of the answer where that is less

terms and figures are the shares kept, 1 where none is asked. chrF (Popović 2015, sacrebleu's default) of
an unrelated text or of the source itself stays under 20; a faithful rendering in other words passes 55. A
text in another language than the one asked for scores 0.

`target`: `references`, one or more; `terms`, each a list of accepted forms; `figures`, each
`{value, units}` with the unit's accepted spellings; `language?`, one of en, de, fr, es; `senses?`, each
`{at, needs}` or `{at, bars}`: words of which the sentence that names the term `at` must hold one, or none.
A form is a word or several; `*` at an end stands for any letters.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from whichmodel.domain import Answer, Item, Json, Verdict
from whichmodel.scoring import figures
from whichmodel.scoring.languages import spoken_in
from whichmodel.scoring.reading import spoken

if TYPE_CHECKING:
    from collections.abc import Sequence

FLOOR, CEILING = 20.0, 70.0
"""chrF (0..100) at which likeness is 0 and 1."""
_SENTENCE_END = re.compile(r"(?<=[.!?;])\s+|\n")


def score(answer: Answer, item: Item, options: Mapping[str, Json]) -> Verdict:
    """How much of a translation is right. Only an empty answer is unparsed."""
    text = read(answer.text)
    if not text:
        return Verdict(0.0, False, detail={"explanation": "The answer is empty."})
    asked, found = item.target.get("language"), spoken_in(text)
    if asked and found and found != asked:
        said = {"explanation": f"The answer is in {found}, not in {asked}.", "language": found}
        return Verdict(0.0, True, " ".join(text.casefold().split()), said)
    lost_terms = [forms[0] for forms in item.target["terms"] if not any(_names(text, form) for form in forms)]
    lost_figures = [
        f"{figure['value']} {figure['units'][0]}"
        for figure in item.target["figures"]
        if not _keeps(text, Decimal(figure["value"]), figure["units"])
    ]
    terms = _share(item.target["terms"], lost_terms)
    kept = _share(item.target["figures"], lost_figures)
    turned = [sense["at"][0] for sense in item.target.get("senses") or () if not _keeps_sense(text, sense)]
    chrf = _chrf(text, item.target["references"])
    likeness = min(1.0, max(0.0, (chrf - FLOOR) / (CEILING - FLOOR)))
    longest = max(len(reference) for reference in item.target["references"])
    brevity = min(1.0, 1.5 * longest / len(text))
    lost = f" Lost: {'; '.join(lost_terms + lost_figures)}." if lost_terms or lost_figures else ""
    lost += f" Turned round: the sentence on {'; on '.join(turned)}." if turned else ""
    return Verdict(
        score=(terms + kept) / 2 * 0.5 ** len(turned) * likeness * brevity,
        parsed=True,
        answer_norm=" ".join(text.casefold().split()),
        detail={
            "explanation": f"chrF {chrf:.0f}, terms kept {terms:.0%}, figures kept {kept:.0%}.{lost}",
            "chrf": round(chrf, 2),
            "terms": terms,
            "figures": kept,
            "brevity": brevity,
            "turned": turned,
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


def _keeps_sense(text: str, sense: Mapping[str, Json]) -> bool:
    """Whether the sentence on a term is neither stripped of its negation nor given one.

    Where no sentence names the term, a negation may stand anywhere in the text.
    """
    sentences = [one for one in _SENTENCE_END.split(text) if any(_names(one, form) for form in sense["at"])]
    about = " ".join(sentences or [text]).replace("’", "'")
    if "needs" in sense:
        return any(_holds(about, form) for form in sense["needs"])
    return not sentences or not any(_holds(about, form) for form in sense["bars"])


def _holds(text: str, form: str) -> bool:
    """Whether a word stands in a text; `*` at an end stands for any letters."""
    start = "" if form.startswith("*") else r"(?<!\w)"
    end = "" if form.endswith(("*", "'")) else r"(?!\w)"
    return re.search(f"{start}{re.escape(form.strip('*'))}{end}", text, re.IGNORECASE) is not None


def _keeps(text: str, value: Decimal, units: Sequence[str]) -> bool:
    """Whether the value stands in a text, one of its units right behind."""
    behind = "|".join(re.escape(unit) for unit in units)
    unit = re.compile(rf"[\s\u00a0\u202f-]*(?:{behind})(?!\w)", re.IGNORECASE)
    return any(value in found.readings and unit.match(text, found.end) for found in figures.numerals(text))


def _chrf(text: str, references: Sequence[str]) -> float:
    from sacrebleu.metrics.chrf import CHRF

    return float(CHRF().sentence_score(text, list(references)).score)
