"""Amendments: each changes some of the terms, or would if it were signed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy
from datetime import date, timedelta
from random import Random

from .terms import Length, Terms, amount, long_day, words


def _notice(terms: Terms, rng: Random) -> str:
    assert terms.notice
    old = terms.notice.english(rng)
    terms.notice = rng.choice(
        [n for n in (Length(45, "D"), Length(2, "M"), Length(4, "M"), Length(9, "M")) if n != terms.notice]
    )
    new = terms.notice.english(rng)
    return f"The notice to be given under the clause on term and termination is {new} in place of {old}."


def _fee(terms: Terms, rng: Random) -> str:
    percent = rng.choice((5, 10, 15, 20, -10))
    terms.fee += terms.fee * percent // 100
    if rng.random() < 0.5:
        return f"The Annual Fee is {'raised' if percent > 0 else 'lowered'} by {abs(percent)} per cent."
    return f"The Annual Fee is now {amount(terms.fee, terms.currency, rng)}; all else in that clause stands."


def _payment(terms: Terms, rng: Random) -> str:
    terms.payment = rng.choice(
        [n for n in (Length(10, "D"), Length(21, "D"), Length(90, "D")) if n != terms.payment]
    )
    due = terms.payment.english(rng)
    return f"Invoices are from now on payable within {due} of receipt, whatever the agreement says."


def _cap(terms: Terms, rng: Random) -> str:
    terms.cap_percent, terms.cap = None, rng.randrange(81, 160) * 10_000
    return (
        "In the clause on liability, the limit of a party's total liability is replaced by "
        f"{amount(terms.cap, terms.currency, rng)}; the limit for lost data is not changed."
    )


def _law(terms: Terms, rng: Random) -> str:
    terms.law = rng.choice([name for name in words()["laws_in_words"] if name != terms.law])
    return f"The agreement is henceforth governed by {rng.choice(words()['laws_in_words'][terms.law])}."


def _interest(terms: Terms, rng: Random) -> str:
    if terms.interest and rng.random() < 0.4:
        terms.interest = None
        return "The provision on interest for late payment is deleted without replacement."
    terms.interest = rng.choice([rate for rate in (3.0, 7.0, 7.5, 10.0) if rate != terms.interest])
    return f"Overdue amounts bear interest at {terms.interest:g} per cent a year."


def _renaming(terms: Terms, rng: Random) -> str:
    taken = {terms.provider, terms.customer}
    new = rng.choice([name for name in words()["companies"] if name not in taken])
    who = rng.choice(("provider", "customer"))
    old = getattr(terms, who)
    setattr(terms, who, new)
    role = who.title()
    return f"{old} has transferred the agreement with all its duties to {new}, the {role} from now on."


def _renewal(terms: Terms, rng: Random) -> str:
    assert terms.renewal
    if rng.random() < 0.4:
        terms.renewal = None
        return "The agreement no longer renews itself; the notice period is that of ordinary termination."
    terms.renewal = rng.choice(
        [n for n in (Length(3, "M"), Length(18, "M"), Length(3, "Y")) if n != terms.renewal]
    )
    return f"Each renewal is for {terms.renewal.english(rng)}."


Change = Callable[[Terms, Random], str]


def _possible(terms: Terms) -> list[Change]:
    changes: list[Change] = [_fee, _payment, _cap, _law, _interest, _renaming]
    return changes + ([_notice] if terms.notice else []) + ([_renewal] if terms.renewal else [])


def amend(
    terms: Terms, rng: Random, number: int, changes: int, used: list[Change], signed: bool = True
) -> str:
    """The text of an amendment; the terms change where it is signed. `used` = changes already made."""
    after = terms if signed else copy(terms)
    chosen: Sequence[Change] = rng.sample([c for c in _possible(terms) if c not in used], changes)
    used.extend(chosen)
    said = "\n".join(f"{chr(97 + place)}) {change(after, rng)}" for place, change in enumerate(chosen))
    day: date = terms.effective + timedelta(days=200 * number + rng.randint(0, 90))
    if signed:
        foot = f"Signed for the Provider and for the Customer on {long_day(day)}."
        return f"AMENDMENT No. {number}\n\n{said}\n\n{foot}"
    head, foot = rng.choice(
        (
            (
                f"AMENDMENT No. {number} (draft for discussion)",
                "Signed for the Provider: ________  for the Customer: ________",
            ),
            (
                f"AMENDMENT No. {number}",
                f"Signed for the Provider on {long_day(day)}. Customer's signature: (pending)",
            ),
            (
                f"PROPOSED AMENDMENT No. {number}",
                "This proposal lapses unless both parties sign it. Not signed.",
            ),
        )
    )
    return f"{head}\n\n{said}\n\n{foot}"


def revoke(number: int, revoked: int, day: date) -> str:
    """An amendment that takes another one back as a whole."""
    return (
        f"AMENDMENT No. {number}\n\n"
        f"Amendment No. {revoked} is revoked as a whole with effect from its beginning.\n\n"
        f"Signed for the Provider and for the Customer on {long_day(day)}."
    )
