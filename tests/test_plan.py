"""What is still to measure, and what it would cost."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from whichmodel.domain import Bank, Cell, Item, Judges, Model, Price, Settings, TaskCard, Usage
from whichmodel.estimate import Range, cost, estimates, total, worst_answer
from whichmodel.plan import Skipped, make, order
from whichmodel.store import Counts

NOW = datetime(2026, 11, 20, tzinfo=UTC)
CARD = TaskCard(
    name="labels",
    category="classification",
    title="",
    description="",
    version="1",
    licence="",
    source="",
    metric="",
    scorer="choice",
    folder=Path("."),
    max_tokens=100,
)
BANK = Bank(CARD, tuple(Item(id=f"i{n}", input="x" * 300, target="a") for n in range(20)), "hash-1", 0)
PRICE = Price("t", date(2026, 1, 1), input_per_mtok=Decimal(1), output_per_mtok=Decimal(10))


def model(name: str = "v/m", **changes: object) -> Model:
    made = Model(id=name, inspect_name=name, vendor=name.partition("/")[0], price=PRICE)
    return replace(made, **changes)  # type: ignore[arg-type]


def keys(plan_model: Model, items: range) -> frozenset[str]:
    cells = (Cell("labels", "hash-1", plan_model.id, plan_model.settings_hash, f"i{n}", 1).key for n in items)
    return frozenset(cells)


def test_what_has_a_score_is_not_measured_again() -> None:
    m = model()
    plan = make([BANK], [m], {("hash-1", m.settings_hash): keys(m, range(15))})
    assert (plan.cells, plan.done) == (5, 15)
    full = make([BANK], [m], {("hash-1", m.settings_hash): keys(m, range(20))})
    assert (full.cells, full.done, full.work) == (0, 20, ())


def test_a_changed_bank_or_setting_is_measured_anew() -> None:
    m = model()
    done = {("hash-1", m.settings_hash): keys(m, range(20))}
    assert make([replace(BANK, task_hash="hash-2")], [m], done).cells == 20
    assert make([BANK], [replace(m, variant="other")], done).cells == 20


def test_a_limit_takes_the_same_items_for_every_model() -> None:
    plan = make([BANK], [model("a/a"), model("b/b")], {}, limit=7)
    first, second = ([item.id for item in work.bank.items] for work in plan.work)
    assert first == second
    assert len(first) == 7


@given(st.integers(1, 20), st.integers(1, 20))
def test_a_larger_limit_keeps_the_items_of_a_smaller_one(a: int, b: int) -> None:
    small, large = sorted((a, b))
    assert order(BANK.items)[:large][:small] == order(BANK.items)[:small]


def test_epochs_are_separate_cells() -> None:
    plan = make([BANK], [model()], {}, epochs=3)
    assert plan.cells == 60
    assert [work.epoch for work in plan.work] == [1, 2, 3]


def test_a_task_that_cannot_run_here_is_skipped_with_the_reason() -> None:
    code = replace(BANK, card=replace(CARD, name="functions", sandbox=True))
    image = replace(BANK, card=replace(CARD, name="pictures", answers="image", judged=True))
    missing = Skipped("", "bubblewrap is not installed", "apt-get install bubblewrap")
    plan = make([code, image, BANK], [model()], {}, sandbox_missing=missing)
    assert (plan.skipped[0].task, plan.skipped[0].remedy) == ("functions", "apt-get install bubblewrap")
    assert "draws images" in plan.skipped[1].reason
    assert [work.bank.card.name for work in plan.work] == ["labels"]
    unjudged = make([image], [model("v/p", answers="image")], {})
    assert "no vision model" in unjudged.skipped[0].reason
    assert "vision: true" in unjudged.skipped[0].remedy


def test_a_model_made_for_one_task_is_measured_on_that_one_alone() -> None:
    other = replace(BANK, card=replace(CARD, name="other", category="coding"), task_hash="hash-2")
    plan = make([BANK, other], [model(tasks=("classification",))], {})
    assert [work.bank.card.name for work in plan.work] == ["labels"]


def test_a_model_whose_output_mode_does_not_apply_is_named_with_the_task() -> None:
    shaped = replace(BANK, card=replace(CARD, name="forms", scorer="fields"), task_hash="hash-2")
    in_json = model("v/m@json", settings=Settings(output_mode="json"))
    painter = model("v/p", answers="image")
    plan = make([BANK, shaped], [model(), in_json, painter], {})
    [part] = plan.left_out
    assert (part.task, part.model) == ("labels", "v/m@json")
    assert part.reason == "its output mode is json, and the task's answers have no JSON shape"
    assert [(w.bank.card.name, w.model.id) for w in plan.work if w.model is in_json] == [
        ("forms", "v/m@json")
    ]
    assert make([shaped], [in_json], {}).left_out == ()
    [skipped] = make([BANK], [in_json], {}).skipped
    assert skipped.reason.startswith("v/m@json: its output mode is json")


def test_cost_lies_between_a_short_and_a_long_reading() -> None:
    [work] = make([BANK], [model()], {}).work
    found = cost(work, at=NOW)
    low, high = found.low_usd, found.high_usd
    assert low == 20 * (60 * Decimal(1) + 10 * Decimal(10)) / 1_000_000
    assert high == 20 * (101 * Decimal(1) + 100 * Decimal(10)) / 1_000_000
    assert worst_answer(work.model, CARD, work.bank.items[0], at=NOW) == high / 20


def test_long_prompts_rates_are_not_applied_to_many_short_ones() -> None:
    many = replace(BANK, items=tuple(Item(id=f"i{n}", input="x" * 3000, target="a") for n in range(1000)))
    [work] = make([many], [model("openai/gpt-6-luna", price=None)], {}).work
    low = cost(work, at=NOW).low_usd
    # 600 tokens a request at $0.10 a million and 10 at $0.50, far below the 272k tier.
    assert low == 1000 * (600 * Decimal("0.1") + 10 * Decimal("0.5")) / 1_000_000


def test_an_unknown_price_stays_unknown_in_the_sum() -> None:
    plan = make([BANK], [model("a/a"), model("b/b", price=None), model("c/c", simulated=True)], {})
    low, high, unknown = total(estimates(plan, at=NOW))
    [work] = make([BANK], [model("a/a")], {}).work
    assert Range(low, high) == cost(work, at=NOW)
    assert unknown == ("b/b",)


def test_the_judge_has_a_line_of_its_own() -> None:
    image = replace(BANK, card=replace(CARD, answers="image", judged=True))
    painter = model("v/p", answers="image", price=Price("t", date(2026, 1, 1), per_image=Decimal("0.01")))
    judge = model("v/eye", vision=True)
    plan = make([image], [painter], {}, judges=Judges(vision=judge))
    parts = {part.model: part for part in estimates(plan, at=NOW)}
    assert parts["v/p"].high_usd == Decimal("0.2")
    assert parts["v/eye"].calls == 200
    assert (parts["v/eye"].high_usd or 0) > (parts["v/eye"].low_usd or 0) > 0


COUNTS = Counts(
    n=400,
    mean=Usage(input=200, cached=100, output=30),
    high=Usage(input=300, cached=0, output=50),
    mean_s=None,
    high_s=None,
    judge_model="v/eye",
    judge_mean=Usage(input=900, output=20, calls=3),
    judge_high=Usage(input=1500, output=30, calls=5),
)


def test_what_was_measured_of_the_task_and_the_model_comes_before_characters() -> None:
    m = model()
    plan = make([BANK], [m, model("a/other")], {})
    [mine, other] = estimates(plan, at=NOW, measured={("labels", m.settings_hash): COUNTS})
    # 20 items: 200 x 1 + 30 x 10, and 300 x 1 + 50 x 10, in millionths.
    assert (mine.low_usd, mine.high_usd) == (20 * Decimal("0.0005"), 20 * Decimal("0.0008"))
    assert mine.basis == "measured n=400"
    assert Range(other.low_usd, other.high_usd) == cost(plan.work[1], at=NOW)
    assert other.basis == "estimated from characters"


def test_a_line_says_how_much_of_it_is_measured() -> None:
    m = model()
    second = replace(BANK, card=replace(CARD, name="other"), task_hash="hash-2")
    [line] = estimates(make([BANK, second], [m], {}), at=NOW, measured={("labels", m.settings_hash): COUNTS})
    assert line.basis == "measured n=400; 20 calls estimated from characters"


def test_a_measured_judge_is_estimated_by_its_own_counts_on_its_own_line() -> None:
    image = replace(BANK, card=replace(CARD, answers="image", judged=True))
    eye = model("v/eye", vision=True)
    painter = model("v/p", answers="image", price=Price("t", date(2026, 1, 1), per_image=Decimal("0.01")))
    counts = {("labels", painter.settings_hash): replace(COUNTS, mean=Usage(images=1), high=Usage(images=1))}
    drawn, judged = estimates(
        make([image], [painter], {}, judges=Judges(vision=eye)), at=NOW, measured=counts
    )
    assert (drawn.judge, drawn.high_usd) == (False, Decimal("0.2"))
    # 20 items: 900 x 1 + 20 x 10, and 1500 x 1 + 30 x 10.
    assert (judged.low_usd, judged.high_usd) == (20 * Decimal("0.0011"), 20 * Decimal("0.0018"))
    assert (judged.judge, judged.calls, judged.basis) == (True, 100, "measured n=400")


def test_a_judge_that_also_answers_has_two_lines() -> None:
    image = replace(BANK, card=replace(CARD, name="p", answers="image", judged=True), task_hash="h2")
    eye = model("v/eye", vision=True)
    painter = model("v/p", answers="image")
    lines = [
        (part.model, part.judge)
        for part in estimates(make([BANK, image], [eye, painter], {}, judges=Judges(vision=eye)), at=NOW)
    ]
    assert lines == [("v/eye", False), ("v/p", False), ("v/eye", True)]


def test_the_worst_case_is_that_of_the_limits_and_not_of_what_was_measured() -> None:
    m = model()
    [work] = make([BANK], [m], {}).work
    known = cost(work, at=NOW, measured={("labels", m.settings_hash): COUNTS}).high_usd or 0
    assert (worst_answer(m, CARD, BANK.items[0], at=NOW) or 0) > known / 20
