"""Shaping text: wrapping, slugs, masked numbers."""

from __future__ import annotations

from random import Random
from typing import Any

from .problem import Family, Problem, call, name, program, prose

_WORDS = [
    *["a", "an", "the", "of", "on", "is", "and", "now", "busy", "while", "later", "token", "cache", "index"],
    *["system", "failure", "reports", "retries", "maximum"],
]

_WRAP_RULES = """
Write `@name@(text)`, which lays out one paragraph and returns its lines as a list of strings.

- Words are what stands between whitespace (as `str.split()` finds them). Without any word the result is
  `[]`.
- The first line starts with `@prefix@` (that is `@prefix_literal@`), every later line with @indent@ spaces.
- No line has more than @width@ characters, its start included, and none ends with a blank. Lines are filled
  greedily: a word goes on the current line, one blank after the word before it, when it still fits,
  otherwise on a new line.
- @long@
- If there are more than @most@ lines, the first @most@ stay and one last line with the text `@more@` (after
  its spaces) follows them.
"""

_WRAP = """
def @name@(text):
    room, lines, current = @room@, [], ""
    for word in text.split():
        if @cut@ and len(word) > room:
            if current:
                lines.append(current)
            while len(word) > room:
                lines.append(word[:room])
                word = word[room:]
            current = word
        elif not current:
            current = word
        elif len(current) + 1 + len(word) <= room:
            current += " " + word
        else:
            lines.append(current)
            current = word
    if current:
        lines.append(current)
    if len(lines) > @most@:
        lines = lines[:@most@] + ["@more@"]
    return [(@prefix@ if i == 0 else " " * @indent@) + line for i, line in enumerate(lines)]
"""


def wrap(rng: Random) -> Problem:
    """A paragraph in lines of a given width."""
    prefix, width = rng.choice(["- ", "* ", "> ", "-> ", "+ ", "=> ", ">>> ", "~ "]), rng.randint(14, 34)
    room, cut = width - len(prefix), rng.random() < 0.5
    values: dict[str, Any] = {
        "name": name(rng, "wrap fold layout", "paragraph note remark entry"),
        "indent": len(prefix),
        "most": rng.randint(3, 7),
        "more": rng.choice(["...", "[more]", "(cut)", "etc."]),
    }
    split = (
        f"A word of more than {room} characters begins a new line unless the current one has no word yet. It "
        f"is cut: each piece fills its line to exactly {width} characters, and the last piece (when one is "
        "left) begins a line on which the next words may follow."
    )
    alone = f"A word of more than {room} characters stands alone on its line, which may be longer."
    return Problem(
        name=values["name"],
        rules=prose(
            _WRAP_RULES,
            **values,
            prefix=prefix.strip(),
            prefix_literal=repr(prefix),
            width=width,
            long=split if cut else alone,
        ),
        reference=program(_WRAP, **values, room=room, cut=cut, prefix=repr(prefix)),
        examples=[call(_words(rng, 8)), call("now " + "m" * (room + 3))],
        cases=[call(text) for text in _paragraphs(rng, room, values["most"])],
    )


def _words(rng: Random, count: int) -> str:
    return " ".join(rng.choice(_WORDS) for _ in range(count))


def _paragraphs(rng: Random, room: int, most: int) -> list[str]:
    x = "x" * room
    edges = [
        "", "  \n\t ", "word", x, f"{x}y", f"a {x}", f"a {x}yz b", f"{x}{x}", f"{x}{x}z end", "a\nb\tc",
        f"{x} {x}", f" {_words(rng, 2)}  ", f"{'b' * (room - 2)} c", f"{'b' * (room - 1)} c",
        " ".join([x] * most), " ".join([x] * (most + 1)), f"{'q' * (3 * room + 1)} tail",
    ]  # fmt: skip
    return [*edges, *(_words(rng, rng.randint(3, 40)) for _ in range(10))]


_SLUG_RULES = """
Write `@name@(title)`, which turns a title into a short identifier.

1. Each of these characters is replaced by a word with blanks around it: @symbols@.
2. The letters A-Z become a-z.
3. Words are the longest stretches of a-z and 0-9; every other character separates words.
4. The words @stop@ are dropped@exception@.
5. The words are joined by `@joint@`. While the result has more than @most@ characters, its last word is
   dropped; a single word that is too long is cut to @most@ characters.
6. If no word is left, the result is `@fallback@`.
"""

_SLUG = """
import re


def @name@(title):
    for symbol, word in @symbols@.items():
        title = title.replace(symbol, f" {word} ")
    words = re.findall("[a-z0-9]+", re.sub("[A-Z]", lambda m: m[0].lower(), title))
    kept = [word for word in words if word not in @stop@]@or_all@
    if not kept:
        return "@fallback@"
    while len(kept) > 1 and len("@joint@".join(kept)) > @most@:
        kept.pop()
    return "@joint@".join(kept)[:@most@]
"""


