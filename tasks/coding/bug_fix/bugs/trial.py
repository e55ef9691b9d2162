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
_ROOM, _LEAST_STEPS = 2, 2000
"""A program with a bug may take so many times the steps of the right one, and so many more."""

Came = list[str | None]
"""What a case came to, one entry a step: None = what was due, else a value or an error, in words."""
Case = Mapping[str, Any]
"""As the scorer reads it."""


class _Endless(BaseException):
    """Too many steps."""


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
        """A family's cases with what the tree, which is right, gives."""
        solve = self._loaded(self.tree, {})
        made = [_expected(solve, case) for case in cases]
        self.most = _ROOM * self.steps + _LEAST_STEPS
        return made

    def outcomes(self, cases: Sequence[Case]) -> list[Came] | None:
        """What each case comes to, one after another. None = the tree does not load or does not end."""
        try:
            solve = self._loaded(self.tree, {})
            return [_tried(solve, case) for case in cases]
        except (Exception, _Endless):
            return None

    def subtle(self, cases: Sequence[Case], most: int) -> list[Came] | None:
        """What each case comes to, every third first.

        None = none of these is wrong, or more than `most` are, or it does not load or end.
        """
        came: list[Came] = [[] for _ in cases]
        wrong = 0
        try:
            solve = self._loaded(self.tree, {})
            for start in range(3):
                for n in range(start, len(cases), 3):
                    came[n] = _tried(solve, cases[n])
                    wrong += any(came[n])
                    if wrong > most:
                        return None
                if not wrong:
                    return None
        except (Exception, _Endless):
            return None
        return came

    def minds_no_order(self, cases: Sequence[Case], before: Sequence[Came]) -> bool:
        """Whether the outcomes stay the same when sets are gone through in another order."""
        if not any(_makes_set(node) for node in ast.walk(self.tree)):
            return True
        tree = ast.fix_missing_locations(_BackwardSets().visit(copy.deepcopy(self.tree)))
        try:
            solve = self._loaded(tree, {"set": _Backwards})
            return all(_tried(solve, case) == came for case, came in zip(cases, before, strict=True))
        except (Exception, _Endless):
            return False

    def source(self) -> str:
        """The program as it stands, without what counts steps."""
        for node in ast.walk(self.tree):
            if isinstance(node, (ast.For, ast.While)):
                node.body[:] = [s for s in node.body if not hasattr(s, "tick")] or [ast.Pass()]
        return ast.unparse(self.tree) + "\n"

    def _loaded(self, tree: ast.Module, names: dict[str, Any]) -> Any:
        self.steps = 0

        def tick() -> None:
            self.steps += 1
            if self.steps > self.most:
                raise _Endless

        names.update({_TICK: tick, "__name__": "solution"})
        exec(compile(tree, "<solution>", "exec"), names)
        return names[self.name]


def _expected(solve: Any, case: Any) -> dict[str, Any]:
    """A case as the scorer reads it. Raises what the reference raised but ValueError."""
    args = list(case.args)
    if case.steps is None:
        return {"args": args, **_due(solve, args)}
    made, steps = solve(*_copied(args)), []
    for method, given in case.steps:
        steps.append({"method": method, "args": list(given), **_due(getattr(made, method), given)})
    return {"args": args, "steps": steps}


def _due(function: Any, args: Sequence[Any]) -> dict[str, Any]:
    try:
        return {"expected": json.loads(json.dumps(function(*_copied(args))))}
    except ValueError:
        return {"raises": "ValueError"}


def _tried(solve: Any, case: Case) -> Came:
    if "steps" not in case:
        return [_came(solve, case["args"], case)]
    try:
        made = solve(*_copied(case["args"]))
    except Exception as error:
        return [_error(error)] * len(case["steps"])
    return [_came(getattr(made, step["method"], None), step["args"], step) for step in case["steps"]]


def _came(function: Any, args: Sequence[Any], due: Case) -> str | None:
    """What a call comes to, at once: what it gives may go on changing with the object that gave it."""
    try:
        value = function(*_copied(args))
    except Exception as error:
        return None if "raises" in due and isinstance(error, ValueError) else _error(error)
    return None if "raises" not in due and same(due["expected"], value) else repr(value)


def _error(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


_PLAIN = frozenset({str, int, float, bool, type(None)})


def _copied(args: Sequence[Any]) -> list[Any]:
    """Arguments that a program may change."""
    return [arg if type(arg) in _PLAIN else json.loads(json.dumps(arg)) for arg in args]


def _makes_set(node: ast.AST) -> bool:
    named = isinstance(node, ast.Name) and node.id in {"set", "frozenset"}
    return named or isinstance(node, (ast.Set, ast.SetComp))


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
