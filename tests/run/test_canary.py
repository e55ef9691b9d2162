"""Which stored items a canary asks again, and in which epoch."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from small_run import CARD

from whichmodel.domain import NOBODY, Bank, Item, Judges, Model
from whichmodel.plan import Skipped
from whichmodel.run.canary import ITEMS, Selection, plan, select

MODEL = Model(id="v/m", inspect_name="v/m", vendor="v")


def bank(name: str, count: int = 60, strata: int = 3, **card: object) -> Bank:
    items = tuple(
        Item(id=f"{name}-{n}", input="x", target="a", stratum=f"s{n % strata}") for n in range(count)
    )
    changed = replace(CARD, name=name, **card)  # type: ignore[arg-type]
    return Bank(changed, items, f"hash-{name}", 0)


def scored(*banks: Bank, model: Model = MODEL, first: int = 1000) -> dict[tuple[str, str], frozenset[str]]:
    return {(b.task_hash, model.settings_hash): frozenset(item.id for item in b.items[:first]) for b in banks}


def selected(
    banks: list[Bank], known: dict[tuple[str, str], frozenset[str]], *models: Model, **more: object
) -> Selection:
    given: dict[str, object] = {"sandbox_missing": None, **more}
    return select(banks, models or (MODEL,), known, **given)  # type: ignore[arg-type]


def test_twenty_items_are_spread_over_tasks_and_strata() -> None:
    banks = [bank("a"), bank("b", strata=2), bank("c", strata=1)]
    chosen = selected(banks, scored(*banks)).chosen
    assert len(chosen) == ITEMS == len({one.key for one in chosen})
    tasks = Counter(one.bank.card.name for one in chosen)
    assert sorted(tasks.values()) == [6, 7, 7]
    strata = Counter((one.bank.card.name, one.item.stratum) for one in chosen)
    assert all(
        strata[name, f"s{k}"] >= tasks[name] // n for name, n in (("a", 3), ("b", 2)) for k in range(n)
    )


@given(st.permutations(range(3)), st.permutations(range(60)))
def test_the_same_store_gives_the_same_items_in_whatever_order_they_come(
    order: list[int], items: list[int]
) -> None:
    banks = [bank("a"), bank("b", strata=2), bank("c", strata=1)]
    shuffled = [replace(banks[k], items=tuple(banks[k].items[n] for n in items)) for k in order]
    first = {one.key for one in selected(banks, scored(*banks)).chosen}
    assert {one.key for one in selected(shuffled, scored(*banks)).chosen} == first


def test_only_items_with_a_score_by_these_settings_are_asked() -> None:
    a, b = bank("a"), bank("b")
    known = scored(a, first=5)
    chosen = selected([a, b], known).chosen
    assert {one.item.id for one in chosen} == {f"a-{n}" for n in range(5)}
    other = replace(MODEL, variant="changed")
    assert selected([a, b], known, other).chosen == ()
    assert selected([replace(a, task_hash="new")], known).chosen == ()


def test_each_model_has_its_own_twenty_and_rules_have_none() -> None:
    a, rule = bank("a"), replace(MODEL, id="rule/x", baseline=True)
    second = replace(MODEL, id="v/second")
    known = {**scored(a), **scored(a, model=second), **scored(a, model=rule)}
    counts = Counter(one.model.id for one in selected([a], known, MODEL, second, rule).chosen)
    assert counts == {"v/m": ITEMS, "v/second": ITEMS}


def test_judged_and_sandboxed_tasks_are_left_out_with_the_reason() -> None:
    judged, code, plain = bank("j", judged=True), bank("k", sandbox=True), bank("p")
    missing = Skipped("", "bubblewrap is not installed", "apt-get install bubblewrap")
    found = selected([judged, code, plain], scored(judged, code, plain), sandbox_missing=missing)
    assert {one.bank.card.name for one in found.chosen} == {"p"}
    reasons = {part.task: part.reason for part in found.skipped}
    assert "no vision model" in reasons["j"]
    assert reasons["k"] == "bubblewrap is not installed"
    eye = replace(MODEL, id="v/eye", vision=True)
    both = selected([judged, code], scored(judged, code), judges=Judges(vision=eye))
    assert {one.bank.card.name for one in both.chosen} == {"j", "k"}
    epochs = dict.fromkeys((one.key for one in both.chosen), 1)
    judges = {work.bank.card.name: work.judge for work in plan(both, epochs, Judges(vision=eye)).work}
    assert judges == {"j": eye, "k": None}


def test_each_item_is_asked_in_the_epoch_after_its_last_one() -> None:
    a = bank("a", count=4, strata=1)
    found = selected([a], scored(a))
    epochs = {one.key: 3 if one.item.id == "a-2" else 1 for one in found.chosen}
    made = plan(found, epochs, NOBODY)
    asked = {item.id: work.epoch for work in made.work for item in work.bank.items}
    assert asked == {"a-0": 2, "a-1": 2, "a-2": 4, "a-3": 2}
    assert (made.cells, made.done) == (4, 0)
    assert {work.bank.task_hash for work in made.work} == {"hash-a"}
