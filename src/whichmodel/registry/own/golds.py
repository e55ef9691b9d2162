"""Cells of a table -> what each scorer compares with, and one answer that earns the full score.

Every function raises ValueError with what is wrong with a cell, in words.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation

from whichmodel.domain import Json

_ORNAMENT = re.compile(r"[\s$€£,]")
_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,14})(?:\.\d{1,12})?")
_MONEY = re.compile(r"-?\d{1,3}(?:,?\d{3})*\.\d{2}")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_ID = re.compile(r"(?:^|_)(?:id|no|nr|number|code|ref|reference)$", re.IGNORECASE)

Gold = tuple[Json, str]
"""Target, and a full answer; "" = none follows from the target."""


def empty(cell: Json) -> bool:
    """Whether a cell holds nothing."""
    return cell is None or (isinstance(cell, str) and not cell.strip()) or cell in ([], {})


def value(cell: Json) -> Json:
    """A cell that is JSON text of a list or an object, as that; others as they are."""
    if isinstance(cell, str) and cell.strip()[:1] in ("[", "{"):
        try:
            return json.loads(cell)
        except ValueError:
            return cell
    return cell


def text(cell: Json) -> str:
    """A cell as text without outer white space."""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, str | int | float):
        return str(cell).strip()
    raise ValueError("is a list or an object, not a text")


def exact(cell: Json) -> Gold:
    """A text, or a list of texts each of which is right."""
    found = value(cell)
    if isinstance(found, list):
        accepted = [text(part) for part in found if not empty(part)]
        if not accepted:
            raise ValueError("holds no answer")
        return accepted, accepted[0]
    return text(found), text(found)


def numeric(cell: Json) -> Gold:
    """A number, answered behind the mark that the prompt asks for."""
    written = text(cell)
    try:
        number = Decimal(_ORNAMENT.sub("", written).replace("−", "-"))
    except InvalidOperation:
        raise ValueError(f"is no number: {written[:40]!r}") from None
    if not number.is_finite():
        raise ValueError(f"is no number: {written[:40]!r}")
    plain = format(number, "f")
    return plain, f"#### {plain}"


def choice(cell: Json) -> Gold:
    """One label."""
    return text(cell), text(cell)


def entities(cell: Json) -> Gold:
    """A list of `{text, type}`, or types mapped to their texts."""
    found = value(cell)
    if isinstance(found, Mapping):
        found = [{"text": part, "type": kind} for kind, parts in found.items() for part in _listed(parts)]
    fits = isinstance(found, list) and all(
        isinstance(e, Mapping) and {"text", "type"} <= set(e) for e in found
    )
    if not fits:
        raise ValueError("is no JSON list of {text, type}")
    target = [{"text": str(entity["text"]), "type": str(entity["type"])} for entity in found]
    return target, json.dumps(target, ensure_ascii=False)


def facts(cell: Json) -> Gold:
    """Facts that a summary has to hold: a JSON list, or a text with `;` between them; each as a sentence."""
    found = value(cell)
    parts = found if isinstance(found, list) else text(found).split(";")
    target = [text(part) for part in parts if not empty(part)]
    if not target:
        raise ValueError("holds no fact")
    said = [part.partition("|")[0].strip().rstrip(".") for part in target]
    return target, " ".join(f"{part}." for part in said)


def judge(cell: Json) -> Gold:
    """An answer to compare with."""
    return text(cell), text(cell)


def fields(cells: Mapping[str, Json], names: Sequence[str]) -> Gold:
    """Every field, null where the document has none; a truth value as `yes` or `no`."""
    target = {name: _field(cells.get(name)) for name in names}
    return target, json.dumps(target, ensure_ascii=False, indent=2)


def tests(row: Mapping[str, Json], answer: str) -> Gold:
    """Asserts or a check function of the answer's column, or of columns with the usual names."""
    cell = value(row.get(answer))
    solution = next((row[name] for name in ("canonical_solution", "solution", "code") if row.get(name)), "")
    prompt = row.get("prompt") if row.get("canonical_solution") else ""
    reference = f"```python\n{prompt or ''}{solution}\n```" if solution and answer != "solution" else ""
    setup = str(row.get("test_setup_code") or row.get("setup") or "")
    if isinstance(cell, Mapping) and ("asserts" in cell or {"entry_point", "check"} <= set(cell)):
        return dict(cell), reference
    if isinstance(cell, list) and cell and all(isinstance(part, str) for part in cell):
        return {"asserts": cell, "setup": setup}, reference
    if isinstance(cell, str) and "def check(" in cell and row.get("entry_point"):
        return {"entry_point": str(row["entry_point"]), "check": cell}, reference
    asserts = [line.strip() for line in str(cell).split("\n") if line.strip().startswith("assert ")]
    if not asserts:
        raise ValueError("holds no `assert` line, no list of them, and no `def check(candidate)`")
    return {"asserts": asserts, "setup": setup}, reference


PLAIN: Mapping[str, Callable[[Json], Gold]] = {
    "choice": choice,
    "entities": entities,
    "exact": exact,
    "facts": facts,
    "judge": judge,
    "numeric": numeric,
}
"""Scorers whose gold is one cell."""


def field_types(targets: Sequence[Mapping[str, Json]], names: Sequence[str]) -> dict[str, Json]:
    """Field -> type of the scorer `fields`, of all its values; rows of a list by their columns."""
    return {name: _type(name, [target[name] for target in targets]) for name in names}


def _type(name: str, values: Sequence[Json]) -> Json:
    known = [part for part in values if part is not None]
    if any(isinstance(part, list) for part in known):
        rows = [row for part in known if isinstance(part, list) for row in part]
        if not all(isinstance(row, Mapping) for row in rows) or not rows:
            raise ValueError(f"the field `{name}` is a list of what are no objects with columns")
        columns = dict.fromkeys(column for row in rows for column in row)
        return {column: _type(column, [row.get(column) for row in rows]) for column in columns}
    written = [str(part) for part in known]
    if written and all(_DATE.fullmatch(part) for part in written):
        return "date"
    if _ID.search(name):
        return "id"
    if written and all(_MONEY.fullmatch(part) for part in written):
        return "money"
    if written and all(_NUMBER.fullmatch(part) for part in written):
        return "number"
    return "text"


def _field(cell: Json) -> Json:
    if empty(cell) and cell != []:
        return None
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    found = value(cell)
    if isinstance(found, list):
        return [
            {key: _field(part) for key, part in row.items()} if isinstance(row, Mapping) else row
            for row in found
        ]
    return found.strip() if isinstance(found, str) else found


def _listed(parts: Json) -> list[Json]:
    return parts if isinstance(parts, list) else [parts]
