"""Rules for mail threads, CVs and contracts: the usual English wordings, the usual German headings.

They read what stands on its own line or in its usual sentence. What a later mail or an amendment takes back,
a table that is read across, or a value that follows from another one is beyond them.
"""

from __future__ import annotations

import json
import re

from whichmodel.domain import Json
from whichmodel.providers.rule_values import MONTHS, amount, between, iso_date

_BOOKED = re.compile(r"(?m)^[> ]*(\d+) x (.+?) \(([A-Z]{2,4}-\d+)\)")
_COUNT = {
    "one": 1, "two": 2, "three": 3, "six": 6, "twelve": 12, "fourteen": 14, "eighteen": 18, "twenty-four": 24,
    "thirty": 30, "thirty-six": 36, "forty-five": 45, "sixty": 60, "ninety": 90,
}  # fmt: skip
_PERIOD = r"((?:[a-z-]+ \()?[\w-]+\)? (?:day|month|year)s?)"
_LAWS = {
    "England and Wales": "England and Wales|English",
    "Germany": "Germany|German|deutsches", "New York": "New York",
    "Delaware": "Delaware", "Ireland": "Ireland", "Switzerland": "Swiss|Schweizer", "Scotland": "Scots",
    "Netherlands": "Netherlands|Dutch", "France": "French|französisches",
}  # fmt: skip
_LEVELS = (
    ("native", "native|mother"),
    ("fluent", r"fluent|C\d"),
    ("intermediate", r"intermediate|B\d|good"),
    ("basic", "basic|A2|beg"),
)
_SPAN_END = r"(?:\s?[-–—]+\s?)"


def order_changes(prompt: str) -> str:
    """What a thread asks for in the usual words; what is declined or taken back is not seen."""
    thread = re.sub(r"(?m)^[> ]+", "", between(prompt, "document"))
    codes = {name: code for _, name, code in _BOOKED.findall(between(prompt, "document"))}
    booked = set(codes.values())
    wanted: dict[str, int] = {}
    for name, code in [*codes.items(), *((code, code) for code in codes.values())]:
        here = re.escape(name)
        number = _first(thread, rf"make it (\d+) of the {here}|{here} we need (\d+)|{here}: (\d+)")
        if number:
            wanted[code] = int(number)
        elif re.search(rf"(?i)(?:cancel the|no longer need|take the) {here}", thread):
            wanted[code] = 0
    for n, first, second in re.findall(r"(?i)(?:add|put) (\d+) (?:of the|x) (.+?) \((.+?)\)", thread):
        wanted[first if re.fullmatch(r"[A-Z]{3}-\d+", first) else second] = int(n)
    day = _first(thread, r"(?i)deliver(?:y)? on (?:[A-Z][a-z]+day )?(\d{1,2} [A-Z][a-z]+ \d{4})")
    sender = _first(thread, r"(?m)^(?:From|To): (?!.*orders@)([^<\n]+)|\d ([A-Z]\w+ \w+) wrote:")
    found: dict[str, Json] = {
        "order_number": _first(thread, r"\border ([A-Z]{1,2}-\d{5})"),
        "contact": sender,
        "delivery_address": _first(thread, r"deliver to (.+?) instead|go to (.+?), not to"),
        "delivery_date": iso_date(day),
        "shipping": "express"
        if "by express" in thread
        else "pickup"
        if "collect the goods" in thread
        else None,
        "site_phone": _first(thread, r"(?i)(?:ring|contact on site:) ([\d ]+\d)"),
        "changed": _rows({code: n for code, n in wanted.items() if n and code in booked}),
        "cancelled": [code for code, n in wanted.items() if not n and code in booked],
        "added": _rows({code: n for code, n in wanted.items() if n and code not in booked}),
    }
    return json.dumps(found, ensure_ascii=False)


def _rows(quantities: dict[str, int]) -> list[Json]:
    return [{"article": code, "quantity": quantity} for code, quantity in quantities.items()]


def cv(prompt: str) -> str:
    """Contact by its notation, positions from lines that begin with two months, the rest by headings."""
    text = between(prompt, "document")
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    own = text.partition("Refere")[0]
    found: dict[str, Json] = {
        "name": _name(lines),
        "email": _first(own, r"([\w.]+@[\w.]+\w)"),
        "phone": _first(own, r"(\+\d[\d ]{8,}\d)"),
        "city": _first(own, r"(?m)^[^\n|@]{3,30}, ([^\W\d]+)(?: \||$|  )"),
        "positions": [row for line in lines if (row := _position(line))],
        "degrees": [
            {"degree": degree, "institution": school, "year": year}
            for degree, school, year in re.findall(
                r"((?:BA|BSc|BEng|MSc) [A-Z][\w ]+?), ?([^,\n]+), ?(\d{4})(?!-)", text
            )
        ],
        "languages": [row for line in lines for row in _languages(line)],
        "skills": _skills(lines),
    }
    return json.dumps(found, ensure_ascii=False)


