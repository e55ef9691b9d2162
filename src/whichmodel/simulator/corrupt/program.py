"""Errors of programming: slips in the reference's syntax tree. The result still compiles."""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Callable, Iterator
from random import Random

from whichmodel.simulator.answers import Question

FENCE = re.compile(r"```(?:python|py)?[ \t]*\n(.*?)```", re.DOTALL)
SLIPS = 2
"""Where one may sit in a branch that no case reaches, two hardly ever both do."""
Change = Callable[[], None]

COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.Div: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
}
QUERY = re.compile(r"\b(?:SELECT|INSERT INTO|UPDATE|DELETE FROM)\b")
"""What a string constant holds that is a query."""
WORDS = {
    " >= ": " > ",
    " > ": " >= ",
    " <= ": " < ",
    " < ": " <= ",
    " = ": " <> ",
    " <> ": " = ",
    " + ": " - ",
    " - ": " + ",
    " * ": " + ",
    " AND ": " OR ",
    " OR ": " AND ",
    " DESC": " ASC",
    " ASC": " DESC",
    "SUM(": "MAX(",
    "MAX(": "MIN(",
    "MIN(": "MAX(",
    "COUNT(": "MAX(",
    " LEFT JOIN ": " JOIN ",
    " IS NULL": " IS NOT NULL",
    " IS NOT NULL": " IS NULL",
}
"""Words of a query and what a slip makes of them."""
WORD = re.compile("|".join(map(re.escape, sorted(WORDS, key=len, reverse=True))))


def wrong(question: Question, chance: Random) -> str:
    """The reference's program with slips: operator, comparison, bound, what is returned, word of a query."""
    reference = question.item.reference
    found = FENCE.search(reference)
    source = found.group(1) if found else reference
    try:
        mutated = _mutated(source, chance)
    except (SyntaxError, ValueError):  # A function's body alone, which goes on where its prompt ends.
        return described(reference)
    return reference.replace(source, mutated + "\n") if found else mutated


def described(text: str) -> str:
    """A description where a program was asked for."""
    found = FENCE.search(text)
    names = re.findall(r"def (\w+)", found.group(1) if found else text)
    name = f"`{names[0]}`" if names else "the function"
    return f"To solve this, {name} would go through its input step by step and return the result at the end."


def _mutated(source: str, chance: Random) -> str:
    """The program with slips. Raises SyntaxError or ValueError where the source is no Python."""
    tree = ast.parse(source)
    changes = list(_changes(tree))
    if not changes:
        return _without_result(tree)
    for change in chance.sample(changes, min(SLIPS, len(changes))):
        change()
    return ast.unparse(ast.fix_missing_locations(tree))


def _without_result(tree: ast.Module) -> str:
    """The program with empty functions: what is left where nothing else can be changed."""
    empty = copy.deepcopy(tree)
    for node in ast.walk(empty):
        if isinstance(node, ast.FunctionDef):
            node.body = [ast.Pass()]
    return ast.unparse(ast.fix_missing_locations(empty))


def _changes(tree: ast.Module) -> Iterator[Change]:
    """Every slip this program offers, each to be made in place."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare) and type(node.ops[0]) in COMPARISONS:
            yield _comparison(node)
        elif isinstance(node, ast.BinOp) and type(node.op) in OPERATORS and not _formats(node):
            yield _operator(node)
        elif isinstance(node, ast.Return) and node.value is not None and not _slips_itself(node.value):
            yield _returned(node, node.value)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "range":
            yield _bound(node)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and QUERY.search(node.value):
            yield from _queried(node, node.value)


def _queried(node: ast.Constant, query: str) -> Iterator[Change]:
    """A query's slips, one a word; each takes the place that the word has after the slips before it."""

    def slip(place: int) -> Change:
        def change() -> None:
            found = list(WORD.finditer(str(node.value)))[place:][:1]
            for word in found:
                node.value = f"{word.string[: word.start()]}{WORDS[word[0]]}{word.string[word.end() :]}"

        return change

    return map(slip, range(len(WORD.findall(query))))


def _formats(node: ast.BinOp) -> bool:
    """`"%s" % x` formats; another operator would only crash."""
    return isinstance(node.left, ast.Constant) and isinstance(node.left.value, str)


def _comparison(node: ast.Compare) -> Change:
    def change() -> None:
        node.ops[0] = COMPARISONS[type(node.ops[0])]()

    return change


def _operator(node: ast.BinOp) -> Change:
    def change() -> None:
        node.op = OPERATORS[type(node.op)]()

    return change


def _bound(node: ast.Call) -> Change:
    """The end of a range, one too early."""

    def change() -> None:
        place = 0 if len(node.args) == 1 else 1
        node.args[place] = ast.BinOp(node.args[place], ast.Sub(), ast.Constant(1))

    return change


def _returned(node: ast.Return, value: ast.expr) -> Change:
    """What is returned: a number off by one, a truth turned round, a sequence without its last element."""

    def change() -> None:
        if isinstance(value, ast.Constant) and isinstance(value.value, bool):
            node.value = ast.Constant(not value.value)
        elif isinstance(value, ast.Compare | ast.BoolOp) or _is_not(value):
            node.value = ast.UnaryOp(ast.Not(), value)
        elif isinstance(value, ast.BinOp) or (
            isinstance(value, ast.Constant) and isinstance(value.value, int | float)
        ):
            node.value = ast.BinOp(value, ast.Add(), ast.Constant(1))
        elif isinstance(value, ast.ListComp | ast.JoinedStr) or (isinstance(value, ast.List) and value.elts):
            node.value = ast.Subscript(
                value, ast.Slice(None, ast.UnaryOp(ast.USub(), ast.Constant(1))), ast.Load()
            )
        else:
            node.value = ast.Constant(None)

    return change


def _is_not(value: ast.expr) -> bool:
    return isinstance(value, ast.UnaryOp) and isinstance(value.op, ast.Not)


def _slips_itself(value: ast.expr) -> bool:
    """None stays; a comparison has its own slip, which turning it round would take back."""
    if isinstance(value, ast.Compare):
        return type(value.ops[0]) in COMPARISONS
    return isinstance(value, ast.Constant) and value.value is None
