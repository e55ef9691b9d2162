"""Rules for named entities: runs of capital letters, and the words in and beside them."""

from __future__ import annotations

import json
import re

from whichmodel.providers.rule_values import between

_MONTH = (
    "January|February|March|April|May|June|July|August|September|October|November|December"
    "|january|february|march|april|may|june|july|august|september|october|november|december"
)
_NUMERIC = (
    ("date", rf"\d{{1,2}} (?:{_MONTH})(?: \d{{4}})?|(?:{_MONTH}) \d{{1,2}}, \d{{4}}"),
    ("date", rf"(?:{_MONTH}|spring|autumn) \d{{4}}"),
    ("date", r"\d{2}/\d{2}/\d{4}|(?<=in )(?:19|20)\d{2}\b"),
    (
        "amount",
        r"[€$£][\d,.]*\d(?: million)?|(?:CHF|chf) [\d,.]*\d(?: million)?|\d[\d,.]*(?: million)? euros",
    ),
    ("amount", r"\d[\d.]* ?(?:%|per cent)"),
)
_RUN = re.compile(r"[A-ZÀ-Ý][\w'-]*(?:(?: of| &)? [A-ZÀ-Ý&][\w'.-]*| \d+(?![\d%,.]))*")
_ORGANISATION = re.compile(
    r"\b(?:Ltd|GmbH|Inc|Group|Holdings|Partners|AG|Bank|Insurance|Logistics|Foods|Pharma|Energy|Airlines"
    r"|Textiles|Council|Authority|University|Hospital|Commerce|FC|Club|Rovers|Foundation|Works|Hotel|Motors|Capital)\b"
    r"|&|^[A-Z]{4}$"
)
_PLACE = re.compile(r"\b(?:Street|Lane|Avenue|Square|Bridge|Road|Quay|Wharf)\b")
_PRODUCT = re.compile(r" (?:\d+|X200|Pro \d+|Mini|S|Plus|GT|One|Air)$")
_COMMON = frozenset(
    {"The", "Our", "I", "He", "In", "On", "At", "With", "Before", "Nobody", "According", "See", "Ticket"}
)


def entities(prompt: str) -> str:
    """Dates and amounts by their notation, other names by capitals and by the words in and before them."""
    text = between(prompt, "text")
    found: list[dict[str, str]] = []
    for kind, pattern in _NUMERIC:
        for match in re.finditer(pattern, text):
            found.append({"text": match.group(), "type": kind})
        text = re.sub(pattern, lambda match: "_" * len(match.group()), text)
    for match in _RUN.finditer(text):
        words = match.group().split(" ")
        while words and words[0] in _COMMON:
            words.pop(0)
        name = re.sub(r"'s$", "", " ".join(words)).rstrip(".,")
        if name:
            found.append({"text": name, "type": _kind(name, text[: match.start()])})
    return json.dumps(found, ensure_ascii=False)


def _kind(name: str, before: str) -> str:
    if _ORGANISATION.search(name):
        return "organisation"
    if _PLACE.search(name):
        return "place"
    if _PRODUCT.search(name):
        return "product"
    return "place" if re.search(r"\b(?:in|from|to|at|leave|left) $", before) and " " not in name else "person"
