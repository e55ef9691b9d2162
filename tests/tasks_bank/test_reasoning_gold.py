"""The golds of the puzzles, worked out again from nothing but what the prompt says."""

from __future__ import annotations

import ast
import json
import re
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest

from whichmodel import registry

Cell = tuple[int, int]
ITEMS = registry.bank(registry.find(["puzzles"])[0], count=1080).items
WEEKDAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
MONTH_DAY = r"([A-Z][a-z]+) (\d+)"


def basic_arithmetic(text: str) -> str:
    written = re.search(r"[-(\d][-\d+*/(). ]*\d[) ]*", text)
    assert written
    return str(_exact(ast.parse(written[0].strip().rstrip("."), mode="eval").body))


def _exact(node: ast.expr) -> Fraction:
    if isinstance(node, ast.UnaryOp):
        return -_exact(node.operand)
    if isinstance(node, ast.BinOp):
        left, right = _exact(node.left), _exact(node.right)
        sign = {ast.Add: left + right, ast.Sub: left - right, ast.Mult: left * right}
        return sign[type(node.op)]
    assert isinstance(node, ast.Constant)
    return Fraction(int(str(node.value)))


def decimal_chain_sum(text: str) -> str:
    chain = re.findall(r"([+-]?) ?(\d+(?:\.\d+)?)", text.partition(":")[2])
    return str(sum((Decimal(sign + digits) for sign, digits in chain), Decimal(0)))


def dice(text: str) -> str:
    rolls = {0: 1}
    sides = [int(size) for size in re.findall(r"1d(\d+)", text.partition("What")[0])]
    for size in sides:
        rolls = {
            total: sum(rolls.get(total - face, 0) for face in range(1, size + 1))
            for total in range(1, max(rolls) + size + 1)
        }
    least = int(re.findall(r"rolling (\d+) or higher", text)[0])
    return str(Fraction(sum(n for total, n in rolls.items() if total >= least), sum(rolls.values())))


def cryptarithm(text: str, answer: str) -> bool:
    digits = dict(pair.split("=") for pair in answer.split(","))
    words = re.findall(r"^[+ ]*([A-Z]+)$", text, re.MULTILINE)
    numbers = ["".join(digits[letter] for letter in word) for word in words]
    assert len(set(digits.values())) == len(digits) == len(set("".join(words)))
    assert not any(number.startswith("0") for number in numbers)
    return sum(map(int, numbers[:-1])) == int(numbers[-1])


def grid(text: str, signs: str = "01") -> list[list[str]]:
    rows = re.findall(rf"^[{signs}](?: [{signs}])+ *$", text, re.MULTILINE)
    return [row.split() for row in rows]


def distances(cells: set[Cell], sources: Sequence[Cell]) -> dict[Cell, int]:
    """Steps in four directions from the nearest source, over `cells`."""
    found = dict.fromkeys(sources, 0)
    queue = deque(sources)
    while queue:
        row, column = queue.popleft()
        for cell in ((row + 1, column), (row - 1, column), (row, column + 1), (row, column - 1)):
            if cell in cells and cell not in found:
                found[cell] = found[row, column] + 1
                queue.append(cell)
    return found


def places(rows: Sequence[Sequence[str]], signs: str) -> list[Cell]:
    return [(r, c) for r, row in enumerate(rows) for c, sign in enumerate(row) if sign in signs]


def shortest_path(text: str, answer: str) -> bool:
    rows = grid(text, "OX*#")
    (start,), (goal,) = places(rows, "*"), places(rows, "#")
    steps = distances(set(places(rows, "O*#")), [start]).get(goal)
    if answer == "infeasible":
        return steps is None
    return steps == len(answer.split())


def path_star(text: str, answer: str) -> bool:
    task = text.partition("following task:")[2]
    edges = set(re.findall(r"(?<=\|)(\d+) (\d+)", task))
    ends = re.findall(r"/(\d+) (\d+)", task)[0]
    nodes = answer.split()
    return (nodes[0], nodes[-1]) == ends and set(pairwise(nodes)) <= edges


def rotten_oranges(text: str) -> str:
    rows = grid(text, "012")
    minutes = distances(set(places(rows, "12")), places(rows, "2"))
    assert set(places(rows, "1")) <= minutes.keys()
    return str(max(minutes.values()))


def largest_island(text: str) -> str:
    land = set(places(grid(text), "1"))
    return str(max(len(distances(land, [cell])) for cell in land))


def maze(text: str) -> str:
    start, goal = re.findall(r"from '(.)' \(start\) to '(.)' \(goal\)", text)[0]
    rows = text.split("```")[1].strip("\n").split("\n")
    wall = re.findall(r"'(.)' = Wall", text)[0]
    open_cells = {cell for cell in places(rows, "".join(rows)) if rows[cell[0]][cell[1]] != wall}
    (here,) = places(rows, start)
    (there,) = places(rows, goal)
    return str(distances(open_cells, [here])[there])


def color_cube_rotation(text: str) -> str:
    faces: dict[str, str] = {side: color for color, side in re.findall(r"- an? ([a-z]+) ([a-z]+) side", text)}
    turns = {"front": ("top", "front", "bottom", "back"), "right": ("top", "right", "bottom", "left")}
    turns |= {"back": turns["front"][::-1], "left": turns["right"][::-1]}
    turned = re.findall(r"(?:at the|bring the|make the|its|Next, the) (front|right|back|left|bottom)", text)
    for side in turned:
        ring = turns[side]
        faces |= dict(zip(ring, [faces[ring[(n + 1) % 4]] for n in range(4)], strict=True))
    asked = re.findall(r"color of the ([a-z]+) side of the cube\?", text)
    return faces[str(asked[0])]


