"""Programs of the functions task with a bug or two put in, and the tests that show it."""

from __future__ import annotations

import importlib.util
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from whichmodel.domain import Item

_PREFIX = "whichmodel_task_coding_bug_fix"
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
    here = Path(__file__).parent
    families = _package("families", here.parent / "functions" / "families")
    bugs = _package("bugs", here / "bugs")
    topics, seen = list(families.TOPICS.items()), set[str]()
    for number in range(count):
        topic, made = topics[number % len(topics)]
        family = made[number // len(topics) % len(made)]
        item = next(item for item in _variants(bugs, seed, number, topic, family) if item.input not in seen)
        seen.add(item.input)
        yield item


def _package(name: str, folder: Path) -> Any:
    """The package in a folder, wherever the tasks lie."""
    full = f"{_PREFIX}_{name}"
    spec = importlib.util.spec_from_file_location(
        full, folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    if spec is None or spec.loader is None:
        raise ImportError(f"{folder} is no package")
    package = importlib.util.module_from_spec(spec)
    sys.modules[full] = package
    spec.loader.exec_module(package)
    return package


def _variants(bugs: Any, seed: int, number: int, topic: str, family: Any) -> Iterator[Item]:
    for attempt in range(_ATTEMPTS):
        rng = Random(f"bug_fix/{seed}/{number}/{attempt}")
        broken = _broken(bugs, rng, family(rng))
        if broken is not None:
            yield Item(
                id=f"bug_fix-s{seed}-{number:04d}",
                input=_prompt(bugs, broken),
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


def _broken(bugs: Any, rng: Random, problem: Any) -> _Broken | None:
    """The problem's reference with a bug that some cases show and most do not. None = none was found."""
    tree = bugs.plain(problem.reference)
    trial = bugs.Trial(tree, problem.name)
    right = trial.source()
    trial.prepare()
    cases = trial.reference(_some(rng, problem))
    kinds, outcomes = _put_in(bugs, rng, trial, cases)
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


def _put_in(
    bugs: Any, rng: Random, trial: Any, cases: Sequence[Mapping[str, Any]]
) -> tuple[list[str], Sequence[Any]]:
    """Puts a bug or two into the trial's tree: their kinds, and what each case then gives."""
    fewest = max(2, int(_LEAST_SHARE * len(cases)))
    offered = bugs.bugs(trial.tree, rng)
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


def _prompt(bugs: Any, broken: _Broken) -> str:
    told, total = len(broken.shown), len(broken.shown) + len(broken.hidden)
    some = "One of them" if told == 1 else f"{'Two' if told == 2 else 'Three'} of them"
    return (
        "The code below was written for this request, but it is not right yet.\n\n"
        f"<request>\n{broken.problem.rules.strip()}\n</request>\n\n"
        f"```python\n{broken.wrong}```\n\n"
        f"Of {total} tests, {broken.failing} fail. {some}:\n\n"
        f"```\n{bugs.report(broken.problem.name, broken.shown)}\n```\n\n"
        "Correct the code; the request is right in all it says. Python 3.11, standard library only. "
        "Answer with the complete corrected code in one ```python block."
    )
