"""Model-written functions against a dataset's own tests: all of them hold, or the score is 0.

The tests are somebody else's code, as the answer is, so neither runs in this process: the answer runs in a
sandbox of its own, the tests with what they expect in another, and only plain values cross between the two.

`item.target` is one of
    {"entry_point": name, "check": source}          source defines `check(candidate)`, as in HumanEval
    {"asserts": [source, ...], "setup": source}     asserts that call the function by its name, as in MBPP;
                                                    setup may be left out, "entry_point" may be added
A test that raises after the candidate has answered is a wrong answer; tests that break before, or never
call it, are trouble of our own. `item.metadata["prompt"]`, where there is one, is a function's head with what
stands before it (HumanEval's prompt): an answer that defines no function is then read as the body that
belongs to it. Options: call_s, total_s (seconds, see sandbox.Limits).
"""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Mapping, Sequence
from textwrap import indent

from whichmodel.domain import Answer, Item, Json, Verdict, content_hash
from whichmodel.errors import ScoringFailed
from whichmodel.sandbox import CandidateError, Checks, Match, match
from whichmodel.scoring.code import blocks, class_of, defines, extract, failing_case, limits, normal, short
from whichmodel.scoring.reading import spoken

_CALLED = re.compile(r"(?<![\w.])([A-Za-z_]\w*)\s*\(")
_FORMS = 'It is {"entry_point", "check"} or {"asserts"}, see whichmodel.scoring.tests.'
STUB = "    pass\n"
"""Makes a module of a prompt that ends in a function's head."""


async def score(answer: Answer, item: Item, options: Mapping[str, Json]) -> Verdict:
    """1 if every test of the dataset holds, else 0.

    parsed is False when no code was found. Raises SandboxMissing or ScoringFailed for trouble of our own.
    """
    checks = read_target(item)
    text, total = spoken(answer.text), len(checks.run)
    code = extract(text, checks.entry_point)
    whole = code is not None and defines(code, checks.entry_point)
    if not whole and checks.prompt:
        code = as_body(checks.prompt, text)
    if code is None:
        return _verdict(None, total, "no code was found in the answer", "no code", parsed=False)
    parts = [checks.prompt + STUB, code] if checks.prompt and whole else [code]
    heard = _Heard()
    try:
        return _judged(await match(parts, checks, limits(options), heard), checks.run, heard)
    except CandidateError as error:
        unread = "SyntaxError" in error.classes and not (whole and "```" in text)
        return _verdict(
            None, total, f"the code does not load: {error.text}", class_of(error), parsed=not unread
        )


def read_target(item: Item) -> Checks:
    """What an item is tested with. Raises ScoringFailed for a target of another form."""
    target, prompt = item.target, item.metadata.get("prompt")
    given = prompt if isinstance(prompt, str) else ""
    if isinstance(target, dict):
        name, check, asserts = (target.get(key) for key in ("entry_point", "check", "asserts"))
        if isinstance(check, str) and isinstance(name, str) and name.isidentifier():
            return Checks(name, (f"check({name})",), check, given)
        if isinstance(asserts, list) and asserts and all(isinstance(a, str) for a in asserts):
            setup = str(target.get("setup") or "")
            name = name if isinstance(name, str) else _first_called(asserts, setup)
            if name:
                return Checks(name, tuple(map(str, asserts)), setup, given)
    raise ScoringFailed(f"The target of {item.id} holds no tests.", where="scorer `tests`", remedy=_FORMS)


def _first_called(asserts: Sequence[str], setup: str) -> str:
    """The first name that asserts call and neither Python nor their setup knows. "" = there is none."""
    known = {*dir(builtins), *keyword.kwlist, *re.findall(r"\w+", setup)}
    for source in asserts:
        for name in _CALLED.findall(source):
            if name not in known:
                return str(name)
    return ""


def as_body(prompt: str, text: str) -> str | None:
    """A function of its head and an answer that goes on where the head ends. None = the answer is empty."""
    body = next((block for block in reversed(blocks(text)) if block.strip()), text)
    lines = body.strip("\n").split("\n")
    if not body.strip():
        return None
    if not lines[0][:1].isspace():
        inner = [line for line in lines[1:] if line.strip()]
        if inner and all(line.startswith("    ") for line in inner):
            lines[0] = (
                f"    {lines[0]}"  # Only the first line lost its indent, as answers that are stripped do.
            )
        else:
            lines = indent("\n".join(lines), "    ").split("\n")
    return f"{prompt}{'' if prompt.endswith(chr(10)) else chr(10)}" + "\n".join(lines) + "\n"


class _Heard:
    """What a candidate answered, as far as it is kept: a hash of all, and the last in words."""

    def __init__(self) -> None:
        self.all = ""
        self.last = ""

    def __call__(self, reply: object) -> None:
        self.all = content_hash([self.all, normal(reply)])
        self.last = short(reply)


def _judged(found: Match, tests: Sequence[str], heard: _Heard) -> Verdict:
    total = len(tests)
    if found.ended is not None:
        ended = f"ended with {found.ended}"
        case = failing_case(tests[min(len(found.tests), total - 1)], "the test holds", ended)
        return _verdict(found, total, f"it {ended}", class_of(found.ended), heard=heard, failing=case)
    failed = next((t for t in found.tests if not t.held), None)
    if failed is None:
        return _verdict(found, total, "every test holds", "", heard=heard)
    said = failed.text.rstrip(": ")
    words = f"{said}; the last call gave {heard.last}"
    case = failing_case(tests[found.tests.index(failed)], "the test holds", words)
    return _verdict(found, total, words, failed.error, heard=heard, failing=case)


def _verdict(
    found: Match | None,
    total: int,
    words: str,
    failure: str,
    *,
    parsed: bool = True,
    heard: _Heard | None = None,
    failing: Mapping[str, Json] | None = None,
) -> Verdict:
    held = [t.held for t in found.tests] if found else []
    passed = sum(held)
    holds = found is not None and found.ended is None and passed == total == len(held) and found.replies > 0
    return Verdict(
        score=1.0 if holds else 0.0,
        parsed=parsed,
        answer_norm=content_hash([heard.all, held] if heard else failure) if parsed else "",
        detail={
            "passed": passed,
            "total": total,
            "error_class": failure,
            "explanation": f"{passed} of {total} tests hold: {words}"[:1000],
            **({"failing": failing} if failing else {}),
        },
    )
