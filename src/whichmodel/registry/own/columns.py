"""Which column of a table is the question, the answer, the id: by common names, and said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from whichmodel.errors import UnknownName, UsageError

PROMPTS = (
    "prompt", "question", "input", "text", "sentence", "document", "instruction", "query", "problem",
    "passage", "content", "message", "ticket", "email", "description",
)  # fmt: skip
ANSWERS = (
    "answer", "answers", "target", "label", "output", "expected", "solution", "gold", "reference",
    "response", "completion", "entities", "fields", "facts", "summary", "class", "category",
    "test_list", "asserts", "tests", "test",
)  # fmt: skip
IDS = ("id", "item_id", "task_id", "question_id", "uid", "key")
STRATA = ("stratum", "subject", "topic", "category", "type", "difficulty", "level", "group", "language")
GOLD = "gold."
"""Prefix of columns that hold one field of an answer each."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a table that make an item."""

    prompt: str
    answer: str | None
    """None = the answer stands in columns `gold.<field>`."""
    id: str | None = None
    """None = rows are numbered."""
    stratum: str | None = None
    fields: tuple[str, ...] = ()
    """Names of the columns `gold.<field>`, without the prefix."""
    said: tuple[str, ...] = field(default=(), compare=False)
    """What was found by its name and not given, in words."""


def choose(known: Sequence[str], given: Mapping[str, str | None]) -> Columns:
    """The columns of a table. given: `prompt`, `answer`, `id`, `stratum` -> a column, None = by its name.

    Raises UnknownName for a column that is not there, UsageError where no name says which is meant.
    """
    for key, name in given.items():
        if name is not None and name not in known:
            raise UnknownName.of("column", name, known, where=f"--{key}-column")
    said: list[str] = []
    taken = {name for name in given.values() if name}
    fields = tuple(name.removeprefix(GOLD) for name in known if name.startswith(GOLD) and name != GOLD)

    def one(key: str, names: Iterable[str]) -> str | None:
        if (name := given.get(key)) is not None:
            return name
        free = {column.strip().casefold(): column for column in known if column not in taken}
        found = next((free[name] for name in names if name in free), None)
        if found is not None:
            taken.add(found)
            said.append(f"{key} is the column `{found}`")
        return found

    prompt = one("prompt", PROMPTS)
    answer = one("answer", ANSWERS) if given.get("answer") or not fields else None
    if fields and answer is None:
        said.append(f"the answer's fields are {', '.join(fields)}")
    if prompt is None or (answer is None and not fields):
        missing, option = ("question", "--prompt-column") if prompt is None else ("answer", "--answer-column")
        raise UsageError(
            f"No column's name says that it holds the {missing}; there are {', '.join(known)}.",
            where="bench task new",
            remedy=f"Name it: `{option} <column>`.",
        )
    found_id, stratum = one("id", IDS), one("stratum", STRATA)
    return Columns(prompt, answer, found_id, stratum, fields if answer is None else (), tuple(said))
