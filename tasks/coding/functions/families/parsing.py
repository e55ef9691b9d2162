"""Reading small formats: durations, settings, quoted fields."""

from __future__ import annotations

from random import Random

from .problem import Family, Problem, call, name, program, prose

_CLOCK = [("w", 604800), ("d", 86400), ("h", 3600), ("m", 60), ("s", 1)]

_DURATION_RULES = """
Write `@name@(text)`, which reads a duration and returns its length in seconds as an int.

- A duration is one or more parts, each a whole number (digits 0-9) directly followed by a unit letter:
  @table@.
- @order@
- @blanks@
- @sign@
- Anything else, the empty string included, raises `ValueError`.
"""

_DURATION = """
import re

UNITS = @units@


def @name@(text):
    text = text@strip@
    sign = 1
    if @signed@ and text.startswith("-"):
        sign, text = -1, text[1:]
    if not re.fullmatch(r"[0-9]+[a-z](?:@gap@[0-9]+[a-z])*", text):
        raise ValueError(f"not a duration: {text!r}")
    parts = re.findall(r"([0-9]+)([a-z])", text)
    ranks = []
    for _, unit in parts:
        if unit not in UNITS:
            raise ValueError(f"unknown unit: {unit!r}")
        ranks.append(list(UNITS).index(unit))
    if len(set(ranks)) != len(ranks) or (@ordered@ and ranks != sorted(ranks)):
        raise ValueError("units are repeated or out of order")
    return sign * sum(int(number) * UNITS[unit] for number, unit in parts)
"""


def durations(rng: Random) -> Problem:
    """Numbers with units, summed up in seconds."""
    own = {rng.choice("qzktbx"): 60 * rng.randint(2, 900)}
    pairs = dict(rng.sample(_CLOCK, rng.randint(3, 4))) | own
    units = dict(sorted(pairs.items(), key=lambda pair: -pair[1]))
    letters = list(units)
    ordered, blanks, signed = (rng.random() < 0.5 for _ in range(3))
    order = "stand from the longest to the shortest" if ordered else "may stand in any order"
    named = name(rng, "read parse to sum", "duration seconds timespan length")
    return Problem(
        name=named,
        rules=prose(
            _DURATION_RULES,
            name=named,
            table=", ".join(f"`{key}` = {size} s" for key, size in units.items()),
            order=f"Units {order}, each at most once.",
            blanks="Any number of blanks (spaces) may stand between parts and around the whole, nowhere else."
            if blanks
            else "No blanks are allowed anywhere.",
            sign="A `-` directly before the first part makes the result negative."
            if signed
            else "There are no negative durations: a sign raises `ValueError`.",
        ),
        reference=program(
            _DURATION,
            name=named,
            units=units,
            strip='.strip(" ")' if blanks else "",
            gap=" *" if blanks else "",
            signed=signed,
            ordered=ordered,
        ),
        examples=[call(_duration(rng, [letters[0], letters[-1]])), call(_duration(rng, [letters[1]]))],
        cases=[call(text) for text in _durations(rng, letters)],
    )


def _duration(rng: Random, letters: list[str], sign: str = "", gap: str = "") -> str:
    return sign + gap.join(f"{rng.randint(0, 120)}{letter}" for letter in letters)


def _durations(rng: Random, letters: list[str]) -> list[str]:
    a, b, c, last = *letters[:3], letters[-1]
    edges = [
        "", " ", "5", a, "-", f"1{a}1{a}", f"3y4{a}", f"1.5{a}", f"-2{b}", f"- 2{b}", f"1{b}2{a}",
        f"1{a} 2{b}", f" 7{last} ", f"0{a}", f"1 {a}", f"12{a.upper()}", f"007{b}", f"+3{a}", f"4{a}\n",
        f"1{a}  2{c}",
    ]  # fmt: skip
    for _ in range(12):
        chosen = sorted(rng.sample(letters, rng.randint(1, len(letters))), key=letters.index)
        edges.append(_duration(rng, chosen, rng.choice(["", "", "-"])))
    return [*edges, _duration(rng, letters, gap=" ")]


