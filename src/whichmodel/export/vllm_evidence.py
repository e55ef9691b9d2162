"""The measurements of a routing table as the evaluation records of the vLLM Semantic Router.

The router's selector `multi_factor` takes the cheapest of the models whose record reaches a bar. A table has
the scores of two models a task: of the routed one and of the baseline.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from decimal import Decimal

from whichmodel.domain import Model, Route, RoutingTable
from whichmodel.export.labels import label
from whichmodel.export.rates import rates
from whichmodel.export.serving import Service

SCORE = "score"
SCALE = 100
"""The router's indices run from 0 to 100; scores from 0 to 1."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the router can weigh of one task."""

    task: str
    benchmark: str
    index: str
    bar: float
    """The score, of 1, under which no model may answer."""
    records: tuple[Mapping[str, object], ...]

    @property
    def models(self) -> frozenset[object]:
        """Models that have a record."""
        return frozenset(record["model"] for record in self.records)


def evidence(service: Service, table: RoutingTable) -> Evidence | None:
    """None where the table has no score of the model that answers, or where its requests are split."""
    route = service.route
    if (
        route.model is None
        or route.score is None
        or len(service.parts) > 1
        or service.models[0].id != route.model
    ):
        return None
    scores = {route.model: route.score}
    if route.baseline_model and route.baseline_score is not None:
        scores.setdefault(route.baseline_model, route.baseline_score)
    owner = f"{label(table.organisation)}/{label(route.task)}"
    benchmark = f"{owner}@1.0.0"
    records = [_record(m, scores[m.id], benchmark, route, table) for m in service.models if m.id in scores]
    return Evidence(route.task, benchmark, f"{owner}-score@1.0.0", _bar(route, table), tuple(records))


def _bar(route: Route, table: RoutingTable) -> float:
    """What the rule asks for, and never more than the route has."""
    assert route.score is not None
    rule = table.rule
    if rule.reference == "min_quality" and rule.min_quality is not None:
        asked = rule.min_quality
    else:
        asked = (route.score if route.baseline_score is None else route.baseline_score) - route.delta
    return max(0.0, min(asked, route.score))


def _record(
    model: Model, score: float, benchmark: str, route: Route, table: RoutingTable
) -> Mapping[str, object]:
    """One measurement; n and interval are those of the routed model, the table has none of the baseline's."""
    figures = {"n": route.n, "low": route.low, "high": route.high, "interval": "95%", "items": route.figures}
    routed = {"role": "routed", "status": route.status.value, **figures}
    metadata = routed if model.id == route.model else {"role": "baseline"}
    record = {
        "model": model.id,
        "benchmark": benchmark,
        "benchmark_profile": "measured",
        "reasoning_effort": model.settings.reasoning_effort,
        "metrics": {SCORE: _figure(score)},
        "source": f"whichmodel {' '.join(route.run_ids)}".strip(),
        "measured_at": f"{table.created_at.astimezone(UTC):%Y-%m-%d}",
        "metadata": {key: _figure(value) for key, value in metadata.items() if value is not None},
    }
    return {key: value for key, value in record.items() if value is not None}


def _figure(value: object) -> object:
    return float(f"{value:.6g}") if isinstance(value, float) else value


def evaluation(found: Iterable[Evidence]) -> dict[str, object]:
    """The whole of `evaluation`: a benchmark and an index a task, and what was measured on it."""
    listed = list(found)
    return {
        "benchmarks": [_benchmark(each) for each in listed],
        "indices": [_index(each) for each in listed],
        "records": [dict(record) for each in listed for record in each.records],
    }


def _benchmark(found: Evidence) -> dict[str, object]:
    profile = {
        "id": "measured",
        "display_name": "Measured",
        "description": "Mean score over the task's items, as the routing table has it.",
    }
    metric = {"id": SCORE, "unit": "proportion", "direction": "higher_is_better", "range": [0, 1]}
    return {
        "id": found.benchmark,
        "display_name": found.task,
        "domain": label(found.task),
        "default_profile": "measured",
        "profiles": [profile],
        "metrics": [metric],
    }


def _index(found: Evidence) -> dict[str, object]:
    component = {
        "benchmark": found.benchmark,
        "metric": SCORE,
        "benchmark_profile": "measured",
        "weight": 1.0,
        "normalization": {"type": "identity"},
    }
    return {
        "id": found.index,
        "display_name": found.task,
        "aggregation": "weighted_mean",
        "scale": [0, SCALE],
        "missing": {"policy": "require_all"},
        "domains": {label(found.task): 1.0},
        "components": [component],
    }


def selector(found: Evidence) -> dict[str, object]:
    """The cheapest of those whose score reaches the bar; the first where none does."""
    return {
        "type": "multi_factor",
        "multi_factor": {
            "objective": {
                "strategy": "lexicographic",
                "priorities": [{"factor": "cost"}, {"factor": "quality"}],
            },
            "quality": {
                "index": found.index,
                "on_missing": "exclude",
                "min_score": float(f"{SCALE * found.bar:.6g}"),
            },
            "on_no_candidates": "first",
        },
    }


def first_is_chosen(found: Evidence, candidates: Sequence[Model], table: RoutingTable) -> bool:
    """Whether the selector takes the first candidate whatever the length of prompt and answer.

    It goes by rates, the table by what requests really cost. Where the rates do not settle it, or are
    unknown, the order has to.
    """
    weighed = [model for model in candidates if model.id in found.models]
    own, *others = [_pair(model, table) for model in weighed]
    return own is not None and all(other is not None and _cheaper(own, other) for other in others)


def _pair(model: Model, table: RoutingTable) -> tuple[Decimal, Decimal] | None:
    known = rates(model, table.created_at)
    if known is None or known.input is None or known.output is None:
        return None
    return known.input, known.output


def _cheaper(own: tuple[Decimal, Decimal], other: tuple[Decimal, Decimal]) -> bool:
    return own != other and own[0] <= other[0] and own[1] <= other[1]
