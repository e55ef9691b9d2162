"""Fields read out of a document: a JSON object compared value by value in normal form.

The score is the mean over the fields. A field is right when its normal form equals the gold's; a
missing key is wrong; where the gold is null only null (or "") is right, so an invented value is wrong.
A list of rows counts as one field whose value is the F1 of its rows, in any order.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from whichmodel.domain import Answer, Item, Json, Verdict
from whichmodel.errors import ScoringFailed
from whichmodel.scoring import json_answer
from whichmodel.scoring.normal_forms import TYPES
from whichmodel.scoring.reading import spoken

Columns = Mapping[str, str]
"""Column names of a row and their types."""

_MOST_ROWS = 200
"""Rows of an answer that are compared; the rest only count against it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One field of one answer."""

    score: float
    norm: Json
    """The value in normal form; text as given where it is not of the field's type."""
    problem: str
    """"" = right."""


def score(answer: Answer, item: Item, options: Mapping[str, Json]) -> Verdict:
    """The mean share of fields read correctly.

    options: `fields`, name -> type, a type being a name of `normal_forms.TYPES` or a mapping of a
    row's columns to such names. The target holds every field, null where the document has none.
    Raises ScoringFailed where options or target cannot be used.
    """
    fields, gold = _asked(item, options)
    found = json_answer.find(spoken(answer.text), fields)
    if found is None:
        return Verdict(
            0.0, parsed=False, detail={"explanation": "the answer holds no JSON object with the fields"}
        )
    findings = {name: _finding(found.value, name, kind, gold[name], item) for name, kind in fields.items()}
    wrong = [f"{name} ({finding.problem})" for name, finding in findings.items() if finding.problem]
    return Verdict(
        score=sum(finding.score for finding in findings.values()) / len(findings),
        parsed=True,
        answer_norm=json.dumps({n: f.norm for n, f in findings.items()}, sort_keys=True, ensure_ascii=False),
        detail={
            "fields": {name: finding.score for name, finding in findings.items()},
            "wrapping": found.wrapping,
            "objects": found.objects,
            "unexpected": sorted(set(found.value) - set(fields)),
            "explanation": f"wrong: {'; '.join(wrong)}" if wrong else "every field is right",
        },
    )


def _asked(item: Item, options: Mapping[str, Json]) -> tuple[Mapping[str, str | Columns], Mapping[str, Json]]:
    fields, gold = options.get("fields"), item.target
    if not isinstance(fields, Mapping) or not fields:
        raise ScoringFailed(
            "The fields scorer has no fields.", where=item.id, remedy="Name them in the card's options."
        )
    for kind in fields.values():
        for name in kind.values() if isinstance(kind, Mapping) else [kind]:
            if name not in TYPES:
                raise ScoringFailed(
                    f"There is no field type '{name}'.", where=item.id, remedy=f"Known: {', '.join(TYPES)}."
                )
    if not isinstance(gold, Mapping) or set(gold) != set(fields):
        raise ScoringFailed(
            f"The target's keys are not the fields {sorted(fields)}.",
            where=item.id,
            remedy="Give the target every field, null where the document has none.",
        )
    return fields, gold


def _finding(given: Mapping[str, Json], name: str, kind: str | Columns, gold: Json, item: Item) -> Finding:
    if name not in given:
        return Finding(0.0, None, "missing")
    if isinstance(kind, Mapping):
        return _rows_finding(given[name], kind, gold, item)
    value, expected = given[name], _gold_form(gold, kind, item)
    if _absent(value):
        return Finding(float(expected is None), None, "" if expected is None else f"null for {expected}")
    norm = TYPES[kind](value)
    if norm is None:
        return Finding(0.0, f"?{_shown(value)}", f"{_shown(value)} is no {kind}")
    if norm == expected:
        return Finding(1.0, norm, "")
    return Finding(0.0, norm, f"{norm} for {'null' if expected is None else expected}")


def _rows_finding(value: Json, columns: Columns, gold: Json, item: Item) -> Finding:
    expected = [tuple(_gold_form(row[name], kind, item) for name, kind in columns.items()) for row in gold]
    if _absent(value):
        return Finding(float(not expected), [], "" if not expected else f"no rows for {len(expected)}")
    if not isinstance(value, Sequence) or isinstance(value, str):
        return Finding(0.0, f"?{_shown(value)}", "is no list")
    rows = [_row(row, columns) for row in value[:_MOST_ROWS]]
    norm = sorted([["" if cell is None else cell for cell in row] for row in rows])
    f1 = _f1(rows, expected, len(value))
    return Finding(f1, norm, "" if f1 == 1 else f"rows agree by F1 {f1:.2f}")


def _row(row: Json, columns: Columns) -> tuple[str | None, ...]:
    if not isinstance(row, Mapping):
        return tuple(None for _ in columns)
    return tuple(
        None if _absent(row.get(name)) else TYPES[kind](row[name]) or f"?{_shown(row[name])}"
        for name, kind in columns.items()
    )


def _f1(
    given: Sequence[tuple[str | None, ...]], expected: Sequence[tuple[str | None, ...]], length: int
) -> float:
    """F1 with soft matches: each row is paired at most once and counts by its share of right cells.

    Pairs are taken best first, ties in the order of their values, so the order of rows has no effect.
    """
    if not expected:
        return float(length == 0)
    pairs = sorted(
        (
            (_alike(row, gold), str(row), str(gold), i, j)
            for i, row in enumerate(given)
            for j, gold in enumerate(expected)
        ),
        key=lambda pair: (-pair[0], pair[1], pair[2]),
    )
    matched, used_given, used_gold = 0.0, set[int](), set[int]()
    for alike, _, _, i, j in pairs:
        if i not in used_given and j not in used_gold:
            matched += alike
            used_given.add(i)
            used_gold.add(j)
    return 2 * matched / (length + len(expected))


def _alike(row: tuple[str | None, ...], gold: tuple[str | None, ...]) -> float:
    return sum(a == b for a, b in zip(row, gold, strict=True)) / len(gold)


def _gold_form(gold: Json, kind: str, item: Item) -> str | None:
    if gold is None:
        return None
    norm = TYPES[kind](gold)
    if norm is None:
        raise ScoringFailed(
            f"The target {gold!r} is no {kind}.", where=item.id, remedy="Mend the bank or the field's type."
        )
    return norm


def _absent(value: Json) -> bool:
    return value is None or value == ""


def _shown(value: Json) -> str:
    return str(value)[:60] if isinstance(value, str | int | float | Decimal) else f"a {type(value).__name__}"
