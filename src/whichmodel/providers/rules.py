"""Rule baselines: what regular expressions and word lists do without any model.

Each function reads a prompt and writes an answer, as a person would program it in an afternoon: it
knows the usual English and German labels, and nothing of the gold. A model that does not beat these is
not worth its price on that task.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping

from whichmodel.domain import Json
from whichmodel.providers import rule_documents, rule_names
from whichmodel.providers.rule_values import AMOUNT, DATE, amount, between, iso_date

ASKING = re.compile(r"\?|\b(?:please|want|need|would like|can you|could you)\b", re.IGNORECASE)
STOP = {
    "wants",
    "with",
    "from",
    "that",
    "some",
    "something",
    "asks",
    "what",
    "than",
    "does",
    "above",
    "another",
}
SYNONYMS = {
    "money": "refun", "reimb": "refun", "broke": "damag", "crack": "damag", "dent": "damag", "piece": "damag",
    "couri": "parce", "late": "track", "waiti": "track", "twice": "doubl", "ident": "doubl", "recei": "invoi",
    "block": "locke", "suspe": "locke", "unloc": "locke", "membe": "subsc", "incom": "missi",
    "decli": "payme", "stop": "cance", "erase": "delet", "remov": "delet", "updat": "chang", "bigge": "upgra",
    "promi": "statu",
}  # fmt: skip
CURRENCIES = {"$": "USD", "€": "EUR", "£": "GBP"}


READERS: Mapping[str, Callable[[str], str]] = {
    '"invoice_number"': lambda prompt: extract_invoice(prompt),
    '"payment_method"': lambda prompt: extract_receipt(prompt),
    '"site_phone"': rule_documents.order_changes,
    '"positions"': rule_documents.cv,
    '"renewal_term"': rule_documents.contract,
    "named entities": rule_names.entities,
}
"""What a prompt says -> who reads its document."""


def extract(prompt: str) -> str:
    """The answer of whichever rules the prompt asks for; of a document of another kind, an empty object."""
    return next((reader(prompt) for said, reader in READERS.items() if said in prompt), "{}")


def extract_invoice(prompt: str) -> str:
    """An invoice's fields, read by their usual labels."""
    text = between(prompt, "document")
    lines = text.splitlines()
    found: dict[str, Json] = {
        "invoice_number": _after(
            text, r"Invoice (?:No\.?|#|number)|Rechnungsnummer|Rechnung Nr\.", r"[\w/-]*\d[\w/-]*"
        ),
        "invoice_date": iso_date(
            _after(text, r"Invoice date|Date of issue|Issued|Rechnungsdatum|Datum", DATE)
        ),
        "due_date": iso_date(_after(text, r"Due date|Payable by|Fällig am|Zahlbar bis", DATE)),
        "supplier": lines[0] if lines else None,
        "customer": _after(text, r"Bill to|Invoiced to|Customer|Rechnung an|Kunde", r"[^\W\d][^\n|]+"),
        "po_number": _after(text, r"PO number|Purchase order|Your order|Bestellnummer", r"[\w-]*\d[\w-]*"),
        "currency": _currency(text),
        "subtotal": amount(_after(text, r"Subtotal|Net amount|Zwischensumme|Nettobetrag", AMOUNT)),
        "discount": _positive(amount(_after(text, r"Discount|Rabatt", AMOUNT))),
        "tax": amount(_after(text, r"VAT \d+%|Sales tax \d+%|MwSt\. \d+%", AMOUNT)),
        "total": amount(_after(text, r"Total due|Amount payable|Invoice total|Gesamtbetrag", AMOUNT)),
        "line_items": [row for line in lines if (row := _row(line))],
    }
    return json.dumps(found, ensure_ascii=False)


def extract_receipt(prompt: str) -> str:
    """A receipt's fields: the first line, what stands above the telephone, labelled sums."""
    text = between(prompt, "document")
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    address = [line for line in lines[1:6] if re.search(r"\d", line) and "," in line]
    total = _after(text, r"(?:Grand |Nett )?(?<!sub)Total(?! qty| savings| tax)|Amount due", AMOUNT)
    payment = re.search(r"(?im)^(cash|visa|mastercard|debit|(?:gift )?voucher)\b", text)
    means = payment.group(1).lower() if payment else None
    found = {
        "company": lines[0] if lines else None,
        "address": " ".join(address) or None,
        "date": iso_date(next(iter(re.findall(DATE, text)), None)),
        "total": amount(total),
        "payment_method": "card" if means in ("visa", "mastercard", "debit") else means and means.split()[-1],
    }
    return json.dumps(found, ensure_ascii=False)


def classify(prompt: str) -> str:
    """The label that shares most words with the ticket; the rarer a word in the list, the more it counts.

    Sentences that ask for something count three times.
    """
    listed = re.findall(r"(?m)^- ([\w-]+)(?:: (.*))?$", prompt)
    words = {label: _stems(f"{label.replace('_', ' ')} {means}") for label, means in listed}
    spread = Counter(stem for stems in words.values() for stem in stems)
    scores: dict[str, float] = dict.fromkeys(words, 0.0)
    for sentence in re.split(r"(?<=[.!?])\s", between(prompt, "ticket")):
        weight = 3 if ASKING.search(sentence) else 1
        said = _stems(sentence)
        for label, stems in words.items():
            scores[label] += weight * sum(1 / spread[stem] for stem in sorted(stems & said))
    best = max(words, key=lambda label: scores[label], default="")
    return best if scores.get(best) else next((label for label in words if "scope" in label), best)


def lead(prompt: str, sentences: int = 5) -> str:
    """The first sentences of the source: what a summary has to beat."""
    source = " ".join(between(prompt, "source").split())
    return " ".join(re.split(r"(?<=[.!?]) ", source)[:sentences])


def _after(text: str, labels: str, value: str) -> str | None:
    """The value that follows a label on its line, or in the next cell or line."""
    found = re.search(rf"(?im)(?:^|[|] ?|  )(?:{labels})[ :|]*(?:RM)?[ \n]*((?-i:{value}))", text)
    return found.group(1).strip() if found else None


def _row(line: str) -> dict[str, Json] | None:
    """A line item: words, a quantity, two amounts."""
    money = rf"({AMOUNT})(?: ?[A-Z€]{{1,3}})?"
    found = re.fullmatch(rf"(?:\| )?(.+?)[ |]+(\d+(?:[.,]5)?)[ |]+{money}[ |]+{money}(?: \|)?", line.strip())
    if found is None:
        return None
    return {
        "description": found.group(1),
        "quantity": float(found.group(2).replace(",", ".")),
        "unit_price": amount(found.group(3)),
        "amount": amount(found.group(4)),
    }


def _positive(amount: float | None) -> float | None:
    return None if amount is None else abs(amount)


def _currency(text: str) -> str | None:
    code = re.search(r"\b(EUR|USD|GBP|CHF)\b", text)
    sign = re.search(r"[$€£]", text)
    return code.group() if code else CURRENCIES[sign.group()] if sign else None


def _stems(text: str) -> set[str]:
    """The first five letters of each longer word, a synonym replaced by its word."""
    words = [word for word in re.findall(r"[a-z]{4,}", text.lower()) if word not in STOP]
    return {SYNONYMS.get(word[:5], word[:5]) for word in words}
