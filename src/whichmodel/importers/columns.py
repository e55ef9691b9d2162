"""Which column of a table holds what: by a mapping that is given, else by common names, and said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from whichmodel.errors import UnknownName, UsageError, nearest

NAMES: Mapping[str, tuple[str, ...]] = {
    "item": ("item", "item_id", "question_id", "doc_id", "sample_id", "example_id", "task_id", "test_id",
             "qid", "uid", "id"),
    "model": ("model", "model_id", "model_name", "llm"),
    "score": ("score", "passed", "pass", "correct", "is_correct", "success", "accuracy", "acc", "exact_match",
              "grade"),
    "task": ("task", "task_name", "benchmark", "eval", "dataset"),
    "epoch": ("epoch", "repeat", "trial", "replicate"),
    "cluster": ("cluster", "cluster_id", "group_id"),
    "stratum": ("stratum", "subject", "subset", "difficulty"),
    "answer": ("answer_norm", "prediction", "predicted", "extracted_answer", "model_answer"),
    "parsed": ("parsed", "is_parsed"),
    "question": ("question", "prompt", "input"),
    "target": ("target", "gold", "expected", "reference"),
    "cost": ("cost_usd", "usd", "cost", "total_cost", "cost_cents", "cents"),
    "latency": ("latency_s", "latency_ms", "elapsed_s", "elapsed_ms", "duration_s", "duration_ms", "latency",
                "elapsed", "duration", "elapsed_seconds", "seconds"),
    "ttft": ("ttft_s", "ttft_ms", "ttft", "time_to_first_token"),
    "input_tokens": ("input_tokens", "prompt_tokens", "tokens_in"),
    "cached_tokens": ("cached_tokens", "cache_read_tokens", "input_tokens_cache_read"),
    "cache_write_tokens": ("cache_write_tokens", "input_tokens_cache_write"),
    "output_tokens": ("output_tokens", "completion_tokens", "tokens_out"),
    "reasoning_tokens": ("reasoning_tokens",),
    "status": ("status",),
    "error": ("error", "error_message", "exception"),
    "error_class": ("error_class", "error_type"),
    "started_at": ("started_at", "timestamp", "created_at", "datetime"),
    "served_model": ("served_model", "response_model"),
    "settings": ("settings",),
}  # fmt: skip
"""What an outcome can be made of -> names of columns that hold it, the surest first."""
NEEDED = ("item", "model", "score")
UNITS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "cost": {"usd": ("usd",), "cents": ("cents",), "microusd": ("microusd",)},
    "latency": {"s": ("s", "seconds"), "ms": ("ms",), "us": ("us",), "min": ("min",)},
    "ttft": {"s": ("s", "seconds"), "ms": ("ms",), "us": ("us",), "min": ("min",)},
}
"""Fields with a unit -> unit -> last parts of a column's name that say it."""
JOIN, RATIO, NOTHING = "+", "/", "-"
"""`a+b` = the two together name it; `a/b` = the first over the second; `-` = no column, whatever is there."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a user says of a table. None and () = it is found out, or asked for."""

    columns: Mapping[str, str]
    """Field -> column, `a+b` for several that name it together, `-` for none."""
    score_columns: tuple[str, ...] = ()
    """The score is the mean of these; each a column or `passed/count`."""
    cost_unit: str | None = None
    latency_unit: str | None = None


@dataclass(frozen=True, slots=True)
class Columns:
    """What each column of a table is."""

    of: Mapping[str, tuple[str, ...]]
    """Field -> the columns that name it together."""
    score_parts: tuple[tuple[str, str | None], ...]
    """The score is the mean of these columns, each over another one, where it is not None."""
    units: Mapping[str, str]
    """`cost`, `latency`, `ttft` -> unit."""
    said: tuple[str, ...] = ()
    """What was found by its name, in words."""


def choose(known: Sequence[str], asked: Asked, *, where: str, model_given: bool = False) -> Columns:
    """The columns of a table.

    known: the names that it has. model_given: the model is named elsewhere. Raises UnknownName for a column
    or a field that is not there, UsageError where one that is needed cannot be found, or a unit is not told.
    """
    given = _given(known, asked.columns, where)
    parts = tuple(_part(text, known, where) for text in asked.score_columns)
    used = {name for names in given.values() for name in names} | {n for pair in parts for n in pair if n}
    free = {name.strip().casefold(): name for name in reversed(known) if name not in used}
    said = []
    found = dict(given)
    for field, names in NAMES.items():
        if field in asked.columns or (field == "score" and parts) or (field == "model" and model_given):
            continue
        column = next((free.pop(name) for name in names if name in free), None)
        if column is not None:
            found[field] = (column,)
            said.append(f"{field} is the column `{column}`")
    _complete(found, known, where, scored=bool(parts), model_given=model_given)
    units = {field: _unit(field, found[field][0], asked, where) for field in UNITS if found.get(field)}
    return Columns({f: names for f, names in found.items() if names}, parts, units, tuple(said))


def _given(known: Sequence[str], columns: Mapping[str, str], where: str) -> dict[str, tuple[str, ...]]:
    made = {}
    for field, text in columns.items():
        if field not in NAMES:
            raise UnknownName.of("field", field, NAMES, where=f"{where}: --columns")
        names = () if text == NOTHING else (text,) if text in known else tuple(text.split(JOIN))
        made[field] = tuple(_column(name, known, where) for name in names)
    return made


def _column(name: str, known: Sequence[str], where: str) -> str:
    if name not in known:
        raise UnknownName.of("column", name, known, where=where)
    return name


def _part(text: str, known: Sequence[str], where: str) -> tuple[str, str | None]:
    if text in known:
        return text, None
    above, _, below = text.partition(RATIO)
    return _column(above, known, where), _column(below, known, where) if below else None


def _complete(
    found: Mapping[str, tuple[str, ...]], known: Sequence[str], where: str, *, scored: bool, model_given: bool
) -> None:
    held = {"score": scored, "model": model_given}
    missing = [field for field in NEEDED if not found.get(field) and not held.get(field)]
    if not missing:
        return
    columns = ", ".join(known[:20]) + (", ..." if len(known) > 20 else "")
    if missing == ["item"] and "score" in found:
        raise UsageError(
            "No column names the item, so the rows may be means over items, of which no outcome can be made. "
            f"It has the columns {columns}.",
            where=where,
            remedy="Name the item's: `--columns item=<column>`.",
        )
    field = missing[0]
    close = [name for name in known if nearest(name.casefold(), NAMES[field], most=1)][:3]
    hint = f" Nearest: {', '.join(close)}." if close else ""
    raise UsageError(
        f"No column's name says that it holds the {field}; there are {columns}.",
        where=where,
        remedy=f"Name it: `--columns {','.join(f'{each}=<column>' for each in missing)}`.{hint}",
    )


def _unit(field: str, column: str, asked: Asked, where: str) -> str:
    option = asked.cost_unit if field == "cost" else asked.latency_unit
    if option:
        return option
    last = column.casefold().replace("-", "_").rpartition("_")[2]
    for unit, endings in UNITS[field].items():
        if last in endings:
            return unit
    flag = "--cost-unit" if field == "cost" else "--latency-unit"
    raise UsageError(
        f"The name of the column `{column}` does not say in which unit it is.",
        where=where,
        remedy=f"Name it: `{flag} {'|'.join(UNITS[field])}`.",
    )
