"""Bugs in expressions: bounds, operators, conditions, arguments, sort keys, what was cleaned or copied."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from .change import Change, both, edit, put, replaced
from .queries import query_bugs

Named = tuple[str, Change]
"""The kind of a bug, and the change that makes it."""
_BOUNDS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
}
_OPPOSITES: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.Gt,
    ast.Gt: ast.Lt,
    ast.LtE: ast.GtE,
    ast.GtE: ast.LtE,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.Mod: ast.FloorDiv,
}
_DIVISIONS: dict[type[ast.operator], type[ast.operator]] = {ast.FloorDiv: ast.Div, ast.Div: ast.FloorDiv}
_LARGEST = 100
"""Of the numbers that are off by one: nobody mistypes 604800."""
_CLEANING = frozenset({"strip", "lstrip", "rstrip", "lower", "upper", "casefold", "title", "removeprefix"})
_COPYING = frozenset({"list", "dict", "set", "tuple", "copy"})
_CONVERTING = frozenset({"int", "abs", "float", "str", "round"})
_TWINS = {"max": "min", "min": "max", "any": "all", "all": "any", "rfind": "find", "rsplit": "split"}
_ORDERING = frozenset({"sorted", "sort", "min", "max"})


def expression_bugs(node: ast.AST) -> Iterator[Named]:
    """What can go wrong in the expressions directly below a node."""
    for field, value in ast.iter_fields(node):
        if isinstance(value, ast.expr):
            yield from ((kind, put(node, field, new)) for kind, new in _instead(value))
        elif isinstance(value, list):
            for item in value:
                if isinstance(item, ast.expr):
                    yield from ((kind, replaced(value, item, new)) for kind, new in _instead(item))
    yield from _inside(node)


def _instead(node: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    """What may stand in the place of an expression."""
    if isinstance(node, ast.Constant) and type(node.value) is int and abs(node.value) <= _LARGEST:
        yield "off by one", ast.Constant(node.value + 1)
        yield "off by one", ast.Constant(node.value - 1)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield from ((kind, ast.Constant(text)) for kind, text in query_bugs(node.value))
    elif isinstance(node, ast.Compare) and _is_none(node.comparators[0]):
        if isinstance(node.ops[0], (ast.Is, ast.IsNot)):
            holds = isinstance(node.ops[0], ast.IsNot)
            yield "truth instead of None", node.left if holds else ast.UnaryOp(ast.Not(), node.left)
    elif isinstance(node, ast.UnaryOp) and not isinstance(node.operand, ast.Constant):
        yield "lost negation" if isinstance(node.op, ast.Not) else "wrong sign", node.operand
    elif isinstance(node, ast.BoolOp):
        for lost in node.values:
            rest = [value for value in node.values if value is not lost]
            yield "lost condition", rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)
    elif isinstance(node, ast.Call):
        yield from _instead_of_call(node)


def _instead_of_call(node: ast.Call) -> Iterator[tuple[str, ast.expr]]:
    called = node.func
    if isinstance(called, ast.Attribute):
        if called.attr in _CLEANING:
            yield "lost clean-up", called.value
        elif called.attr == "copy":
            yield "lost copy", called.value
    elif isinstance(called, ast.Name) and len(node.args) == 1:
        if called.id == "sorted":
            yield "lost order", ast.Call(ast.Name("list", ast.Load()), node.args, [])
        elif called.id in _COPYING and not isinstance(node.args[0], ast.GeneratorExp):
            yield "lost copy", node.args[0]
        elif called.id in _CONVERTING:
            yield "lost conversion", node.args[0]


def _inside(node: ast.AST) -> Iterator[Named]:
    """What may change in an expression itself."""
    if isinstance(node, ast.Compare):
        yield from _in_comparison(node)
    elif isinstance(node, ast.BinOp):
        yield from _in_operation(node)
    elif isinstance(node, ast.BoolOp):
        yield "and for or", put(node, "op", ast.Or() if isinstance(node.op, ast.And) else ast.And())
    elif isinstance(node, ast.Slice):
        yield from _in_slice(node)
    elif isinstance(node, ast.Subscript) and _is_zero(node.slice):
        yield "wrong index", put(node, "slice", ast.UnaryOp(ast.USub(), ast.Constant(1)))
    elif isinstance(node, ast.Call):
        yield from _in_call(node)
    elif isinstance(node, ast.comprehension):
        for condition in node.ifs:
            yield "lost condition", replaced(node.ifs, condition)


def _in_comparison(node: ast.Compare) -> Iterator[Named]:
    kind = type(node.ops[0])
    if kind in _BOUNDS:
        yield "wrong bound", put(node, "ops", [_BOUNDS[kind](), *node.ops[1:]])
    if kind in _OPPOSITES:
        yield "wrong comparison", put(node, "ops", [_OPPOSITES[kind](), *node.ops[1:]])


def _in_operation(node: ast.BinOp) -> Iterator[Named]:
    if any(isinstance(side, ast.JoinedStr) or _is_text(side) for side in (node.left, node.right)):
        return
    kind = type(node.op)
    if kind in _OPERATORS:
        yield "wrong operator", put(node, "op", _OPERATORS[kind]())
    if kind in _DIVISIONS:
        yield "wrong division", put(node, "op", _DIVISIONS[kind]())
    if kind is ast.Sub:
        yield "swapped operands", _exchanged(node, "left", "right")


def _in_slice(node: ast.Slice) -> Iterator[Named]:
    for field in ("lower", "upper"):
        bound = getattr(node, field)
        if bound is not None:
            yield "wrong slice", put(node, field, None)
            if not isinstance(bound, ast.Constant):
                yield "wrong slice", put(node, field, ast.BinOp(bound, ast.Add(), ast.Constant(1)))


def _in_call(node: ast.Call) -> Iterator[Named]:
    called = node.func
    name = called.id if isinstance(called, ast.Name) else getattr(called, "attr", "")
    if name in _TWINS:
        yield "wrong function", put(called, "id" if isinstance(called, ast.Name) else "attr", _TWINS[name])
    if name in _ORDERING:
        for keyword in node.keywords:
            yield "wrong order", replaced(node.keywords, keyword)
            yield from _in_key(keyword.value)
    if name == "range" and len(node.args) < 3:
        end = node.args[-1]
        for operator in (ast.Add(), ast.Sub()):
            yield "off by one", replaced(node.args, end, ast.BinOp(end, operator, ast.Constant(1)))
    elif len(node.args) >= 2 and not any(isinstance(arg, ast.Starred) for arg in node.args):
        yield "swapped arguments", edit(node.args, lambda old: [*old[1::-1], *old[2:]])


def _in_key(key: ast.expr) -> Iterator[Named]:
    """A sort key that compares in another order or by less."""
    if isinstance(key, ast.Lambda) and isinstance(key.body, ast.Tuple) and len(key.body.elts) > 1:
        yield "wrong order", edit(key.body.elts, lambda old: old[:-1])
        yield "wrong order", edit(key.body.elts, lambda old: [*old[1::-1], *old[2:]])


def _exchanged(node: Any, one: str, other: str) -> Change:
    return both(put(node, one, getattr(node, other)), put(node, other, getattr(node, one)))


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _is_zero(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and type(node.value) is int and node.value == 0
