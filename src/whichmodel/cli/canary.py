"""`bench run --canary`: stored items asked again, and what has changed since."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from whichmodel.analyse.drift import Drift, Pair, Serving, drifts
from whichmodel.analyse.flips import POWER
from whichmodel.cli import run_report
from whichmodel.cli.output import answer, document, score, seconds, share, table, usd
from whichmodel.cli.project import ModelPanel, Project
from whichmodel.decide.words import points
from whichmodel.domain import Bank
from whichmodel.errors import CheckFailed, UsageError
from whichmodel.plan import Plan, Skipped
from whichmodel.run.canary import ITEMS, Selection, plan, select

SHOWN = 5
"""Items that got worse, named for each model; the document has all."""
DRIFTED = ("drift", "another model serves")


@dataclass(frozen=True, slots=True)
class Canary:
    """What is asked again."""

    selection: Selection
    plan: Plan


def prepared(
    project: Project, banks: Sequence[Bank], panel: ModelPanel, sandbox_missing: Skipped | None
) -> Canary:
    """20 stored items of each model. Raises UsageError where nothing is stored that could be asked again."""
    reader = project.reader()
    scored = reader.scored((bank.task_hash, model.settings_hash) for bank in banks for model in panel.models)
    selection = select(banks, panel.models, scored, judges=panel.judges, sandbox_missing=sandbox_missing)
    if not selection.chosen:
        reasons = "; ".join(f"{s.task}: {s.reason}. {s.remedy}".strip() for s in selection.skipped)
        raise UsageError(
            "Nothing is stored of these models and tasks, as they are configured now, that could be asked "
            f"again. {reasons}".rstrip(),
            where="bench run --canary",
            remedy="`bench run` measures them first.",
        )
    epochs: dict[tuple[str, str, str], int] = {}
    for row in reader.rows(one.key for one in selection.chosen):
        key = (row.task_hash, row.settings_hash, row.item_id)
        epochs[key] = max(row.epoch, epochs.get(key, 0))
    return Canary(selection, plan(selection, epochs, panel.judges))


def show(project: Project, canary: Canary, ran: run_report.Ran, *, again: str, as_json: bool) -> None:
    """What has changed, by model. Raises CheckFailed where a model has drifted."""
    assert ran.run_id is not None
    asked = Counter(one.model.id for one in canary.selection.chosen)
    rows = project.reader().rows(one.key for one in canary.selection.chosen)
    found = drifts(rows, ran.run_id, asked)
    if as_json:
        document(_document(ran, found))
    else:
        _print(ran, found)
    if drifted := [one for one in found if one.verdict in DRIFTED]:
        raise CheckFailed(
            f"{len(drifted)} of {len(found)} models changed: {', '.join(one.model for one in drifted)}.",
            where="bench run --canary",
            remedy="Measure them anew under a name of their own, or ask their provider.",
        )
    run_report.raise_for(ran, again=again)


def _print(ran: run_report.Ran, found: Sequence[Drift]) -> None:
    headings = ["model", "n", "then", "now", "worse", "better", "p", "same answers", "p50", "$/1k"]
    answer(table(headings, [_row(one) for one in found], numbers=[1, 2, 3, 4, 5, 6, 7]))
    answer()
    for one in found:
        answer(f"{one.model}: {words(one)}")
        for line in _served(one):
            answer(f"  {line}")
        if one.worse:
            more = f" and {len(one.worse) - SHOWN} more" if len(one.worse) > SHOWN else ""
            names = ", ".join(f"{p.now.task}/{p.now.item_id}" for p in one.worse[:SHOWN])
            answer(f"  worse on {names}{more}")
    answer()
    run_report.show_ended(ran)


def _row(one: Drift) -> list[str]:
    return [
        one.model,
        str(len(one.pairs)),
        score(one.score_then),
        score(one.score_now),
        str(len(one.worse)),
        str(len(one.better)),
        "-" if one.p is None else f"{one.p:.2g}",
        share(one.same_answers),
        f"{seconds(one.p50_then_s)} → {seconds(one.p50_now_s)}",
        f"{_per_1k(one.cost_then_usd)} → {_per_1k(one.cost_now_usd)}",
    ]


def _per_1k(cost: float | None) -> str:
    return usd(None if cost is None else cost * 1000)


def words(one: Drift) -> str:
    """The verdict in a sentence."""
    n = len(one.pairs)
    if one.p is None:
        return f"cannot tell: none of {one.asked} items got a score"
    moved = (
        f"score {score(one.score_then)} then, {score(one.score_now)} now, "
        f"{len(one.worse)} of {n} items worse and {len(one.better)} better (p = {one.p:.2g})"
    )
    if one.verdict == "another model serves":
        return f"another model serves: {_names(one.now.models)}, then {_names(one.then.models)}; {moved}"
    if one.verdict == "drift":
        return f"drift: {moved}"
    if one.detectable is None:
        power = f"{n} items are too few to show any drop with {POWER:.0%} power"
    else:
        power = f"{n} items would show a drop of {points(one.detectable)} with {POWER:.0%} power"
    return f"no drift seen ({power})"


def _served(one: Drift) -> list[str]:
    """What replies otherwise than then; nothing where it is the same, or nobody knows."""
    kinds = (
        ("served id", one.then.models, one.now.models),
        ("fingerprint", one.then.fingerprints, one.now.fingerprints),
    )
    return [
        f"{what}: {_names(then)} then, {_names(now)} now"
        for what, then, now in kinds
        if then != now and one.pairs
    ]


def _names(names: Sequence[str]) -> str:
    return ", ".join(names) or "none named"


def _document(ran: run_report.Ran, found: Sequence[Drift]) -> dict[str, Any]:
    return {
        "canary": True,
        "run_id": ran.run_id,
        "simulated": ran.simulated,
        "items_per_model": ITEMS,
        "drift": any(one.verdict in DRIFTED for one in found),
        "models": [_model(one) for one in found],
        **run_report.ended_json(ran),
    }


def _model(one: Drift) -> Mapping[str, Any]:
    plain = ("model", "asked", "score_then", "score_now", "p", "same_answers", "verdict")
    rest = ("p50_then_s", "p50_now_s", "steady", "cost_then_usd", "cost_now_usd", "detectable")
    return {
        **{name: getattr(one, name) for name in (*plain, *rest)},
        "n": len(one.pairs),
        "text": words(one),
        "worse": [_pair(pair) for pair in one.worse],
        "better": [_pair(pair) for pair in one.better],
        "then": _serving(one.then),
        "now": _serving(one.now),
        "served_changed": one.then.models != one.now.models,
        "fingerprint_changed": one.then.fingerprints != one.now.fingerprints,
    }


def _pair(pair: Pair) -> dict[str, Any]:
    return {
        "task": pair.now.task,
        "item": pair.now.item_id,
        "score_then": pair.then.score,
        "score_now": pair.now.score,
        "measured_then": pair.then.started_at,
    }


def _serving(serving: Serving) -> dict[str, Any]:
    return {"served": serving.models, "fingerprints": serving.fingerprints}
