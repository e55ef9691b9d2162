"""Fields read out of a document: a JSON object compared value by value in normal form.

The score is the mean over the fields. A field is right when its normal form equals the gold's; a
missing key is wrong; where the gold is null only null (or "") is right, so an invented value is wrong.
A passage counts by the F1 of its words. A list of values or rows counts as one field whose value is the F1
of its entries, in any order.

An answer without valid JSON is unparsed. It scores 0, unless almost-JSON can be read (`json_answer`): then
it gets the score of what it says, and still counts as unparsed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from whichmodel.domain import Answer, Item, Json, Verdict
from whichmodel.errors import ScoringFailed
from whichmodel.scoring import json_answer
from whichmodel.scoring.field_kinds import Kind, Many, Rows, Single, read
from whichmodel.scoring.field_rows import Row, passages_f1, rows_f1, values_f1, words_f1
from whichmodel.scoring.normal_forms import TYPES
from whichmodel.scoring.reading import spoken

_MOST_ROWS = 200
"""Entries of an answer's list that are compared; the rest only count against it."""
_MOST_SHOWN = 20
"""Entries of a list that a finding shows."""
_MOST_TEXT = 300
"""Characters of a value that a finding shows."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One field of one answer."""

    score: float
    norm: Json
    """The value in normal form; `?` and the text as given where it is not of the field's type."""
    problem: str
    """"" = right."""
    gold: Json = None
    """The gold in normal form."""
    notes: tuple[str, ...] = ()
    """What was tolerated to read it."""


def score(answer: Answer, item: Item, options: Mapping[str, Json]) -> Verdict:
    """The mean share of fields read correctly.

    options: `fields`, name -> what it holds, as `field_kinds` reads it; an item whose document has fields of
    its own names them in its metadata instead; `fallback: none`, so that almost-JSON scores 0. A field
    `total.net` may stand as `net` within `total`. The target holds every field, null where the document has
    none. Raises ScoringFailed where options or target cannot be used.
    """
    kinds, gold = _asked(item, options)
    asked = dict.fromkeys([*kinds, *(name.partition(".")[0] for name in kinds)])
    found = json_answer.find(spoken(answer.text), asked)
    if found is None or (not found.valid and options.get("fallback") == "none"):
        return Verdict(
            0.0, parsed=False, detail={"explanation": "the answer holds no JSON object with the fields"}
        )
    findings = {name: _finding(found.value, name, kind, gold[name], item) for name, kind in kinds.items()}
    wrong = {name: finding for name, finding in findings.items() if finding.problem}
    problems = "; ".join(f"{name} ({finding.problem})" for name, finding in wrong.items())
    said = f"wrong: {problems}" if wrong else "every field is right"
    notes = [f"{name}: {note}" for name, finding in findings.items() for note in finding.notes]
    return Verdict(
        score=sum(finding.score for finding in findings.values()) / len(findings),
        parsed=found.valid,
        answer_norm=json.dumps({n: f.norm for n, f in findings.items()}, sort_keys=True, ensure_ascii=False),
        detail={
            "fields": {name: finding.score for name, finding in findings.items()},
            "wrong": {name: {"given": _cut(f.norm), "gold": _cut(f.gold)} for name, f in wrong.items()},
            "wrapping": found.wrapping,
            "repaired": [*found.repaired, *notes],
            "objects": found.objects,
            "unexpected": sorted(found.value.keys() - asked.keys()),
            "explanation": said if found.valid else f"no valid JSON, read all the same; {said}",
        },
    )


def _asked(item: Item, options: Mapping[str, Json]) -> tuple[Mapping[str, Kind], Mapping[str, Json]]:
    fields, gold = item.metadata.get("fields") or options.get("fields"), item.target
    if not isinstance(fields, Mapping) or not fields:
        raise ScoringFailed(
            "The fields scorer has no fields.", where=item.id, remedy="Name them in the card's options."
        )
    try:
        kinds = {name: read(said) for name, said in fields.items()}
    except ValueError as error:
        raise ScoringFailed(str(error), where=item.id, remedy=f"Known: {', '.join(TYPES)}.") from error
    if not isinstance(gold, Mapping) or set(gold) != set(fields):
        raise ScoringFailed(
            f"The target's keys are not the fields {sorted(fields)}.",
            where=item.id,
            remedy="Give the target every field, null where the document has none.",
        )
    return kinds, gold


def _finding(given: Mapping[str, Json], name: str, kind: Kind, gold: Json, item: Item) -> Finding:
    if isinstance(kind, Rows):
        wanted: Json = [_gold_row(row, kind, item) for row in _gold_list(gold)]
    elif isinstance(kind, Many):
        wanted = [form for value in _gold_list(gold) if (form := _gold_form(value, kind.of, item))]
    else:
        wanted = _gold_form(gold, kind, item)
    there, value = _given(given, name)
    if not there:
        return Finding(0.0, None, "missing", wanted)
    if isinstance(kind, Rows):
        return _rows_finding(value, kind, wanted)
    return _list_finding(value, kind, wanted) if isinstance(kind, Many) else _single(value, kind, wanted)


