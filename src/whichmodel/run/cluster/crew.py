"""The workers of a run: who lives on which node, who takes a dead one's place; the actor of its limits."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass, field
from secrets import token_hex
from typing import Any

import ray
from ray.exceptions import RayError

from whichmodel.run.budget import Budget
from whichmodel.run.cluster.connection import Cluster, ask
from whichmodel.run.cluster.handles import actor, living_nodes, on_head, on_node, task_on
from whichmodel.run.cluster.limits import Limits, State
from whichmodel.run.cluster.nodes import About, Node, own_folder, slots
from whichmodel.run.cluster.record import RunRecord
from whichmodel.run.cluster.worker import Seat, Worker

LOOK_S = 3.0
"""Between two looks at which nodes there are."""
WAIT_S = 120.0
"""A cluster without a node, or an actor's start, is waited for so long."""
DEAD_S = 60.0
"""A node that does not answer for so long is lost."""
STEP_S = 0.5


@dataclass(slots=True)
class Hand:
    """One living worker."""

    name: str
    node: Node
    actor: Any
    ready: Any
    """The call that ends when it has started."""
    alive: bool = True
    _started: bool = False

    @property
    def started(self) -> bool:
        """Whether it hears."""
        if not self._started and self.alive:
            self._started = bool(ray.wait([self.ready], timeout=0)[0])
        return self._started


