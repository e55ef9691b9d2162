"""A class that runs events in time: priorities, repetition, catching up."""

from __future__ import annotations

from random import Random

from .problem import Case, Family, Problem, program, prose, script

_AGENDA_RULES = """
Write a class `@name@` that keeps events and says which are run when. Times are whole numbers; `now` is the
time up to which events have been run.

- `@name@(now)`: the time to begin with, an int.
- `at(event, time, priority)` plans an event to run once at `time`; `every(event, start, interval,
  priority)` plans one to run at start, start + interval, start + 2 * interval and so on without end. Both
  return the number of planned events. A `time` or `start` below `now` @past@. An interval below 1, or an
  event name that is planned already, raises `ValueError`.
- `cancel(event)` removes a planned event and returns the time at which it was due; it raises `ValueError`
  if there is none.
- `run(until)` runs all that is due up to `until`, included, and returns a list of `[time, event]` in the
  order of running; then `now` is `until`. An `until` below `now` raises `ValueError`.
- Runs are ordered by time, at the same time by priority, @high@ first, then @tie@.
- An event that runs once is no longer planned afterwards.
- At the same time at most @most@ event(s) run, counted over all calls of `run`; the others due then are put
  off by `run` to the next whole number, where they @again@.
- The next run of a repeated event is @drift@.
- `next()` returns `[time, event]` for the planned event that stands first in the order of runs, with the
  time at which it is due as things stand, or `None`. The time that `cancel` returns is meant in the same
  way.
- What raises changes nothing.
"""

_AGENDA = """
class @name@:
    def __init__(self, now):
        self.now, self.events, self.count, self.running = now, {}, 0, {}

    def plan(self, event, time, interval, priority):
        if event in self.events or interval < 0:
            raise ValueError("cannot be planned")
        if time < self.now:
            @past@
        self.count += 1
        self.events[event] = {
            "name": event, "due": time, "planned": time, "interval": interval, "priority": priority,
            "number": self.count, "ran": 0, "off": 0,
        }
        return len(self.events)

    def at(self, event, time, priority):
        return self.plan(event, time, 0, priority)

    def every(self, event, start, interval, priority):
        return self.plan(event, start, interval if interval >= 1 else -1, priority)

    def rank(self, event):
        return (event["due"], @off@, @sign@event["priority"], @tie@)

    def cancel(self, event):
        if event not in self.events:
            raise ValueError("no such event")
        return self.events.pop(event)["due"]

    def next(self):
        if not self.events:
            return None
        first = min(self.events.values(), key=self.rank)
        return [first["due"], first["name"]]

    def run(self, until):
        if until < self.now:
            raise ValueError("time runs backwards")
        self.now = until
        ran = []
        while self.events:
            event = min(self.events.values(), key=self.rank)
            time = event["due"]
            if time > until:
                break
            if self.full(time):
                for other in self.events.values():
                    if other["due"] == time:
                        other["due"], other["off"] = time + 1, 1
                continue
            self.running[time] = self.running.get(time, 0) + 1
            ran.append([time, event["name"]])
            event["ran"], event["off"] = event["ran"] + 1, 0
            if event["interval"]:
                event["planned"] = @following@
                event["due"] = max(event["planned"], time + 1)
            else:
                del self.events[event["name"]]
        return ran

    def full(self, time):
        return self.running.get(time, 0) >= @most@
"""

_TIES = [
    ("the one planned first (by `at` or `every`)", 'event["number"]'),
    ("the one planned last (by `at` or `every`)", '-event["number"]'),
    ("the event's name, A to Z (as `sorted` compares strings)", 'event["name"]'),
    (
        "the one that has run fewer times, then the event's name, A to Z (as `sorted` compares strings)",
        '(event["ran"], event["name"])',
    ),
]
_PAST = [
    ("raises `ValueError`", 'raise ValueError("in the past")'),
    ("becomes `now`", "time = self.now"),
]
_DRIFT = [
    (
        "planned for one interval after the time for which the last one was planned, however late that "
        "ran; if that is not after the time at which it ran, it is due at the next whole number after "
        "that time",
        'event["planned"] + event["interval"]',
    ),
    ("planned for one interval after the time at which the last one ran", 'time + event["interval"]'),
]


