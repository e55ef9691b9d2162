"""Rows -> items of a task of one's own, and what its card says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from whichmodel.domain import Item, Json
from whichmodel.errors import TaskError, UsageError
from whichmodel.registry.mapping import MappedRow, filled, placeholders
from whichmodel.registry.own import golds
from whichmodel.registry.own.columns import GOLD, Columns
from whichmodel.registry.own.source import Source

SHOWN = 12
"""Row numbers that an error names."""
MOST = 1000
"""Items that a new card asks; more are drawn from."""
CRITERIA = {
    "right": "Says what the reference answer says, and nothing against it.",
    "complete": "Leaves out nothing that matters in the reference answer.",
}
"""What a judge is told, until the card says it better."""
METRIC = {
    "choice": "share of items with the right label",
    "entities": "mean F1 of the entities, span and type",
    "exact": "share of items answered with an accepted answer",
    "facts": "mean share of the given facts that the summary holds",
    "fields": "mean share of fields read correctly",
    "judge": "mean mark of a judge",
    "numeric": "share of items with the right number",
    "tests": "share of programs that pass all of their tests",
}


@dataclass(frozen=True, slots=True)
class Draft:
    """Items and what a card has to say of them."""

    scorer: str
    items: tuple[Item, ...]
    options: Mapping[str, Json]
    """Of the scorer."""
    metric: str
    repeated: tuple[tuple[int, ...], ...]
    """Numbers of rows with the same prompt."""


def drafted(source: Source, columns: Columns, scorer: str, *, name: str, template: str | None) -> Draft:
    """The items of a table. template: of the prompt, None = the column and what the scorer wants to be told.

    Raises TaskError naming the rows that are no items, UsageError for a template that names no column.
    """
    found = _golds(source, columns, scorer)
    options = _options(scorer, columns, [target for target, _ in found], source.name)
    prompts = _prompts(source, columns, template, _instruction(scorer, options, found))
    ids = _ids(source, columns, name)
    items = tuple(
        Item(
            id=ids[place],
            input=prompts[place],
            target=target,
            reference=reference,
            stratum=_stratum(row, columns),
        )
        for place, (row, (target, reference)) in enumerate(zip(source.rows, found, strict=True))
    )
    return Draft(scorer, items, options, METRIC.get(scorer, "mean score"), _repeated(prompts))


def _golds(source: Source, columns: Columns, scorer: str) -> list[golds.Gold]:
    made: list[golds.Gold] = []
    bad: dict[str, list[int]] = {}
    names = _field_names(source, columns)
    for number, row in enumerate(source.rows, start=1):
        try:
            made.append(_gold(row, columns, scorer, names))
        except ValueError as error:
            bad.setdefault(str(error), []).append(number)
    if bad:
        column = f"`{columns.answer}`" if columns.answer else f"{GOLD}..."
        first, rows = next(iter(bad.items()))
        raise TaskError(
            f"The answer in {column} {first}: {_rows(rows)}.",
            where=source.name,
            remedy="Fill or leave out these rows, or name another --answer-column or --scorer.",
        )
    return made


def _gold(row: Mapping[str, Json], columns: Columns, scorer: str, names: Sequence[str]) -> golds.Gold:
    if scorer == "fields":
        cells = _cells(row, columns)
        if cells is None:
            raise ValueError("is no JSON object")
        if all(golds.empty(cell) for cell in cells.values()):
            raise ValueError("is empty")
        return golds.fields(cells, names)
    if columns.answer is None:
        raise ValueError(f"is split into columns, which only the scorer `fields` reads, not `{scorer}`")
    cell = row.get(columns.answer)
    # A document without any entity has an empty list, which is an answer.
    if golds.empty(cell) and not (scorer == "entities" and cell == []):
        raise ValueError("is empty")
    if scorer == "tests":
        return golds.tests(row, columns.answer)
    return golds.PLAIN.get(scorer, golds.judge)(cell)


def _cells(row: Mapping[str, Json], columns: Columns) -> Mapping[str, Json] | None:
    if columns.answer is None:
        return {name: row.get(GOLD + name) for name in columns.fields}
    cell = golds.value(row.get(columns.answer))
    if golds.empty(cell):
        return {}
    return cell if isinstance(cell, Mapping) else None


def _field_names(source: Source, columns: Columns) -> list[str]:
    if columns.answer is None:
        return list(columns.fields)
    cells = (_cells(row, columns) for row in source.rows)
    return list(dict.fromkeys(str(name) for cell in cells if cell for name in cell))


def _options(scorer: str, columns: Columns, targets: Sequence[Json], where: str) -> dict[str, Json]:
    if scorer == "choice":
        return {"labels": sorted({str(target) for target in targets})}
    if scorer == "fields":
        try:
            return {"fields": golds.field_types(targets, list(targets[0]))}
        except ValueError as error:
            raise TaskError(f"The fields cannot be scored: {error}.", where=where) from error
    if scorer == "judge":
        return {"rubric": {"criteria": dict(CRITERIA), "scale": [1, 5]}, "reference": True}
    return {}


def _instruction(scorer: str, options: Mapping[str, Json], found: Sequence[golds.Gold]) -> str:
    """What a model is told of the form of its answer."""
    if scorer == "choice":
        return f"Answer with one of these labels and nothing else: {', '.join(options['labels'])}."
    if scorer == "fields":
        keys = ", ".join(options["fields"])
        told = f"Answer with one JSON object with these keys, null where nothing is said of one: {keys}."
        truths = [key for key in options["fields"] if _is_truth([target[key] for target, _ in found])]
        return f'{told} Write "yes" or "no" for {", ".join(truths)}.' if truths else told
    if scorer == "entities":
        kinds = sorted({entity["type"] for target, _ in found for entity in target})
        types = f" Types: {', '.join(kinds)}." if kinds else ""
        return f"Answer with a JSON list of objects with `text` and `type`, one for each mention.{types}"
    plain = {
        "numeric": "End with a line `#### <number>`.",
        "exact": "Give the answer alone, without an explanation.",
        "tests": "Answer with the whole program in one ```python block.",
        "facts": "Write a summary of this.",
    }
    return plain.get(scorer, "")


def _is_truth(values: Sequence[Json]) -> bool:
    known = [value for value in values if value is not None]
    return bool(known) and all(value in ("yes", "no") for value in known)


def _prompts(source: Source, columns: Columns, template: str | None, instruction: str) -> list[str]:
    if template is None:
        made = [_plain_prompt(row.get(columns.prompt), instruction) for row in source.rows]
    else:
        made = [_by_template(row, number, template) for number, row in enumerate(source.rows)]
    if missing := [n for n, row in enumerate(source.rows, start=1) if golds.empty(row.get(columns.prompt))]:
        raise TaskError(f"The prompt in `{columns.prompt}` is empty: {_rows(missing)}.", where=source.name)
    return made


def _plain_prompt(cell: Json, instruction: str) -> str:
    written = "" if cell is None else cell if isinstance(cell, str) else str(cell)
    return f"{written.strip()}\n\n{instruction}".rstrip()


def _by_template(row: Mapping[str, Json], number: int, template: str) -> str:
    try:
        list(placeholders(template))
        return filled(template, MappedRow(number, row, {}))
    except ValueError as error:
        raise UsageError(
            f"The template does not fit row {number + 1}: {error}.", where="--template"
        ) from error


def _ids(source: Source, columns: Columns, name: str) -> list[str]:
    if columns.id is None:
        return [f"{name}-{number:05d}" for number in range(1, len(source.rows) + 1)]
    places: dict[str, list[int]] = {}
    ids = []
    for number, row in enumerate(source.rows, start=1):
        cell = row.get(columns.id)
        ids.append("" if golds.empty(cell) else str(cell).strip())
        places.setdefault(ids[-1], []).append(number)
    if rows := places.get(""):
        raise TaskError(f"The id in `{columns.id}` is empty: {_rows(rows)}.", where=source.name)
    if twice := {key: rows for key, rows in places.items() if len(rows) > 1}:
        key, rows = next(iter(twice.items()))
        more = f", and {len(twice) - 1} more ids" if len(twice) > 1 else ""
        raise TaskError(
            f"The id '{key}' in `{columns.id}` stands more than once: {_rows(rows)}{more}.",
            where=source.name,
            remedy="Ids are unique; name another --id-column, or leave this one out of the table.",
        )
    return ids


def _stratum(row: Mapping[str, Json], columns: Columns) -> str:
    cell = row.get(columns.stratum) if columns.stratum else None
    return "" if golds.empty(cell) else str(cell).strip()


def _repeated(prompts: Sequence[str]) -> tuple[tuple[int, ...], ...]:
    places: dict[str, list[int]] = {}
    for number, prompt in enumerate(prompts, start=1):
        places.setdefault(prompt, []).append(number)
    return tuple(tuple(rows) for rows in places.values() if len(rows) > 1)


def _rows(numbers: Sequence[int]) -> str:
    shown = ", ".join(f"{number:,}" for number in numbers[:SHOWN])
    more = f" and {len(numbers) - SHOWN:,} more" if len(numbers) > SHOWN else ""
    return f"row{'s' if len(numbers) > 1 else ''} {shown}{more}"
