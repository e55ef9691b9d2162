"""Reading what programs pass on: query strings, logs."""

from __future__ import annotations

from random import Random
from typing import Any

from .problem import Family, Problem, call, name, program, prose

_QUERY_RULES = """
Write `@name@(text)`, which reads a query string and returns a dict.

1. A `?` at the very start is dropped. @hash@
2. The rest is split at every `@separators@`; empty pieces are skipped.
3. A piece is split at its first `=`. Without `=`, its value is @bare@.
4. Names and values are decoded: @plus@ `%` and two hexadecimal digits (upper or lower case) are a byte;
   bytes in a row are read as UTF-8, and if they are not valid UTF-8, `ValueError` is raised. A `%` that two
   hexadecimal digits do not follow @percent@. Splitting comes before decoding: a decoded `=`, `[` or `&`
   has no meaning.
5. A raw name that ends with `[]` belongs to a list: its value is appended to the list stored under the
   decoded rest of the name. A raw name `a[b]`, with a `b` that is not empty and without any other bracket,
   belongs to a dict: its value is stored under `b` (decoded) in the dict stored under `a` (decoded). All
   other raw names are plain, brackets included.
6. When a plain name, or the same `b` of the same `a`, comes again, @again@.
7. A name used in two of the three ways (list, dict, plain) raises `ValueError`. So does an empty name
   @empty@.
"""

_QUERY = """
import re


def decoded(text):
    text = text@plus@
    if @strict@ and re.search("%(?![0-9A-Fa-f]{2})", text):
        raise ValueError(f"a broken escape: {text!r}")
    return re.sub(
        "(?:%[0-9A-Fa-f]{2})+", lambda found: bytes.fromhex(found[0].replace("%", "")).decode("utf-8"), text
    )


def store(found, name, value):
    if name in found:
        @again@
    found[name] = value


def @name@(text):
    text = text.removeprefix("?")@cut@
    found, kinds = {}, {}
    for piece in re.split("[@separators@]", text):
        if not piece:
            continue
        raw, equals, value = piece.partition("=")
        value = decoded(value) if equals else @bare@
        nested = re.fullmatch(r"([^\\[\\]]*)\\[([^\\[\\]]+)\\]", raw)
        kind = "list" if raw.endswith("[]") else "dict" if nested else "plain"
        name = decoded(raw[:-2] if kind == "list" else nested[1] if nested else raw)
        if not name:
            raise ValueError(f"no name: {piece!r}")
        if kinds.setdefault(name, kind) != kind:
            raise ValueError(f"used in two ways: {name!r}")
        if kind == "list":
            found.setdefault(name, []).append(value)
        elif kind == "dict":
            store(found.setdefault(name, {}), decoded(nested[2]), value)
        else:
            store(found, name, value)
    return found
"""

_AGAIN = [
    ("the last value wins", "pass"),
    ("the first value stays", "return"),
    ("`ValueError` is raised", 'raise ValueError(f"given twice: {name!r}")'),
]


def query_strings(rng: Random) -> Problem:
    """Names and values of a query string."""
    again, action = rng.choice(_AGAIN)
    separators = rng.choice(["&", "&;", ";", "&,", "&|"])
    plus, strict, hashed = (rng.random() < 0.5 for _ in range(3))
    bare = rng.choice(["None", '""', "True", '"1"', '"on"', "0", "-1"])
    named = name(rng, "read parse decode split", "query parameters arguments params")
    return Problem(
        name=named,
        rules=prose(
            _QUERY_RULES,
            name=named,
            hash="The first `#` and everything after it are dropped."
            if hashed
            else "A `#` is an ordinary character.",
            separators="` or `".join(separators),
            bare=f"`{bare}`",
            plus="`+` stands for a blank;" if plus else "`+` stands for itself;",
            percent="raises `ValueError`" if strict else "stands for itself",
            again=again,
            empty="(or the empty `a` of `a[b]`, or nothing before `[]`)",
        ),
        reference=program(
            _QUERY,
            name=named,
            plus='.replace("+", " ")' if plus else "",
            strict=strict,
            again=action,
            cut='.partition("#")[0]' if hashed else "",
            separators=separators,
            bare=bare,
        ),
        examples=[
            call(separators[0].join(["?q=a%20b", f"page={rng.randint(2, 99)}", "tag[]=x", "tag[]=y"])),
            call(separators[-1].join([f"size[w]={rng.randint(1, 999)}", "size[h]", "q=%C3%BC"])),
        ],
        cases=[
            call(text)
            for text in [*_query_edges(separators[0]), *(_query(rng, separators) for _ in range(14))]
        ],
    )


