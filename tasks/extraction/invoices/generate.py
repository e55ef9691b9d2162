"""Invoices in eight layouts and four languages, with their fields as gold.

The amounts are drawn first and the document is written from them, so the gold is exact by
construction. Other dates, customer numbers and earlier balances are there to be passed over.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import cycle, zip_longest
from pathlib import Path

from whichmodel.domain import Item, Json

FOLDER = Path(__file__).parent
COLUMNS = ("description", "quantity", "unit_price", "amount")
PIECES, HOURS = (2, 4, 6, 10, 24), (2, 3, 5, 8, 15)
"""Quantities in halves: goods come whole, work by the half hour."""


@cache
def words() -> Json:
    """Currencies, names, goods, months and labels by language."""
    return json.loads((FOLDER / "words.json").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Row:
    """A line item. `halves` is the quantity in halves, `unit` and `amount` are cents."""

    description: str
    halves: int
    unit: int

    @property
    def amount(self) -> int:
        return self.halves * self.unit // 2


@dataclass(frozen=True, slots=True)
class Invoice:
    """What a document is written from. Amounts are cents; None = the document has none."""

    number: str
    issued: date
    term: int | None
    term_only: bool
    """Only the payment term is printed, the due date follows from it."""
    supplier: str
    customer: str
    po: str | None
    currency: str
    rows: tuple[Row, ...]
    discount: int | None
    taxes: tuple[tuple[str, int], ...]
    """Rate and amount of each tax; () = exempt."""

    @property
    def due(self) -> date | None:
        return None if self.term is None else self.issued + timedelta(days=self.term)

    @property
    def subtotal(self) -> int:
        return sum(row.amount for row in self.rows)

    @property
    def total(self) -> int:
        return self.subtotal - (self.discount or 0) + sum(amount for _, amount in self.taxes)


@dataclass(frozen=True, slots=True)
class Voice:
    """How one supplier writes: language, labels, notation of dates and amounts."""

    language: str
    labels: Mapping[str, str]
    numeric_dates: bool
    symbol: str
    rng: random.Random

    def money(self, cents: int) -> str:
        whole, sign = f"{abs(cents) // 100:,}", "-" if cents < 0 else ""
        if self.language == "en":
            return f"{sign}{self.symbol}{whole}.{abs(cents) % 100:02d}"
        grouped = whole.replace(",", "\u00a0" if self.language == "fr" else ".")
        return f"{sign}{grouped},{abs(cents) % 100:02d} {self.symbol}"

    def day(self, day: date) -> str:
        if self.numeric_dates:
            return day.strftime({"en": "%Y-%m-%d", "de": "%d.%m.%Y"}.get(self.language, "%d/%m/%Y"))
        month = words()[self.language]["months"][day.month - 1]
        if self.symbol == "$":
            return f"{month} {day.day}, {day.year}"
        form = {"de": "{0}. {1} {2}", "es": "{0} de {1} de {2}"}.get(self.language, "{0} {1} {2}")
        return form.format(day.day, month, day.year)

    def quantity(self, halves: int) -> str:
        if halves % 2 == 0:
            return str(halves // 2)
        return f"{halves // 2}{'.' if self.language == 'en' else ','}5"


Writer = Callable[[Invoice, Voice], str]


def generate(seed: int, count: int) -> Iterator[Item]:
    """Invoices of a seed; each item depends on seed and place alone, layouts alternate."""
    prompt = (FOLDER / "prompt.txt").read_text(encoding="utf-8").rstrip()
    schema = json.dumps(json.loads((FOLDER / "schema.json").read_text(encoding="utf-8")))
    for place, layout in zip(range(count), cycle(LAYOUTS), strict=False):
        rng = random.Random(f"invoices-{seed}-{place}")
        languages, write = LAYOUTS[layout]
        invoice, voice = _draw(rng, rng.choice(languages))
        gold = _gold(invoice)
        yield Item(
            id=f"invoices-s{seed}-{place:04d}",
            input=prompt.format(schema=schema, document=write(invoice, voice)),
            target=gold,
            reference=json.dumps(gold, ensure_ascii=False),
            stratum=layout,
        )


def _draw(rng: random.Random, language: str) -> tuple[Invoice, Voice]:
    word = words()[language]
    currency, symbol = rng.choice(word["currencies"])
    rows = tuple(
        Row(good, rng.choice(HOURS if "(" in good else PIECES), rng.randrange(190, 64_000, 10))
        for good in rng.sample(word["goods"], rng.randint(2, 5))
    )
    net = sum(row.amount for row in rows)
    discount = net * rng.choice((3, 5, 10)) // 100 if rng.random() < 0.4 else None
    invoice = Invoice(
        number=_number(rng),
        issued=date(rng.randint(2021, 2025), rng.randint(1, 12), rng.randint(1, 28)),
        term=rng.choice((None, 10, 14, 30, 30, 45)),
        term_only=rng.random() < 0.3,
        supplier=rng.choice(word["suppliers"]),
        customer=rng.choice(word["customers"]),
        po=f"{rng.choice(('PO-', 'B-', '45'))}{rng.randint(10_000, 99_999)}" if rng.random() < 0.6 else None,
        currency=currency,
        rows=rows,
        discount=discount,
        taxes=_taxes(rng, net - (discount or 0)),
    )
    labels = {key: rng.choice(variants) for key, variants in word["labels"].items()}
    return invoice, Voice(language, labels, rng.random() < 0.5, symbol, rng)


def _number(rng: random.Random) -> str:
    serial = rng.randint(1_000, 999_999)
    year = rng.randint(2021, 2025)
    return rng.choice((f"INV-{serial}", f"{year}/{serial}", f"RE{serial}", f"{serial}", f"F-{serial}-A"))


def _taxes(rng: random.Random, base: int) -> tuple[tuple[str, int], ...]:
    kind = rng.random()
    if kind < 0.15:
        return ()
    if kind < 0.75:
        return (("20%", base * 20 // 100),)
    reduced = base * rng.randint(20, 60) // 100
    return (("20%", (base - reduced) * 20 // 100), ("7%", reduced * 7 // 100))


def _gold(invoice: Invoice) -> dict[str, Json]:
    return {
        "invoice_number": invoice.number,
        "invoice_date": invoice.issued.isoformat(),
        "due_date": invoice.due and invoice.due.isoformat(),
        "supplier": invoice.supplier,
        "customer": invoice.customer,
        "po_number": invoice.po,
        "currency": invoice.currency,
        "subtotal": invoice.subtotal / 100,
        "discount": None if invoice.discount is None else invoice.discount / 100,
        "tax": sum(amount for _, amount in invoice.taxes) / 100 if invoice.taxes else None,
        "total": invoice.total / 100,
        "line_items": [
            dict(zip(COLUMNS, (r.description, r.halves / 2, r.unit / 100, r.amount / 100), strict=True))
            for r in invoice.rows
        ],
    }


def _facts(invoice: Invoice, voice: Voice) -> list[tuple[str, str]]:
    """Label and value of everything in a document's head, distractors among them, in mixed order."""
    rng, label = voice.rng, voice.labels
    facts = [
        (label["number"], invoice.number),
        (label["date"], voice.day(invoice.issued)),
        (label["account"], str(rng.randint(10_000, 99_999))),
        (label["ordered"], voice.day(invoice.issued - timedelta(days=rng.randint(5, 40)))),
        (label["shipped"], voice.day(invoice.issued - timedelta(days=rng.randint(1, 4)))),
    ]
    if invoice.due and not invoice.term_only:
        facts.append((label["due"], voice.day(invoice.due)))
    if invoice.po:
        facts.append((label["po"], invoice.po))
    rng.shuffle(facts)
    return facts


