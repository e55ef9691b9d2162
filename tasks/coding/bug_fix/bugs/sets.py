"""Sets that are gone through in a known order, so that a program gives the same in every process."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import Any

_MAKING = ("__or__", "__and__", "__sub__", "__xor__", "__ror__", "__rand__", "__rsub__", "__rxor__", "copy",
           "union", "intersection", "difference", "symmetric_difference")  # fmt: skip


def names(*, backwards: bool) -> dict[str, type]:
    """What `set` and `frozenset` are to stand for."""
    return dict(_BACKWARDS if backwards else _FORWARDS)


def _ordered(base: Any, *, backwards: bool) -> type:
    def through(self: Any) -> Iterator[Any]:
        return iter(sorted(base.__iter__(self), key=repr, reverse=backwards))

    def pop(self: Any) -> Any:
        first = next(through(self), None)
        if not self:
            raise KeyError("pop from an empty set")
        self.remove(first)
        return first

    def shown(self: Any) -> str:
        return f"{{{', '.join(map(repr, through(self)))}}}" if self else f"{base.__name__}()"

    body: dict[str, Any] = {"__iter__": through, "__repr__": shown, "__hash__": base.__hash__}
    if base is set:
        body["pop"] = pop
    made = type(base.__name__, (base,), body)
    for name in _MAKING:
        setattr(made, name, _remade(made, getattr(base, name)))
    return made


def _remade(made: type, method: Callable[..., Any]) -> Callable[..., Any]:
    def remade(*args: Any) -> Any:
        found = method(*args)
        return found if found is NotImplemented else made(found)

    return remade


_FORWARDS = {base.__name__: _ordered(base, backwards=False) for base in (set, frozenset)}
_BACKWARDS = {base.__name__: _ordered(base, backwards=True) for base in (set, frozenset)}


def makes_sets(tree: ast.AST) -> bool:
    """Whether a program makes any set."""
    return any(
        isinstance(node, (ast.Set, ast.SetComp)) or (isinstance(node, ast.Name) and node.id in _FORWARDS)
        for node in ast.walk(tree)
    )


def spell_out(tree: ast.Module) -> None:
    """`{...}` as `set([...])`, in place; the nodes know what they were."""
    _SpellOut().visit(tree)
    ast.fix_missing_locations(tree)


def restore(tree: ast.Module) -> None:
    """What `spell_out` changed, as it was."""
    _Restore().visit(tree)
    ast.fix_missing_locations(tree)


class _SpellOut(ast.NodeTransformer):
    def visit_Set(self, node: ast.Set) -> ast.expr:
        self.generic_visit(node)
        return _call(ast.List(node.elts, ast.Load()))

    def visit_SetComp(self, node: ast.SetComp) -> ast.expr:
        self.generic_visit(node)
        return _call(ast.ListComp(node.elt, node.generators))


def _call(inner: ast.expr) -> ast.expr:
    call = ast.Call(ast.Name("set", ast.Load()), [inner], [])
    setattr(call, "was_braces", True)  # noqa: B010  (a mark of our own on the node)
    return call


class _Restore(ast.NodeTransformer):
    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        if not hasattr(node, "was_braces"):
            return node
        inner = node.args[0]
        if isinstance(inner, ast.ListComp):
            return ast.SetComp(inner.elt, inner.generators)
        return ast.Set(inner.elts) if isinstance(inner, ast.List) and inner.elts else node
