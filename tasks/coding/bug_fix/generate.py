"""Programs of the functions task with a bug or two put in, and the tests that show it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from random import Random
from typing import Any

from whichmodel.domain import Item

from .bugs import Trial, bugs, plain, report

_CASES, _FEWEST_CASES = 24, 18
"""Cases that are taken of a problem, and the fewest that are hidden."""
_LEAST_SHARE, _MOST_SHARE = 0.05, 0.5
"""Of the cases, that fail."""
_TRIES, _SECOND_TRIES = 40, 5
"""Bugs that are tried on one problem, for the first and for the second."""
_ATTEMPTS = 50
"""Problems of a family that are tried for one item."""
_SECOND = 0.6
"""Share of items for which a second bug is looked for."""
_LASTING = {"mutable default", "shared state", "lost copy"}
"""What a call leaves behind shows only after the calls before it."""
_MOST_LASTING = 0.9
"""Share of the cases that fail where an early call spoils the later ones."""
_BLATANT = ("NameError", "UnboundLocalError", "AttributeError", "OperationalError", "ProgrammingError")
"""What a glance at the code finds."""


def generate(seed: int, count: int) -> Iterable[Item]:
    """`count` different programs, the topics in turn and the families of each topic in turn."""
    # The package of the task that the card `uses`: it stands in another folder.
    families = import_module(".families", __package__)
    topics, seen = list(families.TOPICS.items()), set[str]()
    for number in range(count):
        topic, made = topics[number % len(topics)]
        family = made[number // len(topics) % len(made)]
        item = next(item for item in _variants(seed, number, topic, family) if item.input not in seen)
        seen.add(item.input)
        yield item


def _variants(seed: int, number: int, topic: str, family: Any) -> Iterator[Item]:
    for attempt in range(_ATTEMPTS):
        rng = Random(f"bug_fix/{seed}/{number}/{attempt}")
        broken = _broken(rng, family(rng))
        if broken is not None:
            yield Item(
                id=f"bug_fix-s{seed}-{number:04d}",
                input=_prompt(broken),
                target={"entry_point": broken.problem.name, "cases": broken.hidden},
                reference=f"```python\n{broken.right}```\n",
                stratum=topic,
                metadata={"family": family.__name__, "bugs": list(broken.kinds)},
            )
    raise ValueError(f"no bug can be put into the programs of {family.__name__}")


@dataclass(frozen=True, slots=True)
class _Broken:
    """A problem, its right program and a wrong one."""

    problem: Any
    right: str
    wrong: str
    kinds: Sequence[str]
    shown: Sequence[tuple[int, Mapping[str, Any], Any]]
    """Number, case and outcome of the failures that are told."""
    hidden: Sequence[Mapping[str, Any]]
    failing: int
    """Of all cases."""


def _broken(rng: Random, problem: Any) -> _Broken | None:
    """The problem's reference with a bug that some cases show and most do not. None = none was found."""
    tree = plain(problem.reference)
    trial = Trial(tree, problem.name)
    right = trial.source()
    trial.prepare()
    cases = trial.reference(_some(rng, problem))
    kinds, outcomes = _put_in(rng, trial, cases)
    if not kinds or not trial.minds_no_order(cases, outcomes):
        return None
    failing = [n for n, came in enumerate(outcomes) if any(came)]
    shown = _shown(rng, cases, failing)
    hidden = [case for n, case in enumerate(cases) if n not in shown]
    if len(hidden) < _FEWEST_CASES:
        raise ValueError(f"{problem.name} has only {len(hidden)} hidden cases")
    if _LASTING & set(kinds) and not any(map(any, trial.outcomes(hidden) or ())):
        return None
    told = [(n + 1, cases[n], outcomes[n]) for n in shown]
    return _Broken(problem, right, trial.source(), kinds, told, hidden, len(failing))


def _put_in(rng: Random, trial: Any, cases: Sequence[Mapping[str, Any]]) -> tuple[list[str], Sequence[Any]]:
    """Puts a bug or two into the trial's tree: their kinds, and what each case then gives."""
    fewest = max(2, int(_LEAST_SHARE * len(cases)))
    offered = bugs(trial.tree, rng)
    kinds: list[str] = []
    outcomes: Sequence[Any] = ()
    for tries in (_TRIES, _SECOND_TRIES if rng.random() < _SECOND else 0):
        for _ in range(tries):
            bug = rng.choice(offered[rng.choice(list(offered))])
            undo = bug.change()
            lasts = bug.kind in _LASTING or bool(_LASTING & set(kinds))
            most = _MOST_LASTING if lasts else _MOST_SHARE
            found = trial.subtle(cases, most)
            if found and lasts:
                found = trial.outcomes(cases)
            if found and fewest <= sum(map(any, found)) <= most * len(cases) and not _blatant(found):
                kinds.append(bug.kind)
                outcomes, fewest = found, sum(map(any, found)) + 1
                break
            undo()
    return kinds, outcomes


def _blatant(outcomes: Sequence[Any]) -> bool:
    return any(words.startswith(_BLATANT) for came in outcomes for words in came if words)


def _shown(rng: Random, cases: Sequence[Mapping[str, Any]], failing: Sequence[int]) -> list[int]:
    """One to three failing cases of the shorter ones; at least one stays hidden."""
    number = min(rng.randint(1, 3), len(failing) - 1)
    short = sorted(failing, key=lambda n: (len(json.dumps(cases[n])), n))[: number + 2]
    return sorted(rng.sample(short, number))


def _some(rng: Random, problem: Any) -> list[Any]:
    """Different cases of a problem, in its order."""
    found: dict[str, Any] = {}
    for case in (*problem.examples, *problem.cases):
        found.setdefault(json.dumps([case.args, case.steps]), case)
    cases = list(found.values())
    return [cases[n] for n in sorted(rng.sample(range(len(cases)), min(_CASES, len(cases))))]


def _prompt(broken: _Broken) -> str:
    told, total = len(broken.shown), len(broken.shown) + len(broken.hidden)
    some = "One of them" if told == 1 else f"{'Two' if told == 2 else 'Three'} of them"
    return (
        "The code below was written for this request, but it is not right yet.\n\n"
        f"<request>\n{broken.problem.rules.strip()}\n</request>\n\n"
        f"```python\n{broken.wrong}```\n\n"
        f"Of {total} tests, {broken.failing} fail. {some}:\n\n"
        f"```\n{report(broken.problem.name, broken.shown)}\n```\n\n"
        "Correct the code; the request is right in all it says. Python 3.11, standard library only. "
        "Answer with the complete corrected code in one ```python block."
    )
