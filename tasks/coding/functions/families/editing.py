"""A class that edits a line: a cursor, typing that is undone in groups, redo."""

from __future__ import annotations

from random import Random

from .problem import Case, Family, Problem, Steps, program, prose, script

_EDITOR_RULES = """
Write a class `@name@` that edits one line of text with a cursor. A position is the number of characters
before it.

- `@name@(text)`: the line; the cursor stands at its end.
- `type(text)` inserts text at the cursor, which then stands behind it. Empty text raises `ValueError`.
- `erase(n)` removes the n characters before the cursor, n >= 1; @fewer@.
- `move(n)` moves the cursor by n (to the left if negative)@clamp@.
- `undo()` takes back the last group of changes that is in place, `redo()` brings back the last group that
  was taken back. Both put the cursor @cursor@. If there is nothing to take or bring back, @nothing@.
- A successful `type` or `erase` begins a new group, except that a `type` joins the group of the change
  before it if that was a `type`, no other successful call (of any method but `show`) came between, and
  @joins@. An `erase` @erases@.
- A successful `type` or `erase` ends the possibility of `redo` for all that was taken back.
- At most @most@ groups can be taken back: when a further one begins, the oldest of them stays for good.
- `type`, `erase`, `move`, `undo` and `redo` return the position of the cursor. What raises changes nothing.
- `show()` returns the line with `@mark@` inserted at the cursor.
"""

_EDITOR = """
class @name@:
    def __init__(self, text):
        self.text, self.at = text, len(text)
        self.done, self.undone, self.open = [], [], None

    def change(self, kind, text, at, joins):
        before = (self.text, self.at)
        self.text, self.at = text, at
        self.undone = []
        if self.done and self.open == kind and joins:
            self.done[-1][1] = (text, at)
        else:
            self.done = [*self.done, [before, (text, at)]][-@most@:]
        self.open = kind
        return at

    def type(self, text):
        if not text:
            raise ValueError("nothing to type")
        line = self.text[: self.at] + text + self.text[self.at :]
        last = self.text[self.at - 1 : self.at]
        return self.change("type", line, self.at + len(text), @joins@)

    def erase(self, n):
        if n < 1 or @too_many@:
            raise ValueError("nothing to erase")
        start = max(0, self.at - n)
        line = self.text[:start] + self.text[self.at :]
        return self.change("erase", line, start, @erases@)

    def move(self, n):
        if not 0 <= self.at + n <= len(self.text):
            @outside@
        self.at = max(0, min(len(self.text), self.at + n))
        self.open = None
        return self.at

    def undo(self):
        if not self.done:
            @nothing@
        group = self.done.pop()
        self.undone.append(group)
        self.text, self.at = group[0]
        @place_undo@
        self.open = None
        return self.at

    def redo(self):
        if not self.undone:
            @nothing@
        group = self.undone.pop()
        self.done.append(group)
        self.text, self.at = group[1]
        @place_undo@
        self.open = None
        return self.at

    def show(self):
        return self.text[: self.at] + "@mark@" + self.text[self.at :]
"""

_JOINS = [
    ("its text does not begin with a blank", 'not text.startswith(" ")'),
    ("the character before the cursor is not a blank", 'last != " "'),
    ("its text is a single character", "len(text) == 1"),
    ("the line does not get longer than {most} characters by it", "len(line) <= {most}"),
    ("its text has no digit (0-9)", 'not any(char in "0123456789" for char in text)'),
]


def editor(rng: Random) -> Problem:
    """A line with a cursor, undo and redo."""
    joins, condition = rng.choice(_JOINS)
    longest, most = rng.randint(8, 14), rng.randint(2, 4)
    clamp, partial, silent, end, erases = (rng.random() < 0.5 for _ in range(5))
    named = rng.choice(["Line", "Prompt", "Field", "Input", "Cell"]) + rng.choice(["", "Editor", "Buffer"])
    mark = rng.choice(["|", "^", "_", "<>"])
    return Problem(
        name=named,
        rules=prose(
            _EDITOR_RULES,
            name=named,
            fewer="if there are fewer, all of them, but if there is none, or n is below 1, `ValueError` "
            "is raised"
            if partial
            else "if there are fewer, or n is below 1, `ValueError` is raised",
            clamp=", but not beyond the ends of the line"
            if clamp
            else "; beyond an end of the line, `ValueError` is raised",
            cursor="at the end of the line"
            if end
            else "where it was directly before the group's first change or, for "
            "`redo`, directly after its last change",
            nothing="nothing happens (the call counts as successful)" if silent else "`ValueError` is raised",
            joins=joins.format(most=longest),
            erases="joins the group of an `erase` before it in the same way, without that last condition"
            if erases
            else "never joins a group",
            most=most,
            mark=mark,
        ),
        reference=program(
            _EDITOR,
            name=named,
            most=most,
            joins=condition.format(most=longest),
            too_many="self.at == 0" if partial else "n > self.at",
            erases=erases,
            outside="pass" if clamp else 'raise ValueError("beyond the line")',
            nothing="self.open = None\n            return self.at"
            if silent
            else 'raise ValueError("nothing there")',
            place_undo="self.at = len(self.text)" if end else "pass",
            mark=mark,
        ),
        examples=[
            Case(
                [f"v{rng.randint(1, 9999)}"],
                _steps("type a; type b; move -1; erase 1; show; undo; undo; show"),
            )
        ],
        cases=[Case([text], _steps(steps)) for text, steps in _editor_scripts(rng, longest, most)],
    )


