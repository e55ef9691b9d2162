"""A program without the conditions that are settled: what a person would have written in the first place."""

from __future__ import annotations

import ast
from typing import Any


def plain(source: str) -> ast.Module:
    """The tree of a source, with `True and x` as `x`, `if False: ...` gone and so on."""
    tree: ast.Module = _Plain().visit(ast.parse(source))
    return ast.fix_missing_locations(tree)


def _settled(node: ast.expr) -> bool | None:
    """True or False for these two as literals. None = anything else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        return node.value
    return None


class _Plain(ast.NodeTransformer):
    def visit_BoolOp(self, node: ast.BoolOp) -> ast.expr:
        self.generic_visit(node)
        settles = isinstance(node.op, ast.Or)
        kept = [value for value in node.values if _settled(value) is not (not settles)]
        if not kept:
            return ast.Constant(not settles)
        place = next((n for n, value in enumerate(kept) if _settled(value) is settles), len(kept))
        before, last = kept[:place], kept[place : place + 1]
        if last and not any(isinstance(part, ast.Call) for value in before for part in ast.walk(value)):
            return last[0]
        kept = before + last
        return kept[0] if len(kept) == 1 else ast.BoolOp(node.op, kept)

    def visit_comprehension(self, node: ast.comprehension) -> ast.comprehension:
        self.generic_visit(node)
        node.ifs[:] = [test for test in node.ifs if _settled(test) is not True]
        return node

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        self.generic_visit(node)
        left, right = node.left, node.comparators[0]
        if not isinstance(left, ast.Constant) or not isinstance(right, ast.Constant) or len(node.ops) > 1:
            return node
        if not isinstance(node.ops[0], (ast.Eq, ast.NotEq)):
            return node
        return ast.Constant((left.value == right.value) is isinstance(node.ops[0], ast.Eq))

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:
        self.generic_visit(node)
        found = _settled(node.operand)
        return node if found is None or not isinstance(node.op, ast.Not) else ast.Constant(not found)

    def visit_IfExp(self, node: ast.IfExp) -> ast.expr:
        self.generic_visit(node)
        found = _settled(node.test)
        return node if found is None else node.body if found else node.orelse

    def visit_If(self, node: ast.If) -> Any:
        self.generic_visit(node)
        found = _settled(node.test)
        return node if found is None else (node.body if found else node.orelse) or None

    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        body = getattr(node, "body", None)
        if isinstance(body, list) and (not body or any(isinstance(s, ast.Pass) for s in body)):
            body[:] = [s for s in body if not isinstance(s, ast.Pass)] or [ast.Pass()]
        return node