@dataclass(slots=True)
class Crew:
    """Workers by number; those that run one job alone are made when needed."""

    cluster: Cluster
    record: RunRecord
    limits: Any
    _hands: dict[str, Hand] = field(default_factory=dict)
    """By the seat's name: a worker's number, or the job that it does alone."""
    _made: int = 0
    _waited: bool = False
    """A node was waited for in vain."""
    _looked_at: float = field(default_factory=time.monotonic)
    _asked: dict[str, tuple[dict[str, Any], Any]] = field(default_factory=dict)
    """New nodes that have not yet said what they have."""

    @classmethod
    def of(cls, cluster: Cluster, record: RunRecord, budget: Budget) -> Crew:
        """The actor of the limits; workers come with their first job."""
        options: dict[str, Any] = {"name": f"{record.name}-limits", "max_concurrency": 10_000, **on_head()}
        limits = actor(Limits, **options)(budget.limit)
        ray.get(limits.state.remote(), timeout=WAIT_S)
        return cls(cluster, record, limits)

    def hand(self, number: int, *, sandboxed: bool, alone: str | None = None) -> Hand | None:
        """The worker of a number, for a job that may need a sandbox. None = no node could have one."""
        plain, safe = str(number), f"{number} in a sandbox"
        if alone:
            seats = [alone]
        elif sandboxed or self._at_home(safe, number):
            seats = [plain, safe]
        else:
            seats = [plain]
        for hand in (self._hands.get(seat) for seat in seats):
            if hand and hand.alive and (hand.node.about.sandbox or not sandboxed):
                return hand
        seat = alone or (safe if sandboxed else plain)
        node = self._node(number, sandboxed=sandboxed, fresh=seat not in self._hands and not alone)
        if node is None:
            return None
        made = self._hands[seat] = self._start(node)
        return made

    def _at_home(self, seat: str, number: int) -> bool:
        """Whether a seat's worker is on its number's own node, so that it does all of the number's jobs."""
        hand = self._hands.get(seat)
        return hand is not None and hand.node is self._own(number)

    def _node(self, number: int, *, sandboxed: bool, fresh: bool) -> Node | None:
        """A number's own node as long as it lives, else the one with the most room."""
        until = time.monotonic() + (0 if self._waited else WAIT_S)
        while True:
            able = [n for n in self.cluster.nodes if n.alive and (n.about.sandbox or not sandboxed)]
            if able:
                own = self._own(number)
                if fresh and own in able:
                    return own
                return min(able, key=lambda node: node.load)
            if time.monotonic() >= until:
                self._waited = True
                return None
            time.sleep(LOOK_S / 3)
            self.look_around(now=True)
            self.record.take()

    def _own(self, number: int) -> Node:
        """Numbers go round the nodes, so that few workers are spread over many nodes."""
        rounds = max(node.slots for node in self.cluster.nodes)
        places = [node for turn in range(rounds) for node in self.cluster.nodes if node.slots > turn]
        return places[number % len(places)]

    def _start(self, node: Node) -> Hand:
        self._made += 1
        # The journal counts by name: a worker of a run that is begun again is another one.
        name = f"{self.record.name}-worker-{self._made}-{token_hex(4)}"
        folder = f"{node.about.folder}/{self.record.name}"
        settings = Seat(name, node.id, folder, self.cluster.settings.secret_file)
        made = actor(
            Worker,
            name=name,
            num_cpus=self._cpus(node),
            max_concurrency=1_000,
            scheduling_strategy=on_node(node.id),
        )(settings, self.record.journal, self.limits)
        node.workers.add(name)
        return Hand(name, node, made, made.pieces.remote("", 0, {}))

    def _cpus(self, node: Node) -> float:
        """What Ray counts as taken; workers beyond a node's slots share what the others have."""
        if len(node.workers) >= node.slots:
            return 0
        return 1 if self.cluster.settings.workers_per_node is None else 0

    def bury(self, hand: Hand) -> bool:
        """A worker is dead: its money is settled, its places are free. Whether its node died."""
        if hand.alive:
            hand.alive = False
            hand.node.workers.discard(hand.name)
            with suppress(Exception):
                ray.kill(hand.actor)
            ray.get(self.limits.gone.remote(hand.name))
            self._look_after(hand.node)
        return not hand.node.alive

    def _look_after(self, node: Node) -> None:
        """Find out whether a node lives whose worker died; Ray learns of its death later."""
        call = task_on(node.id, own_folder)()
        until = time.monotonic() + DEAD_S
        while True:
            self.look_around(now=True)
            if not node.alive:
                return
            if ray.wait([call], timeout=STEP_S)[0]:
                break
            if time.monotonic() > until:
                node.lost, node.alive = True, False
                return
        try:
            ray.get(call)
        except RayError:
            node.lost, node.alive = True, False

    def dismiss(self, hand: Hand) -> None:
        """A worker that is needed no more."""
        hand.alive = False
        hand.node.workers.discard(hand.name)
        ray.kill(hand.actor)
        self.limits.gone.remote(hand.name)

    def state(self) -> State:
        """What the limits say."""
        state: State = ray.get(self.limits.state.remote())
        return state

    def look_around(self, *, now: bool = False) -> None:
        """Notice nodes that are gone, and new ones when they have said what they have."""
        if now or time.monotonic() - self._looked_at >= LOOK_S:
            self._looked_at = time.monotonic()
            entries = living_nodes()
            for node in self.cluster.nodes:
                node.alive = node.id in entries and not node.lost
            known = {node.id for node in self.cluster.nodes} | set(self._asked)
            for node_id, entry in entries.items():
                if node_id not in known and slots(entry["Resources"], self.cluster.settings):
                    self._asked[node_id] = entry, ask(node_id, self.cluster)
        self._welcome()

    def _welcome(self) -> None:
        for node_id, (entry, call) in list(self._asked.items()):
            if not ray.wait([call], timeout=0)[0]:
                continue
            del self._asked[node_id]
            with suppress(RayError):
                about: About = ray.get(call)
                lacking = self.cluster.keys - about.keys
                if not about.trouble and not lacking:
                    room = slots(entry["Resources"], self.cluster.settings)
                    self.cluster.nodes.append(Node(node_id, entry["NodeManagerAddress"], room, about))

    def end(self) -> None:
        """All workers, and the limits."""
        for hand in self._hands.values():
            with suppress(Exception):
                ray.kill(hand.actor)
        with suppress(Exception):
            ray.kill(self.limits)