def _query_edges(s: str) -> list[str]:
    return [
        "", "?", "??a=1", s, f"{s}{s}a=1{s}", "a", "a=", "=1", "a=b=c", "a=1+2", "a%3Db=1", "a=%zz", "a=100%",
        "a=%4", "a=%e2%82%ac", "a=%ff", f"a=1{s}a=2", f"a[]=1{s}a[]=2", f"a[]{s}a[]=", f"a=1{s}a[]=2",
        f"a[x]=1{s}a[y]=2", f"a[x]=1{s}a[x]=2", f"a[x]=1{s}a=2", "[]=1", "[x]=1", "a[b][c]=1", "a]b[=1",
        "a%5B%5D=1", f"a=%26{s}b=%3B", "a=1#b=2", "#a=1", f"a=1{s}b#c=1{s}d=2", "a%20b[c%20d]=%25", "a=%c3",
        "+=+", "a=1?b=2", f"a[]=x{s}a[x]=y", "%=1", "a[%5B]=1", f"A=1{s}a=2", "a=%F0%9F%98%80",
        f"a;b=1{s}c|d,e=2",
    ]  # fmt: skip


def _query(rng: Random, separators: str) -> str:
    names = ["a", "b%20c", "id", "id[]", "tag[]", "size[w]", "size[h]", "x+y", "n", "%C3%A9", "k[0]", "k[1]"]
    values = ["", "1", "two+words", "%7E", "a%2Bb", "x=y", "%C3%A4%C3%B6", "[1]", "50%25", "z"]
    pieces = [rng.choice(names) + rng.choice(["=", "=", "=", ""]) for _ in range(rng.randint(2, 6))]
    return "".join(p + (rng.choice(values) if "=" in p else "") + rng.choice(separators) for p in pieces)


_LOG_RULES = """
Write `@name@(lines)`, which condenses the lines of a log (a list of strings) and returns a list of entries
`[time, level, source, message, count]`.

- A line that starts with a blank or tab continues the record before it: the line, without blanks and tabs
  at its ends, is appended to that record's message after `@joint@`. Before any record it is skipped.
- Any other line is a record: `@layout@`, with exactly one blank where the layout has one. The time is
  `HH:MM:SS` from `00:00:00` to `23:59:59`, the level one of @levels@, the source one or more of the
  characters a-z, 0-9, `.` and `-`, the message everything after that, possibly empty. @broken@
- Records stand in the order in which they happened. One whose time of day is earlier than that of the
  record before it belongs to the next day.
- Records below `@least@` are @dropped@
- Records in a row with the same level, source and message become one entry as long as each is at most @gap@
  seconds later than the one before it. `count` is their number, `time` that of the @shown@ of them.
- Levels from lowest to highest: @ranked@.
"""

_LOG = """
import re

LEVELS = @levels@
RECORD = re.compile(r"@pattern@", re.DOTALL)


def @name@(lines):
    records = []
    day, latest = 0, 0
    for line in lines:
        if line[:1] in (" ", "\\t"):
            if records:
                records[-1]["message"] += "@joint@" + line.strip(" \\t")
            continue
        found = RECORD.fullmatch(line)
        if not found or found["level"] not in LEVELS:
            @broken@
        hours, minutes, seconds = map(int, found["time"].split(":"))
        second = hours * 3600 + minutes * 60 + seconds
        if second < latest:
            day += 1
        latest = second
        records.append({**found.groupdict(), "at": day * 86400 + second})
    heard = [r for r in records if LEVELS.index(r["level"]) >= LEVELS.index("@least@")]
    groups = []
    for record in @merged@:
        last = groups[-1][-1] if groups else None
        same = last and all(last[k] == record[k] for k in ("level", "source", "message"))
        if same and record["at"] - last["at"] <= @gap@:
            groups[-1].append(record)
        else:
            groups.append([record])
    return [
        [group[@index@]["time"], group[0]["level"], group[0]["source"], group[0]["message"], len(group)]
        for group in groups
        if group[0] in heard
    ]
"""

_TIME = "(?P<time>(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9])"
_LEVEL, _SOURCE, _MESSAGE = "(?P<level>[A-Z]+)", "(?P<source>[a-z0-9.-]+)", "(?P<message>.*)"
_LAYOUTS = [
    ("TIME LEVEL SOURCE: MESSAGE", "{t} {l} {s}: {m}", f"{_TIME} {_LEVEL} {_SOURCE}: {_MESSAGE}"),
    (
        "[TIME] LEVEL (SOURCE) MESSAGE",
        "[{t}] {l} ({s}) {m}",
        rf"\[{_TIME}\] {_LEVEL} \({_SOURCE}\) {_MESSAGE}",
    ),
    ("LEVEL TIME [SOURCE] MESSAGE", "{l} {t} [{s}] {m}", rf"{_LEVEL} {_TIME} \[{_SOURCE}\] {_MESSAGE}"),
    ("SOURCE TIME LEVEL - MESSAGE", "{s} {t} {l} - {m}", f"{_SOURCE} {_TIME} {_LEVEL} - {_MESSAGE}"),
    ("TIME|LEVEL|SOURCE|MESSAGE", "{t}|{l}|{s}|{m}", rf"{_TIME}\|{_LEVEL}\|{_SOURCE}\|{_MESSAGE}"),
]
"""As the rules show it, as lines are written, as they are read."""
_BROKEN = [
    ("A line that is neither raises `ValueError`.", "raise ValueError(line)"),
    ("A line that is neither is skipped as if it were not there.", "continue"),
    ("The first line that is neither, and all after it, are ignored.", "break"),
]


