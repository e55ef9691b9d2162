"""Cases under a policy: the decision and the clause that makes it, by the clauses run as code."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from random import Random
from typing import Any

from whichmodel.domain import Item

from .kinds import FEATURES, KINDS, Blueprint, numbered

_DRAWS = 60
"""Cases drawn from a policy, of which three are told."""


def generate(seed: int, count: int) -> Iterable[Item]:
    """`count` cases, three to a policy: one for each way in which a case may be decided."""
    kinds = list(KINDS.items())
    number = 0
    while number < count:
        cluster = number // len(FEATURES)
        kind, module = kinds[cluster % len(kinds)]
        for item in _cluster(f"{seed}/{cluster}", kind, module):
            if number < count:
                yield _numbered(item, seed, number, cluster)
            number += 1


def _numbered(item: dict[str, Any], seed: int, number: int, cluster: int) -> Item:
    return Item(id=f"policy-s{seed}-{number:04d}", cluster_id=f"policy-s{seed}-p{cluster:04d}", **item)


def _cluster(key: str, kind: str, module: Any) -> Iterator[dict[str, Any]]:
    """The cases of one policy; of policies that lack one of the ways, the next is taken."""
    for attempt in range(1000):
        rng = Random(f"{key}/{attempt}")
        policy = numbered(Blueprint.drawn(kind, module, rng), rng)
        cases = _cases(policy, rng)
        if len(cases) == len(FEATURES):
            yield from (_item(policy, kind, feature, cases[feature], rng) for feature in FEATURES)
            return
    raise ValueError(f"No policy of the kind {kind} has cases of every sort.")


def _cases(policy: Any, rng: Random) -> dict[str, Any]:
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
        for feature in FEATURES
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
