"""What two companies agreed, and how lengths of time and amounts are put into words."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from random import Random

from whichmodel.domain import Json

NUMBERS = {
    1: ("one", "ein"), 2: ("two", "zwei"), 3: ("three", "drei"), 4: ("four", "vier"), 5: ("five", "fünf"),
    6: ("six", "sechs"), 7: ("seven", "sieben"), 8: ("eight", "acht"), 9: ("nine", "neun"),
    10: ("ten", "zehn"), 12: ("twelve", "zwölf"), 14: ("fourteen", "vierzehn"),
    15: ("fifteen", "fünfzehn"), 18: ("eighteen", "achtzehn"),
    21: ("twenty-one", "einundzwanzig"), 24: ("twenty-four", "vierundzwanzig"), 30: ("thirty", "dreißig"),
    36: ("thirty-six", "sechsunddreißig"), 45: ("forty-five", "fünfundvierzig"), 60: ("sixty", "sechzig"),
    90: ("ninety", "neunzig"),
}  # fmt: skip
"""Numbers of contracts in English and German words."""
UNITS = {"D": ("day", "Tag"), "M": ("month", "Monat"), "Y": ("year", "Jahr")}


@cache
def words() -> Json:
    """Companies, services, laws and courts."""
    return json.loads((Path(__file__).parents[1] / "words.json").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Length:
    """A length of time in one unit: D, M or Y."""

    count: int
    unit: str

    @property
    def iso(self) -> str:
        return f"P{self.count}{self.unit}"

    @property
    def months(self) -> int:
        return self.count * {"M": 1, "Y": 12}[self.unit]

    def english(self, rng: Random) -> str:
        """`thirty (30) days`, `30 days` or `thirty days`."""
        word, unit = NUMBERS[self.count][0], UNITS[self.unit][0]
        plural = f"{unit}{'s' if self.count > 1 else ''}"
        return rng.choice((f"{word} ({self.count}) {plural}", f"{self.count} {plural}", f"{word} {plural}"))

    def german(self, rng: Random, dative: bool = True) -> str:
        """`drei Monaten` after a preposition, else `drei Monate`."""
        unit = UNITS[self.unit][1]
        if self.count == 1:
            masculine = "einem" if dative else "einen"
            return f"{masculine if unit != 'Jahr' else 'einem' if dative else 'ein'} {unit}"
        plural = f"{unit}en" if dative else f"{unit}e"
        word = NUMBERS[self.count][1]
        return rng.choice((f"{self.count} {plural}", f"{word} {plural}", f"{word} ({self.count}) {plural}"))


@dataclass(slots=True)
class Terms:
    """The terms in force. Amounts are whole units of the currency; None = the contract has no such term."""

    provider: str
    customer: str
    signed: date
    effective: date
    initial: Length | None
    renewal: Length | None
    """None = it does not renew itself."""
    notice: Length | None
    currency: str
    fee: int
    """A year's."""
    payment: Length | None
    interest: float | None
    """Percent a year."""
    cap: int | None
    cap_percent: int | None
    """The cap as a share of the annual fee. None = it is an amount of its own, or there is none."""
    law: str
    secrecy: Length | None

    def gold(self) -> dict[str, Json]:
        """The answer."""
        return {
            "provider": self.provider,
            "customer": self.customer,
            "effective_date": self.effective.isoformat(),
            "initial_term": self.initial and self.initial.iso,
            "auto_renewal": self.renewal is not None,
            "renewal_term": self.renewal and self.renewal.iso,
            "notice_period": self.notice and self.notice.iso,
            "currency": self.currency,
            "annual_fee": self.fee,
            "payment_term": self.payment and self.payment.iso,
            "late_interest": self.interest,
            "liability_cap": _whole(self.fee * self.cap_percent / 100) if self.cap_percent else self.cap,
            "governing_law": self.law,
            "confidentiality_term": self.secrecy and self.secrecy.iso,
        }


def _whole(number: float) -> float:
    """A number without the fraction that it does not have."""
    return int(number) if number == int(number) else number


def draw(rng: Random, *, open_ended: bool = False, german: bool = False) -> Terms:
    """The terms of one contract; an open-ended one runs for an indefinite time and lacks much."""
    word = words()
    laws = [pair for pair in word["laws"] if not german or pair[0] in word["laws_de"]]
    law, currency = rng.choice(laws)
    provider, customer = rng.sample(word["companies"], 2)
    effective = date(rng.randint(2019, 2025), rng.randint(1, 12), 1)
    signed = date(
        effective.year - (effective.month == 1), (effective.month + 10) % 12 + 1, rng.randint(2, 27)
    )
    renews = not open_ended and rng.random() < 0.65
    ends = rng.choice(
        (Length(12, "M"), Length(18, "M"), Length(2, "Y"), Length(3, "Y"), Length(36, "M"), Length(5, "Y"))
    )
    return Terms(
        provider=provider,
        customer=customer,
        signed=signed,
        effective=effective,
        initial=None if open_ended else ends,
        renewal=rng.choice((Length(12, "M"), Length(1, "Y"), Length(6, "M"), Length(2, "Y")))
        if renews
        else None,
        notice=rng.choice(
            (
                Length(30, "D"),
                Length(3, "M"),
                Length(60, "D"),
                Length(90, "D"),
                Length(6, "M"),
                Length(1, "M"),
            )
        )
        if renews or open_ended
        else None,
        currency=currency,
        fee=rng.randrange(24, 480) * 1_200,
        payment=None
        if open_ended and rng.random() < 0.4
        else rng.choice((Length(14, "D"), Length(30, "D"), Length(45, "D"), Length(60, "D"))),
        interest=rng.choice((4.0, 5.0, 6.5, 8.0, 9.0))
        if rng.random() < (0.4 if open_ended else 0.8)
        else None,
        cap=None if open_ended and rng.random() < 0.5 else rng.randrange(2, 80) * 25_000,
        cap_percent=None,
        law=law,
        secrecy=rng.choice((Length(2, "Y"), Length(3, "Y"), Length(5, "Y"), Length(24, "M")))
        if rng.random() < (0.5 if open_ended else 0.85)
        else None,
    )


def amount(number: int, currency: str, rng: Random, german: bool = False) -> str:
    """An amount of a currency: `EUR 250,000`, `€250,000.00`; `250.000 EUR` in German."""
    if german:
        return f"{f'{number:,}'.replace(',', '.')}{rng.choice(('', ',00'))} {currency}"
    sign = {"EUR": "€", "GBP": "£", "USD": "$"}.get(currency)
    plain = f"{number:,}{rng.choice(('', '.00'))}"
    return f"{sign}{plain}" if sign and rng.random() < 0.4 else f"{currency} {plain}"


def long_day(day: date, german: bool = False) -> str:
    """A date in words."""
    if german:
        return f"{day.day}. {words()['months_de'][day.month - 1]} {day.year}"
    return f"{day.day} {words()['months'][day.month - 1]} {day.year}"
