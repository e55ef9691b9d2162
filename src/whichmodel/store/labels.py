"""Human labels: an append-only file beside the logs, and the column that a rebuild makes of it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from whichmodel.domain import content_hash
from whichmodel.errors import StoreError
from whichmodel.store import rows

FILE = Path("labels") / "labels.jsonl"


@dataclass(frozen=True, slots=True)
class Label:
    """What one person says of one answer."""

    outcome: str
    """Key of the labelled outcome: that answer and no later one."""
    task: str
    model: str
    item_id: str
    epoch: int
    labeller: str
    """ "" = nobody is named."""
    score: float
    """0 to 1."""

    @property
    def key(self) -> str:
        """Content key: the same label is the same, whenever it is imported."""
        return content_hash([self.outcome, self.labeller, self.score], length=32)


def read(results: Path) -> tuple[Label, ...]:
    """All labels, in the order they came in. Raises StoreError for a line that is none.

    A last line without its end was cut off while it was written, and is passed over.
    """
    file = results / FILE
    if not file.is_file():
        return ()
    lines = file.read_text(encoding="utf-8").split("\n")
    found = []
    for number, line in enumerate(lines[:-1], start=1):
        try:
            found.append(Label(**json.loads(line)))
        except (ValueError, TypeError) as error:
            raise StoreError(
                f"This line is no label: {error}.", where=f"{file}:{number}", remedy="Mend or remove it."
            ) from error
    return tuple(found)


def new(labels: Iterable[Label], known: Sequence[Label]) -> tuple[Label, ...]:
    """Those that would change something: no label of this answer by this person, or another score last."""
    last = {(label.outcome, label.labeller): label.key for label in known}
    return tuple(label for label in labels if last.get((label.outcome, label.labeller)) != label.key)


def append(results: Path, labels: Sequence[Label]) -> None:
    """Write labels at the end of the file, on the disk when this returns."""
    if not labels:
        return
    file = results / FILE
    file.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(json.dumps(asdict(label), ensure_ascii=False) + "\n" for label in labels)
    with file.open("ab+") as target:
        _cut_torn_line(target.fileno())
        target.write(text.encode())
        target.flush()
        os.fsync(target.fileno())


def _cut_torn_line(descriptor: int) -> None:
    """Remove a last line that was cut off while it was written."""
    size = os.fstat(descriptor).st_size
    held = os.pread(descriptor, size, 0)
    if held and not held.endswith(b"\n"):
        os.ftruncate(descriptor, held.rfind(b"\n") + 1)


def scores(labels: Iterable[Label]) -> Mapping[str, float]:
    """Outcome -> mean over its labellers of what each said last."""
    last = {(label.outcome, label.labeller): label.score for label in labels}
    found: dict[str, list[float]] = {}
    for (outcome, _), score in last.items():
        found.setdefault(outcome, []).append(score)
    return {outcome: sum(given) / len(given) for outcome, given in found.items()}


def apply(connection: duckdb.DuckDBPyConnection, given: Mapping[str, float]) -> int:
    """Fill the outcomes' column; the number of rows that are labelled now."""
    batch = pa.table(
        {"key": pa.array(given, type=pa.string()), "said": pa.array(given.values(), type=pa.float64())}
    )
    connection.register("labelled", batch)
    [(changed,)] = connection.execute(
        "UPDATE outcomes o SET human_score = l.said FROM labelled l "
        "WHERE o.key = l.key AND o.human_score IS DISTINCT FROM l.said"
    ).fetchall()
    if changed:
        rows.rewritten(connection)
    connection.unregister("labelled")
    [(filled,)] = connection.execute("SELECT count(*) FROM outcomes WHERE human_score IS NOT NULL").fetchall()
    return int(filled)
