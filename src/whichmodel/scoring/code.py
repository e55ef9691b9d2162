"""Model-written functions and classes against hidden cases: all of them hold, or the score is 0.

The answer's code is the last ``` block that defines what was asked for, else the last block. An answer
without any block is taken whole when a line of it defines what was asked for. The code runs in the sandbox,
which never sees an expected value; the comparison is made here.

`item.target` is {"entry_point": name, "cases": [case, ...]}, each case one of
    {"args": [...], "kwargs": {...}, "expected": value}     a call and its value; kwargs may be left out
    {"args": [...], "raises": "ValueError"}                 a call that must raise that class or a subclass
    {"args": [...], "steps": [{"method", "args", "expected" or "raises"}, ...]}
                                                            an object and what its methods give, in order
or, without "entry_point", for a program that is run anew for each case,
    {"stdin": text, "stdout": text}                         what it reads and what it must write, apart from
                                                            white space at the end of lines and of the whole
with values as whichmodel.sandbox.wire writes them. Options: call_s, total_s (seconds, see sandbox.Limits).
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import dedent
from typing import Any

from whichmodel.domain import Answer, Item, Json, Verdict, content_hash
from whichmodel.sandbox import CandidateError, Limits, Session, session, wire
from whichmodel.scoring.reading import spoken

RELATIVE, ABSOLUTE = 1e-9, 1e-12
"""Tolerance of a float: |got - expected| <= max(RELATIVE * the larger one, ABSOLUTE)."""
MOST_SHOWN = 600
"""Characters of a call, or of what it should give or gave, that a verdict keeps."""
_DEFINES = r"^(?:(?:async\s+)?def|class)\s+{0}\b|^{0}\s*="
_WRITES = re.compile(r"^[^#\n]*\b(?:print\s*\(|(?:stdout|stderr)\b|os\.write\s*\()", re.MULTILINE)
_BLOCK = re.compile(r"^[ \t]*```[^\n]*\n(.*?)(?:^[ \t]*```|\Z)", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class _Finding:
    """What one case, or one step of a case, came to."""

    holds: bool
    words: str
    error_class: str
    normal: Json
    """What the candidate gave, in normal form."""
    case: Mapping[str, str]
    """The case in words: `call`, what was `expected` of it, what it `got`."""


async def score(answer: Answer, item: Item, options: Mapping[str, Json]) -> Verdict:
    """1 if every hidden case holds, else 0; a crash, a hang or a wrong type is a wrong answer.

    parsed is False when no code was found. Raises SandboxMissing or ScoringFailed for trouble of our own.
    """
    name, cases = item.target.get("entry_point"), item.target["cases"]
    text = spoken(answer.text)
    code = extract(text, name)
    if code is None:
        return _verdict([], len(cases), "no code was found in the answer", "no code", parsed=False)
    findings: list[_Finding] = []
    try:
        async with session(code if name else "", limits(options)) as inside:
            for case in cases:
                findings.append(await (_examine(inside, name, case) if name else _run(inside, code, case)))
    except CandidateError as error:
        unfenced = "```" not in text and "SyntaxError" in error.classes
        said = f"the code does not load: {error.text}"
        return _verdict([], len(cases), said, class_of(error), parsed=not unfenced)
    first = next((f for f in findings if not f.holds), None)
    words, error_class = (first.words, first.error_class) if first else ("every hidden case holds", "")
    read = name is not None or "```" in text or error_class != "SyntaxError"
    return _verdict(findings, len(cases), words, error_class, parsed=read)


def limits(options: Mapping[str, Json]) -> Limits:
    """The limits that a card's options set."""
    return Limits(**{key: float(options[key]) for key in ("call_s", "total_s") if key in options})


def extract(text: str, name: str | None) -> str | None:
    """The code of an answer that is to define `name`, or to be a program. None = there is none.

    A last block may be left open.
    """
    found = blocks(text)
    if not found:
        return text if _fits(text, name) else None
    chosen = ([block for block in found if _fits(block, name)] or found)[-1]
    return chosen if chosen.strip() else None


def blocks(text: str) -> list[str]:
    """What stands between ``` lines, in order, without a common indent."""
    return [dedent(block) for block in _BLOCK.findall(text)]


def defines(code: str, name: str) -> bool:
    """Whether a line of some code defines a name."""
    return re.search(_DEFINES.format(re.escape(name)), code, re.MULTILINE) is not None


def _fits(code: str, name: str | None) -> bool:
    return defines(code, name) if name else _WRITES.search(code) is not None


async def _examine(inside: Session, name: str, case: Mapping[str, Json]) -> _Finding:
    args = [wire.decode(a) for a in case["args"]]
    kwargs = {key: wire.decode(value) for key, value in case.get("kwargs", {}).items()}
    shown = f"{name}({', '.join([*map(short, args), *(f'{k}={short(v)}' for k, v in kwargs.items())])})"
    if "steps" in case:
        return await _examine_steps(inside, name, args, case["steps"], shown)
    try:
        return _compare(shown, case, await inside.call(name, *args, **kwargs))
    except CandidateError as error:
        return _compare(shown, case, error)


