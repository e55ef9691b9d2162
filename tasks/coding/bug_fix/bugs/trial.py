"""Running a program of ours, or one with a bug put in, on cases: within steps, in this process."""

from __future__ import annotations

import ast
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from whichmodel.scoring.code import same

from . import sets

_TICK = "__tick__"
_ROOM, _LEAST_STEPS = 2, 2000
"""A program with a bug may take so many times the steps of the right one, and so many more."""

_LONGEST_RANGE = _LONGEST_TEXT = 100_000
"""Numbers and characters; a bug that makes more is not looked at."""
_COUNTED = (ast.For, ast.While, ast.FunctionDef)
"""Each time that the body of one begins is a step."""
_STRIDE = 5
"""Every so many-th case is tried first."""

Came = list[str | None]
"""What a case came to, one entry a step: None = what was due, else a value or an error, in words."""
Case = Mapping[str, Any]
"""As the scorer reads it."""


class _Endless(BaseException):
    """Too many steps."""


@dataclass(slots=True)
class Trial:
    """One tree on many cases. What `prepare` puts into it, `source` takes out again."""

    tree: ast.Module
    name: str
    steps: int = 0
    """Of the last run."""
    most: int = 10_000_000
    """Steps after which a run is given up."""
    has_sets: bool = False

    def prepare(self) -> None:
        """Put in the calls that count steps, and sets that keep an order."""
        self.has_sets = sets.makes_sets(self.tree)
        if self.has_sets:
            sets.spell_out(self.tree)
        for node in ast.walk(self.tree):
            if isinstance(node, _COUNTED):
                tick: Any = ast.Expr(ast.Call(ast.Name(_TICK, ast.Load()), [], []))
                tick.tick = tick.value.tick = tick.value.func.tick = True
                node.body.insert(0, ast.fix_missing_locations(tick))

    def reference(self, cases: Sequence[Any]) -> list[dict[str, Any]]:
        """A family's cases with what the tree, which is right, gives."""
        solve = self._loaded()
        made = [_expected(solve, case) for case in cases]
        self.most = _ROOM * self.steps + _LEAST_STEPS
        return made

    def outcomes(self, cases: Sequence[Case]) -> list[Came] | None:
        """What each case comes to, one after another. None = the tree does not load or does not end."""
        try:
            solve = self._loaded()
            return [_tried(solve, case) for case in cases]
        except (Exception, _Endless):
            return None

    def subtle(self, cases: Sequence[Case], most: float) -> list[Came] | None:
        """What each case comes to, a few of them first.

        None = none of these is wrong, or a larger share than `most` is, or it does not load or end.
        """
        came: list[Came] = [[] for _ in cases]
        few, wrong = range(0, len(cases), _STRIDE), 0
        order = [*few, *(n for n in range(len(cases)) if n not in few)]
        try:
            solve = self._loaded()
            for done, n in enumerate(order, start=1):
                came[n] = _tried(solve, cases[n])
                wrong += any(came[n])
                if wrong > most * len(cases) or (done == len(few) and not 0 < wrong <= most * done + 1):
                    return None
        except (Exception, _Endless):
            return None
        return came

    def minds_no_order(self, cases: Sequence[Case], before: Sequence[Came]) -> bool:
        """Whether the outcomes stay the same when sets are gone through in another order."""
        if not self.has_sets:
            return True
        try:
            solve = self._loaded(backwards=True)
            return all(_tried(solve, case) == came for case, came in zip(cases, before, strict=True))
        except (Exception, _Endless):
            return False

    def source(self) -> str:
        """The program as it stands, without what counts steps."""
        for node in ast.walk(self.tree):
            if isinstance(node, _COUNTED):
                node.body[:] = [s for s in node.body if not hasattr(s, "tick")] or [ast.Pass()]
        if self.has_sets:
            sets.restore(self.tree)
        text = ast.unparse(self.tree)
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and "\n " in node.value:
                text = text.replace(repr(node.value), f'"""{node.value}"""')
        return text + "\n"

    def _loaded(self, *, backwards: bool = False) -> Any:
        self.steps = 0

        def tick() -> None:
            self.steps += 1
            if self.steps > self.most:
                raise _Endless

        namespace: dict[str, Any] = {_TICK: tick, "range": _range, "__name__": "solution"}
        if self.has_sets:
            namespace |= sets.names(backwards=backwards)
        exec(compile(self.tree, "<solution>", "exec"), namespace)
        return namespace[self.name]


def _range(*bounds: Any) -> range:
    found = range(*bounds)
    if len(found) > _LONGEST_RANGE:
        raise _Endless
    return found


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
    if isinstance(value, str) and len(value) > _LONGEST_TEXT:
        raise _Endless
    return None if "raises" not in due and same(due["expected"], value) else repr(value)


def _error(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


_PLAIN = frozenset({str, int, float, bool, type(None)})


def _copied(args: Sequence[Any]) -> list[Any]:
    """Arguments that a program may change."""
    return [arg if type(arg) in _PLAIN else json.loads(json.dumps(arg)) for arg in args]
