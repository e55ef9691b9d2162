"""The figures at the top of a page or a report: what, how much, how sure, over what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from whichmodel.views import words
from whichmodel.views.headline import Headline


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure in words."""

    label: str
    value: str
    interval: str
    """ "" = it is a count, or its interval is unknown and `over` says so."""
    over: str
    good: bool = False


def figures(sums: Headline, measured: int) -> tuple[Figure, ...]:
    """Clear picks, cost of a month, saving, quality. measured: how many models were."""
    models = words.count(len(sums.models), "model")
    return (
        Figure("Clear picks", f"{sums.clear} of {sums.tasks}", "", f"{models} used, of {measured} measured"),
        _cost(sums),
        _saving(sums),
        _quality(sums),
    )


def _cost(sums: Headline) -> Figure:
    label = "Routed cost a month"
    if sums.monthly_usd is None:
        return _none(label, sums, "no routed task has a known price")
    low, high = sums.monthly_low_usd, sums.monthly_high_usd
    return Figure(
        label, words.usd(sums.monthly_usd), _between(low, high, words.usd), _over(sums.priced, sums)
    )


def _saving(sums: Headline) -> Figure:
    label = "Saving against the best"
    if sums.saving is None:
        return _none(label, sums, "what the best of each task costs is unknown, or nothing")
    base = words.usd(sums.baseline_monthly_usd)
    if sums.saving_low == sums.saving_high == 0:
        return Figure(label, "none", "", "each pick is the best estimate of its task itself")
    return Figure(
        label,
        words.percent(sums.saving),
        _between(sums.saving_low, sums.saving_high, words.percent),
        f"in place of {base}, the best model of each task",
        sums.saving > 0,
    )


def _quality(sums: Headline) -> Figure:
    label = "Quality, by volume"
    if sums.quality is None:
        return _none(label, sums, "no route has a score")
    lost = "loss unknown"
    if sums.loss == sums.loss_low == sums.loss_high == 0:
        lost = "nothing lost: each pick is the best estimate itself"
    elif sums.loss is not None:
        lost = f"{words.signed(-sums.loss)} against the best of each task"
        if sums.loss_low is not None and sums.loss_high is not None:
            lost += f" ({words.signed(-sums.loss_high)} to {words.signed(-sums.loss_low)})"
    interval = (
        words.span(sums.quality_low, sums.quality_high)
        if sums.quality_low is not None
        else "interval unknown"
    )
    over = f"{lost}; n {sums.quality_n:,}, {_over(sums.weighed, sums)}"
    return Figure(label, words.score(sums.quality), interval, over)


def _none(label: str, sums: Headline, why: str) -> Figure:
    value = words.DASH if not sums.used else "unknown"
    return Figure(label, value, "", why if sums.used else "no monthly volumes in bench.yaml")


def _over(told: int, sums: Headline) -> str:
    return f"over {told} of {words.count(sums.used, 'task')}"


def _between(low: float | None, high: float | None, form: Callable[[float], str]) -> str:
    return "interval unknown" if low is None or high is None else f"{form(low)} to {form(high)}"
