"""Bugs in statements: lost branches and updates, loops that end too early, state that is shared."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from .change import Change, both, edit, extended, put, replaced, without
from .expressions import Named

_UPDATES = frozenset({"append", "add", "extend", "update", "pop", "remove", "sort", "insert", "discard",
                      "setdefault", "clear", "appendleft", "popleft"})  # fmt: skip


def statement_bugs(body: list[Any]) -> Iterator[Named]:
    """What can go wrong with the statements of a block."""
    for index, node in enumerate(body):
        if isinstance(node, ast.If):
            yield from _in_branch(body, node)
        elif isinstance(node, ast.AugAssign):
            yield "lost update", without(body, node)
            yield "overwritten", replaced(body, node, ast.Assign([node.target], node.value))
        elif _updates(node):
            yield "lost update", without(body, node)
        elif isinstance(node, ast.Continue):
            yield "wrong way out", replaced(body, node, ast.Break())
        elif isinstance(node, ast.Break):
            yield "wrong way out", without(body, node)
        elif isinstance(node, ast.For):
            yield from _in_loop(node, body[index + 1] if index + 1 < len(body) else None)


def _in_branch(body: list[Any], node: ast.If) -> Iterator[Named]:
    refuses = isinstance(node.body[0], ast.Raise)
    if node.orelse:
        yield "lost branch", replaced(body, node, *node.orelse)
        yield "lost branch", put(node, "orelse", [])
    else:
        yield "lost check" if refuses else "lost branch", without(body, node)


def _in_loop(node: ast.For, after: ast.stmt | None) -> Iterator[Named]:
    if isinstance(after, ast.Return):
        yield "early return", extended(node.body, after)
    elif not isinstance(node.body[-1], (ast.Return, ast.Raise, ast.Continue)):
        yield "wrong way out", extended(node.body, ast.Break())


def function_bugs(function: ast.FunctionDef, owner: ast.ClassDef | None) -> Iterator[Named]:
    """What can go wrong with a function as a whole: a value that was to be made anew for each call."""
    for node in function.body:
        if not isinstance(node, ast.Assign) or len(node.targets) != 1 or not _is_empty(node.value):
            continue
        target = node.targets[0]
        if isinstance(target, ast.Name) and owner is None and not function.args.kwonlyargs:
            default = _with_default(function, target.id, node.value)
            yield "mutable default", both(without(function.body, node), default)
        elif isinstance(target, ast.Attribute) and owner is not None and function.name == "__init__":
            shared = ast.Assign([ast.Name(target.attr, ast.Store())], node.value)
            yield "shared state", both(without(function.body, node), _first(owner.body, shared))


def _with_default(function: ast.FunctionDef, name: str, value: ast.expr) -> Change:
    arguments = function.args
    return both(
        extended(arguments.args, ast.arg(name)),
        extended(arguments.defaults, value),
    )


def _first(body: list[Any], node: ast.stmt) -> Change:
    return edit(body, lambda old: [node, *old])


def _updates(node: ast.stmt) -> bool:
    """Whether a statement does nothing but change an object."""
    if isinstance(node, ast.Assign):
        return not isinstance(node.targets[0], (ast.Name, ast.Tuple))
    call = node.value if isinstance(node, ast.Expr) else None
    return isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in _UPDATES


def _is_empty(value: ast.expr) -> bool:
    """Whether it is `[]`, `{}` or `set()`."""
    if isinstance(value, ast.Call):
        return (
            isinstance(value.func, ast.Name) and value.func.id in {"set", "list", "dict"} and not value.args
        )
    return (isinstance(value, ast.List) and not value.elts) or (
        isinstance(value, ast.Dict) and not value.keys
    )
