"""Normal forms of people, companies and how to reach them.

All of them fold case, accents and punctuation. What is dropped beyond that, because writers differ in it
and readers do not care, stands at each function.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import zip_longest

from whichmodel.domain import Json

_MOST_LETTERS = 1_000
"""Characters of a value that can be a name or an address; more are prose."""
_PLAIN = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "ð": "d", "þ": "th"})
"""Letters that are no letter with an accent to Unicode."""
_TITLES = frozenset({
    "mr", "mrs", "ms", "miss", "mx", "dr", "prof", "professor", "sir", "dame", "rev", "hon", "eng", "ing",
    "dipl", "herr", "herrn", "frau", "fr", "mme", "mlle", "monsieur", "madame", "sr", "sra", "srta", "sig",
    "dott", "dottssa", "doctor", "doktor", "med", "rer", "nat", "jur", "habil"
})  # fmt: skip
_DEGREES = frozenset({
    "phd", "mba", "md", "msc", "bsc", "ba", "llm", "llb", "esq", "cpa", "cfa", "pmp", "dphil", "meng",
    "beng"
})  # fmt: skip
_LEGAL_FORMS = frozenset({
    "gmbh", "mbh", "ag", "kg", "kgaa", "ohg", "gbr", "ug", "ev", "eg", "se", "ltd", "limited", "inc",
    "incorporated", "llc", "llp", "lp", "plc", "corp", "corporation", "co", "company", "sa", "sas", "sasu",
    "sarl", "eurl", "sl", "slu", "srl", "spa", "bv", "nv", "ab", "oy", "oyj", "as", "asa", "aps", "sdn",
    "bhd", "berhad", "pty", "pte", "pvt", "private", "kk", "ltda", "haftungsbeschrankt", "doo", "kft", "zoo"
})  # fmt: skip
_ABBREVIATIONS = {
    "st": "street", "saint": "street", "sankt": "street", "str": "strasse", "rd": "road", "av": "avenue",
    "ave": "avenue", "avda": "avenue", "avenida": "avenue", "blvd": "boulevard", "bd": "boulevard",
    "ln": "lane", "dr": "drive", "ct": "court", "sq": "square", "hwy": "highway", "pkwy": "parkway",
    "ste": "suite", "apt": "apartment", "fl": "floor", "bldg": "building", "pl": "platz", "place": "platz",
    "jln": "jalan", "jl": "jalan", "tmn": "taman", "lrg": "lorong", "kg": "kampung", "kpg": "kampung",
    "bdr": "bandar", "pza": "plaza", "c": "calle", "mt": "mount", "ft": "fort",
}  # fmt: skip
_NUMBER_SIGNS = frozenset({"no", "nr", "num", "number", "nº", "n"})
_COUNTRIES = frozenset({
    "germany", "deutschland", "allemagne", "alemania", "austria", "osterreich", "switzerland", "schweiz",
    "suisse", "france", "frankreich", "francia", "spain", "espana", "spanien", "italy", "italia", "italien",
    "netherlands", "the netherlands", "nederland", "belgium", "belgien", "belgique", "united kingdom", "uk",
    "great britain", "england", "united states", "united states of america", "usa", "us", "ireland",
    "canada", "australia", "poland", "polska", "sweden", "sverige", "denmark", "danmark", "norway", "norge",
    "malaysia", "singapore", "india", "japan", "portugal"
})  # fmt: skip
_PREFIXED_CODE = re.compile(r"\b(?:d|de|a|at|ch|f|fr|e|es|nl|b|be|i|it|l|lu)[- ]?(?=\d{4,5}\b)")
_ADDRESS = re.compile(r"[\w.%+'-]+@[\w-]+(?:\.[\w-]+)+")


def person(value: Json) -> str | None:
    """`jean luc picard` of `Picard, Jean-Luc`, `Dr. Jean-Luc Picard` or `JEAN-LUC PICARD, PhD`.

    Titles, degrees and initials in the middle are dropped; a first name's initial is not its name.
    """
    if not isinstance(value, str) or len(value) > _MOST_LETTERS:
        return None
    parts = [_words(part) for part in re.sub(r"\(.*?\)", " ", value).split(",")]
    parts = [kept for part in parts if (kept := [w for w in part if w not in _DEGREES])]
    if len(parts) == 2 and parts[1] != ["jr"]:
        parts.reverse()
    names = [word for part in parts for word in part]
    while len(names) > 1 and names[0] in _TITLES:
        names.pop(0)
    inner = [word for word in names[1:-1] if len(word) > 1 or not word.isascii()]
    return " ".join([*names[:1], *inner, *names[1:][-1:]]) or None


def company(value: Json) -> str | None:
    """Letters and digits alone, without a legal form at the end or an article before: `The Acme Co., Ltd.`
    is `acme`. Another legal form is no other name, as documents drop them at will."""
    if not isinstance(value, str) or len(value) > _MOST_LETTERS:
        return None
    words = _words(value)
    words = words[1:] if len(words) > 1 and words[0] == "the" else words
    kept = list(words)
    while len(kept) > 1 and (kept[-1] in _LEGAL_FORMS or kept[-1] == "and" or kept[-3:] == ["sp", "z", "oo"]):
        del kept[-3 if kept[-3:] == ["sp", "z", "oo"] else -1 :]
    return "".join(kept or words) or None


def address(value: Json) -> str | None:
    """Letters and digits alone, abbreviations written out: `12 Main St.` is `12 Main Street`, `Hauptstr. 5`
    is `Hauptstraße 5`. Dropped are `No.` before a number, a country at the end and `D-` before a code."""
    if not isinstance(value, str) or len(value) > _MOST_LETTERS:
        return None
    lowered = _PREFIXED_CODE.sub("", value.casefold())
    words = _without_country(_words(lowered))
    written = [
        _whole(word)
        for word, after in zip_longest(words, words[1:], fillvalue="")
        if not (word in _NUMBER_SIGNS and after[:1].isdigit())
    ]
    return "".join(written) or None


def phone(value: Json) -> str | None:
    """Digits, after `+` where a country's code is given: `+49 (0)30 123` and `0049 30 123` are `+4930123`.
    In North America the code 1 may be left out. A national number is no international one."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or len(value) > 60:
        return None
    main, _, extension = re.sub(r"(?i)^\s*(?:tel|phone|mobile|t|m)\b[.:]*", "", value).partition("x")
    plain = re.sub(r"\(0\)|[\s().\-/–]|ext\.?$|e$", "", main.casefold()).removeprefix("tel:")
    plain = re.sub(r"^00", "+", plain)
    if not re.fullmatch(r"\+?\d{3,20}", plain):
        return None
    plain = re.sub(r"^\+?1(?=[2-9]\d{9}$)", "", plain)
    extra = re.sub(r"\D", "", extension)
    return f"{plain}x{extra}" if extra else plain


