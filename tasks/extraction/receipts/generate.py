"""Till receipts as text recognition leaves them, with five fields as gold.

A clean receipt is written first and then damaged in one way, its stratum. Damage is always
reversible by a reader: digits inside words, letters inside numbers, spaces inside words, and a total
without its label that still follows from the payment and the change.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import cycle
from pathlib import Path

from whichmodel.domain import Item, Json

FOLDER = Path(__file__).parent

FIRST = (
    "Golden", "Harbour", "Sunrise", "Bluebell", "Ivory", "Juniper", "Copper",
    "Willow", "Crescent", "Marigold", "Falcon", "Orchid",
)  # fmt: skip
SECOND = (
    "Bakery", "Hardware", "Stationery", "Pharmacy", "Mini Market",
    "Noodle House", "Book Corner", "Garden Centre",
)  # fmt: skip
SUFFIXES = ("Sdn Bhd", "Ltd", "& Sons", "Trading Co.", "Enterprise")
STREETS = ("Jalan Melor", "Station Road", "Jalan Kenanga", "Orchard Street", "Jalan Bukit Hijau", "Mill Lane")
DISTRICTS = ("Taman Indah", "Old Town", "Bandar Baru", "Riverside", "Kampung Lama", "Northfield")
CITIES = ("Johor Bahru, Johor", "Shah Alam, Selangor", "Ipoh, Perak", "Melaka", "Kuantan, Pahang")
GOODS = (
    "Kopi O", "Nasi Lemak", "A4 Paper", "Ball Pen Blue", "White Bread", "Iced Tea", "Paint Brush 2in",
    "Roti Canai", "Olive Oil 1L", "Hand Soap", "Wood Screws 50", "Notebook B5", "Rice 5kg", "Basil Pot",
)  # fmt: skip
CASHIERS = ("Tan Mei Ling", "R. Kumar", "Nurul Aina", "J. Ortega", "Lim Boon Seng")
TOTALS = ("Total", "Amount due", "Grand total", "Nett total", "Total incl. tax")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
NOTE = 500
"""Cents of the smallest note: what is handed over is the next multiple above the total."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a receipt is written from. Amounts are cents."""

    company: str
    address: tuple[str, ...]
    """Lines of the address."""
    day: date
    goods: tuple[tuple[str, int, int], ...]
    """Name, pieces, price of one."""
    rounding: int
    payment: str | None

    @property
    def sum(self) -> int:
        return sum(pieces * price for _, pieces, price in self.goods)

    @property
    def total(self) -> int:
        return self.sum + self.rounding

    @property
    def paid(self) -> int:
        """Cash or vouchers handed over."""
        return (self.total // NOTE + 1) * NOTE


def generate(seed: int, count: int) -> Iterator[Item]:
    """Receipts of a seed; each item depends on seed and place alone, kinds of damage alternate."""
    prompt = (FOLDER / "prompt.txt").read_text(encoding="utf-8").rstrip()
    schema = json.dumps(json.loads((FOLDER / "schema.json").read_text(encoding="utf-8")))
    for place, stratum in zip(range(count), cycle(DAMAGES), strict=False):
        rng = random.Random(f"receipts-{seed}-{place}")
        receipt = _draw(rng, stratum)
        document = "\n".join(DAMAGES[stratum](_lines(receipt, rng, stratum), rng))
        gold = _gold(receipt)
        yield Item(
            id=f"receipts-s{seed}-{place:04d}",
            input=prompt.format(schema=schema, document=document),
            target=gold,
            reference=json.dumps(gold),
            stratum=stratum,
        )


def _draw(rng: random.Random, stratum: str) -> Receipt:
    goods = tuple(
        (good, rng.choice((1, 1, 2, 3)), rng.randint(120, 4_900))
        for good in rng.sample(GOODS, rng.randint(2, 6))
    )
    total = sum(pieces * price for _, pieces, price in goods)
    street = f"{rng.choice(('No. ', 'Lot ', ''))}{rng.randint(2, 199)}, {rng.choice(STREETS)}"
    city = f"{rng.randint(10_000, 98_000)} {rng.choice(CITIES)}"
    payments = ("cash",) if stratum == "unlabelled" else ("cash", "cash", "card", "voucher", None)
    return Receipt(
        company=f"{rng.choice(FIRST)} {rng.choice(SECOND)} {rng.choice(SUFFIXES)}",
        address=(street, rng.choice(DISTRICTS), city),
        day=date(2019, 1, 1) + timedelta(days=rng.randrange(2_400)),
        goods=goods,
        rounding=(total + 2) // 5 * 5 - total,
        payment=rng.choice(payments),
    )


def _gold(receipt: Receipt) -> dict[str, Json]:
    return {
        "company": receipt.company,
        "address": ", ".join(receipt.address),
        "date": receipt.day.isoformat(),
        "total": receipt.total / 100,
        "payment_method": receipt.payment,
    }


def _lines(receipt: Receipt, rng: random.Random, stratum: str) -> list[str]:
    """The receipt as printed: head, goods, sums, payment, foot."""
    cashier = rng.choice(CASHIERS)
    head = [receipt.company, f"(Co. Reg. {rng.randint(100_000, 999_999)}-{rng.choice('AKTXW')})"]
    if rng.random() < 0.3:
        head.insert(0, cashier)
    address = [", ".join(receipt.address[:2]) + ",", receipt.address[2]]
    if rng.random() < 0.4:
        address = [f"{line}," for line in receipt.address[:2]] + [receipt.address[2]]
    head += [*address, f"Tel: 0{rng.randint(3, 9)}-{rng.randint(1_000_000, 9_999_999)}"]
    clock = f"{rng.randint(8, 21):02d}:{rng.randint(0, 59):02d}"
    stamp = f"{_day(receipt.day, rng)} {clock}"
    head += [f"Bill {rng.randint(1_000, 99_999)}  Cashier: {cashier}"]
    head.append(stamp if stratum == "unlabelled" or rng.random() < 0.3 else f"Date: {stamp}")
    goods = [f"{f'{n} x ' * (n > 1) + name:<28}{_money(n * price)}" for name, n, price in receipt.goods]
    return head + goods + _sums(receipt, rng, stratum) + _foot(receipt, rng)


def _sums(receipt: Receipt, rng: random.Random, stratum: str) -> list[str]:
    sums = [f"Subtotal  {_money(receipt.sum)}"]
    if receipt.rounding:
        sums.append(f"Rounding adj.  {_money(receipt.rounding)}")
    if stratum == "unlabelled":
        sums = [line.split("  ")[1] for line in [*sums, f"  {_money(receipt.total)}"]]
    else:
        sums.append(f"{rng.choice(TOTALS)}  RM {_money(receipt.total)}")
    if stratum == "distractors":
        sums.insert(0, f"Total qty  {sum(pieces for _, pieces, _ in receipt.goods)}")
        sums.append(f"Total savings  {_money(rng.randint(50, 900))}")
        sums.append(f"Total tax incl. at 6%  {_money(receipt.total * 6 // 106)}")
    return sums + _payment(receipt, rng)


def _payment(receipt: Receipt, rng: random.Random) -> list[str]:
    if receipt.payment is None:
        return []
    if receipt.payment == "card":
        brand = rng.choice(("Visa", "Mastercard", "Debit"))
        return [f"{brand} ****{rng.randint(1_000, 9_999)}  {_money(receipt.total)}", "Approved"]
    name = "Cash" if receipt.payment == "cash" else rng.choice(("Gift voucher", "Voucher"))
    return [f"{name}  {_money(receipt.paid)}", f"Change  {_money(receipt.paid - receipt.total)}"]


def _foot(receipt: Receipt, rng: random.Random) -> list[str]:
    until = receipt.day + timedelta(days=rng.choice((7, 14, 30)))
    since = receipt.day - timedelta(days=rng.randint(100, 900))
    notes = [
        f"Exchange until {_day(until, rng)} with this receipt",
        f"Member since {_day(since, rng)}",
        "No cash refund",
        "Thank you, please come again",
    ]
    return rng.sample(notes, rng.randint(1, 3))


def _day(day: date, rng: random.Random) -> str:
    return rng.choice(
        (
            f"{day:%d/%m/%Y}",
            f"{day:%d-%m-%y}",
            f"{day.day} {MONTHS[day.month - 1]} {day.year}",
            f"{day:%d.%m.%Y}",
        )
    )


def _money(cents: int) -> str:
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def _as_printed(lines: list[str], rng: random.Random) -> list[str]:
    return lines


def _upper_and_split(lines: list[str], rng: random.Random) -> list[str]:
    """Capitals, and gaps inside long words or none between words."""
    return [_split_words(line.upper(), rng) for line in lines]


def _split_words(line: str, rng: random.Random) -> str:
    words = []
    for word in line.split(" "):
        if len(word) > 4 and word.isalpha() and rng.random() < 0.35:
            cut = rng.randint(1, len(word) - 1)
            word = f"{word[:cut]} {word[cut:]}"
        words.append(word)
    return " ".join(words)


def _confuse(lines: list[str], rng: random.Random) -> list[str]:
    """Capitals with 0 for O and 1 for I in words, O for 0 and l for 1 in numbers."""
    return [" ".join(_confuse_word(word, rng) for word in line.upper().split(" ")) for line in lines]


def _confuse_word(word: str, rng: random.Random) -> str:
    letters, digits = sum(map(str.isalpha, word)), sum(map(str.isdigit, word))
    if letters > 2 and not digits:
        swaps: Mapping[str, str] = {"O": "0", "I": "1"}
    elif digits > 2 and not letters:
        swaps = {"0": "O", "1": "l"}
    else:
        return word
    return "".join(swaps[c] if c in swaps and rng.random() < 0.4 else c for c in word)


DAMAGES: Mapping[str, Callable[[list[str], random.Random], list[str]]] = {
    "clean": _as_printed,
    "broken": _upper_and_split,
    "confused": _confuse,
    "unlabelled": _as_printed,
    "distractors": _as_printed,
}
"""Stratum -> what is done to the printed lines; the last two differ in what is printed."""
