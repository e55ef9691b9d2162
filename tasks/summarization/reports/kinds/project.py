"""Project reports: progress, money, dates that moved, a milestone, a decision, a risk with its owner."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from .report import Report, day, fact, people, words

LIMIT = 130


def report(rng: Random, revised: bool) -> Report:
    """A status report. Budget, spending and forecast look alike."""
    tables = words("project")
    written = date(2026, 2, 2) + timedelta(days=rng.randrange(180))
    project = rng.choice(tables["projects"])
    budget = rng.randrange(240, 890) * 1000 + 500
    forecast = budget + rng.choice((-1, 1)) * rng.randrange(9, 70) * 1000
    spent = budget - rng.randrange(90, 200) * 1000
    old_forecast = forecast + rng.choice((-9000, 9000, 27000))
    done, old_done = rng.sample(range(34, 93), 2)
    live = written + timedelta(days=rng.randrange(60, 160))
    planned, old_live = (
        live - timedelta(days=rng.choice((14, 21, 28))),
        live + timedelta(days=rng.choice((7, -7))),
    )
    step = written + timedelta(days=rng.randrange(9, 40))
    cause, suspect = rng.sample(tables["causes"], 2)
    decision, risk = rng.choice(tables["decisions"]), rng.choice(tables["risks"])
    milestone = rng.choice(tables["milestones"])
    manager, guard, other = people(rng, 3)
    asides = rng.sample(tables["asides"], 2)
    said_forecast, said_done, said_live = (
        (old_forecast, old_done, old_live) if revised else (forecast, done, live)
    )
    text = "\n\n".join(
        [
            f"PROJECT STATUS REPORT\nSubject: {project}\nReported by {manager} on {day(written)} 2026",
            asides[0],
            f"Progress. {said_done} percent of the work packages are done, after "
            f"{said_done - rng.randrange(5, 21)} percent a month ago; "
            f"{min(99, said_done + rng.randrange(3, 7))} percent had been planned.",
            _money(budget, spent, said_forecast, rng),
            f"Dates. The launch was planned for {day(planned)} and is now expected on {day(said_live)}. "
            f"It was not {suspect[0]} that held us up, though there was some of that too: {cause[1]}. The "
            f"next milestone is {milestone[0]} on {day(step)}.",
            f"Decisions. The committee decided to {decision[0]}. {asides[1]}",
            f"Risks. The one to watch: {risk[0]}. {other} raised it, {guard} watches it and reports to "
            "the committee.",
            *([_erratum(written, forecast, done, live)] if revised else []),
        ]
    )
    return Report(
        text=text,
        asked="Name the progress in percent, the approved budget, the money spent so far, the forecast "
        "of the total cost, the date now expected for the launch and what held it up, the next milestone "
        "with its date, the decision, and the risk with the person who watches it.",
        lines=(
            f"Progress: {done} percent.",
            f"Budget: {budget:,} euros.",
            f"Spent: {spent:,} euros.",
            f"Forecast: {forecast:,} euros.",
            f"Launch: {day(live)}.",
            f"Reason of the delay: {cause[0]}.",
            f"Next milestone: {milestone[0]} on {day(step)}.",
            f"Decision: {decision[0]}.",
            f"Risk: {risk[0]}.",
            f"Watched by {guard}.",
        ),
        facts=(
            *_facts(
                (done, old_done), budget, spent, (forecast, old_forecast), (live, old_live), planned, revised
            ),
            fact("cause", "text", cause[2], instead=[form for group in suspect[2] for form in group]),
            fact("milestone", "text", [milestone[1]]),
            fact("milestone date", "date", [step.isoformat()], cue=milestone[1]),
            fact("decision", "text", decision[1]),
            fact("risk", "text", risk[1]),
            fact("watched by", "name", [guard], instead=[other, manager], cue=("risk", "watch")),
        ),
        max_words=LIMIT,
        names=(manager, guard, other),
    )


def _money(budget: int, spent: int, forecast: int, rng: Random) -> str:
    reserve = rng.randrange(11, 39) * 1000
    return (
        f"Money. The approved budget is {budget:,} euros, a reserve of {reserve:,} euros not counted. "
        f"{spent:,} euros are spent. At completion we expect {forecast:,} euros, which is "
        f"{'more' if forecast > budget else 'less'} than approved."
    )


def _erratum(written: date, forecast: int, done: int, live: date) -> str:
    later = written + timedelta(days=3)
    return (
        f"Erratum of {day(later)}: the report was written on figures of the month before. Right are: "
        f"{done} percent done, a forecast of {forecast:,} euros at completion, and a launch on "
        f"{day(live)}. All else stands."
    )


def _facts(
    done: tuple[int, int],
    budget: int,
    spent: int,
    forecast: tuple[int, int],
    live: tuple[date, date],
    planned: date,
    revised: bool,
) -> tuple[dict[str, Any], ...]:
    """The figures and the date of the launch; of a pair, the second was said first where it was put right."""

    def old(value: object) -> list[str]:
        return [str(value)] if revised else []

    launch = [planned.isoformat(), *old(live[1].isoformat())]
    return (
        fact("progress", "number", [str(done[0])], instead=old(done[1]), cue=("progress", "complet", "done")),
        fact("budget", "number", [str(budget)], cue=("budget", "approved")),
        fact("spent", "number", [str(spent)], cue=("spent", "spend", "to date")),
        fact(
            "forecast", "number", [str(forecast[0])], instead=old(forecast[1]),
            cue=("forecast", "total cost", "expected cost", "projected"),
        ),
        fact(
            "launch", "date", [live[0].isoformat()], instead=launch,
            cue=("launch", "go live", "go-live", "going live"),
        ),
    )  # fmt: skip
