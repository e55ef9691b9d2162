"""How long a large panel takes on how many nodes, and what holds it back: a simulation of measured constants.

    .venv/bin/python benchmarks/scale.py [--cores 8] [--budget 100000] [--cpu-ms 1.8]

Measured in this run: the CPU of a sample (`bench run` against a server on loopback) and what the racing rule
asks (simulated banks, as in decision_cost.py). Assumed: the limits of public tiers (rig/public_limits.yaml,
with dates and sources) and what stands under ASSUMED. The rest is `rig/fluid.py`.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
import yaml
from genai_prices import Usage, calc_price
from scipy import stats

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from benchmarks.contestants import ours
from benchmarks.harness import Cell, measure
from benchmarks.rig import fluid, machine, sheet
from whichmodel.decide.race import Settled, Track, step
from whichmodel.domain import DecisionRule
from whichmodel.estimate import VERDICT_OUTPUT
from whichmodel.registry import find

LIMITS = Path(__file__).resolve().parent / "rig" / "public_limits.yaml"
INPUT, OUTPUT = 600, 200
"""ASSUMED: tokens of a cell."""
JUDGE_INPUT = 1400
"""ASSUMED: input tokens of a judgement: question, answer, rubric."""
JUDGE = "gpt-4o"
"""ASSUMED: the judge, one of the models of the limits."""
LATENCY_S = 2.0
"""ASSUMED: of an answer."""
MOST_CONNECTIONS = 512
"""Of one model, as bench.yaml allows."""
OVERHEAD = 1.10
"""Of a cluster against the local pool: the worst of three rounds of benchmarks/cluster.py; median 1.01."""
GRIDS = {"40 x 60 x 1,000": (40, 60, 1000), "1,000 x 1,000 x 1,000": (1000, 1000, 1000)}
"""Models, tasks, items."""
RACES = {40: (40, 10), 1000: (200, 2)}
"""Models of a grid -> those of the simulated banks that stand for them, and how many such banks: 1,000 models
asked 7.0% of the calls and 9.2% of the cost, in 30 s."""
NODES = (1, 4, 16, 64)
JUDGES = (1, 50)
"""Models that judge, side by side."""
SAMPLES, DELAY_MS = 1000, 50
HEADINGS = (
    "models x tasks x items",
    "asked",
    "tier",
    "judges",
    "nodes",
    "wall",
    "cells/s",
    "held back by",
    "of the time",
    "USD",
)
Shares = Mapping[int, tuple[float, float]]
"""Models of a grid -> shares of calls and of cost that a race asks."""
HOUR_S, DAY_S, YEAR_S = 3600, 86400, 86400 * 365


@dataclass(frozen=True, slots=True)
class Limit:
    """What one model of one account may be asked, a minute. None = no limit."""

    model: str
    provider: str
    requests: float
    tokens: float | None
    input_tokens: float | None
    output_tokens: float | None

    def rate_s(self, given: float, said: float) -> float:
        """Requests a second, of so many tokens in and out; no more than connections carry."""
        limits = (
            (self.requests, 1.0),
            (self.tokens, given + said),
            (self.input_tokens, given),
            (self.output_tokens, said),
        )
        allowed = min(limit / use for limit, use in limits if limit is not None) / 60
        return min(allowed, MOST_CONNECTIONS / LATENCY_S)

    def usd(self, given: int, said: int) -> float:
        """The public price of a request."""
        used = Usage(input_tokens=given, output_tokens=said)
        return float(calc_price(used, self.model, provider_id=self.provider).total_price)


def limits(tier: str) -> list[Limit]:
    """Of a tier, in the order of the file."""
    names = ("model", "provider", "requests", "tokens", "input_tokens", "output_tokens")
    rows = yaml.safe_load(LIMITS.read_text(encoding="utf-8"))
    return [Limit(**{name: row.get(name) for name in names}) for row in rows if row["tier"] == tier]


def raced(models: int, items: int, seed: int) -> tuple[float, float]:
    """Shares of the calls and of the cost of a whole bank that a race asks; three models lie close."""
    rng = np.random.default_rng([seed, models])
    top = rng.uniform(0.75, 0.95)
    others = top - rng.uniform(0.04, 0.30, models - 3)
    truth = np.concatenate([[top], top - rng.uniform(0, 0.04, 2), others])
    truth = truth[np.argsort(truth + rng.normal(0, 0.06, models))]
    hard, own = rng.normal(size=(items, 1)), rng.normal(size=(items, models))
    score = (np.sqrt(0.6) * hard + np.sqrt(0.4) * own < stats.norm.ppf(truth)).astype(np.float64)
    price = np.geomspace(1e-4, 5e-3, models) * rng.lognormal(0, 0.1, models)
    cost, asked = np.broadcast_to(price, score.shape), np.full(models, items, dtype=np.int64)
    found = step(Track(tuple(map(str, range(models))), score, cost, asked, items), DecisionRule())
    assert isinstance(found, Settled)
    used = {fate.model: fate.items for fate in found.fates}
    counts = np.array([used[str(m)] for m in range(models)])
    return float(counts.mean() / items), float((counts * price).sum() / (price.sum() * items))


def streams(
    tier: Sequence[Limit], grid: tuple[int, int, int], asked: float, spent: float, judged: float
) -> list[fluid.Stream]:
    """The models of a grid spread evenly over those of a tier, each asked a share of its cells.

    asked, spent: shares of the calls and of the cost of all cells. judged: of the tasks.
    """
    models, tasks, items = grid
    sizes = [len(part) for part in np.array_split(np.arange(models), len(tier))]
    cells = tasks * items * asked
    return [
        fluid.Stream(
            size,
            limit.rate_s(INPUT, OUTPUT),
            cells * (1 - judged),
            cells * judged,
            limit.usd(INPUT, OUTPUT) * spent / asked,
        )
        for size, limit in zip(sizes, tier, strict=True)
    ]


def works(tier: Sequence[Limit], cores: float, cpu_s: float, judges: int, budget: float) -> fluid.Works:
    """Processors of all nodes, and judges under the limits of the tier."""
    judge = next(limit for limit in tier if limit.model == JUDGE)
    rate = judges * judge.rate_s(JUDGE_INPUT, VERDICT_OUTPUT)
    return fluid.Works(cores, cpu_s, rate, judge.usd(JUDGE_INPUT, VERDICT_OUTPUT), budget)


def judged_share() -> float:
    """Of the bundled tasks, those that a model helps to score."""
    cards = find(())
    return sum(card.judged for card in cards) / len(cards)


def cpu_of_a_sample() -> float:
    """CPU seconds of one sample, by a short run against a server on loopback."""
    result = measure(Cell(ours, SAMPLES, DELAY_MS))
    if result.figures is None:
        sys.exit(result.reason)
    return result.figures.cpu_ms / 1000


def row(name: str, how: str, tier: str, judges: int, nodes: int, found: fluid.Run) -> list[str]:
    """A run as a row of text."""
    share = "" if found.out_of_money else f"{found.held_s[found.bottleneck] / found.wall_s:.0%}"
    return [
        name,
        how,
        tier,
        f"{judges:,}",
        f"{nodes:,}",
        duration(found.wall_s),
        f"{found.cells / found.wall_s:,.0f}",
        found.bottleneck,
        share,
        f"{found.usd:,.0f}",
    ]


def duration(seconds: float) -> str:
    """In the unit that reads best."""
    for unit, size in (("years", YEAR_S), ("days", DAY_S), ("h", HOUR_S), ("min", 60)):
        if seconds >= size:
            return f"{seconds / size:,.1f} {unit}"
    return f"{seconds:,.0f} s"


def simulated(options: argparse.Namespace, cpu_s: float, shares: Shares, judged: float) -> list[list[str]]:
    """A row for every grid, rule, tier and number of nodes."""
    rows = []
    for name, grid in GRIDS.items():
        for how, (asked, spent) in {"every cell": (1.0, 1.0), "race": shares[grid[0]]}.items():
            for tier in ("first", "top"):
                allowed = limits(tier)
                for judges, nodes in product(JUDGES, NODES):
                    cores = nodes * options.cores / OVERHEAD
                    shared = works(allowed, cores, cpu_s, judges, options.budget)
                    found = fluid.run(streams(allowed, grid, asked, spent, judged), shared)
                    rows.append(row(name, how, tier, judges, nodes, found))
    return rows


def main() -> None:
    """Measure, simulate, print."""
    options = _options()
    began = time.monotonic()
    described = machine.described([ours.version()])
    cpu_s = options.cpu_ms / 1000 if options.cpu_ms else cpu_of_a_sample()
    shares = {
        models: _mean([raced(field, 1000, seed) for seed in range(times)])
        for models, (field, times) in RACES.items()
    }
    judged = judged_share()
    where = "given" if options.cpu_ms else "measured now"
    told = [
        f"CPU of a sample: {cpu_s * 1000:.2f} ms ({where}). A node: {options.cores} cores.",
        f"Judged: {judged:.0%} of tasks, by models such as {JUDGE}. Budget, USD: {options.budget:,.0f}.",
        *(
            f"A race of {field:,} models, for {models:,}: {shares[models][0]:.1%} of the calls, "
            f"{shares[models][1]:.1%} of the cost of 1,000 items."
            for models, (field, _) in RACES.items()
        ),
        f"ASSUMED: {INPUT} tokens in and {OUTPUT} out, answers in {LATENCY_S:g} s, limits of {LIMITS.name}.",
    ]
    head, rows = "\n".join([described, *told]), simulated(options, cpu_s, shares, judged)
    print(f"{head}\n\n{sheet.plain(HEADINGS, rows)}\n\n{time.monotonic() - began:,.0f} s in all.")
    if options.markdown:
        sheet.put(options.markdown, "scale", f"{head}\n\n{sheet.markdown(HEADINGS, rows)}")


def _mean(pairs: Sequence[tuple[float, float]]) -> tuple[float, float]:
    asked, spent = np.mean(pairs, axis=0)
    return float(asked), float(spent)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cores", type=int, default=8, help="of a node; default: 8")
    parser.add_argument("--budget", type=float, default=float("inf"), help="USD; default: none")
    parser.add_argument("--cpu-ms", type=float, help="CPU of a sample; default: measured now")
    parser.add_argument("--markdown", type=Path, help="page to put the table in")
    return parser.parse_args()


if __name__ == "__main__":
    main()