def calendar_arithmetic(text: str) -> str:
    if offset := re.search(r"(\d+)[ -]days?", text):
        name, day, year = re.findall(rf"{WEEKDAY}, {MONTH_DAY}, (\d+)", text)[0]
        back = re.search("ago|before|backward", text) is not None
        start = datetime.strptime(f"{name} {day} {year}", "%B %d %Y")
        return f"{start + timedelta(days=int(offset[1]) * (-1 if back else 1)):%A}"
    wanted = re.findall(rf"({WEEKDAY})s are|occurrences of ({WEEKDAY})|does ({WEEKDAY}) occur", text)[0]
    year = int(re.findall(r"\b20\d\d\b", text)[0])
    named = re.findall(rf"{WEEKDAY}, {MONTH_DAY}", text)
    first, last = (datetime.strptime(f"{n} {d} {year}", "%B %d %Y") for n, d in named)
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return str(sum(f"{day:%A}" in wanted for day in days))


def time_intervals(text: str) -> str:
    text = re.sub(rf"\({WEEKDAY}\)|\b{WEEKDAY},|\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b|\bat (?=\d\d:)", "", text)
    stamp = (
        r"(?:\d{4}-\d\d-\d\d|\d\d/\d\d/\d{4}|[A-Z][a-z]+ \d\d,? \d{4}|\d\d [A-Z][a-z]+ \d{4})"
        r"(?:,? +\d\d:\d\d(?::\d\d)?)?(?: [+-]\d{4})?|\d\d:\d\d:\d\d"
    )
    start, end = (_moment(found) for found in re.findall(stamp, text)[:2])
    gone = end - start
    if "D days" not in text:
        return str(gone).rjust(8, "0")
    clock = (datetime.min + timedelta(seconds=gone.seconds)).strftime(
        "%H:%M:%S" if "HH:MM:SS" in text else "%H:%M"
    )
    return f"{gone.days} days, {clock}" if "HH" in text else f"{gone.days} days"


def _moment(written: str) -> datetime:
    plain = " ".join(written.replace(",", " ").split())
    for day in ("%Y-%m-%d", "%m/%d/%Y", "%B %d %Y", "%b %d %Y", "%d %B %Y"):
        for clock in ("", " %H:%M", " %H:%M:%S"):
            for zone in ("", " %z"):
                try:
                    return datetime.strptime(plain, day + clock + zone)
                except ValueError:
                    continue
    return datetime.strptime(plain, "%H:%M:%S")


def ab(text: str) -> str:
    program = re.findall(r"following program:\s+([AB# ]+)", text)[0].split()
    rules: dict[tuple[str, str], list[str]]
    rules = {("A#", "#A"): [], ("B#", "#B"): [], ("A#", "#B"): ["#B", "A#"], ("B#", "#A"): ["#A", "B#"]}
    while pairs := [n for n in range(len(program) - 1) if (program[n], program[n + 1]) in rules]:
        at = pairs[-1]
        program[at : at + 2] = rules[program[at], program[at + 1]]
    return " ".join(program)


def game_of_life(text: str) -> str:
    board = json.loads(re.findall(r"(\[\[(?:(?!\[\[).)*?\]\])\.", text, re.DOTALL)[-1])
    size = len(board)

    def alive(row: int, column: int) -> int:
        around = sum(
            board[(row + down) % size][(column + right) % size]
            for down in (-1, 0, 1)
            for right in (-1, 0, 1)
            if down or right
        )
        return int(around == 3 or (around == 2 and board[row][column]))

    after = [[alive(row, column) for column in range(size)] for row in range(size)]
    return json.dumps(after, separators=(",", ":"))


COMPUTED: Mapping[str, Callable[[str], str]] = {
    "basic_arithmetic": basic_arithmetic,
    "decimal_chain_sum": decimal_chain_sum,
    "dice": dice,
    "rotten_oranges": rotten_oranges,
    "largest_island": largest_island,
    "maze": maze,
    "color_cube_rotation": color_cube_rotation,
    "calendar_arithmetic": calendar_arithmetic,
    "time_intervals": time_intervals,
    "time_zones": time_intervals,
    "ab": ab,
    "game_of_life": game_of_life,
}
CHECKED: Mapping[str, Callable[[str, str], bool]] = {
    "cryptarithm": cryptarithm,
    "shortest_path": shortest_path,
    "path_star": path_star,
}


def of(family: str) -> Iterator[tuple[str, str]]:
    """Question and gold of each puzzle of a family."""
    for item in ITEMS:
        if item.stratum.endswith(f"/{family}"):
            yield item.input.partition("Think as long as you need.")[0], str(item.target)


@pytest.mark.parametrize("family", COMPUTED)
def test_the_gold_is_what_the_prompt_comes_to(family: str) -> None:
    puzzles = list(of(family))
    assert len(puzzles) == 60
    assert [text for text, gold in puzzles if not same(COMPUTED[family](text), gold)] == []


@pytest.mark.parametrize("family", CHECKED)
def test_the_gold_is_a_solution_of_what_the_prompt_asks(family: str) -> None:
    puzzles = list(of(family))
    assert len(puzzles) == 60
    assert [text for text, gold in puzzles if not CHECKED[family](text, gold)] == []


def same(computed: str, gold: str) -> bool:
    try:
        return Decimal(computed) == Decimal(gold)
    except ArithmeticError:
        return computed == gold
