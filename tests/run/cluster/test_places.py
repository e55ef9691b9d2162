"""A model's places among workers: never more than it allows, and none lost for good."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from whichmodel.run.cluster.places import Places, Share

WORKERS = ("a", "b", "c", "d", "e")


class Field:
    """Workers that heed what they are told, some of them late."""

    def __init__(self, most: int) -> None:
        self.places = Places("m", most)
        self.told: dict[str, Share] = {}
        self.may_use: dict[str, int] = {}
        """What each believes to have, late news not yet read."""

    def tell(self, shares: dict[str, Share]) -> None:
        self.told |= shares

    def read(self, worker: str) -> None:
        """It learns of its share, and comes down to it at once."""
        if worker in self.told and worker in self.places.members:
            share = self.told[worker]
            self.may_use[worker] = share.places
            self.tell(self.places.let_go(worker, share.version))

    def join(self, worker: str) -> None:
        self.may_use.setdefault(worker, 0)
        self.tell(self.places.join(worker))

    def leave(self, worker: str) -> None:
        self.may_use[worker] = 0
        self.told.pop(worker, None)
        self.tell(self.places.leave(worker))


@given(
    st.integers(1, 9),
    st.lists(
        st.tuples(st.sampled_from(["join", "leave", "read", "rotate", "open"]), st.sampled_from(WORKERS))
    ),
)
def test_what_workers_may_use_never_exceeds_the_limit(most: int, steps: list[tuple[str, str]]) -> None:
    field = Field(most)
    for step, worker in steps:
        if step == "rotate":
            field.tell(field.places.rotate())
        elif step == "open":
            field.tell(field.places.open())
        else:
            getattr(field, step)(worker)
        assert sum(field.may_use.values()) <= (most if field.places.opened else 1)
    for worker in field.places.members:
        field.read(worker)
    field.tell(field.places.open())
    for _ in range(3):
        for worker in list(field.places.members):
            field.read(worker)
    if field.places.members:
        assert sum(field.may_use.values()) == most


def test_until_the_model_has_answered_there_is_one_place() -> None:
    field = Field(8)
    for worker in WORKERS[:3]:
        field.join(worker)
        field.read(worker)
    assert sum(field.may_use.values()) == 1
    field.tell(field.places.open())
    for worker in WORKERS[:3]:
        field.read(worker)
    assert sorted(field.may_use.values()) == [2, 3, 3]


def test_a_place_moves_only_when_it_was_let_go_of() -> None:
    places = Places("m", 4, opened=True)
    first = places.join("a")["a"]
    assert first.places == 4
    asked = places.join("b")
    assert asked["a"].places == 2
    assert asked["b"].places == 0
    assert places.let_go("a", first.version) == {}
    assert places.let_go("a", asked["a"].version)["b"].places == 2


def test_workers_take_turns_where_there_are_more_than_places() -> None:
    field = Field(1)
    field.tell(field.places.open())
    had: set[str] = set()
    for worker in WORKERS[:3]:
        field.join(worker)
    for _ in range(6):
        for worker in WORKERS[:3]:
            field.read(worker)
        for worker in WORKERS[:3]:
            field.read(worker)
        had |= {worker for worker, places in field.may_use.items() if places}
        field.tell(field.places.rotate())
    assert had == {"a", "b", "c"}


def test_pinned_places_stay_when_others_come() -> None:
    places = Places("m", 4, opened=True)
    share = places.join("a")["a"]
    assert places.pin("a", share.version, 3)
    assert places.join("b")["b"].places == 0
    assert places.members["a"].held == 4
    freed = places.unpin("a", 3)
    assert freed["a"].places == 2
    assert places.let_go("a", freed["a"].version)["b"].places == 2
