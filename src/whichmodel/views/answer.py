"""The first thing that is told: how many tasks have a proven pick, and what routing so costs."""

from __future__ import annotations

from whichmodel.views import words
from whichmodel.views.headline import Headline


def answer(sums: Headline) -> str:
    """The answer in two sentences; nothing is said of money where a price is unknown."""
    return " ".join(filter(None, (_picks(sums), _money(sums))))


def _picks(sums: Headline) -> str:
    if not sums.tasks:
        return "No task was measured."
    if not sums.clear:
        return f"No proven pick yet for {'the task' if sums.tasks == 1 else f'any of {sums.tasks} tasks'}."
    if sums.clear == sums.tasks:
        return f"A proven pick for {'the task' if sums.tasks == 1 else f'all {sums.tasks} tasks'}."
    return f"A proven pick for {sums.clear} of {sums.tasks} tasks."


def _money(sums: Headline) -> str:
    monthly, best = sums.monthly_usd, sums.baseline_monthly_usd
    if monthly is None:
        return ""
    over = "" if sums.priced == sums.used else f" for {sums.priced} of {sums.used} tasks"
    if not best:
        return f"Routed so, a month costs {words.usd(monthly)}{over}."
    share = 1 - monthly / best
    if abs(share) < 0.005:
        return f"Routed so, a month costs {words.usd(monthly)}{over}, as the best model of each task does."
    compared = f"{words.usd(monthly)} instead of {words.usd(best)}{over}"
    more = "less than" if share > 0 else "more than"
    return f"Routed so, a month costs {compared}: {abs(share):.0%} {more} with the best model of each task."
