"""Running a program of ours, or one with a bug put in, on cases: within steps, in this process."""

from __future__ import annotations

import ast
import copy
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from whichmodel.scoring.code import same

_TICK = "__tick__"
_ROOM = 20
"""A mutant may take as many times the steps of the reference."""
_LEAST_STEPS = 20_000


class _Endless(BaseException):
    """Too many steps."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a call, or a step, came to."""

    value: Any = None
    raised: BaseException | None = None

    def holds(self, expected: Mapping[str, Any]) -> bool:
        """Whether it is what a case expects, as the scorer sees it."""
        if "raises" in expected:
            return isinstance(self.raised, ValueError)
        return self.raised is None and same(expected["expected"], self.value)


@dataclass(slots=True)
class Trial:
    """One tree on many cases. Loops are counted by calls that `source` takes out again."""

    tree: ast.Module
    name: str
    steps: int = 0
    """Of the last run."""
    most: int = 10_000_000

    def count(self) -> None:
        """Put the calls in that count loops."""
        for node in ast.walk(self.tree):
            if isinstance(node, (ast.For, ast.While)):
                tick: Any = ast.Expr(ast.Call(ast.Name(_TICK, ast.Load()), [], []))
                tick.tick = tick.value.tick = tick.value.func.tick = True
                node.body.insert(0, ast.fix_missing_locations(tick))

    def reference(self, cases: Sequence[Any]) -> list[dict[str, Any]]:
        """The cases with what the tree, which is right, gives; a case is a family's `Case`."""
        made = [
            _expected(found, case)
            for case, found in zip(cases, self._run(map(_arguments, cases)), strict=True)
        ]
        self.most = _ROOM * self.steps + _LEAST_STEPS
        return made

    def outcomes(self, cases: Sequence[Mapping[str, Any]], most_wrong: int) -> list[list[Found]] | None:
        """What each case gives, one entry a step. None = it does not load or end, or too many are wrong."""
        made, wrong = [], 0
        try:
            for case, found in zip(cases, self._run(map(_given, cases)), strict=True):
                made.append(found)
                wrong += not right(case, found)
                if wrong > most_wrong:
                    return None
        except (Exception, _Endless):
            return None
        return made

    def minds_no_order(self, cases: Sequence[Mapping[str, Any]], before: Sequence[Sequence[Found]]) -> bool:
        """Whether the outcomes stay the same when sets are gone through in another order."""
        if not any(_makes_set(node) for node in ast.walk(self.tree)):
            return True
        try:
            again = list(self._run(map(_given, cases), backwards=True))
        except (Exception, _Endless):
            return False
        return repr(again) == repr(list(before))

    def source(self) -> str:
        """The program as it stands, without what counts steps."""
        for node in ast.walk(self.tree):
            if isinstance(node, (ast.For, ast.While)):
                node.body[:] = [s for s in node.body if not getattr(s, "tick", False)] or [ast.Pass()]
        return ast.unparse(self.tree) + "\n"

    def _run(self, calls: Any, *, backwards: bool = False) -> Any:
        self.steps = 0

        def tick() -> None:
            self.steps += 1
            if self.steps > self.most:
                raise _Endless

        namespace: dict[str, Any] = {_TICK: tick, "__name__": "solution"}
        tree = self.tree
        if backwards:
            tree = ast.fix_missing_locations(_BackwardSets().visit(copy.deepcopy(tree)))
            namespace["set"] = _Backwards
        exec(compile(tree, "<solution>", "exec"), namespace)
        solve = namespace[self.name]
        for args, steps in calls:
            if steps is None:
                yield [_called(solve, args)]
                continue
            made = _called(solve, args)
            if made.raised is not None:
                yield [made] * len(steps)
            else:
                yield [_called(getattr(made.value, method, None), given) for method, given in steps]


def _makes_set(node: ast.AST) -> bool:
    named = isinstance(node, ast.Name) and node.id in {"set", "frozenset"}
    return named or isinstance(node, (ast.Set, ast.SetComp))


def right(case: Mapping[str, Any], found: Sequence[Found]) -> bool:
    """Whether all that a case gave is as expected."""
    expected = case.get("steps", [case])
    return all(one.holds(due) for one, due in zip(found, expected, strict=True))


def _called(function: Any, args: Sequence[Any]) -> Found:
    try:
        value = function(*args)
        # What is given back may go on changing with the object that gave it.
        return Found(copy.deepcopy(value) if isinstance(value, (list, dict, set)) else value)
    except Exception as error:
        return Found(raised=error)


def _expected(found: Sequence[Found], case: Any) -> dict[str, Any]:
    """A case as the scorer reads it. Raises what the reference raised but ValueError."""
    due = [_due(one) for one in found]
    if case.steps is None:
        return {"args": list(case.args), **due[0]}
    steps = [
        {"method": m, "args": list(given), **one} for (m, given), one in zip(case.steps, due, strict=True)
    ]
    return {"args": list(case.args), "steps": steps}


def _due(found: Found) -> dict[str, Any]:
    if found.raised is None:
        return {"expected": json.loads(json.dumps(found.value))}
    if isinstance(found.raised, ValueError):
        return {"raises": "ValueError"}
    raise found.raised


Call = tuple[list[Any], list[tuple[str, list[Any]]] | None]
"""Arguments, and the methods of the object made with theirs. Copies: a program may change them."""


def _arguments(case: Any) -> Call:
    steps = None if case.steps is None else [(m, _copied(given)) for m, given in case.steps]
    return _copied(case.args), steps


def _given(case: Mapping[str, Any]) -> Call:
    steps = [(s["method"], _copied(s["args"])) for s in case["steps"]] if "steps" in case else None
    return _copied(case["args"]), steps


def _copied(args: Sequence[Any]) -> list[Any]:
    if all(type(arg) in (str, int, float, bool, type(None)) for arg in args):
        return list(args)
    copied: list[Any] = json.loads(json.dumps(list(args)))
    return copied


class _Backwards(set):  # type: ignore[type-arg]
    """A set with an order of its own: a program that gives the same with it minds no order."""

    def __iter__(self) -> Iterator[Any]:
        return iter(sorted(super().__iter__(), key=repr, reverse=True))

    def __or__(self, other: Any) -> Any:
        return _Backwards(set.__or__(set(self), other))

    def __and__(self, other: Any) -> Any:
        return _Backwards(set.__and__(set(self), other))

    def __sub__(self, other: Any) -> Any:
        return _Backwards(set.__sub__(set(self), other))


class _BackwardSets(ast.NodeTransformer):
    def visit_Set(self, node: ast.Set) -> ast.expr:
        self.generic_visit(node)
        return ast.Call(ast.Name("set", ast.Load()), [ast.List(node.elts, ast.Load())], [])

    def visit_SetComp(self, node: ast.SetComp) -> ast.expr:
        self.generic_visit(node)
        return ast.Call(ast.Name("set", ast.Load()), [ast.ListComp(node.elt, node.generators)], [])
