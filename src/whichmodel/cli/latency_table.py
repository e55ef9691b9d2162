"""What `bench latency` prints: percentiles with their intervals, by model and by time of day."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from whichmodel.analyse.timing import Distribution, Percentile, Speed, speeds
from whichmodel.cli.output import answer, document, table, usd
from whichmodel.store import Panel, Reader

LEFT_OUT = (
    ("cold", "opened a connection"),
    ("late", "were bent by this program being late"),
)


@dataclass(frozen=True, slots=True)
class Stored:
    """What the store knows of one panel."""

    speeds: tuple[Speed, ...]
    failures: tuple[dict[str, Any], ...]
    simulated: bool

    @classmethod
    def of(cls, reader: Reader, panel: Panel, *, by_hour: bool) -> Stored:
        """All timed calls of a panel."""
        failures: list[dict[Any, Any]] = reader.timing_failures(panel).to_dict("records")
        found = speeds(reader.timings(panel), by_hour=by_hour)
        return cls(found, tuple(failures), panel == "simulated")


@dataclass(frozen=True, slots=True)
class Ran:
    """The pass that has just ended."""

    run_id: str
    calls: int
    stopped: dict[str, str]
    """Model -> why it was asked no more."""


def as_json(stored: Stored | None, panel: Panel, ran: Ran | None) -> None:
    """One document; seconds and tokens a second as they are, null = unknown."""
    document(
        {
            "panel": panel,
            "simulated": panel == "simulated",
            "pass": None if ran is None else asdict(ran),
            "calls": sum(speed.calls for speed in stored.speeds) if stored else 0,
            "models": [asdict(speed) for speed in stored.speeds] if stored else [],
            "failures": list(stored.failures) if stored else [],
        }
    )


def show(stored: Stored | None, ran: Ran | None) -> None:
    """A table, and beside it what is in none of its percentiles."""
    if stored is None or not stored.speeds:
        answer("No latency was measured yet. `bench latency --n 30` asks each model 30 times.")
        return
    by_hour = stored.speeds[0].block is not None
    headings = ["model", *(["UTC"] if by_hour else []), "measure", "n", "p50", "p95", "p99", "failed"]
    first = len(headings) - 5
    rows = [row for speed in stored.speeds for row in _rows(speed, stored, by_hour=by_hour)]
    answer(table(headings, rows, numbers=range(first, len(headings))))
    for line in _beside(stored, ran):
        answer(line)


def _rows(speed: Speed, stored: Stored, *, by_hour: bool) -> list[list[str]]:
    name = _name(speed, stored) + (" (simulated)" if stored.simulated else "")
    rest = [speed.block or ""] if by_hour else []
    blank = [""] * len(rest)
    rows = [
        [name, *rest, "first content, s", *_cells(speed.ttft_s), f"{speed.failed:,}"],
        ["", *blank, "end to end, s", *_cells(speed.latency_s), ""],
        ["", *blank, "tokens/s", *_cells(speed.tokens_per_s, only="p50"), ""],
    ]
    if speed.inter_token_s.n:
        rows.append(["", *blank, "between tokens, s", *_cells(speed.inter_token_s), ""])
    return rows


def _name(speed: Speed, stored: Stored) -> str:
    """The model's id, with its settings where it was timed with several."""
    settings = {other.settings_hash for other in stored.speeds if other.model == speed.model}
    return speed.model if len(settings) == 1 else f"{speed.model} #{speed.settings_hash[:6]}"


def _cells(measured: Distribution, only: str | None = None) -> list[str]:
    told = [_told(found) if only in (None, name) else "" for name, found in measured.percentiles.items()]
    return [f"{measured.n:,}", *told]


def _told(found: Percentile) -> str:
    """A percentile with its interval; "-" = so few values do not tell it."""
    if found.value is None:
        return "-"
    if found.low is None and found.high is None:
        return _figure(found.value)
    return f"{_figure(found.value)} [{_figure(found.low)}, {_figure(found.high)}]"


def _figure(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:.3f}" if value < 1 else f"{value:.2f}" if value < 100 else f"{value:.0f}"


def _beside(stored: Stored, ran: Ran | None) -> list[str]:
    found = stored.speeds
    calls = sum(speed.calls for speed in found)
    added = f"{ran.calls:,} calls were added; there are {calls:,} in all." if ran else f"{calls:,} calls."
    spent = usd(sum(speed.spend_usd for speed in found))
    unknown = sum(speed.unpriced for speed in found)
    charged = " (simulated, not charged)" if stored.simulated else ""
    lines = [
        f"\n{added} Cost{charged}: {spent}{f' + {unknown:,} unknown' if unknown else ''}.",
        'In brackets the 95% interval of each percentile; "-" or none = too few calls.',
    ]
    for field, words in LEFT_OUT:
        if count := sum(getattr(speed, field) for speed in found):
            lines.append(f"In no percentile: {count:,} calls that {words}.")
    if whole := sum(speed.not_streamed for speed in found):
        lines.append(f"Without a time to the first content: {whole:,} calls whose reply was not streamed.")
    for row in stored.failures:
        lines.append(f"{row['calls']:,} calls of {row['model']} failed: {row['example']}")
    return lines