def _sums(invoice: Invoice, voice: Voice) -> list[tuple[str, str]]:
    label = voice.labels
    sums = [(label["subtotal"], voice.money(invoice.subtotal))]
    if invoice.discount is not None:
        sums.append((label["discount"], voice.money(-invoice.discount)))
    sums += [(f"{label['tax']} {rate}", voice.money(amount)) for rate, amount in invoice.taxes]
    return [*sums, (label["total"], voice.money(invoice.total))]


def _tail(invoice: Invoice, voice: Voice) -> str:
    """Payment term, bank and an earlier balance."""
    rng = voice.rng
    term = [voice.labels["term"].format(invoice.term)] if invoice.term and invoice.term_only else []
    before = f"{voice.labels['before']}: {voice.money(rng.randrange(5_000, 400_000))}"
    bank = f"IBAN XX{rng.randint(10, 99)} {rng.randint(1000, 9999)} {rng.randint(1000, 9999)}"
    return "\n".join([*term, *rng.sample([before, bank], 2)])


def _table(invoice: Invoice, voice: Voice, join: Callable[[list[str]], str]) -> str:
    lines = [join(voice.labels["columns"].split("|"))]
    for row in invoice.rows:
        prices = voice.money(row.unit), voice.money(row.amount)
        lines.append(join([row.description, voice.quantity(row.halves), *prices]))
    return "\n".join(lines)


