"""Work dealt out to workers: all of it, once, within each model's limit."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from small_run import CARD

from whichmodel.domain import Bank, Item, Model
from whichmodel.plan import Work
from whichmodel.run.shards import MOST_ITEMS, MOST_WORKERS, shards


def work(task: str, model: str, provider: str, items: int, connections: int = 16) -> Work:
    bank = Bank(replace(CARD, name=task), tuple(Item(f"{task}{n}", "?", "red") for n in range(items)), task)
    made = Model(model, f"{provider}/{model}", provider, max_connections=connections)
    return Work(bank, made, None)


WORKS = st.lists(
    st.builds(
        work,
        st.sampled_from(["a", "b", "c"]),
        st.sampled_from(["x", "y", "z", "w"]),
        st.sampled_from(["one", "two"]),
        st.integers(1, 700),
        st.integers(1, 40),
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda w: (w.bank.card.name, w.model.id),
).filter(lambda works: len({w.model for w in works}) == len({w.model.id for w in works}))


@given(WORKS, st.integers(1, 5))
def test_every_item_is_dealt_out_once_and_no_limit_is_exceeded(works: list[Work], workers: int) -> None:
    found = shards(works, workers)
    dealt = Counter((s.work.bank.card.name, s.work.model.id, i.id) for s in found for i in s.work.bank.items)
    asked = Counter((w.bank.card.name, w.model.id, i.id) for w in works for i in w.bank.items)
    assert dealt == asked
    assert all(0 <= shard.worker < workers for shard in found)
    for model in {w.model for w in works}:
        per_worker = {s.worker: s.connections for s in found if s.work.model == model}
        assert len(per_worker) <= MOST_WORKERS
        assert sum(per_worker.values()) <= model.max_connections


def test_models_of_one_provider_stay_together_and_no_worker_is_idle() -> None:
    found = shards([work("a", m, p, 10) for m, p in (("x", "one"), ("y", "one"), ("z", "two"))], 2)
    homes = {shard.work.model.id: shard.worker for shard in found}
    assert homes["x"] == homes["y"] != homes["z"]
    alone = shards([work("a", m, "one", 10) for m in ("x", "y", "z")], 2)
    assert {shard.worker for shard in alone} == {0, 1}


def test_a_lone_model_is_asked_by_two_workers_that_share_its_limit() -> None:
    found = shards([work("a", "x", "one", 1_000, connections=9)], 2)
    assert [(s.worker, len(s.work.bank.items), s.connections) for s in found] == [(0, 500, 4), (1, 500, 4)]
    single = shards([work("a", "x", "one", 1_000, connections=1)], 2)
    assert {(s.worker, s.connections) for s in single} == {(0, 1)}


def test_a_large_bank_is_cut_so_that_memory_stays_flat() -> None:
    found = shards([work("a", "x", "one", 2 * MOST_ITEMS + 1), work("a", "y", "two", 1)], 1)
    assert [len(s.work.bank.items) for s in found] == [MOST_ITEMS, MOST_ITEMS, 1, 1]
