"""One model's places, shared by all workers that ask it: who may have how many requests in flight.

The sum of what workers hold never exceeds the model's limit: a place goes to another worker when the one who
had it says that it is free. Until the model has answered there is one place, so that a wrong key costs one
request. Pure: what is to be told to whom is returned.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count

_versions = count(1)


@dataclass(frozen=True, slots=True)
class Share:
    """What one worker may use from now on."""

    model: str
    places: int
    term: int
    """The worker's own number of its time with the model: what belongs to a former one is void."""
    version: int
    """Later ones have higher numbers; what a worker lets go of names the one that asked for it."""


@dataclass(slots=True)
class Member:
    """A worker that asks the model."""

    term: int
    held: int = 0
    """Places that nobody else may use."""
    pinned: int = 0
    """Of these, the ones that stay as long as a job of Inspect's own runs."""
    told: Share | None = None
    """The last that it was told. None = nothing yet."""


@dataclass(slots=True)
class Places:
    """most: the model's `max_connections`."""

    model: str
    most: int
    opened: bool = False
    """The model has answered."""
    members: dict[str, Member] = field(default_factory=dict)
    """Worker -> what it has, in the order in which places are dealt out."""

    @property
    def _limit(self) -> int:
        return self.most if self.opened else 1

    @property
    def starving(self) -> bool:
        """Whether there are more workers than places, so that they have to take turns."""
        return self.opened and len(self.members) > self._limit

    def join(self, worker: str, term: int = 0) -> dict[str, Share]:
        """A worker begins to ask the model."""
        self.members.setdefault(worker, Member(term))
        return self._deal()

    def leave(self, worker: str) -> dict[str, Share]:
        """A worker has nothing in flight and asks no more, or is dead."""
        self.members.pop(worker, None)
        return self._deal()

    def let_go(self, worker: str, version: int) -> dict[str, Share]:
        """A worker has come down to the share of that version. An older one than the last is void."""
        member = self.members.get(worker)
        if member and member.told and member.told.version == version:
            member.held = min(member.held, member.told.places)
        return self._deal()

    def pin(self, worker: str, version: int, places: int) -> bool:
        """Keep places for a job of Inspect's own. False = the share has changed meanwhile."""
        member = self.members.get(worker)
        if member is None or member.told is None or member.told.version != version:
            return False
        member.pinned += places
        return True

    def unpin(self, worker: str, places: int) -> dict[str, Share]:
        """That job has ended."""
        if member := self.members.get(worker):
            member.pinned -= places
        return self._deal()

    def open(self) -> dict[str, Share]:
        """The model has answered somebody."""
        self.opened = True
        return self._deal()

    def rotate(self) -> dict[str, Share]:
        """Let others have their turn, where there are more workers than places."""
        first = next(iter(self.members), None)
        if first is not None:
            self.members[first] = self.members.pop(first)
        return self._deal()

    def _deal(self) -> dict[str, Share]:
        """New shares by worker: of those who get places that are free, or are to give some back."""
        wanted = self._wanted()
        free = self._limit - sum(member.held for member in self.members.values())
        changed = {}
        for worker, member in self.members.items():
            more = min(wanted[worker] - member.held, free)
            if more > 0:
                member.held += more
                free -= more
            places = min(member.held, wanted[worker])
            if member.told is None or member.told.places != places:
                member.told = changed[worker] = Share(self.model, places, member.term, next(_versions))
        return changed

    def _wanted(self) -> dict[str, int]:
        """What each worker is to have in the end: equal parts of all that is not pinned."""
        pinned = sum(member.pinned for member in self.members.values())
        each, rest = divmod(max(0, self._limit - pinned), max(1, len(self.members)))
        return {
            worker: member.pinned + each + (number < rest)
            for number, (worker, member) in enumerate(self.members.items())
        }