def slugs(rng: Random) -> Problem:
    """A title as an identifier."""
    pool = {"&": "and", "+": "plus", "@": "at", "%": "percent", "#": "number", "=": "equals", "$": "usd"}
    symbols = dict(rng.sample(list(pool.items()), 3))
    stop = rng.sample(["the", "a", "of", "and", "in", "to", "for", "at", "on", "by", "an", "is"], 4)
    keep = rng.random() < 0.5
    values: dict[str, Any] = {
        "name": name(rng, "make build to", "slug identifier handle anchor"),
        "joint": rng.choice("-_.~"),
        "most": rng.randint(12, 30),
        "fallback": rng.choice(["untitled", "none", "page", "item", "x"]),
    }
    a, b = list(symbols)[:2]
    return Problem(
        name=values["name"],
        rules=prose(
            _SLUG_RULES,
            **values,
            symbols=", ".join(f"`{symbol}` by `{word}`" for symbol, word in symbols.items()),
            stop=", ".join(f"`{word}`" for word in stop),
            exception=", unless there are no others: then they all stay" if keep else "",
        ),
        reference=program(_SLUG, **values, symbols=symbols, stop=stop, or_all=" or words" if keep else ""),
        examples=[call(f"Notes {a} Queries: Part 7"), call(f"{stop[0].title()} {stop[3]} Atlas")],
        cases=[call(title) for title in _titles(rng, a, b, stop, values["most"])],
    )


def _titles(rng: Random, a: str, b: str, stop: list[str], most: int) -> list[str]:
    edges = [
        "", " ", "---", a, f"{a}{b}", stop[0], " ".join(stop), stop[0].upper(), "w" * most, "w" * (most + 1),
        f"ab {'w' * most}", "Hello, World!", f"{stop[1]}x", f"R{a}D", "snake_case", "don't", "Ünïcode",
        f"5{b}", f"{'k' * (most - 2)} m", f"{'k' * (most - 1)} m", f"{stop[2]} {'z' * (most + 4)}",
    ]  # fmt: skip
    words = [
        "Release",
        "notes",
        "42",
        "API",
        "Über",
        "re-use",
        "cafe",
        "v2.0",
        *stop,
        a,
        f"x{b}y",
        "Performance",
    ]
    for _ in range(9):
        edges.append(rng.choice([" ", "  ", " - "]).join(rng.choices(words, k=rng.randint(1, 8))))
    return edges


_MASK_RULES = """
Write `@name@(text)`, which hides the long numbers of a text and returns the text.

- A number is a longest possible stretch of digits 0-9 in which a single `@joint@` may stand between two
  digits.
- A number of at least @fewest@ digits (`@joint@` not counted) is masked: every digit becomes `@mask@`,
  except @kept@. Its `@joint@` characters @joints@.
- Shorter numbers and everything else stay as they are.
- @letters@
"""

_MASK = """
import re


def @name@(text):
    def masked(found):
        number = found[0]
        digits = [i for i, char in enumerate(number) if char != @joint@]
        before = text[found.start() - 1 : found.start()] if found.start() else ""
        if len(digits) < @fewest@ or (@guarded@ and re.match("[A-Za-z]", before)):
            return number
        kept = set(digits[:@first@]) | set(digits[len(digits) - @last@ :])
        hidden = "".join(c if i in kept or c == @joint@ else @mask@ for i, c in enumerate(number))
        return hidden@drop@

    return re.sub("[0-9](?:" + re.escape(@joint@) + "?[0-9])*", masked, text)
"""


def masks(rng: Random) -> Problem:
    """Digits hidden but for the first and last few."""
    joint, mask = rng.choice("-. /"), rng.choice("*#xX?")
    first, last = rng.randint(0, 3), rng.randint(1, 4)
    fewest = first + last + rng.randint(1, 5)
    drop, guarded = rng.random() < 0.5, rng.random() < 0.5
    named = name(rng, "mask hide redact", "numbers digits accounts cards")
    return Problem(
        name=named,
        rules=prose(
            _MASK_RULES,
            name=named,
            joint=joint,
            mask=mask,
            fewest=fewest,
            kept=f"the first {first} and the last {last} of its digits"
            if first
            else f"the last {last} of its digits",
            joints="are removed" if drop else "stay",
            letters="A number directly after a letter A-Z or a-z is never masked."
            if guarded
            else "It does not matter what stands before or after a number.",
        ),
        reference=program(
            _MASK,
            name=named,
            joint=repr(joint),
            mask=repr(mask),
            fewest=fewest,
            first=first,
            last=last,
            guarded=guarded,
            drop=f'.replace({joint!r}, "")' if drop else "",
        ),
        examples=[
            call(f"paid with {_number(rng, fewest + 3, joint, 4)} today"),
            call(f"room {_number(rng, 2, joint)}"),
        ],
        cases=[call(text) for text in _numbered(rng, fewest, joint)],
    )


def _number(rng: Random, digits: int, joint: str, every: int = 0) -> str:
    """So many digits, with a joint after every few of them; 0 = without joints."""
    made = "".join(rng.choice("0123456789") for _ in range(digits))
    return joint.join(made[i : i + every] for i in range(0, digits, every)) if every else made


def _numbered(rng: Random, fewest: int, j: str) -> list[str]:
    n = _number(rng, fewest, j)
    edges = [
        "", "no digits", n, n[:-1], _number(rng, fewest, j, 1), _number(rng, fewest - 1, j, 1),
        f"{n[:2]}{j}{j}{n[2:]}", f"{j}{n}{j}", f"A{n}", f"{n}A", f"_{n}", f"{n},{n}", f"é{n}", f"{n}\n{n}",
        _number(rng, 40, j), _number(rng, 24, j, 4), f"z {n}", f"{n}{j} {n}", f"{j}{j}{n}",
    ]  # fmt: skip
    for _ in range(9):
        one, two, three = (_number(rng, rng.randint(1, 16), j, rng.choice([0, 0, 2, 4])) for _ in range(3))
        before, after = rng.choice(["card ", "id", "", "no. "]), rng.choice([" ", "/x", ""])
        edges.append(f"{before}{one}, {two}{after} {three}")
    return edges


FAMILIES: tuple[Family, ...] = (wrap, slugs, masks)
