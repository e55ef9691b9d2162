"""Text for people: tables in Markdown, differences of two texts."""

from __future__ import annotations

from random import Random
from typing import Any

from .problem import Family, Problem, call, name, program, prose

Row = dict[str, Any]

_TABLE_RULES = """
Write `@name@(rows)`, which writes a list of dicts as a table in Markdown and returns its lines as a list of
strings.

- The columns are all keys that occur, @order@. Without any row the result is `[]`; a row may be an empty
  dict, but when all are, `ValueError` is raised.
- A cell's text: a string as it is, an int in decimal digits, `True` and `False` as `@yes@` and `@no@`, a
  missing key or `None` as `@none@`. In the text of a string, and in the column's name, every `|` is then
  preceded by a backslash and every `\\n` becomes `@break@`.
- After that, a text (of a cell or a heading) of more than @most@ characters is cut to its first @kept@
  characters and `@dots@`.
- A column is numeric when at least one of its values is an int (`True` and `False` are not ints here) and
  the others are ints, `None` or missing. Numeric columns are right-aligned, all others left-aligned, their
  heading too.
- @total@
- Every column is as wide as its widest text, heading included, but at least @least@ characters. Lines have
  the form `| a | b |`: each text is filled up with blanks to the column's width. The second line, after the
  headings, has for each column `-` characters over the whole width, the last of them replaced by `:` in
  numeric columns.
"""

_TABLE = """
def shown(value):
    if value is None:
        text = "@none@"
    elif isinstance(value, bool):
        text = "@yes@" if value else "@no@"
    elif isinstance(value, int):
        text = str(value)
    else:
        text = value.replace("|", "\\\\|").replace("\\n", "@break@")
    return text if len(text) <= @most@ else text[:@kept@] + "@dots@"


def is_number(value):
    return isinstance(value, int) and not isinstance(value, bool)


def @name@(rows):
    if not rows:
        return []
    columns = @columns@
    if not columns:
        raise ValueError("no columns")
    numeric = {}
    for column in columns:
        values = [row.get(column) for row in rows]
        numbers = [value for value in values if is_number(value)]
        numeric[column] = bool(numbers) and all(value is None or is_number(value) for value in values)
    body = list(rows)
    if @totals@ and len(rows) >= @fewest@ and any(numeric.values()):
        sums = {c: sum(row.get(c) or 0 for row in rows) for c in columns if numeric[c]}
        body.append({c: sums.get(c, "") for c in columns})
        if not numeric[columns[0]]:
            body[-1][columns[0]] = "@label@"
    texts = [[shown(row.get(column)) for column in columns] for row in body]
    texts.insert(0, [shown(column) for column in columns])
    widths = [max(@least@, *(len(line[i]) for line in texts)) for i in range(len(columns))]
    lines = []
    for line in texts:
        cells = [
            text.rjust(width) if numeric[column] else text.ljust(width)
            for text, width, column in zip(line, widths, columns)
        ]
        lines.append("| " + " | ".join(cells) + " |")
    rule = ["-" * (width - 1) + (":" if numeric[c] else "-") for width, c in zip(widths, columns)]
    lines.insert(1, "| " + " | ".join(rule) + " |")
    return lines
"""

_COLUMNS = [
    ("in the order in which they first occur", "list(dict.fromkeys(key for row in rows for key in row))"),
    ("A to Z (as `sorted` compares strings)", "sorted({key for row in rows for key in row})"),
    (
        "those that most rows have first, equal ones in the order in which they first occur",
        "sorted(dict.fromkeys(k for r in rows for k in r), key=lambda k: -sum(k in r for r in rows))",
    ),
]


def markdown_tables(rng: Random) -> Problem:
    """Records as a table in Markdown."""
    order, columns = rng.choice(_COLUMNS)
    yes, no = rng.choice([("yes", "no"), ("x", "o"), ("true", "false"), ("✓", "✗")])
    totals, fewest, most, dots = (
        rng.random() < 0.6,
        rng.randint(1, 3),
        rng.randint(7, 14),
        rng.choice(["…", "..", ">"]),
    )
    label = rng.choice(["Total", "Sum", "All"])
    words: dict[str, Any] = {
        "name": name(rng, "write format draw layout", "table grid sheet rows"),
        "yes": yes,
        "no": no,
        "none": rng.choice(["-", "n/a", "?", "(none)"]),
        "break": rng.choice(["<br>", " ", "¶", " / "]),
        "most": most,
        "kept": most - len(dots),
        "dots": dots,
        "least": rng.randint(2, 5),
        "label": label,
    }
    last = (
        f"With {fewest} row(s) or more and at least one numeric column, a last line gives the sum of each "
        "numeric "
        "column (missing values and `None` count as 0); in its other columns it has no text, but "
        f"`{label}` in the first "
        "column if that one is not numeric. Sums are cut like other texts and count for the widths."
    )
    reference = program(_TABLE, **words, columns=columns, totals=totals, fewest=fewest)
    return Problem(
        name=words["name"],
        rules=prose(
            _TABLE_RULES, **words, order=order, total=last if totals else "There is no line of sums."
        ),
        reference=reference,
        examples=[
            call([{"item": "bolt", "count": rng.randint(2, 9999)}, {"item": "a|b", "open": True}]),
            call([{"n": rng.randint(1, 99)}]),
        ],
        cases=[call(rows) for rows in [*_table_edges(most), *(_rows(rng, most) for _ in range(12))]],
    )