def _padded(cells: list[str]) -> str:
    return f"{cells[0]:<28}" + "".join(f"{cell:>15}" for cell in cells[1:])


def _head(invoice: Invoice, voice: Voice) -> str:
    home, away = voice.rng.sample(words()[voice.language]["addresses"], 2)
    label = voice.labels
    return f"{invoice.supplier}\n{home}\n\n{label['title']}\n\n{label['to']}: {invoice.customer}\n{away}"


def _blocks(fact: str, cells: Callable[[list[str]], str], total: str, gap: str) -> Writer:
    """Head, facts, table, sums and tail, one below the other, in the given notation."""

    def write(invoice: Invoice, voice: Voice) -> str:
        facts = "\n".join(fact.format(*pair) for pair in _facts(invoice, voice))
        table = _table(invoice, voice, cells)
        sums = "\n".join(total.format(*pair) for pair in _sums(invoice, voice))
        return gap.join([_head(invoice, voice), facts, table, sums, _tail(invoice, voice)])

    return write


def _columns(invoice: Invoice, voice: Voice) -> str:
    """A row of labels above a row of values, as a form prints them; names stand the same way."""
    facts = _facts(invoice, voice)
    wide = (
        "".join(f"{label:<24}" for label, _ in facts) + "\n" + "".join(f"{value:<24}" for _, value in facts)
    )
    sums = _sums(invoice, voice)
    below = "".join(f"{label:<22}" for label, _ in sums) + "\n" + "".join(f"{value:<22}" for _, value in sums)
    return "\n\n".join(
        [_head(invoice, voice), wide, _table(invoice, voice, _padded), below, _tail(invoice, voice)]
    )


def _beside(invoice: Invoice, voice: Voice) -> str:
    """Customer on the left, facts on the right, on the same lines."""
    home, away = voice.rng.sample(words()[voice.language]["addresses"], 2)
    left = [f"{voice.labels['to']}:", invoice.customer, *away.split(", ")]
    right = [f"{label} {value}" for label, value in _facts(invoice, voice)]
    lines = [f"{a:<40}{b}".rstrip() for a, b in zip_longest(left, right, fillvalue="")]
    sums = "\n".join(f"{'':<44}{label:<24}{value}" for label, value in _sums(invoice, voice))
    head = f"{voice.labels['title'].upper():<40}{invoice.supplier}\n{'':<40}{home}"
    table = _table(invoice, voice, _padded)
    return "\n\n".join([head, "\n".join(lines), table, sums, _tail(invoice, voice)])


