"""Quarterly reports: three metrics with changes and causes, a decision, a risk, all figures in a table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from .report import Report, day, fact, people, words

LIMIT = 150


@dataclass(frozen=True, slots=True)
class Metric:
    """A figure of the quarter beside those it is compared with, all as written."""

    kind: dict[str, Any]
    value: str
    before: str
    """A quarter ago."""
    year_ago: str
    plan: str
    change: str
    """Against the quarter before, in percent."""
    year_change: str
    up: bool
    cause: list[Any]
    other: list[Any]
    """A cause that was expected to matter and did not."""
    old_value: str
    old_change: str
    """As they stand in the report before they are put right."""

    @property
    def name(self) -> str:
        """As the report calls it."""
        return str(self.kind["name"])

    def written(self, value: str) -> str:
        """A figure with its unit."""
        return str(self.kind["written"]).format(value)

    def plain(self, value: str) -> str:
        """A figure in full, as the scorer compares it."""
        million, thousand = "million" in self.kind["written"], ",000" in self.kind["written"]
        factor = 1_000_000 if million else 1000 if thousand else 1
        number = float(value.replace(",", "")) * factor
        return f"{number:.1f}".removesuffix(".0")


def report(rng: Random, revised: bool) -> Report:
    """A report on a quarter."""
    tables = words("quarterly")
    quarter = rng.randrange(1, 5)
    closed = date(2026, 3 * quarter, 28) + timedelta(days=rng.randrange(8, 22))
    metrics = [_metric(kind, rng) for kind in rng.sample(tables["metrics"], 3)]
    wrong = metrics[rng.randrange(3)] if revised else None
    author, owner, other = people(rng, 3)
    decision, risk = rng.choice(tables["decisions"]), rng.choice(tables["risks"])
    by = closed + timedelta(days=rng.randrange(20, 120))
    head = f"{rng.choice(tables['companies'])}, {rng.choice(tables['units'])}"
    text = "\n\n".join(
        [
            f"QUARTERLY REPORT Q{quarter} 2026\n{head}\nPrepared by {author}, {day(closed)} 2026",
            rng.choice(tables["asides"]),
            _table(metrics, quarter, wrong),
            *(_paragraph(metric, metric is wrong, rng) for metric in metrics),
            _decided(decision, owner, other, by, rng),
            f"Risks. The outlook is unchanged. What the board should keep in mind: {risk[1]}.",
            rng.choice(tables["asides"][3:]),
            *([_correction(wrong, closed)] if wrong else []),
        ]
    )
    names = ", ".join(metric.name for metric in metrics)
    return Report(
        text=text,
        asked=f"For each of {names} give the figure of the quarter, whether it rose or fell against the "
        "quarter before, by how many percent, and the cause. Then name the decision with who carries it "
        "out and by when, and the risk.",
        lines=(
            *(_line(metric) for metric in metrics),
            f"Decision: {decision[0]}. Owner: {owner}. Date: {day(by)}.",
            f"Risk: {risk[0]}.",
        ),
        facts=(
            *(one for metric in metrics for one in _facts(metric, metric is wrong)),
            fact("decision", "text", decision[1]),
            fact("owner", "name", [owner], instead=[other]),
            fact("date", "date", [by.isoformat()]),
            fact("risk", "text", risk[2]),
        ),
        max_words=LIMIT,
        names=(author, owner, other),
        topics={metric.name: list(metric.kind["forms"]) for metric in metrics},
    )


def _metric(kind: dict[str, Any], rng: Random) -> Metric:
    """Figures that look alike and all differ; the year's change goes against the quarter's."""
    up = rng.random() < 0.5
    places = kind["places"]
    now = rng.randrange(kind["low"], kind["high"])
    spread = max(6, now // 9)
    away = list(range(2, spread + 6))
    before, year_ago, plan, old = (
        now - sign * step
        for sign, step in zip((1 if up else -1, -1 if up else 1, 1, -1), rng.sample(away, 4), strict=True)
    )

    def shown(number: int) -> str:
        return f"{number / 10:.1f}" if places else f"{number:,}"

    def percent(number: int, base: int) -> str:
        return f"{abs(number - base) / base * 100:.1f}"

    causes = list(kind["up" if up else "down"])
    rng.shuffle(causes)
    if percent(old, before) in (percent(now, before), "0.0") or old == before:
        old += 1 if old > now else -1
    return Metric(
        kind, shown(now), shown(before), shown(year_ago), shown(plan), percent(now, before),
        percent(now, year_ago), up, causes[0], causes[1], shown(old), percent(old, before),
    )  # fmt: skip


def _table(metrics: list[Metric], quarter: int, wrong: Metric | None) -> str:
    """All figures as a table in plain text."""
    earlier = f"Q{quarter - 1} 2026" if quarter > 1 else "Q4 2025"
    rows = [["", f"Q{quarter} 2026", earlier, f"Q{quarter} 2025", "plan"]]
    for metric in metrics:
        now = metric.old_value if metric is wrong else metric.value
        unit = metric.kind["short"]
        label = f"{metric.name} ({unit})" if unit else metric.name
        rows.append([label, now, metric.before, metric.year_ago, metric.plan])
    widths = [max(len(row[n]) for row in rows) for n in range(5)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows
    )


def _paragraph(metric: Metric, wrong: bool, rng: Random) -> str:
    value, change = (metric.old_value, metric.old_change) if wrong else (metric.value, metric.change)
    up = metric.up if not wrong else _number(metric.old_value) > _number(metric.before)
    moved = (
        rng.choice(("rose by {} percent", "is up {} percent", "increased by {} percent"))
        if up
        else rng.choice(("fell by {} percent", "is down {} percent", "decreased by {} percent"))
    )
    yearly = "below" if metric.up else "above"
    name = f"{metric.name[0].upper()}{metric.name[1:]}"
    opening = rng.choice(
        (
            f"{name}. At {metric.written(value)} it {moved.format(change)} against the quarter before "
            f"({metric.written(metric.before)}).",
            f"{name}. It {moved.format(change)} on the quarter before and came to "
            f"{metric.written(value)}, after {metric.written(metric.before)}.",
        )
    )
    beside = (
        f"That is {metric.year_change} percent {yearly} the same quarter of last year; the plan had been "
    )
    reason = rng.choice(
        (
            f"The reason is simple: {metric.cause[1]}. {_upper(metric.other[0])}, which was expected to "
            "matter, played no part.",
            f"Many had expected to see {metric.other[0]} here, but it was not that: {metric.cause[1]}.",
        )
    )
    return f"{opening} {beside}{metric.written(metric.plan)}. {reason}"


def _number(written: str) -> float:
    return float(written.replace(",", ""))


def _upper(text: str) -> str:
    return text[0].upper() + text[1:]


def _decided(decision: list[Any], owner: str, other: str, by: date, rng: Random) -> str:
    first = by - timedelta(days=rng.choice((7, 14, 21)))
    return (
        f"Decisions. The board decided to {decision[0]}. {other} had offered to take it on by "
        f"{day(first)}, but it went to {owner}, who has to have it done by {day(by)}. A second proposal, "
        "a common purchasing office, was put off to the next meeting."
    )


def _correction(metric: Metric, closed: date) -> str:
    later = closed + timedelta(days=4)
    moved = "a rise" if metric.up else "a fall"
    return (
        f"Correction of {day(later)}: in the table and the text above, {metric.name} was stated from the "
        f"preliminary ledger. The final figure of the quarter is {metric.written(metric.value)}, {moved} "
        f"of {metric.change} percent against the quarter before; the cause stands as it is written."
    )


def _line(metric: Metric) -> str:
    moved = "up" if metric.up else "down"
    return (
        f"{_upper(metric.name)}: {metric.written(metric.value)}, {moved} {metric.change} percent. Cause: "
        f"{metric.cause[0]}."
    )


def _facts(metric: Metric, wrong: bool) -> list[dict[str, Any]]:
    topic = metric.name
    compared = [metric.before, metric.year_ago, metric.plan, *([metric.old_value] if wrong else [])]
    changes = [metric.year_change, *([metric.old_change] if wrong else [])]
    other = [form for group in metric.other[2] for form in group]
    return [
        fact(
            "figure", "number", [metric.plain(metric.value)], instead=map(metric.plain, compared), topic=topic
        ),
        fact("direction", "direction", ["up" if metric.up else "down"], topic=topic),
        fact("change", "number", [metric.change.removesuffix(".0")], instead=changes, topic=topic),
        fact("cause", "text", metric.cause[2], instead=other, topic=topic),
    ]