def contract(prompt: str) -> str:
    """The terms in their usual sentences; what an amendment changes is not seen."""
    text = between(prompt, "document")
    fee = _first(text, r"\"Annual Fee\" means ([^ ]+(?: [\d,.]+)?)")
    monthly = _first(text, r"\"Monthly Rate\" means ([^ ]+(?: [\d,.]+\d)?)")
    yearly = _money(fee) if fee and re.search(r"\d", fee) else 12 * (_money(monthly) or 0) or None
    renewal = _first(text, rf"(?:further periods|successive terms) of {_PERIOD}")
    cap = _first(
        text, r"liability (?:is limited to|of either party shall not exceed) ([^ ]+(?: [\d,.]+\d)?)\."
    )
    law = _first(text, r"(?:governed by|gilt) (.+?),|unter Ausschluss") or ""
    interest = _first(text, r"interest (?:at|of) ([\d.]+) ?(?:per cent|%)")
    found: dict[str, Json] = {
        "provider": _first(text, r"\(1\) (.+?) \(|and (.+?) as service provider|und (.+?) \(nach"),
        "customer": _first(text, r"\(2\) (.+?) \(|between (.+?) as customer|zwischen (.+?) \(nach"),
        "effective_date": iso_date(_first(text, r"(?:takes effect on|apply from) (\d+ \w+ \d{4})")),
        "initial_term": _length(_first(text, rf"(?:initial term of|Effective Date and lasts) {_PERIOD}")),
        "auto_renewal": renewal is not None,
        "renewal_term": _length(renewal),
        "notice_period": _length(
            _first(text, rf"(?:at least|notice period of|ordinary notice of) {_PERIOD}")
        ),
        "currency": _currency(text),
        "annual_fee": yearly,
        "payment_term": _length(_first(text, rf"(?:payable within|no later than) {_PERIOD}")),
        "late_interest": float(interest.rstrip(".")) if interest else None,
        "liability_cap": _money(cap),
        "governing_law": next((name for name, words in _LAWS.items() if re.search(words, law)), None),
        "confidentiality_term": _length(_first(text, rf"(?:continues for|agreement by) {_PERIOD}")),
    }
    return json.dumps(found, ensure_ascii=False)


def _first(text: str, pattern: str) -> str | None:
    """The first group that the first match fills."""
    found = re.search(pattern, text)
    return next((group.strip() for group in found.groups() if group), None) if found else None


def _name(lines: list[str]) -> str | None:
    """The first line that is not a heading, in either order, without a title."""
    heading = r"(?i)^(?:contact|lebenslauf|# curriculum vitae: |name: |skills|my name is )"
    for line in lines[:4]:
        bare = re.sub(heading, "", line).strip()
        if bare and not re.search(r"\d|@", bare) and len(bare.split()) < 7:
            return re.sub(r"(?i)\b(?:dr|prof|dipl\.-ing)\. ", "", bare)
    return None


def _position(line: str) -> dict[str, Json] | None:
    """`03/2019 - 05/2021  Title, Employer` and the like."""
    month = r"(\d{1,2}[/.]\d{4}|[^\W\d]{3,9}\.? '?\d{2,4}|\d{4})"
    ends = rf"{month}{_SPAN_END}({month[1:-1]}|present|today|now|heute)"
    found = re.match(rf"(?i)(?:\| )?{ends}(?:\s{{2,}}| \| )([^,|\n]+?)(?:,\s?| \| )([^|\n]+)", line)
    if found is None:
        return None
    start, end, first, second = found.groups()
    title, employer = (second, first) if line.startswith("|") else (first, second)
    return {"title": title.strip(), "employer": employer.strip(), "from": _month(start), "to": _month(end)}


def _month(text: str) -> str | None:
    """YYYY-MM of a month, YYYY of a year; None for the present."""
    year = re.search(r"'?(\d{4}|\d{2})$", text)
    if year is None:
        return None
    full = year[1] if len(year[1]) == 4 else f"20{year[1]}"
    word = text[:3].lower()
    number = re.match(r"(\d{1,2})[/.]", text)
    month = int(number[1]) if number else MONTHS.index(word) + 1 if word in MONTHS else 0
    return f"{full}-{month:02d}" if month else full


def _languages(line: str) -> list[dict[str, Json]]:
    """Languages with their level in brackets or behind a colon."""
    names = "English|German|French|Spanish|Polish|Italian|Swedish|Arabic"
    return [
        {"language": name, "level": next((level for level, words in _LEVELS if re.search(words, said)), None)}
        for name, said in re.findall(rf"\b({names})(?: \(|: )([\w ()]+)", line)
    ]


def _skills(lines: list[str]) -> list[str]:
    """What stands behind or below the heading of skills, on one line."""
    for place, line in enumerate(lines):
        found = re.match(r"(?i)(?:\*\*)?(?:top )?(?:skills|kenntnisse):?(?:\*\*)?\s*(.*)", line)
        if found:
            said = found[1] or (lines[place + 1] if place + 1 < len(lines) else "")
            return [re.sub(r" \(\d.*?\)", "", part).strip(" .") for part in re.split(r"[,;|·]", said)]
    return []


def _length(text: str | None) -> str | None:
    """An ISO duration of `thirty (30) days` and the like."""
    found = re.search(r"(?:([a-z-]+)|(\d+))\)? (day|month|year)", text or "")
    if text is None or found is None:
        return None
    digits = re.search(r"\d+", text)
    count = int(digits.group()) if digits else _COUNT.get(found[1] or "", 0)
    return f"P{count}{found[3][0].upper()}" if count else None


def _money(text: str | None) -> float | None:
    """`EUR 25,000` and `€25,000.00`."""
    if text is None or not re.search(r"\d", text):
        return None
    return amount(text) if re.search(r"[.,]\d\d$", text) else float(re.sub(r"\D", "", text))


def _currency(text: str) -> str | None:
    code = re.search(r"\b(EUR|USD|GBP|CHF)\b", text)
    sign = re.search(r"[$€£]", text)
    return code.group() if code else {"$": "USD", "€": "EUR", "£": "GBP"}[sign.group()] if sign else None
