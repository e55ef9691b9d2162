"""Outcomes of every kind at random: retries, canaries, epochs, several banks and settings, caches, rules."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any

from rows import FAILED, START, outcome

from whichmodel.domain import Outcome, Status
from whichmodel.store import Run

TASKS = ("invoices", "letters", "receipts")
MODELS: dict[str, dict[str, Any]] = {
    "aurora/lite": {},
    "borealis/max": {},
    "demo/one": {"simulated": True},
    "rule/keyword": {"baseline": True},
}
RUNS = ("run-1", "run-2", "run-3-canary", "run-4", "run-5")
ITEMS = 12


def runs() -> list[Run]:
    """A run a day."""
    begun = [START + timedelta(days=day) for day in range(len(RUNS))]
    return [
        Run(name, day, day, False, "bench run", 1, 1, 0, "finished")
        for name, day in zip(RUNS, begun, strict=True)
    ]


def outcomes(random: Random, number: int, *, epochs: int = 1, settings: int = 1) -> list[Outcome]:
    """That many rows, all at different moments, in the order of nothing."""
    return [_outcome(random, attempt, epochs, settings) for attempt in range(number)]


def _outcome(random: Random, attempt: int, epochs: int, settings: int) -> Outcome:
    day, item = random.randrange(len(RUNS)), random.randrange(ITEMS)
    model = random.choice(list(MODELS))
    changes: dict[str, Any] = {
        "task": random.choice(TASKS),
        "task_hash": random.choice(["bank-1", "bank-1", "bank-2"]),
        "model": model,
        "settings_hash": f"{model} {random.randrange(settings)}",
        "epoch": 1 + random.randrange(epochs),
        "cluster_id": f"pair {item // 2}",
        "run_id": RUNS[day],
        "started_at": START + timedelta(days=day, microseconds=attempt),
        "score": random.choice([0.0, 0.5, 1.0]),
        "cost_usd": random.choice([None, Decimal("0.25"), Decimal("0.5")]),
        "judge_cost_usd": random.choice([None, Decimal(0), Decimal("0.125")]),
        "served_model": random.choice([None, "lite", "lite-2"]),
        "fingerprint": random.choice([None, "a", "b"]),
        "price_source": random.choice(["test", "other"]),
        "from_cache": random.random() < 0.2,
        "status": random.choice([Status.SCORED, Status.SCORED, Status.REFUSED]),
        **MODELS[model],
    }
    if random.random() < 0.3:
        changes |= FAILED | {
            "served_model": None,
            "error_class": random.choice([None, "Timeout", "APIStatusError"]),
            "error_text": random.choice([None, "529 overloaded", "no answer"]),
        }
    return outcome(item, attempt=attempt, **changes)