def _steps(text: str) -> Steps:
    """A script in which `~` in a text is a blank and every text is a string."""
    steps = []
    for method, arguments in script(text):
        steps.append(
            (method, [str(a).replace("~", " ") for a in arguments] if method == "type" else arguments)
        )
    return steps


def _editor_scripts(rng: Random, longest: int, most: int) -> list[tuple[str, str]]:
    many = "; ".join(f"type {char}; move 0" for char in "abcdef"[: most + 2])
    undone = "; ".join(["undo"] * (most + 2))
    scripts = [
        ("", "show; undo; redo; erase 1; move 0; move 1; move -1; show"),
        ("ab", "erase 0; erase -1; erase 2; erase 1; show; undo; show"), ("ab", "erase 3; show; undo; show"),
        ("abc", "move -2; type x; show; erase 1; erase 1; erase 1; show"),
        ("abc", "move -3; move -1; show; move 9; show"), ("", 'type ""; show'),
        ("", "type a; type b; type c; undo; show; redo; show"),
        ("", "type a; type ~; type b; undo; show; undo; show; redo; redo; show"),
        ("", "type a~; type b; type ~c; undo; show; undo; show"),
        ("", "type a; type bc; type d; undo; show; undo; show"),
        ("", "type a; type 1; type 2b; type c; undo; show; undo; show; undo; show"),
        ("", "type a; show; type b; undo; show"), ("", "type a; move 0; type b; undo; show"),
        ("", "type a; move 9; type b; undo; show"), ("", "type a; undo; type b; redo; show; undo; show"),
        ("", "type a; undo; move 0; redo; show"), ("abcd", "erase 1; erase 1; undo; show; undo; show"),
        ("abcd", "erase 1; move 0; erase 1; undo; show; undo; show"),
        ("abcd", "type x; erase 1; type y; undo; show; undo; show; undo; show"),
        ("", f"{many}; {undone}; show"), ("", f"{many}; undo; redo; {undone}; show"),
        ("", f"{many}; {undone}; redo; redo; redo; redo; redo; show"),
        ("k" * longest, "type a; type b; undo; show"),
        ("k" * (longest - 1), "type a; type b; undo; show; undo; show"),
        ("abcdef", "move -3; type x; type y; move 1; undo; show; redo; show"),
        ("abcdef", "move -2; erase 2; move 2; undo; show; redo; show"),
        ("é~ü", "move -1; type ß; show; erase 2; show; undo; show"),
        ("ab", "type x; undo; undo; type y; undo; redo; redo; show"),
        ("abc", "erase 1; undo; erase 1; type q; undo; undo; redo; redo; redo; show"),
        ("ab", "erase 2; erase 1; type z; type w; undo; show"),
        ("ab", "type ''; erase 9; type q; undo; show"),
        ("a", "type b; erase 7; type c; undo; show; undo; show"),
    ]  # fmt: skip
    return [*scripts, *(_editor_script(rng) for _ in range(12))]


def _editor_script(rng: Random) -> tuple[str, str]:
    steps = []
    for _ in range(rng.randint(8, 22)):
        word = rng.choice(["a", "b", "~", "cd", "~e", "7", "f8"])
        changes = [f"type {word}"] * 4 + [f"erase {rng.choice([1, 1, 2, 5])}"] * 2
        steps.append(rng.choice([*changes, f"move {rng.randint(-3, 3)}", "undo", "undo", "redo", "show"]))
    return rng.choice(["", "start", "a b"]), "; ".join([*steps, "show"])


FAMILIES: tuple[Family, ...] = (editor,)