def log_lines(rng: Random) -> Problem:
    """Records of a log, filtered and merged."""
    layout, written, pattern = rng.choice(_LAYOUTS)
    levels = rng.choice(
        [["DEBUG", "INFO", "WARN", "ERROR"], ["TRACE", "NOTE", "ALERT"], ["FINE", "INFO", "SEVERE"]]
    )
    broken, action = rng.choice(_BROKEN)
    first, early, gap = rng.random() < 0.5, rng.random() < 0.5, rng.randint(2, 90)
    values: dict[str, Any] = {
        "name": name(rng, "condense merge digest collapse", "log lines records journal"),
        "joint": rng.choice([" / ", " ", "; ", " + "]),
        "least": levels[1],
        "gap": gap,
    }
    dropped = (
        "dropped first: the records that they stood between are then in a row."
        if early
        else "left out at the end: records that they stand between are not in a row."
    )
    return Problem(
        name=values["name"],
        rules=prose(
            _LOG_RULES,
            **values,
            layout=layout,
            levels=", ".join(f"`{level}`" for level in sorted(levels)),
            ranked=", ".join(f"`{level}`" for level in levels),
            broken=broken,
            dropped=dropped,
            shown="first" if first else "last",
        ),
        reference=program(
            _LOG,
            **(values | {"levels": levels, "pattern": pattern, "broken": action}),
            merged="heard" if early else "records",
            index=0 if first else -1,
        ),
        examples=[call(_log(rng, written, levels, gap, 3)), call([f" {rng.randint(1, 9)} lost", "\tlines"])],
        cases=[
            call(lines)
            for lines in [
                *_log_edges(written, levels, gap),
                *(_log(rng, written, levels, gap, 9) for _ in range(12)),
            ]
        ],
    )


def _log_edges(written: str, levels: list[str], gap: int) -> list[list[str]]:
    def one(second: int, level: str = levels[1], source: str = "db", message: str = "down") -> str:
        return written.format(t=_clock(second), l=level, s=source, m=message)

    low, high = levels[0], levels[-1]
    return [
        [], [""], ["  lost"], [one(5)], [one(5, low)], [one(5), "  more", "\tand more "],
        [one(5), "x", one(6)], [one(5, message="")], [one(9), one(9 + gap)], [one(9), one(10 + gap)],
        [one(9), one(9 + gap), one(9 + 2 * gap)], [one(86399), one(0)], [one(86399), one(86398)],
        [one(5), one(6, low), one(7)], [one(5), one(6, source="ui"), one(7)], [one(5), one(6, high), one(7)],
        [one(5), "  a", one(6), " a"], [one(5), " a", one(6)], [one(5, "FATAL")],
        [one(5).replace("00:00:05", "24:00:05"), one(7)], [one(5).replace("00:00:05", "0:00:05")],
        [one(8, low), "  x", one(9)], [one(5).replace("down", "a: b - c | (d) [e]")], [one(5, source="DB")],
        [one(5, source="a.b-9"), " "], [one(5), "x", "  y", one(6)], [one(7, low), one(3), one(3 + gap)],
        [one(5).lower()],
    ]  # fmt: skip


def _clock(second: int) -> str:
    return f"{second // 3600 % 24:02d}:{second // 60 % 60:02d}:{second % 60:02d}"


def _log(rng: Random, written: str, levels: list[str], gap: int, most: int) -> list[str]:
    second, lines = rng.choice([rng.randint(0, 80000), 86400 - gap]), []
    for _ in range(rng.randint(3, most)):
        second += rng.choice([0, 1, gap - 1, gap, gap + 1, 2 * gap])
        level = rng.choice([*levels, levels[1], levels[1]])
        source, message = rng.choice(["db", "db", "api.v2"]), rng.choice(["down", "down", "slow", ""])
        lines.append(written.format(t=_clock(second), l=level, s=source, m=message))
        lines += rng.choices(["  at line 4", "\tretry", "?", ""], k=rng.choice([0, 0, 0, 1]))
    return lines


FAMILIES: tuple[Family, ...] = (query_strings, log_lines)
