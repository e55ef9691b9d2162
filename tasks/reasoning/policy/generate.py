"""Cases under a policy: the decision and the clause that makes it, by the clauses run as code."""

from __future__ import annotations

import importlib.util
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from random import Random
from typing import Any

from whichmodel.domain import Item

_PACKAGE = "whichmodel_task_reasoning_policy_kinds"
_DRAWS = 60
"""Cases drawn from a policy, of which three are told."""


def generate(seed: int, count: int) -> Iterable[Item]:
    """`count` cases, three to a policy: one for each way in which a case may be decided."""
    package = _kinds()
    kinds = list(package.KINDS.items())
    number = 0
    while number < count:
        cluster = number // len(package.FEATURES)
        kind, module = kinds[cluster % len(kinds)]
        for item in _cluster(package, f"{seed}/{cluster}", kind, module):
            if number < count:
                yield _numbered(item, seed, number, cluster)
            number += 1


def _numbered(item: dict[str, Any], seed: int, number: int, cluster: int) -> Item:
    return Item(id=f"policy-s{seed}-{number:04d}", cluster_id=f"policy-s{seed}-p{cluster:04d}", **item)


def _cluster(package: Any, key: str, kind: str, module: Any) -> Iterator[dict[str, Any]]:
    """The cases of one policy; of policies that lack one of the ways, the next is taken."""
    for attempt in range(1000):
        rng = Random(f"{key}/{attempt}")
        policy = package.numbered(package.Blueprint.drawn(kind, module, rng), rng)
        cases = _cases(package, policy, rng)
        if len(cases) == len(package.FEATURES):
            yield from (_item(policy, kind, feature, cases[feature], rng) for feature in package.FEATURES)
            return
    raise ValueError(f"No policy of the kind {kind} has cases of every sort.")


def _cases(package: Any, policy: Any, rng: Random) -> dict[str, Any]:
    """One case for each way of being decided, its decision any of those met with equal chance."""
    found: dict[str, dict[str, Any]] = {}
    for _ in range(_DRAWS):
        facts = policy.blueprint.draw(rng)
        applying = policy.applying(facts)
        feature = policy.feature(applying)
        if feature is not None:
            decision = policy.clauses[applying[0]].decision
            found.setdefault(feature, {}).setdefault(decision, facts)
    return {
        feature: found[feature][rng.choice(sorted(found[feature]))]
        for feature in package.FEATURES
        if feature in found
    }


def _item(policy: Any, kind: str, feature: str, facts: Any, rng: Random) -> dict[str, Any]:
    applying = policy.applying(facts)
    target = {"decision": policy.clauses[applying[0]].decision, "clause": applying[0]}
    told = policy.blueprint.tell(facts, rng)
    case = " ".join([told[0], *rng.sample(told[1:], len(told) - 1)])
    return {
        "input": _prompt(policy, case),
        "target": target,
        "reference": json.dumps(target),
        "stratum": f"{kind}/{feature}",
        "metadata": {
            "decisions": {number: clause.decision for number, clause in policy.clauses.items()},
            "applying": applying,
        },
    }


def _prompt(policy: Any, case: str) -> str:
    template = (Path(__file__).parent / "prompt.txt").read_text(encoding="utf-8").rstrip()
    labels = "\n".join(f"- {label}: {meaning}" for label, meaning in policy.blueprint.labels.items())
    return template.format(policy=policy.text, labels=labels, case=case)


def _kinds() -> Any:
    """The package beside this file, wherever the task folder lies."""
    folder = Path(__file__).parent / "kinds"
    spec = importlib.util.spec_from_file_location(
        _PACKAGE, folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    if spec is None or spec.loader is None:
        raise ImportError(f"{folder} is no package")
    package = importlib.util.module_from_spec(spec)
    sys.modules[_PACKAGE] = package
    spec.loader.exec_module(package)
    return package
