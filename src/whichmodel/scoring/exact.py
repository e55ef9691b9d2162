"""Short answers in words: the stated answer is one of those accepted.

The comparison is SQuAD's (Rajpurkar 2016, `evaluate-v1.1.py`): case, punctuation, articles and white space do
not count. One thing differs: the dot, comma and minus of a number do, so that 3.5 is not 35. `strict`
compares the answer as it stands, `math` as mathematics (`math_form`).

Where the answer is read is told in `stated`; an answer read from the last line of a longer text, for want of
a marker, is `parsed=False` yet scored.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from whichmodel.domain import Answer, Item, Json, Verdict
from whichmodel.errors import ScoringFailed
from whichmodel.scoring import math_form, stated
from whichmodel.scoring.reading import spoken

_METRICS = ("exact", "f1")
_NUMBER = re.compile(r"(?<![\w.])[-−]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?!\w)")


def score(answer: Answer, item: Item, options: Mapping[str, Json]) -> Verdict:
    """1 when the answer is one of the accepted ones, else 0; with `metric: f1` the best F1 over tokens.

    target: a text, a list of accepted ones, or `{"accept": [...]}`. options: `answer_marker`, the words
    before the answer ("" = the usual ones); `strict`; `math`; `metric`, "exact" or "f1" (as SQuAD and DROP).
    Raises ScoringFailed where nothing is accepted or an option is unknown.
    """
    accepted, metric = _accepted(item), options.get("metric", "exact")
    if metric not in _METRICS:
        raise ScoringFailed(
            f"The exact scorer has no metric '{metric}'.",
            where=item.id,
            remedy=f"Known: {', '.join(_METRICS)}.",
        )
    form = _form(options)
    short = max(stated.SHORT_WORDS, *(2 * len(text.split()) for text in accepted))
    said = stated.find(spoken(answer.text), marker=str(options.get("answer_marker", "")), short=short)
    given = form(said.text)
    right = bool(given) and given in {form(text) for text in accepted}
    points = float(right)
    if metric == "f1" and given and not right:
        points = max(_f1(given.split(), form(text).split()) for text in accepted)
    return Verdict(
        score=points,
        parsed=said.certain and bool(given),
        answer_norm=given,
        detail={
            "read": said.text,
            "read_from": said.place,
            "explanation": _explain(said, points, accepted),
        },
    )


def normal(text: str) -> str:
    """A text in SQuAD's form, its numbers kept whole: `The 1,200 Dogs!` is `1200 dogs`, `(A)` is `a`."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("−", "-")
    kept, at = [], 0
    for number in _NUMBER.finditer(folded):
        kept += [_without_punctuation(folded[at : number.start()]), number[0].replace(",", "")]
        at = number.end()
    words = "".join([*kept, _without_punctuation(folded[at:])]).split()
    return " ".join([word for word in words if word not in ("a", "an", "the")] or words)


def _without_punctuation(text: str) -> str:
    return "".join(sign for sign in text if not _is_punctuation(sign))


def _is_punctuation(sign: str) -> bool:
    """ASCII's punctuation, as SQuAD drops it (`$`, `+` and `~` too), and that of other scripts."""
    return unicodedata.category(sign)[0] == "P" or sign in "$+<=>^`|~"


def _form(options: Mapping[str, Json]) -> Callable[[str], str]:
    if options.get("math"):
        return math_form.normal
    if options.get("strict"):
        return str
    return lambda text: normal(text) or " ".join(text.split())


def _accepted(item: Item) -> Sequence[str]:
    target = item.target["accept"] if isinstance(item.target, Mapping) else item.target
    listed = target if isinstance(target, list | tuple) else [target]
    texts = [str(text) for text in listed if isinstance(text, str | int | float) and str(text).strip()]
    if not texts or len(texts) != len(listed):
        raise ScoringFailed(
            f"The target {item.target!r} holds no accepted answers.",
            where=item.id,
            remedy="Write a text, a list of texts, or {accept: [...]}.",
        )
    return texts


def _f1(given: Sequence[str], expected: Sequence[str]) -> float:
    shared = sum((Counter(given) & Counter(expected)).values())
    return 2 * shared / (len(given) + len(expected))


def _explain(said: stated.Stated, points: float, accepted: Sequence[str]) -> str:
    if not said.text:
        return "there is no answer"
    verdict = "is accepted" if points == 1 else f"is not {accepted[0]!r} or its like"
    shared = f" (F1 {points:.2f})" if 0 < points < 1 else ""
    return f"{said.text[:80]!r}, read from the {said.place}, {verdict}{shared}"