def agenda(rng: Random) -> Problem:
    """Events run in time, with priorities and repetition."""
    past, action = rng.choice(_PAST)
    tie, key = rng.choice(_TIES)
    drift, following = rng.choice(_DRIFT)
    high, first, most = rng.random() < 0.5, rng.random() < 0.5, rng.randint(1, 3)
    named = rng.choice(["Agenda", "Planner", "Timer", "Clock"]) + rng.choice(["", "Work", "Loop", "Queue"])
    a = rng.randint(1, 9)
    shown = (
        f"at backup {a + 3} 1; every poll {a} {rng.randint(2, 4)} 2; next; run {a + 3}; "
        f"cancel poll; run {a + 20}"
    )
    return Problem(
        name=named,
        rules=prose(
            _AGENDA_RULES,
            name=named,
            past=past,
            high="largest" if high else "smallest",
            tie=tie,
            most=most,
            again="come before all that is due there and was not put off, among each other by priority as "
            "usual"
            if first
            else "stand among what is due there, by priority as usual",
            drift=drift,
        ),
        reference=program(
            _AGENDA,
            name=named,
            past=action,
            off='-event["off"]' if first else "0",
            sign="-" if high else "",
            tie=key,
            following=following,
            most=most,
        ),
        examples=[Case([0], script(shown))],
        cases=[Case([now], script(text)) for now, text in _agenda_scripts(rng, most)],
    )


def _agenda_scripts(rng: Random, most: int) -> list[tuple[int, str]]:
    crowd = "; ".join(f"at {event} 5 {i % 2}" for i, event in enumerate("dacbfe"))
    waves = "; ".join(f"every {event} 0 {2 + i % 2} {i % 2}" for i, event in enumerate("dacb"))
    scripts = [
        (0, "next; run 0; run 9; cancel x"), (5, "run 4; at a 5 0; run 5; next"),
        (5, "at a 4 0; next; run 9; every b 3 2 0; run 12"),
        (0, "every a 0 0 1; every a 0 -1 1; at a 3 1; at a 4 1; every a 5 1 1"),
        (0, "at a 3 1; cancel a; cancel a; run 9"),
        (0, "every a 1 3 1; run 3; cancel a; every a 4 3 1; run 10; cancel a"),
        (0, f"{crowd}; next; run 5; next; run 6; run 20"), (0, f"{crowd}; run 20"),
        (0, f"{crowd}; at g 6 1; at h 6 0; at i 7 0; run 6; run 30"), (0, f"{waves}; run 7"),
        (0, f"{waves}; run 3; next; run 9"), (0, f"{waves}; run 4; cancel a; cancel b; run 8"),
        (-10, "at a -5 0; every b -9 4 0; run -5; run 0"), (0, "at a 1 5; at b 1 -5; at c 1 0; run 4"),
        (0, "at B 1 0; at a 1 0; at C 1 0; run 4"), (0, "every a 0 1 0; run 5"),
        (0, "every a 0 1 0; every b 0 1 0; run 4; next; run 6"),
        (0, "every a 0 1 0; every b 0 1 1; at c 2 2; at d 2 3; run 6"),
        (0, "at a 5 0; run 5; at a 5 0; run 5; run 6"), (3, "at a 9 0; run 8; run 8; run 9"),
        (0, "every a 0 2 0; every b 0 2 0; every c 0 2 0; every d 0 2 0; run 9"),
        (0, "every a 2 5 1; run 1; next; run 2; next; cancel a"),
        (0, "at z 2 1; at y 2 1; run 1; run 0; next; run 2; run 3"),
        (0, "every a 0 3 0; every b 1 3 0; every c 2 3 0; run 10"),
    ]  # fmt: skip
    return [*scripts, *(_agenda_script(rng) for _ in range(12))]


def _agenda_script(rng: Random) -> tuple[int, str]:
    steps, now = [], rng.randint(-5, 5)
    begin = now
    for number in range(rng.randint(8, 16)):
        event, priority = rng.choice(["a", "B", "c", "d", f"e{number}"]), rng.randint(0, 2)
        time = now + rng.choice([-1, 0, 1, 2, 3, 5])
        if rng.random() < 0.3:
            now += rng.randint(0, 6)
            steps.append(f"run {now}")
        else:
            plans = [f"at {event} {time} {priority}"] * 3 + [
                f"every {event} {time} {rng.randint(1, 4)} {priority}"
            ] * 3
            steps.append(rng.choice([*plans, f"cancel {event}", "next"]))
    return begin, "; ".join([*steps, "next", f"run {now + 8}"])


FAMILIES: tuple[Family, ...] = (agenda,)
