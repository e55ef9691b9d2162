"""A judge of texts at work: its verdicts, its bill and its budget, over real protocols."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pandas as pd

from whichmodel.analyse.evidence import collect
from whichmodel.analyse.standings import standings
from whichmodel.domain import Bank, Judges, Model, TaskCard, judged_by, kinship
from whichmodel.estimate import estimates, worst_judging
from whichmodel.plan import Plan, make
from whichmodel.registry import bank as load_bank
from whichmodel.registry import find
from whichmodel.run.budget import Budget
from whichmodel.run.measure import Measurement
from whichmodel.run.progress import Summary
from whichmodel.run.rebuild import rebuild
from whichmodel.simulator import panel, serve
from whichmodel.simulator.faults import Faults
from whichmodel.store import Store, read

[MEETINGS] = find(["meetings"])
MODELS = ("demo-cirrus/nano", "demo-borealis/swift")
EYE = "demo-cirrus/eye"


def letters(count: int, **options: object) -> Bank:
    """Meetings whose summaries only a judge scores."""
    found = load_bank(MEETINGS, count=count)
    card = replace(found.card, name="letters", scorer="judge", judged=True, options=options)
    return replace(found, card=card, task_hash="letters-1")


def measure(
    results: Path,
    bank: Bank,
    *,
    readability: bool = False,
    budget: Decimal | None = None,
    charged: bool = False,
    faults: Sequence[Faults] = (),
) -> tuple[Summary, Plan]:
    with serve.serve([bank], faults=faults) as addresses:
        by_id = {m.id: replace(m, simulated=not charged) for m in panel.models(addresses)}
        names = frozenset({bank.card.name} if readability else ())
        judges = Judges(text=by_id[EYE], readability=names)
        plan = make([bank], [by_id[name] for name in MODELS], {}, judges=judges)
        store = Store(results)
        run = Measurement(plan, "r", results, store, 1, Budget(budget), lambda _: None).run()
        store.publish()
        return run, plan


def rows(results: Path, kind: str = "simulated") -> pd.DataFrame:
    reader = read(results)
    assert reader is not None
    return reader.outcomes("real" if kind == "real" else "simulated")


def test_the_judges_grade_is_score_and_judge_score_and_its_bill_a_line_of_its_own(tmp_path: Path) -> None:
    summary, _ = measure(tmp_path, letters(30))
    assert (summary.progress.done, summary.progress.failed) == (60, 0)
    found = rows(tmp_path)
    answered = found[found.status == "scored"]
    assert (found.judge_score == found.score).all()
    assert answered.score.between(0, 1).all()
    assert set(answered.judge_calls) == {1}
    assert set(answered.judge_model) == {EYE}
    assert (answered.judge_input_tokens > 200).all()
    assert (answered.judge_cost_usd > 0).all()
    means = answered.groupby("model").score.mean()
    assert means["demo-borealis/swift"] > means["demo-cirrus/nano"]


def test_pairs_take_two_calls_an_answer(tmp_path: Path) -> None:
    measure(tmp_path, letters(10, mode="pairs"))
    found = rows(tmp_path)
    answered = found[found.status == "scored"]
    assert set(answered.judge_calls) == {2}
    assert set(answered.score) <= {0.0, 0.5, 1.0}


def test_how_summaries_read_stands_beside_their_score_and_is_made_again_from_the_logs(
    tmp_path: Path,
) -> None:
    bank = load_bank(MEETINGS, count=20)
    measure(tmp_path / "plain", bank)
    measure(tmp_path / "read", bank, readability=True)
    plain, both = rows(tmp_path / "plain"), rows(tmp_path / "read")
    assert plain.judge_score.isna().all()
    assert both.score.tolist() == plain.score.tolist()
    answered = both[both.status == "scored"]
    assert answered.judge_score.notna().all()
    assert (answered.judge_score != answered.score).any()
    rebuild(tmp_path / "read")
    assert rows(tmp_path / "read").judge_score.equals(both.judge_score)


def test_a_judge_that_fails_costs_a_judged_task_its_score_and_a_summary_nothing(tmp_path: Path) -> None:
    broken = [Faults("status", rate=1.0, status=401, wire="cirrus-eye")]
    summary, _ = measure(tmp_path / "judged", letters(6), faults=broken)
    assert summary.progress.done == 0
    assert rows(tmp_path / "judged").score.isna().all()
    summary, _ = measure(tmp_path / "read", load_bank(MEETINGS, count=6), readability=True, faults=broken)
    assert (summary.progress.done, summary.progress.failed) == (12, 0)
    found = rows(tmp_path / "read")
    assert found.score.notna().all()
    assert found.judge_score.isna().all()


def test_a_budget_holds_the_judges_requests_too(tmp_path: Path) -> None:
    summary, _ = measure(tmp_path, letters(40), budget=Decimal("0.03"), charged=True)
    spent = rows(tmp_path, "real")[["cost_usd", "judge_cost_usd"]].sum().sum()
    assert summary.over_budget > 0
    assert 0 < spent <= 0.03


def test_the_worst_case_of_a_verdict_grows_with_the_question() -> None:
    judge = next(m for m in panel.models({}) if m.id == EYE)
    now = datetime.now(UTC)
    short, long = (worst_judging(judge, at=now, characters=n) for n in (300, 30_000))
    assert short is not None
    assert long is not None
    assert long - short == Decimal("0.3") * 9900 / 1_000_000


def test_an_estimate_has_the_judge_on_a_line_of_its_own() -> None:
    by_id = {m.id: replace(m, simulated=False) for m in panel.models({})}
    bank = letters(10, mode="pairs")
    plan = make([bank], [by_id[MODELS[0]]], {}, judges=Judges(text=by_id[EYE]))
    own, judge = estimates(plan, at=datetime.now(UTC))
    assert (own.judge, judge.judge, judge.model, judge.calls) == (False, True, EYE, 20)
    assert judge.basis == "estimated from characters"
    assert judge.low_usd is not None
    assert judge.high_usd is not None
    assert 0 < judge.low_usd < judge.high_usd


def test_another_judge_makes_another_bank_and_only_where_the_score_is_the_judges() -> None:
    one, two = Model("a/one", "a/one", "a"), Model("b/two", "b/two", "b")
    bank = letters(2)
    hashes = {judged_by(bank, Judges(text=judge)).task_hash for judge in (one, two, None)}
    assert len(hashes) == 3
    own = judged_by(bank, Judges(text=one, by_task={"letters": two}))
    assert own.task_hash == judged_by(bank, Judges(text=two)).task_hash
    plain = load_bank(MEETINGS, count=2)
    assert judged_by(plain, Judges(text=one, readability=frozenset({"meetings"}))) == plain


def test_who_judges_what() -> None:
    eye, reader, other = (Model(f"v/{n}", f"v/{n}", "v") for n in ("eye", "reader", "other"))
    judges = Judges(eye, reader, {"b": other}, frozenset({"meetings"}))

    def card(name: str, **more: object) -> TaskCard:
        return replace(MEETINGS, name=name, **more)  # type: ignore[arg-type]

    assert judges.of(card("p", answers="image", judged=True, scorer="image")) == eye
    assert judges.of(card("a", judged=True, scorer="judge")) == reader
    assert judges.of(card("b", judged=True, scorer="judge")) == other
    assert judges.of(card("meetings")) == reader
    assert judges.of(card("reports")) is None
    assert Judges().missing(card("a", judged=True, scorer="judge")).startswith("no text judge")


def test_a_judge_of_its_own_kin_is_marked_on_the_row(tmp_path: Path) -> None:
    assert kinship("a/x", "a/x", {}) == "itself"
    assert kinship("a/x", "a/y", {}) == "its own vendor a"
    assert kinship("a/x", "b/y", {"b/y": "a"}) == "its own vendor a"
    assert kinship("together/Qwen/Qwen3-80B", "ollama/qwen3:8b", {}) == "its own family qwen"
    assert kinship("openai/gpt-6", "anthropic/claude-5", {}) == ""
    measure(tmp_path, letters(10))
    models = {m.id: m for m in panel.models({})}
    [evidence] = collect(rows(tmp_path), models, {"letters"})
    kin = {standing.model: standing.judge_kin for standing in standings(evidence, models)}
    assert kin == {"demo-cirrus/nano": "its own vendor demo-cirrus", "demo-borealis/swift": ""}
