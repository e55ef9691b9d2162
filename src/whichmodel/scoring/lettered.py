"""The option that an answer picks, by its letter, its text or both.

A letter counts where it stands for itself: alone, in brackets, before `)` `.` `:` or a dash, behind `option`
or `choice`. `A` inside a sentence is an article and `I` a pronoun. Letter and text that contradict each
other name two options, and what is ruled out (`not B`) names none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from string import ascii_uppercase

from whichmodel.domain import Json
from whichmodel.scoring import stated

_KEYS = ("answer", "label", "choice", "option", "letter")
_OPENING = 200
"""Characters among which the letter that a text opens with is sought; bounds the work on hostile text."""
_DENIAL = re.compile(r"\W*(?:not|neither|none|never)\b", re.IGNORECASE)


def offered(choices: Json) -> Mapping[str, str]:
    """Letter -> text. A list gets the letters A, B, C, ..."""
    if isinstance(choices, Mapping):
        return {letter(str(key)): str(text) for key, text in choices.items()}
    return dict(zip(ascii_uppercase, map(str, choices), strict=False))


def letter(written: str) -> str:
    """`(b)` and `B.` are `B`."""
    return written.strip(" ().:").upper()


def read(text: str, options: Mapping[str, str], marker: str = "") -> tuple[tuple[str, ...], str]:
    """The letters of the options an answer picks, and how they were written: one, or what is in doubt."""
    said = stated.find(text, marker=marker, keys=_KEYS)
    if said.certain:
        wrapping = "plain" if said.place == "whole" and len(said.text) == 1 else said.place
        return named_options(said.text, options), wrapping
    return () if marker else _unmarked(text, said.text, options), "prose"


def _unmarked(text: str, last: str, options: Mapping[str, str]) -> tuple[str, ...]:
    """What a longer text opens with; else what its last line names; else what it names at all."""
    first = stated.bare(text.strip().partition("\n")[0])
    if opening := _leading(first, options) or _same(first, options):
        closing = _leading(last, options)
        return opening if not closing or closing == opening else opening + closing
    return named_options(last, options) or named_options(text, options)


def named_options(text: str, options: Mapping[str, str]) -> tuple[str, ...]:
    """The options that a stretch of text names, in their order."""
    if _DENIAL.match(text):
        return ()
    if letter(text) not in options and (same := _same(text, options)):
        return same
    whole = _form(text)
    letters = {*_leading(text, options), *_letters(text, options)}
    texts = _texts(whole, options)
    named = letters | texts if not letters & texts or len(texts) == 1 else letters
    return tuple(key for key in options if key in named)


def _same(text: str, options: Mapping[str, str]) -> tuple[str, ...]:
    """The one option whose text this is; () = none is, or several are."""
    same = [key for key, option in options.items() if _form(option) == _form(text)]
    return tuple(same) if len(same) == 1 else ()


def _leading(text: str, options: Mapping[str, str]) -> tuple[str, ...]:
    """The letter a text opens with: `B`, `(b)`, `B)`, `B. text`, `B: text`, `b - text`."""
    keys = "".join(options)
    found = re.match(
        rf"\W*?(?:(?:option|choice|answer) )?"
        rf"(?:[(\[]([{keys}])[)\]]|\**([{keys}])(?:\**[).:\]]\**(?!\w)| ?[-–—] |\W*\Z))",
        text[:_OPENING],
        re.IGNORECASE,
    )
    return ((found[1] or found[2]).upper(),) if found else ()


def _letters(text: str, options: Mapping[str, str]) -> set[str]:
    """Letters that stand for options within a text."""
    keys = "".join(options)
    plain = "".join(key for key in options if key not in "AI")
    marked = re.findall(rf"[(\[]([{keys}])[)\]]|\b(?:[Oo]ption|[Cc]hoice|[Aa]nswer) \**([{keys}])\b", text)
    alone = re.findall(rf"(?<![\w'’.])([{plain}])(?![\w'’])", text) if plain else []
    quoted = re.findall(rf"(?:[*`\"'])([{keys}])(?:[*`\"'])", text)
    joined = re.findall(rf"\b([{keys}])(?: or | and | ?[/,&] ?)[{keys}]\b", text)
    return {sign for pair in marked for sign in pair if sign} | {*alone, *quoted, *joined}


def _texts(whole: str, options: Mapping[str, str]) -> set[str]:
    """Options whose text stands in a text, a longer one read before its parts."""
    rest, named = f" {whole} ", set[str]()
    for key, option in sorted(options.items(), key=lambda pair: (-len(_form(pair[1])), pair[0])):
        form = f" {_form(option)} "
        if len(form.strip()) > 1 and form in rest:
            named.add(key)
            rest = rest.replace(form, " | ")
    return named


def _form(text: str) -> str:
    """Words and numbers in lower case, one space between them; the dot or minus of a number stays."""
    return " ".join(re.findall(r"(?<![\w.])[-−]?\d[\d.,/:]*\d|(?<![\w.])[-−]?\d|[^\W_]+", text.casefold()))