_SETTINGS_RULES = """
Write `@name@(text)`, which reads settings, one a line, and returns them as a dict.

- Lines are separated by `\\n`. Spaces and tabs at both ends of a line are ignored; empty lines and lines
  that then start with `@comment@` are skipped.
- A line that starts with `[` and ends with `]` opens a section: from there on every key is preceded by the
  section's name, which is what stands between the brackets (spaces and tabs at its ends ignored), and
  `@joint@`. A section without a name, `[]`, goes back to plain keys.
- Any other line is a key and a value around the first `@separator@` in it; spaces and tabs at the ends of
  both are ignored. A line without `@separator@`, or with an empty key, raises `ValueError`.
- Keys (without the section's name) are @case@.
- The values `@yes@` and `@no@`, exactly so, become `True` and `False`. One or more digits 0-9, perhaps
  after a `-`, become an int. Every other value stays a string, the empty one too.
- When a key (section included) stands twice, @twice@.
"""

_SETTINGS = """
import re


def @name@(text):
    found, section = {}, ""
    for line in text.split("\\n"):
        line = line.strip(" \\t")
        if not line or line.startswith("@comment@"):
            continue
        if line.startswith("[") and line.endswith("]"):
            section = line[1:-1].strip(" \\t")
            continue
        key, separator, value = line.partition("@separator@")
        key, value = key.strip(" \\t")@lower@, value.strip(" \\t")
        if not separator or not key:
            raise ValueError(f"not a setting: {line!r}")
        if section:
            key = section + "@joint@" + key
        if key in found and "@keep@" == "refuse":
            raise ValueError(f"set twice: {key!r}")
        if key in found and "@keep@" == "first":
            continue
        if value in ("@yes@", "@no@"):
            found[key] = value == "@yes@"
        elif re.fullmatch("-?[0-9]+", value):
            found[key] = int(value)
        else:
            found[key] = value
    return found
"""


def settings(rng: Random) -> Problem:
    """Keys, values, sections and comments."""
    separator, comment = rng.choice(["=", ":", "->", "~", ":="]), rng.choice(["#", ";", "//", "%", "!"])
    yes, no = rng.choice(
        [("yes", "no"), ("on", "off"), ("true", "false"), ("enabled", "disabled"), ("Y", "N")]
    )
    keep, twice = rng.choice(
        [
            ("first", "its first value stays"),
            ("last", "its last value wins"),
            ("refuse", "`ValueError` is raised"),
        ]
    )
    lower = rng.random() < 0.5
    keys = rng.sample(
        ["port", "Host", "retries", "Mode", "limit", "PATH", "colour", "Depth", "name", "Zone"], 6
    )
    values = {
        "name": name(rng, "read parse load", "settings options config preferences"),
        "separator": separator,
        "comment": comment,
        "yes": yes,
        "no": no,
        "joint": rng.choice(["/", ".", "__", "|"]),
    }
    shown = f"{comment} made by hand\n{keys[0]} {separator} 8080\n[net]\n{keys[1]}{separator}{yes}"
    edges = _settings_edges(keys[0], separator, comment, yes, no)
    return Problem(
        name=values["name"],
        rules=prose(
            _SETTINGS_RULES, **values, twice=twice, case="made lower-case" if lower else "kept as they are"
        ),
        reference=program(_SETTINGS, **values, keep=keep, lower=".lower()" if lower else ""),
        examples=[call(shown), call(f"{keys[2]}{separator} two words")],
        cases=[call(t) for t in [*edges, *(_document(rng, keys, values) for _ in range(10))]],
    )


def _settings_edges(k: str, s: str, comment: str, yes: str, no: str) -> list[str]:
    return [
        "", "\n\n", f"{comment} only", "broken", f"{s}5", f" {s} 5", f"{k}{s}", f"{k}{s}{yes.swapcase()}",
        f"{k}{s}{yes}", f"{k}{s}-7", f"{k}{s}+7", f"{k}{s}1.5", f"{k}{s}1\n{k}{s}2", f"[a b ]\n{k}{s}{no}",
        f"{k.upper()}{s}1\n{k.lower()}{s}2", f"[net]\n{k}{s}1\n[]\n{k}{s}2", f"{k}{s}a{s}b",
        f"{k}{s}v {comment} no comment", f"[net]\n{k}{s}1\n[net]\n{k}{s}{no}",
    ]  # fmt: skip


def _document(rng: Random, keys: list[str], values: dict[str, str]) -> str:
    separator = values["separator"]
    lines = []
    for _ in range(rng.randint(2, 7)):
        texts = [
            values["yes"],
            values["no"],
            str(rng.randint(-99, 9999)),
            "fast",
            "a b",
            "",
            f"x{separator}y",
        ]
        pad = rng.choice(["", " ", "\t"])
        line = f"{pad}{rng.choice(keys)}{pad}{separator}{pad}{rng.choice(texts)}"
        extra = ["", f"{values['comment']} note", f"[{rng.choice(['net', ' disk ', 'ui'])}]", "[]", "  "]
        lines.append(line if rng.random() < 0.7 else rng.choice(extra))
    return "\n".join(lines)


