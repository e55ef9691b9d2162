"""Shaping text from data: templates, tables, differences."""

from __future__ import annotations

from random import Random
from typing import Any

from .problem import Family, Problem, call, name, program, prose

_TEMPLATE_RULES = """
Write `@name@(template, values)`, which fills a template with the values of a dict and returns the text.

- A placeholder stands between `@open@` and the next `@close@`. Text outside of placeholders stays as it is;
  `@close@` alone has no meaning. `@open@` without a later `@close@` @unclosed@.
- `@escape@` directly before `@open@` is not printed and makes that `@open@` ordinary text; anywhere else
  `@escape@` is an ordinary character.
- The parts of a placeholder are separated by `|`, blanks at the ends of a part are ignored. The first part
  is a path: keys joined by `.`, each of one or more of the characters a-z, 0-9 and `_`. The others are
  filters, applied from left to right.
- The path goes from dict to dict; in a list a key that consists of digits alone is an index from @base@. A
  path that leads nowhere (no such key, no such index, or a step into anything else) gives a missing value.
- Filters: `or:TEXT` replaces a missing value, `None` or an empty string by TEXT (all after the colon, as it
  stands in the part); `upper` makes the text upper-case (as `str.upper`); `max:N` keeps at most N
  characters, of a longer text the first N-1 and `@dots@`; `pad:N` puts `@filler@` @side@ the text until it
  has N characters. N is a whole number of at least 1 (digits 0-9).
- Any filter but `or` first turns the value into text, and so does the end of the placeholder: a string
  stays, `True` and `False` become `@yes@` and `@no@`, an int its decimal digits@grouped@, `None` the empty
  string, and the elements of a list, turned into text in this way, are joined by `@joint@`. A dict raises
  `ValueError`. A missing value @missing@.
- What is filled in is never searched for placeholders. An invalid path or filter raises `ValueError`, in
  whatever order and however the values are.
"""

_TEMPLATE = """
import re

MISSING = object()


def text_of(value):
    if value is MISSING:
        @missing@
    if isinstance(value, dict):
        raise ValueError("a dict is no text")
    if isinstance(value, list):
        return "@joint@".join(text_of(element) for element in value)
    if isinstance(value, bool):
        return "@yes@" if value else "@no@"
    if value is None:
        return ""
    return f"{value:@format@}" if isinstance(value, int) else value


def lookup(values, path):
    for key in path.split("."):
        if isinstance(values, dict):
            values = values.get(key, MISSING)
        elif isinstance(values, list) and key.isdigit() and @base@ <= int(key) < len(values) + @base@:
            values = values[int(key) - @base@]
        else:
            return MISSING
    return values


def filled(inside, values):
    path, *filters = [part.strip(" ") for part in inside.split("|")]
    if not re.fullmatch("[a-z0-9_]+([.][a-z0-9_]+)*", path):
        raise ValueError(f"not a path: {path!r}")
    for part in filters:
        if not re.fullmatch("upper|or:.*|(max|pad):0*[1-9][0-9]*", part, re.DOTALL):
            raise ValueError(f"not a filter: {part!r}")
    value = lookup(values, path)
    for part in filters:
        kind, _, argument = part.partition(":")
        if kind == "or":
            value = argument if value is MISSING or value is None or value == "" else value
            continue
        value = text_of(value)
        if kind == "upper":
            value = value.upper()
        elif kind == "pad":
            value = value.@just@(int(argument), "@filler@")
        elif len(value) > int(argument):
            value = value[: int(argument) - 1] + "@dots@"
    return text_of(value)


def @name@(template, values):
    made, at = "", 0
    while True:
        start = template.find("@open@", at)
        if start < 0:
            return made + template[at:]
        if template[at:start].endswith("@escape@"):
            made += template[at : start - 1] + "@open@"
            at = start + len("@open@")
            continue
        end = template.find("@close@", start + len("@open@"))
        if end < 0:
            @unclosed@
        made += template[at:start] + filled(template[start + len("@open@") : end], values)
        at = end + len("@close@")
"""


def templates(rng: Random) -> Problem:
    """Placeholders with paths and filters."""
    opening, close = rng.choice(
        [("{{", "}}"), ("${", "}"), ("<%", "%>"), ("[[", "]]"), ("{", "}"), ("<<", ">>")]
    )
    strict, literal, grouped = (rng.random() < 0.5 for _ in range(3))
    just, side = rng.choice([("rjust", "before"), ("ljust", "after")])
    yes, no = rng.choice([("yes", "no"), ("on", "off"), ("true", "false"), ("Y", "N")])
    words: dict[str, Any] = {
        "name": name(rng, "fill render expand complete", "template letter message text"),
        "open": opening,
        "close": close,
        "escape": rng.choice("!^~"),
        "base": rng.choice([0, 1]),
        "dots": rng.choice("…+>"),
        "filler": rng.choice(".0_-"),
        "yes": yes,
        "no": no,
        "joint": rng.choice([", ", "/", " and ", ";"]),
    }
    blank = "raise ValueError('no value')" if strict else 'return ""'
    rules = prose(
        _TEMPLATE_RULES,
        **words,
        unclosed="is ordinary text, and so is all that follows" if literal else "raises `ValueError`",
        side=side,
        grouped=" with a comma between groups of three (`-12,345`)" if grouped else "",
        missing="raises `ValueError`" if strict else "becomes the empty string",
    )
    reference = program(
        _TEMPLATE,
        **words,
        unclosed="return made + template[at:]" if literal else 'raise ValueError("not closed")',
        just=just,
        format="," if grouped else "d",
        missing=blank,
    )
    spelled = [(_spelled(text, words), data) for text, data in _TEMPLATE_EDGES]
    some = [(_spelled(_some_template(rng), words), _some_values(rng)) for _ in range(14)]
    shown = f"Dear {{name|upper}}, {{count}} {{what | or: things}}: {{list.1 | pad:{rng.randint(4, 9)}}}!"
    return Problem(
        name=words["name"],
        rules=rules,
        reference=reference,
        examples=[
            call(
                _spelled(shown, words), {"name": "Ann", "count": rng.randint(1000, 9999), "list": ["a", "b"]}
            ),
            call(_spelled("~{a} {a|max:3}", words), {"a": [True, None, "xyz"]}),
        ],
        cases=[call(*pair) for pair in [*spelled, *some]],
    )


