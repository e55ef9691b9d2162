"""A program without the conditions that are settled: what a person would have written in the first place."""

from __future__ import annotations

import ast
from typing import Any


def plain(source: str) -> ast.Module:
    """The tree of a source, with `True and x` as `x`, `if False: ...` gone and so on."""
    return ast.fix_missing_locations(_Plain().visit(ast.parse(source)))


class _Plain(ast.NodeTransformer):
    def visit_BoolOp(self, node: ast.BoolOp) -> ast.expr:
        self.generic_visit(node)
        settles = isinstance(node.op, ast.Or)
        kept: list[ast.expr] = []
        for value in node.values:
            if not _is_bool(value):
                kept.append(value)
            elif value.value is settles:  # type: ignore[attr-defined]
                kept.append(value)
                break
        if not kept:
            return ast.Constant(not settles)
        if _is_bool(kept[-1]) and not any(isinstance(n, ast.Call) for value in kept for n in ast.walk(value)):
            return kept[-1]
        return kept[0] if len(kept) == 1 else ast.BoolOp(node.op, kept)

    def visit_comprehension(self, node: ast.comprehension) -> ast.comprehension:
        self.generic_visit(node)
        node.ifs[:] = [test for test in node.ifs if not (_is_bool(test) and test.value)]  # type: ignore[attr-defined]
        return node

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        self.generic_visit(node)
        sides = (node.left, node.comparators[0])
        if len(node.ops) > 1 or not all(isinstance(side, ast.Constant) for side in sides):
            return node
        if not isinstance(node.ops[0], (ast.Eq, ast.NotEq)):
            return node
        same = sides[0].value == sides[1].value  # type: ignore[attr-defined]
        return ast.Constant(same is isinstance(node.ops[0], ast.Eq))

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:
        self.generic_visit(node)
        if isinstance(node.op, ast.Not) and _is_bool(node.operand):
            return ast.Constant(not node.operand.value)  # type: ignore[attr-defined]
        return node

    def visit_IfExp(self, node: ast.IfExp) -> ast.expr:
        self.generic_visit(node)
        if _is_bool(node.test):
            return node.body if node.test.value else node.orelse  # type: ignore[attr-defined]
        return node

    def visit_If(self, node: ast.If) -> Any:
        self.generic_visit(node)
        if _is_bool(node.test):
            return (node.body if node.test.value else node.orelse) or None  # type: ignore[attr-defined]
        return node

    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        body = getattr(node, "body", None)
        if isinstance(body, list) and any(isinstance(statement, ast.Pass) for statement in body):
            body[:] = [s for s in body if not isinstance(s, ast.Pass)] or [ast.Pass()]
        return node


def _is_bool(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, bool)