def email(value: Json) -> str | None:
    """The address in lower case, without `mailto:` or a name before its angle brackets."""
    if not isinstance(value, str) or len(value) > _MOST_LETTERS:
        return None
    plain = value.casefold().strip().rstrip(".,;")
    named = re.search(r"<([^<>]*)>$", plain)
    address = (named[1] if named else plain).removeprefix("mailto:").strip()
    return address if _ADDRESS.fullmatch(address) else None


def url(value: Json) -> str | None:
    """Host and path in lower case, without scheme, `www.` and the last slash."""
    if not isinstance(value, str) or len(value) > _MOST_LETTERS or len(value.split()) != 1:
        return None
    plain = re.sub(r"^(?:https?://)?(?:www\.)?", "", value.strip(" <>.,\n").casefold()).rstrip("/")
    return plain if "." in plain else None


def _words(text: str) -> list[str]:
    """Words of letters and digits; dots and apostrophes vanish inside, so that `S.A.` is `sa`."""
    folded = unicodedata.normalize("NFKD", text.replace("&", " and ")).casefold().translate(_PLAIN)
    bare = "".join(c for c in folded if not unicodedata.combining(c))
    bare = re.sub(r"(?<=\b[a-z])\.(?=[a-z]\b)|['’`]", "", bare)
    return re.findall(r"[^\W_]+", bare)


def _without_country(words: Sequence[str]) -> Sequence[str]:
    for length in (4, 3, 2, 1):
        if len(words) > length + 2 and " ".join(words[-length:]) in _COUNTRIES:
            return words[:-length]
    return words


def _whole(word: str) -> str:
    """A word of an address without its abbreviation; German streets carry theirs at the end."""
    if word in _ABBREVIATIONS:
        return _ABBREVIATIONS[word]
    return f"{word}asse" if len(word) > 5 and word.endswith("str") else word
