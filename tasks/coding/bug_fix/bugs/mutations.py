"""Every bug that a program offers, by kind."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from .change import Change, put
from .expressions import Named, expression_bugs
from .statements import function_bugs, statement_bugs


@dataclass(frozen=True, slots=True)
class Bug:
    """One change that makes a right program wrong, or not: only running it tells."""

    kind: str
    change: Change


def bugs(tree: ast.Module, rng: Random) -> dict[str, list[Bug]]:
    """Kind -> the bugs of that kind, in the order of the program."""
    found: dict[str, list[Bug]] = {}
    for kind, change in _all(tree, rng):
        found.setdefault(kind, []).append(Bug(kind, change))
    return found


def _all(tree: ast.Module, rng: Random) -> Iterator[Named]:
    for node in ast.walk(tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)) or getattr(node, "tick", False):
            continue
        yield from expression_bugs(node)
        for field in ("body", "orelse", "finalbody"):
            block = getattr(node, field, None)
            if isinstance(block, list):
                yield from statement_bugs(block)
        if isinstance(node, ast.FunctionDef):
            yield from _wrong_names(node, rng)
        if isinstance(node, (ast.Module, ast.ClassDef)):
            owner = node if isinstance(node, ast.ClassDef) else None
            for inner in node.body:
                if isinstance(inner, ast.FunctionDef):
                    yield from function_bugs(inner, owner)


def _wrong_names(function: ast.FunctionDef, rng: Random) -> Iterator[Named]:
    """One variable of the function read in place of another."""
    nodes = [node for node in ast.walk(function) if isinstance(node, ast.Name)]
    names = [arg.arg for arg in function.args.args if arg.arg != "self"]
    names = sorted({*names, *(node.id for node in nodes if isinstance(node.ctx, ast.Store))})
    for node in nodes:
        if isinstance(node.ctx, ast.Load) and node.id in names and len(names) > 1:
            yield "wrong variable", put(node, "id", rng.choice([name for name in names if name != node.id]))