def _given(given: Mapping[str, Json], name: str) -> tuple[bool, Json]:
    """Whether an answer has a field, and its value: by its name, or `total.net` by `net` within `total`."""
    if name in given:
        return True, given[name]
    outer, _, inner = name.partition(".")
    part = given.get(outer)
    if not inner or not isinstance(part, Mapping):
        return False, None
    return _given(json_answer.renamed(part, [inner])[0], inner)


def _single(value: Json, kind: Single, wanted: str | None) -> Finding:
    notes: tuple[str, ...] = ()
    if isinstance(value, list) and len(value) == 1:
        value, notes = value[0], ("a list for its only entry",)
    if _absent(value):
        problem = "" if wanted is None else f"null for {wanted}"
        return Finding(float(wanted is None), None, problem, wanted, notes)
    norm = kind.form(value)
    if norm is None:
        return Finding(0.0, f"?{_shown(value)}", f"{_shown(value)} is no {kind}", wanted, notes)
    right = "null" if wanted is None else _cut(wanted)
    problem = "" if norm == wanted else f"{_cut(norm)} for {right}"
    share = words_f1(norm, wanted) if kind.by_words and wanted else float(norm == wanted)
    return Finding(share, norm, problem, wanted, notes)


def _list_finding(value: Json, kind: Many, wanted: list[str]) -> Finding:
    """A list of values; one text is taken apart at its commas, semicolons and lines."""
    if _absent(value):
        return Finding(float(not wanted), [], "" if not wanted else f"no list for {len(wanted)}", wanted)
    notes: tuple[str, ...] = ()
    if isinstance(value, str):
        value, notes = re.split(r"\s*[,;\n]\s*", value.strip()), ("a text for a list",)
    if not isinstance(value, Sequence):
        return Finding(0.0, f"?{_shown(value)}", "is no list", wanted)
    norms = [kind.of.form(entry) or f"?{_shown(entry)}" for entry in value[:_MOST_ROWS]]
    f1 = (passages_f1 if kind.of.by_words else values_f1)(norms, wanted, len(value))
    problem = "" if f1 == 1 else f"{len(wanted)} values agree by F1 {f1:.2f}"
    return Finding(f1, sorted(norms), problem, sorted(wanted), notes)


def _rows_finding(value: Json, kind: Rows, wanted: list[Row]) -> Finding:
    if _absent(value):
        return Finding(float(not wanted), [], "" if not wanted else f"no rows for {len(wanted)}", wanted)
    notes: tuple[str, ...] = ()
    if isinstance(value, Mapping):
        value, notes = [value], ("one row for a list of rows",)
    if not isinstance(value, Sequence) or isinstance(value, str):
        return Finding(0.0, f"?{_shown(value)}", "is no list", wanted)
    rows = [_row(row, kind) for row in value[:_MOST_ROWS]]
    f1 = rows_f1(rows, wanted, len(value))
    problem = "" if f1 == 1 else f"rows agree by F1 {f1:.2f}"
    return Finding(f1, _sorted(rows), problem, _sorted(wanted), notes)


def _row(row: Json, kind: Rows) -> Row:
    if not isinstance(row, Mapping):
        return tuple(f"?{_shown(row)}" for _ in kind.columns)
    cells, _ = json_answer.renamed(row, kind.columns)
    return tuple(
        None if _absent(cells.get(name)) else single.form(cells[name]) or f"?{_shown(cells[name])}"
        for name, single in kind.columns.items()
    )


def _sorted(rows: Sequence[Row]) -> Json:
    """Rows as JSON, in the order of their values; an empty cell is ""."""
    return sorted(["" if cell is None else cell for cell in row] for row in rows)


def _gold_list(gold: Json) -> Sequence[Json]:
    """The entries of a list; a single one may stand without it."""
    if _absent(gold):
        return []
    return gold if isinstance(gold, list | tuple) else [gold]


def _gold_row(row: Json, kind: Rows, item: Item) -> Row:
    if not isinstance(row, Mapping):
        raise ScoringFailed(
            f"The target's row {row!r} has no columns.", where=item.id, remedy="Write it as an object."
        )
    return tuple(_gold_form(row.get(name), single, item) for name, single in kind.columns.items())


def _gold_form(gold: Json, kind: Single, item: Item) -> str | None:
    if _absent(gold):
        return None
    norm = kind.form(gold)
    if norm is None:
        raise ScoringFailed(
            f"The target {gold!r} is no {kind}.", where=item.id, remedy="Mend the bank or the field's type."
        )
    return norm


def _absent(value: Json) -> bool:
    return value is None or value == ""


def _shown(value: Json) -> str:
    return str(value)[:60] if isinstance(value, str | int | float | Decimal) else f"a {type(value).__name__}"


def _cut(value: Json) -> Json:
    """A value for the finding: a long list by its first entries, a long text by its beginning."""
    if isinstance(value, list):
        return [_cut(entry) for entry in value[:_MOST_SHOWN]]
    return f"{value[:_MOST_TEXT]}..." if isinstance(value, str) and len(value) > _MOST_TEXT else value
