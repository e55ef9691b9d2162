"""What a summary says that its source does not hold: numbers, dates, codes and names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from whichmodel.scoring.fact import Fact
from whichmodel.scoring.source import Source

_WORD = r"[A-ZÀ-Þ][\w'’]*[a-zß-ÿ][\w'’-]*"
# fmt: off
_PLAIN = frozenset((
    "action", "actions", "agenda", "agreed", "all", "also", "amount", "april", "assigned", "assignee",
    "attendees", "august", "budget", "by", "chair", "cost", "date", "deadline", "deadlines", "december",
    "decision", "decisions", "due", "each", "english", "euros", "february", "figure", "figures", "final",
    "friday", "he", "hours", "i", "in", "it", "item", "items", "january", "july", "june", "key", "lead",
    "march", "may", "meeting", "minutes", "monday", "mr", "mrs", "ms", "next", "note", "notes",
    "november", "october", "outcome", "outcomes", "overview", "owner", "owners", "participants", "person",
    "points", "present", "project", "responsible", "saturday", "september", "she", "spend", "staff",
    "status", "step", "steps", "summary", "sunday", "target", "task", "team", "the", "these", "they",
    "this", "thursday", "timeline", "topic", "total", "tuesday", "wednesday",
    "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec",
    "mon", "tue", "wed", "thu", "fri", "sat", "sun",
))
_HEADINGS = _PLAIN | frozenset((
    "actual", "affected", "after", "agent", "and", "approved", "assessment", "at", "because", "before",
    "board", "case", "cases", "cause", "causes", "change", "changes", "client", "closed", "code",
    "commitment", "compensation", "complaint", "completed", "completion", "confirmed", "context",
    "corrected", "correction", "credit", "currency", "current", "customer", "customers", "day", "days",
    "decided", "delivery", "details", "diagnosis", "driver", "drivers", "duration", "error", "eur",
    "executive", "expected", "fault", "finding", "findings", "fix", "follow", "followup", "for", "forecast",
    "from", "full", "goodwill", "headline", "highlights", "id", "impact", "incident", "info", "initial",
    "issue", "issues", "lessons", "main", "main", "measure", "measures", "metric", "milestone", "mitigation",
    "money", "name", "new", "no", "number", "of", "off", "ongoing", "open", "order", "outage", "outlook",
    "outstanding", "parties", "pending", "period", "planned", "previous", "prior", "problem", "product",
    "progress", "promise", "promised", "purchase", "quarter", "quarterly", "reason", "reasons", "reference",
    "refund", "remaining", "replacement", "report", "reported", "resolution", "resolved", "result", "results",
    "review", "risk", "risks", "root", "service", "shipment", "solution", "state", "support", "symptom",
    "symptoms", "thread", "ticket", "to", "tried", "troubleshooting", "trend", "until", "up", "update",
    "value", "visit", "was", "what", "who", "why", "with", "year", "yes",
))
# fmt: on
"""Words that a summary capitalises without naming anyone; the longer list where the source is read whole."""


def inventions(text: str, prompt: str, source: Source, facts: Sequence[Fact]) -> set[str]:
    """Numbers, dates, codes and names that the source does not hold, as they are written."""
    text = re.sub(r"(?m)^\s*\d{1,2}[.)]\s", "", text)
    text = source.without_durations(text)
    values = source.values("date", text) | source.values("number", text)
    found = {value for value in values if not source.holds(value)}
    if source.codes is not None:
        return (
            {value for value in found if value not in _digits(source.codes)}
            | {code for code in source.values("code", text) if not _coded(code, source.codes)}
            | set(_strange_names(text, prompt + " " + _forms(facts), _HEADINGS))
        )
    return found | set(_strange_names(text, prompt, _PLAIN))


def _forms(facts: Sequence[Fact]) -> str:
    """What the facts may be called, which a summary may capitalise."""
    said = [part for fact in facts for part in fact.accept]
    return " ".join(" ".join(part) if isinstance(part, list | tuple) else str(part) for part in said)


def _digits(codes: frozenset[str]) -> frozenset[str]:
    return frozenset(re.sub(r"\D", "", code) for code in codes)


def _coded(code: str, codes: frozenset[str]) -> bool:
    """Whether a code of the source is meant, be it without its letters: `#5512` for `HB-5512`."""
    return code in codes or any(known.endswith(code) for known in codes) or code in _digits(codes)


def _strange_names(text: str, prompt: str, plain: frozenset[str]) -> Iterator[str]:
    """Capitalised words inside a sentence, or in a row, that the prompt does not hold."""
    vocabulary = plain | set(re.findall(r"[\w'’]+", prompt.casefold()))
    for line in text.splitlines():
        if line.lstrip().startswith("#") or (line.rstrip().endswith(":") and len(line.split()) <= 6):
            continue
        for row in re.finditer(rf"{_WORD}(?: {_WORD})*", line):
            words = row[0].split()
            opens = re.search(r"(?:^|[.!?:;|•–—(-])[\s\"'“]*$", line[: row.start()]) is not None
            strange = [w for w in words[int(opens) :] if not _holds(vocabulary, w)]
            if strange:
                yield row[0]


def _holds(vocabulary: frozenset[str] | set[str], word: str) -> bool:
    plain = re.sub(r"['’]s?$", "", word.casefold())
    return all(part in vocabulary or part.rstrip("s") in vocabulary for part in plain.split("-"))
