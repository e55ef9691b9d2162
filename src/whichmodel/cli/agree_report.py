"""A study of agreement policies, as a newcomer reads it."""

from __future__ import annotations

from collections.abc import Iterator

from scipy import special

from whichmodel.analyse.agreement.estimates import Estimate
from whichmodel.analyse.agreement.figures import Against, Figures
from whichmodel.analyse.agreement.replay import PERSON
from whichmodel.analyse.agreement.together import Together
from whichmodel.analyse.intervals import Interval
from whichmodel.analyse.timing import Percentile
from whichmodel.cli.output import answer, score, seconds, table, usd
from whichmodel.decide.study import Studied, Study
from whichmodel.decide.words import bounds, points, rate, share
from whichmodel.domain import DecisionRule

PER = 1000
"""Requests that costs are shown for."""


def show(found: Study, same: str, rule: DecisionRule) -> None:
    """One task: what agreement means there, each policy, and how far its models err together."""
    simulated = ", simulated" if found.simulated else ""
    answer(f"{found.task}: {found.items:,} items{simulated}. Answers agree that have {same}.")
    answer(f"An answer is wrong when its score is under {found.terms.right:g}. Intervals are 95%.")
    if found.epochs > 1:
        answer(f"Of {found.epochs} epochs the first counts: a request gets one answer of a model.")
    for line in _unknown(found):
        answer(line)
    for one in found.policies:
        answer()
        _policy(one, found, rule)
    answer()
    for pair in found.together:
        answer(_together(pair))


def _unknown(found: Study) -> Iterator[str]:
    """What the organisation has not said, and so cannot be known."""
    if found.terms.error_usd is None:
        yield "What an error costs is unknown, and so is every total: --error-cost, or error_cost_usd."
    if found.terms.review_usd is None and any(one.policy.otherwise is None for one in found.policies):
        yield "What a review costs is unknown: --review-cost, or review_cost_usd in bench.yaml."


def _policy(one: Studied, found: Study, rule: DecisionRule) -> None:
    policy, seen = one.policy, one.figures
    rest = policy.otherwise or PERSON
    quorum = f"{policy.quorum} of {len(policy.models)}"
    name = "" if policy.name == quorum else f"{policy.name}: "
    answer(f"{name}{quorum} agree ({', '.join(policy.models)}), else {rest}")
    if one.forbidden:
        answer(f"  not allowed here: {one.forbidden}")
    if seen.left_out:
        answer(f"  left out: {seen.left_out:,} items on which one of them has no score")
    answer(table(("", "value [95%]", "n"), list(_rows(seen, rest)), numbers=[2]))
    for row in one.against:
        best = f", the best of {found.of} models" if row.name == found.best_single else ""
        answer(f"against {row.name}{best}: {_standing(row, rule)}")
        answer(table(("", "its own", "this policy [95%]", "n"), list(_compared(row)), numbers=[1, 3]))
    if one.tested:
        answer(f"Error at most {rate(one.tested.target)}: {one.tested.verdict}. {one.tested.why}.")


def _rows(seen: Figures, rest: str) -> Iterator[list[str]]:
    yield ["accepted", _share(seen.coverage), f"{seen.items:,}"]
    yield ["  of these wrong", _share(seen.error, errors=True), f"{seen.accepted:,}"]
    yield ["  score of these", _score(seen.accepted_score), f"{seen.accepted:,}"]
    yield [f"left to {rest}", _rest(seen), f"{seen.items:,}"]
    yield ["score of all that goes out", _score(seen.score), f"{seen.items:,}"]
    yield ["p95 of an answer", _p95(seen.p95), f"{seen.items:,}"]
    yield [f"USD per {PER:,}: these models", _usd(seen.models_usd), f"{seen.items:,}"]
    yield [f"  with {rest}", _usd(seen.paid_usd), f"{seen.items:,}"]
    yield ["  with unnoticed errors", _usd(seen.total_usd), f"{seen.items:,}"]


def _p95(found: Percentile) -> str:
    if found.value is None:
        return "-"
    ends = ("unknown" if end is None else f"{end:.2f}" for end in (found.low, found.high))
    return f"{seconds(found.value)} [{', '.join(ends)}]"


def _compared(row: Against) -> Iterator[list[str]]:
    low, high = bounds(row.difference.low, row.difference.high)
    yield ["  score", score(row.score), f"{row.difference.value:+.3f} [{low}, {high}]", f"{row.n:,}"]
    paid, total = _per(row.paid_usd), _per(row.total_usd)
    yield [f"  USD per {PER:,}", paid, _times(row.paid_ratio), f"{row.n:,}"]
    yield ["  with unnoticed errors", total, _times(row.total_ratio), f"{row.n:,}"]


def _standing(row: Against, rule: DecisionRule) -> str:
    """Quality at the organisation's margin, then cost, each only as far as it is shown."""
    critical, margin = float(special.ndtri(1 - rule.alpha)), points(rule.delta)
    if row.z >= critical:
        quality = f"as good within {margin}"
    elif row.difference.high < -rule.delta:
        quality = f"worse by more than {margin}"
    else:
        quality = f"not shown as good within {margin}"
    ratio = row.paid_ratio
    if ratio is None:
        return f"{quality}, cost unknown"
    if ratio.high < 1:
        return f"{quality}, {share(1 - ratio.value)} cheaper"
    return f"{quality}, {_factor(ratio.value)} times the cost" if ratio.low > 1 else f"{quality}, cost alike"


def _share(found: Interval | None, *, errors: bool = False) -> str:
    if found is None:
        return "-"
    low, high = bounds(found.low * 100, found.high * 100, 1)
    return f"{rate(found.mean) if errors else share(found.mean)} [{low}, {high}]"


def _rest(seen: Figures) -> str:
    if seen.coverage is None:
        return "-"
    low, high = bounds(100 - seen.coverage.high * 100, 100 - seen.coverage.low * 100, 1)
    return f"{share(1 - seen.coverage.mean)} [{low}, {high}]"


def _score(found: Interval | None) -> str:
    return "-" if found is None else score(found.mean, found.low, found.high)


def _usd(found: Estimate | None) -> str:
    if found is None:
        return "unknown"
    return f"{_per(found.value)} [{_per(found.low)}, {_per(found.high)}]"


def _per(amount: float | None) -> str:
    return usd(None if amount is None else amount * PER)


def _times(found: Estimate | None) -> str:
    if found is None:
        return "unknown"
    return f"x {_factors(found)}"


def _factors(found: Estimate) -> str:
    return f"{_factor(found.value)} [{_factor(found.low)}, {_factor(found.high)}]"


def _factor(value: float) -> str:
    return f"{value:.3g}" if value < 1000 else f"{value:,.0f}"


def _together(pair: Together) -> str:
    low, high = bounds(pair.both.low * 100, pair.both.high * 100, 1)
    text = (
        f"{pair.a} and {pair.b} are wrong together on {rate(pair.both.mean)} [{low}, {high}] "
        f"of {pair.n:,} items, {rate(pair.independent)} if independent"
    )
    if pair.same is not None:
        low, high = bounds(pair.same.low * 100, pair.same.high * 100, 0)
        text += f"; {share(pair.same.mean)} [{low}, {high}] of these {pair.same.n:,} with the same answer"
    if not pair.correlated or pair.ratio is None:
        return f"{text}."
    return f"Warning: {text}. Their errors go together: {_factors(pair.ratio)} times what chance makes."