def _table_edges(most: int) -> list[list[Row]]:
    long = "m" * most
    return [
        [], [{}], [{}, {}], [{}, {"a": 1}], [{"a": None}], [{"a": 1}, {"a": None}], [{"a": True}, {"a": 2}],
        [{"a": True, "b": False}], [{"a": "1"}, {"a": 2}], [{"b": 1}, {"a": 2}],
        [{"b": 1, "c": "x"}, {"c": "y"}], [{"c": 1}, {"b": 1, "a": 1}, {"a": 5}], [{"a": long}],
        [{"a": f"{long}m"}], [{"a": f"{long[:-1]}|"}], [{"a": f"{long[:-3]}|xy"}], [{"a": "p\nq"}],
        [{"x|y": "\n"}], [{long + "name": 3}], [{"a": -5}, {"a": 12345}], [{"a": 0, "b": ""}],
        [{"a": 10**most}], [{"a": 999, "t": "u"}, {"a": 1, "t": "v"}, {"a": None, "t": None}],
        [{"t": "u", "a": 999}, {"t": "v", "a": 1}], [{"t": "u", "a": 7}], [{"a": "é", "b": "日本"}],
        [{"": 1, "b": "blank"}], [{"a": "\\|"}],
        [{"b": 1, "a": "x"}, {"b": 2, "a": None}, {"b": 3}, {"b": -6}],
    ]  # fmt: skip


def _rows(rng: Random, most: int) -> list[Row]:
    columns = rng.sample(["item", "qty", "Price", "ok", "note", "x|y"], rng.randint(2, 5))
    numbers = {column for column in columns if rng.random() < 0.5}
    made = []
    for _ in range(rng.randint(1, 6)):
        row: Row = {}
        for column in rng.sample(columns, len(columns)):
            words = [
                "bolt",
                "a|b",
                "",
                True,
                False,
                "two words",
                "z" * rng.randint(most - 1, most + 2),
                "l1\nl2",
                7,
            ]
            number = rng.choice([rng.randint(-9, 9), rng.randint(100, 99999), None])
            row[column] = number if column in numbers else rng.choice([*words, None])
            if rng.random() < 0.15:
                del row[column]
        made.append(row)
    return made


_DIFF_RULES = """
Write `@name@(old, new)`, which compares two lists of lines and returns a list of strings.

- Two lines are equal when they are the same @alike@.
- The lines are gone through from the start. If the first remaining lines of both lists are equal, they are
  kept. Otherwise, with L(a, b) the length of a longest common subsequence of equal lines, the first old
  line is removed if L(old without it, new) @compare@ L(old, new without it), and the first new line is
  added if not. When one list is used up, the rest of the other is removed or added.
- A kept line is written as `@keep@` and the @shown@ line, a removed one as `@remove@` and the line, an
  added one as `@add@` and the line. @block@
- In a run of more than @run@ kept lines in a row, only the first @context@ and the last @context@ are
  written; in place of the others stands one line `@skip@ n`, n their number. @ends@
- If nothing is removed or added, the result is `[]`.
"""

_DIFF = """
def @name@(old, new):
    mine = [@alike@ for line in old]
    yours = [@alike@ for line in new]
    length = [[0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in reversed(range(len(old))):
        for j in reversed(range(len(new))):
            if mine[i] == yours[j]:
                length[i][j] = 1 + length[i + 1][j + 1]
            else:
                length[i][j] = max(length[i + 1][j], length[i][j + 1])
    i, j, steps = 0, 0, []
    while i < len(old) or j < len(new):
        if i < len(old) and j < len(new) and mine[i] == yours[j]:
            steps.append(("@keep@", @shown@))
            i, j = i + 1, j + 1
        elif j == len(new) or (i < len(old) and length[i + 1][j] @operator@ length[i][j + 1]):
            steps.append(("@remove@", old[i]))
            i += 1
        else:
            steps.append(("@add@", new[j]))
            j += 1
    if all(mark == "@keep@" for mark, _ in steps):
        return []
    runs = []
    for mark, line in steps:
        kind = mark == "@keep@"
        if not runs or runs[-1][0] != kind:
            runs.append((kind, []))
        runs[-1][1].append((mark, line))
    written = []
    for number, (kept, run) in enumerate(runs):
        lines = [mark + line for mark, line in run]
        if not kept:
            if @sorts@:
                run.sort(key=lambda step: step[0] != "@first@")
                lines = [mark + line for mark, line in run]
            written += lines
            continue
        head = 0 if @bare@ and number == 0 else @context@
        tail = 0 if @bare@ and number == len(runs) - 1 else @context@
        if len(lines) > @run@:
            count = len(lines) - head - tail
            lines = lines[:head] + [f"@skip@ {count}"] + lines[len(lines) - tail :]
        written += lines
    return written
"""