_FIELDS_RULES = """
Write `@name@(line)`, which splits a line into its fields and returns them as a list.

- Fields are separated by `@delimiter@`. The empty line has one empty field.
- A field whose first character is `@quote@` is quoted: up to its closing `@quote@`, `@delimiter@` is an
  ordinary character, and @escape@. The closing `@quote@` must be followed by `@delimiter@` or the end of
  the line, otherwise `ValueError` is raised; so it is when the closing `@quote@` is missing. The quotes are
  not part of the field.
- In a field that is not quoted, every character but `@delimiter@` is an ordinary one. @strip@
- An empty field that is not quoted becomes @empty@; a quoted one becomes `""`.
- @count@
"""

_FIELDS = """
def @name@(line):
    fields, at = [], 0
    while True:
        if line[at : at + 1] == @quote@:
            field, at = "", at + 1
            while True:
                if at >= len(line):
                    raise ValueError("a quote is not closed")
                char, following = line[at], line[at + 1 : at + 2]
                if char == @escape@ and (following == @quote@ or (char == "\\\\" and following)):
                    field, at = field + following, at + 2
                elif char == @quote@:
                    at += 1
                    break
                else:
                    field, at = field + char, at + 1
            if at < len(line) and line[at] != @delimiter@:
                raise ValueError("text follows a closing quote")
        else:
            end = line.find(@delimiter@, at)
            end = len(line) if end < 0 else end
            field = line[at:end]@strip@ or @empty@
            at = end
        fields.append(field)
        if at >= len(line):
            break
        at += 1
    if len(fields) > @most@:
        raise ValueError("too many fields")
    return fields
"""


def fields(rng: Random) -> Problem:
    """A line with delimiters, quotes and escapes."""
    d, q = rng.choice(",;|/:&"), rng.choice("\"'^~")
    doubled, strip = rng.random() < 0.5, rng.random() < 0.5
    empty, most = rng.choice(['""', "None", '"-"', '"n/a"']), rng.randint(5, 40)
    escaped = f"{q}{q}" if doubled else f"\\{q}"
    named = name(rng, "split cut read", "fields record line columns")
    return Problem(
        name=named,
        rules=prose(
            _FIELDS_RULES,
            name=named,
            delimiter=d,
            quote=q,
            empty=f"`{empty}`",
            escape=f"two `{q}` in a row stand for one `{q}`"
            if doubled
            else "a backslash followed by any character stands for that character",
            strip="Blanks (spaces) at both ends of it are removed."
            if strip
            else "Blanks at its ends are kept.",
            count=f"A line of more than {most} fields raises `ValueError`.",
        ),
        reference=program(
            _FIELDS,
            name=named,
            delimiter=repr(d),
            quote=repr(q),
            escape=repr(q if doubled else "\\"),
            strip='.strip(" ")' if strip else "",
            empty=empty,
            most=most,
        ),
        examples=[
            call(f"red{d}{q}green{d}blue{q}{d}"),
            call(f"{q}say {escaped}hi{escaped}{q}{d} {rng.randint(100, 9999)} "),
        ],
        cases=[call(line) for line in _field_lines(rng, d, q, escaped, most)],
    )


def _field_lines(rng: Random, d: str, q: str, e: str, most: int) -> list[str]:
    edges = [
        "", d, f"{d}{d}", f"{q}", f"{q}{q}", f"{q}a{q}b", f"{q}a{d}b", f"a{d}{q}b", f" {q}a{q}",
        f"{q}a{e}b{q}", f"{q}{e}{q}", f"a{q}b{q}{d}c", f"{q}a\\{q}", f"{q}a\\\\{q}{d}b", f"{q}{q}{q}{q}",
        f"  {d}  ", f"{q}  {q}", d.join("k" * most), d.join("k" * (most + 1)), f"{q}a{q}{d}", f"{q}\\n{q}",
    ]  # fmt: skip
    pieces = [
        "a",
        "b c",
        " d ",
        "",
        f"{q}x{q}",
        f"{q}p{d}q{q}",
        f"{q}{q}",
        "7",
        f"m{q}n",
        "\\",
        "e\\f",
        f"{q}1{e}2{q}",
    ]
    return [*edges, *(d.join(rng.choices(pieces, k=rng.randint(1, 5))) for _ in range(12))]


FAMILIES: tuple[Family, ...] = (durations, settings, fields)
