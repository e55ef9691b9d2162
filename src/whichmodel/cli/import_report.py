"""What `bench import` says: what came in by task and model, what was refused, what comes next."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from whichmodel.cli.output import answer, document, raw, score, seconds, table, usd
from whichmodel.importers.bank import Bank, Survey, Tally
from whichmodel.importers.take_in import Calls, Taken
from whichmodel.store import StoredBank, read

if TYPE_CHECKING:
    from whichmodel.analyse.intervals import Interval

HEADINGS = ("n", "mean [95%]", "unparsed", "failed", "$/1k", "mean s", "model")
MOST_LISTED = 3
"""Refused rows and models that are named on a terminal; `--json` and the file have them all."""


@dataclass(frozen=True, slots=True)
class Shown:
    """All that there is to say."""

    seen: Survey
    taken: Taken | None
    """None = a dry run, or nothing came in."""
    category: str
    configured: frozenset[str]
    banks: Mapping[str, tuple[StoredBank, ...]]
    """Task -> banks of it that were stored before, this one among them."""
    at: datetime | None

    def lines(self) -> Iterator[str]:
        """What is to be known beside the figures."""
        seen = self.seen
        for task, bank in seen.banks.items():
            yield from _bank_lines(task, bank, self.banks.get(task, ()))
        if seen.repeated:
            yield f"Samples that stand in several files, each of which counts once: {seen.repeated:,}."
        if seen.undated and self.at is None:
            yield f"Rows that name no time: {seen.undated:,}. Their file's is taken (--at TIME says it)."
        if unknown := [model for model in seen.models if model not in self.configured]:
            yield (
                f"Not configured in bench.yaml: {_some(unknown)}. Such a model is compared, but never routed "
                "to; --model-map FOREIGN=ID names a configured one."
            )

    def next(self) -> list[str]:
        """Commands that go on from here."""
        pairs = [(t, list(b.tallies)) for t, b in self.seen.banks.items() if len(b.tallies) > 1]
        compare = [f"bench compare {_word(m[0])} {_word(m[1])} --task {t}" for t, m in pairs[:1]]
        return [*compare, "bench route"]


def other_banks(results: Path, seen: Survey) -> dict[str, tuple[StoredBank, ...]]:
    """The banks that are stored of these tasks."""
    reader = read(results)
    stored = reader.banks(list(seen.banks)) if reader else ()
    return {task: tuple(bank for bank in stored if bank.task == task) for task in seen.banks}


def _bank_lines(task: str, bank: Bank, stored: tuple[StoredBank, ...]) -> Iterator[str]:
    if bank.judged:
        yield f"{task}: answers that a model helped to score: {bank.judged:,}. No route rests on them alone."
    for other in stored:
        if other.task_hash != bank.task_hash:
            yield (
                f"{task}: another bank of {_items(other.items)} is stored, measured last on "
                f"{other.last:%Y-%m-%d}. They never mix; the one measured last counts (--task NAME)."
            )


def show(shown: Shown, *, as_json: bool) -> None:
    """One document, or tables and lines."""
    if as_json:
        document(_document(shown))
        return
    for task, bank in shown.seen.banks.items():
        scorer = f", scored by {bank.scorer}" if bank.scorer else ""
        answer(f"{task}: {_items(len(bank.items))}{scorer}, category {shown.category}")
        rows = [_row(model, tally) for model, tally in sorted(bank.tallies.items())]
        answer(table(HEADINGS, rows, numbers=range(len(HEADINGS) - 1)))
        answer()
    for line in shown.lines():
        answer(line)
    _show_refused(shown.seen)
    for line in _ended(shown):
        answer(line)
    if shown.taken is not None:
        # Commands are not broken, however wide they are.
        raw("".join(f"{line}\n" for line in ("Next:", *(f"  {line}" for line in shown.next()))))


def _items(count: int) -> str:
    return "1 item" if count == 1 else f"{count:,} items"


def _row(model: str, tally: Tally) -> list[str]:
    found = _interval(tally)
    return [
        f"{tally.n:,}",
        score(found.mean, found.low, found.high) if found else "-",
        f"{tally.unparsed:,}" if tally.unparsed else "-",
        f"{tally.failed:,}" if tally.failed else "-",
        _cost(tally),
        "unknown" if (mean := _mean_s(tally)) is None else seconds(mean),
        model,
    ]


def _interval(tally: Tally) -> Interval | None:
    import numpy as np

    from whichmodel.analyse.intervals import interval

    return interval(np.array(tally.scores), np.array(tally.clusters, dtype=np.int64))


def _cost(tally: Tally) -> str:
    """The mean of all answers, where every one of them has a known cost."""
    mean = _mean_usd(tally)
    if mean is not None:
        return usd(mean * 1000)
    return "unknown" if tally.unpriced == tally.n else f"{tally.unpriced:,} unknown"


def _mean_usd(tally: Tally) -> float | None:
    return float(tally.usd) / tally.n if tally.n and not tally.unpriced else None


def _mean_s(tally: Tally) -> float | None:
    timed = tally.n - tally.untimed
    return tally.seconds / timed if timed else None


def _show_refused(seen: Survey) -> None:
    if not seen.refused:
        return
    answer(f"Rows that were refused: {seen.refused:,}.")
    for row in seen.listed[:MOST_LISTED]:
        answer(f"  {row.file}, {row.place}: {row.reason}")
    if (more := seen.refused - MOST_LISTED) > 0:
        answer(f"  ... and {more:,} more; --json lists them.")


def _ended(shown: Shown) -> Iterator[str]:
    seen, taken = shown.seen, shown.taken
    if not seen.rows:
        yield "The files hold no samples; nothing comes in."
        return
    if taken is None:
        failed = f", {seen.failed:,} of them without a score" if seen.failed else ""
        yield f"{seen.rows:,} outcomes would come in{failed}. Nothing was stored."
        return
    if not taken.new:
        yield f"Nothing new: all {taken.known:,} outcomes are stored already."
    else:
        again = f", {taken.known:,} were stored already" if taken.known else ""
        yield f"{taken.new:,} outcomes are stored{again} ({taken.run_id})."


def _document(shown: Shown) -> dict[str, Any]:
    seen, taken = shown.seen, shown.taken
    return {
        "dry_run": taken is None,
        "run_id": taken.run_id if taken and taken.new else None,
        "rows": seen.rows,
        "new": taken.new if taken else None,
        "known": taken.known if taken else None,
        "repeated": seen.repeated,
        "failed": seen.failed,
        "refused": seen.refused,
        "refused_rows": [asdict(row) for row in seen.listed],
        "refused_file": str(taken.refused) if taken and taken.refused else None,
        "tasks": [_task(task, bank, shown) for task, bank in seen.banks.items()],
        "notes": list(shown.lines()),
        "next": shown.next() if seen.rows else [],
    }


def _task(task: str, bank: Bank, shown: Shown) -> dict[str, Any]:
    return {
        "task": task,
        "source": bank.source,
        "scorer": bank.scorer or None,
        "task_hash": bank.task_hash,
        "items": len(bank.items),
        "category": shown.category,
        "judged": bank.judged,
        "models": [_model(model, tally, shown) for model, tally in sorted(bank.tallies.items())],
    }


def _model(model: str, tally: Tally, shown: Shown) -> dict[str, Any]:
    found = _interval(tally)
    return {
        "model": model,
        "configured": model in shown.configured,
        "n": tally.n,
        "mean": found.mean if found else None,
        "low": found.low if found else None,
        "high": found.high if found else None,
        "interval": found.method if found else None,
        "failed": tally.failed,
        "unparsed": tally.unparsed,
        "cost_unknown": tally.unpriced,
        "cost_per_1k_usd": None if (mean := _mean_usd(tally)) is None else mean * 1000,
        "latency_unknown": tally.untimed,
        "latency_mean_s": _mean_s(tally),
    }


def show_calls(calls: Calls, taken: Taken | None, configured: frozenset[str], *, as_json: bool) -> None:
    """What came in of timed requests."""
    models = sorted({*calls.answered, *calls.failed})
    if as_json:
        document(
            {
                "dry_run": taken is None,
                "run_id": taken.run_id if taken and taken.new else None,
                "rows": calls.rows,
                "new": taken.new if taken else None,
                "known": taken.known if taken else None,
                "refused": len(calls.refused),
                "refused_rows": [asdict(row) for row in calls.refused],
                "models": [
                    {"model": m, "configured": m in configured, "calls": calls.answered[m] + calls.failed[m],
                     "answered": calls.answered[m], "failed": calls.failed[m]}
                    for m in models
                ],
            }
        )  # fmt: skip
        return
    rows = [
        [m, f"{calls.answered[m] + calls.failed[m]:,}", f"{calls.failed[m]:,}", _rate(calls, m)]
        for m in models
    ]
    answer(table(("model", "calls", "failed", "error rate"), rows, numbers=[1, 2, 3]))
    for row in calls.refused[:MOST_LISTED]:
        answer(f"  refused: {row.file}, {row.place}: {row.reason}")
    if taken is None:
        answer(f"{calls.rows:,} timed calls would come in. Nothing was stored.")
    elif not taken.new:
        answer(f"Nothing new: all {taken.known:,} timed calls are stored already.")
    else:
        answer(f"{taken.new:,} timed calls are stored ({taken.run_id}). An error has no latency.")
    raw("Next:\n  bench latency --show\n")


def _rate(calls: Calls, model: str) -> str:
    return f"{calls.failed[model] / (calls.answered[model] + calls.failed[model]):.1%}"


def _some(names: list[str]) -> str:
    shown = ", ".join(names[:MOST_LISTED])
    return shown + (f" and {len(names) - MOST_LISTED:,} more" if len(names) > MOST_LISTED else "")


def _word(text: str) -> str:
    """A name as a shell takes it."""
    return shlex.quote(text)