async def _examine_steps(
    inside: Session, name: str, args: Sequence[object], steps: Sequence[Mapping[str, Json]], shown: str
) -> _Finding:
    calls = [(step["method"], [wire.decode(a) for a in step["args"]]) for step in steps]
    got: Sequence[object]
    try:
        got = await inside.drive(name, args, calls)
    except CandidateError as error:
        got = [error] * len(steps)
    findings = []
    for number, (step, (method, given), value) in enumerate(zip(steps, calls, got, strict=True), start=1):
        call = f"{shown}, step {number}: .{method}({', '.join(map(short, given))})"
        findings.append(_compare(call, step, value))
    first = next((f for f in findings if not f.holds), findings[-1])
    return _Finding(first.holds, first.words, first.error_class, [f.normal for f in findings], first.case)


async def _run(inside: Session, code: str, case: Mapping[str, Json]) -> _Finding:
    given, expected = case["stdin"], case["stdout"]
    shown = f"on the input {short(given)} it should write {short(expected)},"

    def found(got: str, error_class: str, form: Json, *, holds: bool = False) -> _Finding:
        told = failing_case(f"the input {short(given)}", f"writes {short(expected)}", got)
        return _Finding(holds, f"{shown} {got}", error_class, form, told)

    try:
        ran = await inside.run(code, given)
    except CandidateError as error:
        return found(f"ended with {error}", class_of(error), normal(error))
    if ran.status != 0:
        last = (ran.stderr.strip() or f"exit status {ran.status}").splitlines()[-1]
        raised = re.match(r"[\w.]+", last) if ran.status == 1 and ran.stderr else None
        kind = raised[0] if raised else "exited"
        return found(f"ended with {short(last)}", kind, {"ended": kind})
    holds = lines(expected) == lines(ran.stdout)
    return found(f"wrote {short(ran.stdout)}", "" if holds else "wrong value", lines(ran.stdout), holds=holds)


def lines(output: str) -> list[str]:
    """The lines of a program's output, without white space at the end of each or of the whole."""
    return [line.rstrip() for line in output.rstrip().split("\n")]


def _compare(shown: str, case: Mapping[str, Json], got: object) -> _Finding:
    error = got if isinstance(got, CandidateError) else None
    if "raises" in case:
        holds = error is not None and error.kind == "raised" and case["raises"] in error.classes
        due = f"raises {case['raises']}"
        wanted = f"should raise {case['raises']}"
    else:
        expected = wire.decode(case["expected"])
        holds = error is None and same(expected, got)
        due = short(expected)
        wanted = f"should give {due}"
    came = f"gave {short(got)}" if error is None else f"ended with {error}"
    error_class = "wrong value" if error is None else class_of(error)
    told = failing_case(shown, due, short(got) if error is None else came)
    return _Finding(holds, f"{shown} {wanted}, {came}", "" if holds else error_class, normal(got), told)


def same(expected: object, got: object) -> bool:
    """Whether a plain value is the expected one: equal types all through, save that numbers compare by value.

    bool equals bool alone, a tuple is not a list, nan equals nan; floats within RELATIVE and ABSOLUTE.
    """
    if _is_number(expected) and _is_number(got):
        return _same_number(expected, got)
    if type(expected) is not type(got):
        return False
    if isinstance(expected, (list, tuple)) and isinstance(got, (list, tuple)):
        return len(expected) == len(got) and all(map(same, expected, got))
    if isinstance(expected, dict) and isinstance(got, dict):
        return expected.keys() == got.keys() and all(same(v, got[k]) for k, v in expected.items())
    return expected == got


def _is_number(value: object) -> bool:
    return type(value) in (int, float)


def _same_number(expected: Any, got: Any) -> bool:
    if type(expected) is type(got) is int:
        return bool(expected == got)
    try:
        close = math.isclose(expected, got, rel_tol=RELATIVE, abs_tol=ABSOLUTE)
        return close or (math.isnan(expected) and math.isnan(got))
    except OverflowError:
        return False


def normal(value: object) -> Json:
    """A value, or what it ended with, so that equal findings are equal JSON."""
    if isinstance(value, CandidateError):
        return {"ended": class_of(value)}
    if isinstance(value, float):
        return f"{value:.9g}"
    if isinstance(value, (list, tuple)):
        return [type(value).__name__, *map(normal, value)]
    if isinstance(value, (set, frozenset)):
        return [type(value).__name__, *sorted(repr(normal(v)) for v in value)]
    if isinstance(value, dict):
        return ["dict", *sorted(repr([normal(k), normal(v)]) for k, v in value.items())]
    return repr(value)


def class_of(error: CandidateError) -> str:
    """The class of what a candidate raised, or else the kind of its end."""
    return error.classes[0] if error.classes else error.kind


def short(value: object) -> str:
    """A value as a sentence shows it."""
    text = repr(value)
    return text if len(text) <= 160 else f"{text[:150]}... ({len(text)} characters)"


def failing_case(call: str, expected: str, got: str) -> dict[str, str]:
    """A case that does not hold, as a verdict keeps it and a page shows it."""
    told = {"call": call, "expected": expected, "got": got}
    return {
        name: text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}..." for name, text in told.items()
    }


def _verdict(
    findings: Sequence[_Finding], total: int, words: str, error_class: str, *, parsed: bool = True
) -> Verdict:
    passed = sum(f.holds for f in findings)
    failing = next((f.case for f in findings if not f.holds), None)
    return Verdict(
        score=1.0 if total and passed == total else 0.0,
        parsed=parsed,
        answer_norm=content_hash([f.normal for f in findings] or error_class) if parsed else "",
        detail={
            "passed": passed,
            "total": total,
            "error_class": error_class,
            "explanation": f"{passed} of {total} cases hold: {words}"[:1000],
            **({"failing": failing} if failing else {}),
        },
    )