def _spelled(text: str, words: dict[str, Any]) -> str:
    """The template with this problem's marks in place of `{`, `}` and `~`."""
    marks = {"{": words["open"], "}": words["close"], "~": words["escape"]}
    return "".join(marks.get(char, char) for char in text)


_TEMPLATE_EDGES: list[tuple[str, dict[str, Any]]] = [
    ("", {}), ("plain", {}), ("{a}", {"a": "x"}), ("{a}", {}), ("{ a }{a}", {"a": "-"}), ("{}", {"": 1}),
    ("{a", {"a": 1}), ("a} b", {"a": 1}), ("~{a}", {"a": 1}), ("~~{a} ~ x", {"a": 1}), ("{a}~{a}", {"a": 5}),
    ("{a.b}", {"a": {"b": 7}}), ("{a.b}", {"a": 3}), ("{a.b|or:none}", {"a": {}}), ("{a}", {"a": {"b": 1}}),
    ("{a|or:x}", {"a": {}}), ("{a.0}{a.1}", {"a": ["p", "q"]}), ("{a.2|or:-}{a.3|or:-}", {"a": ["p", "q"]}),
    ("{a.0|or:z}", {"a": {"0": "key"}}), ("{a|or:x}", {"a": None}), ("{a|or:x}", {"a": 0}),
    ("{a|or:x}", {"a": False}), ("{a|or:x}", {"a": []}), ("{a|or:}", {}), ("{a|or: b c }", {"a": ""}),
    ("{a|upper|or:x}", {"a": ""}), ("{a|or:x|upper}", {}), ("{a|max:3}", {"a": "abc"}),
    ("{a|max:3}", {"a": "abcd"}), ("{a|max:1}", {"a": "abcd"}), ("{a|max:0}", {"a": "x"}),
    ("{a|pad:5}", {"a": 42}), ("{a|pad:2}", {"a": "long"}), ("{a|max:4|pad:6}", {"a": "abcdefg"}),
    ("{a|pad:6|max:4}", {"a": "ab"}), ("{a}", {"a": -1234567}), ("{a}", {"a": 999}),
    ("{a}", {"a": [1000, None, True]}), ("{a}", {"a": [1, {"b": 2}]}), ("{a}", {"a": [["x", "y"], []]}),
    ("{a}", {"a": "{b}", "b": 1}), ("{A}", {"A": 1}), ("{a|lower}", {"a": "X"}), ("{a|}", {"a": "x"}),
    ("{a||upper}", {"a": "x"}), ("{a|or:x|max:x}", {}), ("{a.}", {"a": 1}), ("{a|upper}", {"a": "straße"}),
    ("{a|pad:x}", {"a": 1}), ("{b|upper} {a..c}", {"b": 1}), ("{a {b}", {"b": 1}), ("{a.1}", {"a": "xy"}),
    ("{a|pad:04}", {"a": True}), ("{_1}", {"_1": "k"}), ("}{a}{", {"a": 2}),
]  # fmt: skip


def _some_template(rng: Random) -> str:
    paths = ["a", "b", "c", "c.x", "d", "d.0", "d.1", "d.2", "e", "zz"]
    filters = ["upper", "or:none", "or:n/a", f"max:{rng.randint(1, 6)}", f"pad:{rng.randint(2, 9)}"]
    made = rng.choice(["", "To ", "~{x} "])
    for _ in range(rng.randint(1, 4)):
        chosen = [rng.choice(paths), *rng.choices(filters, k=rng.randint(0, 3))]
        made += "{" + rng.choice(["|", " | "]).join(chosen) + "}" + rng.choice([", ", " ", "~", "\n"])
    return made


def _some_values(rng: Random) -> dict[str, Any]:
    pool = [
        rng.randint(-99999, 99999), None, "", "Ann Lee", True, False, "{a}", ["x", 12345], "ok",
        rng.randint(0, 2000),
    ]  # fmt: skip
    made: dict[str, Any] = {key: rng.choice(pool) for key in "abe"}
    return made | {
        "c": rng.choice([{"x": rng.choice(pool)}, {}, "text"]),
        "d": rng.choices(pool[:6], k=rng.randint(0, 3)),
    }


FAMILIES: tuple[Family, ...] = (templates,)