_ALIKE = [
    ("", "line"),
    ("but for blanks at their ends", 'line.strip(" ")'),
    ("but for the case of the letters A to Z (use `lower`)", "line.lower()"),
    ("once all blanks are taken out", 'line.replace(" ", "")'),
]


def diffs(rng: Random) -> Problem:
    """Two lists of lines compared, long unchanged runs cut."""
    alike, key = rng.choice(_ALIKE)
    keep, remove, add = rng.choice(
        [("  ", "- ", "+ "), (" ", "<", ">"), ("= ", "x ", "n "), (". ", "del ", "add ")]
    )
    at_least, old_shown, sorts, bare = (rng.random() < 0.5 for _ in range(4))
    context = rng.randint(1, 2)
    run, first = 2 * context + rng.randint(0, 2), rng.choice([remove, add])
    words: dict[str, Any] = {
        "name": name(rng, "compare diff contrast", "texts lines versions drafts"),
        "keep": keep,
        "remove": remove,
        "add": add,
        "run": run,
        "context": context,
        "skip": rng.choice(["@@", "...", "~~", "##"]),
    }
    ordered = (
        f"Between two kept lines, all {'removed' if first == remove else 'added'} lines are written "
        "before the others, "
        "each kind in its order; so it is at the start and the end."
    )
    cut = (
        f"If such a run stands at the very start, its first {context} are not written either and count in "
        "n; at the very "
        f"end, so it is with its last {context}."
    )
    return Problem(
        name=words["name"],
        rules=prose(
            _DIFF_RULES,
            **words,
            alike=alike or "string",
            compare=">=" if at_least else ">",
            shown="old" if old_shown else "new",
            block=ordered if sorts else "",
            ends=cut if bare else "So it is at the very start and end.",
        ),
        reference=program(
            _DIFF,
            **words,
            alike=key,
            operator=">=" if at_least else ">",
            shown="old[i]" if old_shown else "new[j]",
            sorts=sorts,
            first=first,
            bare=bare,
        ),
        examples=[
            call(["a", "b", "c", f"v{rng.randint(1, 99)}"], ["b", "x", "c", f"v{rng.randint(100, 999)}"]),
            call(list("abcdefgh"), [*"abcdefgh", str(rng.randint(1, 999))]),
        ],
        cases=[call(*pair) for pair in [*_diff_edges(run), *(_drafts(rng) for _ in range(16))]],
    )


def _diff_edges(run: int) -> list[tuple[list[str], list[str]]]:
    long = [f"k{i}" for i in range(run)]
    return [
        ([], []), (["a"], ["a"]), ([], ["a"]), (["a"], []), (["a"], ["b"]), (["a", "b"], ["b", "a"]),
        (["A"], ["a"]), (["a "], ["a"]), (["a b", "c"], ["ab", "d"]), ([" A b ", "c"], ["A b", "d"]),
        (["Ab", "c"], ["aB"]), ([*long, "x"], [*long, "y"]), ([*long, "z", "x"], [*long, "z", "y"]),
        (["x", *long], ["y", *long]), (["x", *long, "z"], ["y", *long, "z"]),
        (["p", *long, "z", "q"], ["r", *long, "z", "s"]), (["p", *long, "q"], [*long]),
        (["a", "b", "c", "d"], ["c", "d", "a", "b"]), (["a", "a", "b"], ["a", "b", "b"]), (["", ""], [""]),
        (["a", "b", "c"], ["x", "b", "y", "z"]), (["1", "2", "3", "k"], ["4", "5", "k"]),
        (long, [*long, "e", *long]),
    ]  # fmt: skip


def _drafts(rng: Random) -> tuple[list[str], list[str]]:
    pool = ["a", "b", "c", "d", "A", "b ", " c", "a b", "k"]
    old = [rng.choice(pool) for _ in range(rng.randint(1, 14))]
    new = [rng.choice(pool) if rng.random() < 0.3 else line for line in old]
    for _ in range(rng.randint(0, 3)):
        new.insert(rng.randint(0, len(new)), rng.choice(pool))
    return old, new[rng.choice([0, 0, 1, 2]) :]


FAMILIES: tuple[Family, ...] = (markdown_tables, diffs)
