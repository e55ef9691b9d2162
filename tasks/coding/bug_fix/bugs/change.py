"""Changes of a syntax tree that can be taken back."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

Undo = Callable[[], None]
Change = Callable[[], Undo]
"""Makes the change in place and gives what takes it back."""


def put(node: ast.AST, field: str, value: Any) -> Change:
    """Another value in a field of a node."""

    def change() -> Undo:
        old = getattr(node, field)
        setattr(node, field, value)
        if isinstance(value, ast.AST):
            ast.fix_missing_locations(value)
        return lambda: setattr(node, field, old)

    return change


def edit(items: list[Any], edited: Callable[[list[Any]], list[Any]]) -> Change:
    """A list of nodes with another content, made of what it holds when the change is made."""

    def change() -> Undo:
        old = list(items)
        items[:] = edited(old)
        for item in items:
            ast.fix_missing_locations(item)
        return lambda: items.__setitem__(slice(None), old)

    return change


def replaced(items: list[Any], item: ast.AST, *new: ast.AST) -> Change:
    """A list with other items in the place of one."""
    return edit(items, lambda old: [two for one in old for two in (new if one is item else [one])])


def without(items: list[Any], item: ast.AST) -> Change:
    """A list of statements without one of them; `pass` where none is left."""
    return edit(items, lambda old: [one for one in old if one is not item] or [ast.Pass()])


def extended(items: list[Any], item: ast.AST) -> Change:
    """A list with one more item at its end."""
    return edit(items, lambda old: [*old, item])


def both(first: Change, second: Change) -> Change:
    """Two changes as one."""

    def change() -> Undo:
        undos = [first(), second()]

        def undo() -> None:
            for one in reversed(undos):
                one()

        return undo

    return change
