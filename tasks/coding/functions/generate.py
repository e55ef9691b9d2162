"""Problems with a specification, a reference solution and hidden cases whose values the reference gives."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from random import Random
from typing import Any

from whichmodel.domain import Item

from .families import TOPICS

_FEWEST_CASES = 20


def generate(seed: int, count: int) -> Iterable[Item]:
    """`count` different problems, the topics in turn and the families of each topic in turn."""
    topics = list(TOPICS.items())
    seen: set[str] = set()
    for number in range(count):
        topic, families = topics[number % len(topics)]
        family = families[number // len(topics) % len(families)]
        item = next(item for item in _variants(seed, number, topic, family) if item.input not in seen)
        seen.add(item.input)
        yield item


def _variants(seed: int, number: int, topic: str, family: Any) -> Iterator[Item]:
    attempt = 0
    while True:
        problem = family(Random(f"{seed}/{number}/{attempt}"))
        yield _item(f"functions-s{seed}-{number:04d}", topic, family.__name__, problem)
        attempt += 1


def _item(item_id: str, topic: str, family: str, problem: Any) -> Item:
    namespace: dict[str, Any] = {}
    exec(compile(problem.reference, f"<{family}>", "exec"), namespace)
    solve = namespace[problem.name]
    examples = [_expected(solve, case) for case in problem.examples]
    shown = {_key(case) for case in examples}
    cases = {_key(case): case for case in (_expected(solve, c) for c in problem.cases)}
    hidden = [case for key, case in cases.items() if key not in shown]
    if len(hidden) < _FEWEST_CASES:
        raise ValueError(f"{family} has only {len(hidden)} hidden cases")
    return Item(
        id=item_id,
        input=_prompt(problem, examples),
        target={"entry_point": problem.name, "cases": hidden},
        reference=f"```python\n{problem.reference}```\n",
        stratum=topic,
        metadata={"family": family},
    )


def _key(case: Mapping[str, Any]) -> str:
    steps = [[step["method"], step["args"]] for step in case.get("steps", [])]
    return json.dumps([case["args"], steps])


def _expected(solve: Any, case: Any) -> dict[str, Any]:
    """The case with what the reference gives; its arguments are copies, since a solution may change them."""
    args = _plain(case.args)
    if case.steps is None:
        return {"args": list(case.args)} | _outcome(solve, args)
    made = solve(*args)
    steps = []
    for method, given in case.steps:
        found = _outcome(getattr(made, method), _plain(given))
        steps.append({"method": method, "args": list(given)} | found)
    return {"args": list(case.args), "steps": steps}


def _outcome(function: Any, args: Sequence[Any]) -> dict[str, Any]:
    try:
        return {"expected": _plain(function(*args))}
    except ValueError:
        return {"raises": "ValueError"}


def _plain(value: Any) -> Any:
    """A deep copy as JSON gives it back: tuples are lists. Raises TypeError for what JSON cannot hold."""
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, dict) and all(isinstance(key, str) for key in value):
        return {key: _plain(held) for key, held in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(held) for held in value]
    raise TypeError(f"no plain value: {value!r}")


def _prompt(problem: Any, examples: Sequence[Mapping[str, Any]]) -> str:
    shown = "\n".join(line for example in examples for line in _lines(problem.name, example))
    return (
        f"{problem.rules}\nExamples:\n\n```\n{shown}\n```\n\n"
        "Python 3.11, standard library only. Answer with the complete code in one ```python block."
    )


def _lines(name: str, example: Mapping[str, Any]) -> Iterator[str]:
    made = f"{name}({', '.join(map(repr, example['args']))})"
    if "steps" not in example:
        yield from (f">>> {made}", _given(example))
        return
    yield f">>> x = {made}"
    for step in example["steps"]:
        yield f">>> x.{step['method']}({', '.join(map(repr, step['args']))})"
        yield _given(step)


def _given(found: Mapping[str, Any]) -> str:
    return f"raises {found['raises']}" if "raises" in found else repr(found["expected"])