def _email(invoice: Invoice, voice: Voice) -> str:
    """Running prose: the labels are words of sentences."""
    rng, day, money = voice.rng, voice.day, voice.money
    earlier = day(invoice.issued - timedelta(days=rng.randint(3, 20)))
    each = "- {} x {} at {} each makes {}"
    order = f"your order {invoice.po} of {earlier}" if invoice.po else f"your order of {earlier}"
    rows = "\n".join(
        each.format(voice.quantity(row.halves), row.description, money(row.unit), money(row.amount))
        for row in invoice.rows
    )
    parts = [f"The lines come to {money(invoice.subtotal)}."]
    if invoice.discount is not None:
        parts.append(f"We take off {money(invoice.discount)} as agreed.")
    parts += [f"Tax at {rate} adds {money(amount)}." for rate, amount in invoice.taxes]
    parts.append(f"That leaves {money(invoice.total)} to pay")
    due = "." if not invoice.due else f" within {invoice.term} days of the invoice date."
    if invoice.due and not invoice.term_only:
        due = f" by {day(invoice.due)}."
    return (
        f"From: accounts of {invoice.supplier}\nTo: {invoice.customer}\n"
        f"Subject: Invoice {invoice.number}\n\nDear customer,\n\nthis is our invoice {invoice.number} of "
        f"{day(invoice.issued)} for {order}:\n\n{rows}\n\n{' '.join(parts)}{due}\n\n"
        f"Thank you for settling {money(rng.randrange(5_000, 400_000))} for last month.\n\nKind regards"
    )


def _export(invoice: Invoice, voice: Voice) -> str:
    """Codes of an accounting export, amounts in minor units where the code ends in _C."""
    rng, due = voice.rng, invoice.due
    shown = due and not invoice.term_only
    lines = [
        f"DOC={invoice.number}",
        f"DT_DOC={invoice.issued:%Y%m%d}",
        f"DT_ORD={invoice.issued - timedelta(days=rng.randint(5, 40)):%Y%m%d}",
        f"DT_DUE={due:%Y%m%d}" if shown else "DT_DUE=",
        f"TERM_DAYS={'' if shown else invoice.term or ''}",
        f"SELLER={invoice.supplier}",
        f"BUYER={invoice.customer}",
        f"BUYER_ACCT={rng.randint(10_000, 99_999)}",
        f"BUYER_REF={invoice.po or ''}",
        f"CUR={invoice.currency}",
    ]
    rng.shuffle(lines)
    line = "LINE={};QTY={:g};UNIT_C={};AMT_C={}"
    lines += [line.format(row.description, row.halves / 2, row.unit, row.amount) for row in invoice.rows]
    lines.append(f"SUM_LINES_C={invoice.subtotal}")
    if invoice.discount is not None:
        lines.append(f"DISC_C={invoice.discount}")
    lines += [f"TAX_C={amount};RATE={rate}" for rate, amount in invoice.taxes]
    lines.insert(0, "# amounts (_C) in cents")
    return "\n".join([*lines, f"GROSS_C={invoice.total}", f"OPEN_PREV_C={rng.randrange(5_000, 400_000)}"])


_LEDGER = _blocks("{}: {}", _padded, "{:<40}{:>20}", "\n\n")
_PIPES = _blocks("| {} | {} |", lambda cells: f"| {' | '.join(cells)} |", "| {} | {} |", "\n\n")
_STACKED = _blocks("{}\n{}", "\n".join, "{}\n{}", "\n")
_ANY = ("en", "de", "fr", "es")

LAYOUTS: Mapping[str, tuple[tuple[str, ...], Writer]] = {
    "ledger-english": (("en",), _LEDGER),
    "ledger-foreign": (("de", "fr", "es"), _LEDGER),
    "columns": (_ANY, _columns),
    "pipes": (_ANY, _PIPES),
    "stacked": (_ANY, _STACKED),
    "beside": (_ANY, _beside),
    "email": (("en",), _email),
    "export": (("en", "de"), _export),
}
"""Stratum -> the languages it is drawn in and the function that writes it."""
