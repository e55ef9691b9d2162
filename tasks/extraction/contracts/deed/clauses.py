"""Clauses in English: several wordings of each term, some of which lead to its value by a definition."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from .terms import Length, Terms, amount, long_day, words

Clause = tuple[str, list[str]]
"""Heading and paragraphs."""


def preamble(terms: Terms, rng: Random) -> str:
    """Title, parties, dates."""
    signed, effective = long_day(terms.signed), long_day(terms.effective)
    title = rng.choice(("SERVICES AGREEMENT", "MASTER SERVICE AGREEMENT", "FRAMEWORK CONTRACT FOR SERVICES"))
    parties = (
        f'(1) {terms.provider} (the "Provider"), and\n(2) {terms.customer} (the "Customer").',
        f'between {terms.customer} as customer (the "Customer")\n'
        f'and {terms.provider} as service provider (the "Provider")',
    )
    dates = (
        f'This agreement is dated {signed} and takes effect on {effective} (the "Effective Date").',
        f'Signed on {signed}. Its provisions apply from {effective} ("Effective Date").',
        f"Date of last signature: {signed}. This agreement takes effect on the first day of the next month "
        '(the "Effective Date").',
    )
    return f"{title}\n\n{rng.choice(parties)}\n\n{rng.choice(dates)}"


def definitions(terms: Terms, rng: Random, indirect: bool) -> tuple[Clause, dict[str, str]]:
    """Defined terms, and what other clauses write in place of a value."""
    said, short = [], dict[str, str]()
    if indirect:
        monthly = rng.random() < 0.5
        name = "Monthly" if monthly else "Quarterly"
        parts = 12 if monthly else 4
        rate = amount(terms.fee // parts, terms.currency, rng)
        said.append(f'"Annual Fee" means {"twelve" if monthly else "four"} times the {name} Rate.')
        said.append(f'"{name} Rate" means {rate}, net of taxes.')
        short["fee"] = "the Annual Fee"
        if terms.notice:
            said.append(f'"Notice Period" means {terms.notice.english(rng)}.')
            short["notice"] = "the Notice Period"
        if terms.payment:
            said.append(f'"Due Date" means the day {terms.payment.english(rng)} after receipt of an invoice.')
            short["payment"] = "on or before the Due Date"
    else:
        said.append(
            f'"Annual Fee" means {amount(terms.fee, terms.currency, rng)} for each year of this agreement.'
        )
    said += rng.sample(
        (
            '"Business Day" means a day on which banks are open at the Customer\'s seat.',
            '"Deliverables" means all results that the Provider hands over under this agreement.',
            f'"Response Time" means {rng.choice((2, 4, 8))} hours from the report of a fault.',
            '"Affiliate" means any company that controls, or is controlled by, a party.',
        ),
        2,
    )
    rng.shuffle(said)
    return ("Definitions", said), short


def term(terms: Terms, rng: Random, short: dict[str, str]) -> Clause:
    """How long it runs, whether it renews itself, and with what notice it ends."""
    said = [_duration(terms, rng, short)]
    if terms.renewal and terms.notice:
        notice = short.get("notice") or terms.notice.english(rng)
        observed = "" if "notice" in short else "a notice period of "
        period = terms.renewal.english(rng)
        said.append(
            rng.choice(
                (
                    f"It is extended automatically by further periods of {period} unless a party "
                    f"gives written notice of non-renewal at least {notice} before a period ends.",
                    f"Upon expiry it shall renew for successive terms of {period}. Either party may "
                    f"prevent this by written notice, observing {observed}{notice}.",
                )
            )
        )
    elif terms.notice is None:
        said.append(
            rng.choice(
                (
                    "It ends on expiry of that period without notice being needed, and may be extended "
                    "by written agreement only.",
                    "There is no tacit renewal and no right of ordinary termination during that period.",
                )
            )
        )
    cure = Length(rng.choice((10, 14, 15, 21)), "D").english(rng)
    said.append(
        "A party may terminate for cause where the other commits a material breach and does not cure it "
        f"within {cure} of a written request."
    )
    back = Length(rng.choice((7, 8, 9)), "D").english(rng)
    said.append(f"Within {back} of the end, the Provider returns the Customer's data.")
    return "Term and termination", said


def _duration(terms: Terms, rng: Random, short: dict[str, str]) -> str:
    if terms.initial is None:
        assert terms.notice
        notice = short.get("notice") or terms.notice.english(rng)
        return (
            "This agreement is concluded for an indefinite period. Either party may terminate it by ordinary "
            f"notice of {notice} to the end of a {rng.choice(('month', 'calendar quarter'))}."
        )
    length = terms.initial.english(rng)
    last = _end(terms) - timedelta(days=1)
    return rng.choice(
        (
            f"This agreement runs for an initial term of {length} from the Effective Date.",
            f"The initial term begins on the Effective Date and lasts {length}.",
            f"This agreement starts on the Effective Date and continues until and including {long_day(last)} "
            '(the "Initial Term").',
        )
    )


def _end(terms: Terms) -> date:
    assert terms.initial
    place = terms.effective.year * 12 + terms.effective.month - 1 + terms.initial.months
    return date(place // 12, place % 12 + 1, 1)


def fees(terms: Terms, rng: Random, short: dict[str, str]) -> Clause:
    """The fee, when it is due, and what lateness costs."""
    manner = rng.choice(("in equal instalments", "in arrears", "in advance"))
    said = [f"For the services the Customer pays the Annual Fee {manner}."]
    if terms.payment:
        due = terms.payment.english(rng)
        said.append(
            f"Invoices are payable {short['payment']}."
            if "payment" in short
            else rng.choice(
                (
                    f"Invoices are payable within {due} of their date.",
                    f"The Customer shall pay each undisputed invoice no later than {due} after its receipt.",
                )
            )
        )
    if terms.interest:
        rate = f"{terms.interest:g}"
        said.append(
            rng.choice(
                (
                    f"Overdue amounts bear interest at {rate} per cent per annum.",
                    f"In case of late payment the Provider may charge interest of {rate}% a year.",
                )
            )
        )
    said.append(
        f"The Provider may propose to raise its fees once a year by up to {rng.choice((2, 3))} per cent."
    )
    deposit = rng.randrange(2, 20) * 500
    said.append(
        f"The Customer has paid a deposit of {amount(deposit, terms.currency, rng)}, which bears no interest."
    )
    return "Fees and payment", said


def secrecy(terms: Terms, rng: Random) -> Clause:
    """Confidentiality, with or without an end."""
    said = [
        "Each party keeps the other's confidential information secret and uses it for this agreement alone."
    ]
    if terms.secrecy:
        length = terms.secrecy.english(rng)
        said.append(
            rng.choice(
                (
                    f"This duty continues for {length} after the end of this agreement.",
                    f"The obligations of this clause survive the end of this agreement by {length}.",
                )
            )
        )
    length = Length(rng.choice((6, 12)), "M").english(rng)
    said.append(f"For {length} after its end, neither party shall solicit the other's staff.")
    return "Confidentiality", said


def liability(terms: Terms, rng: Random) -> Clause:
    """The general cap, beside a lower one for lost data and the sum insured."""
    said = ["Nothing in this agreement limits liability for intent, for death or for personal injury."]
    currency = terms.currency
    if terms.cap_percent:
        percent = terms.cap_percent
        limit = (
            f"{percent} per cent of the Annual Fee"
            if percent % 100 or rng.random() < 0.5
            else f"{'the' if percent == 100 else f'{percent // 100} times the'} Annual Fee"
        )
        said.append(f"Otherwise a party's total liability in a contract year is limited to {limit}.")
    elif terms.cap:
        said.append(
            rng.choice(
                (
                    f"Otherwise a party's total liability is limited to {amount(terms.cap, currency, rng)}.",
                    f"In all other cases the aggregate liability of either party shall not exceed "
                    f"{amount(terms.cap, terms.currency, rng)}.",
                )
            )
        )
    if terms.cap or terms.cap_percent:
        lost = rng.randrange(1, 9) * 2_500
        said.append(
            f"Within that limit, liability for lost data is restricted to {amount(lost, currency, rng)}."
        )
    insured = rng.randrange(3, 12) * 1_000_000
    said.append(
        f"The Provider maintains insurance of at least {amount(insured, terms.currency, rng)} for each claim."
    )
    return "Liability and insurance", said


def general(terms: Terms, rng: Random) -> Clause:
    """Governing law, courts, form."""
    law = rng.choice(words()["laws_in_words"][terms.law])
    elsewhere = rng.choice(
        [place for place in words()["courts"].values() if place != words()["courts"][terms.law]]
    )
    said = [
        f"This agreement is governed by {law}, without its rules on conflict of laws.",
        f"Disputes are first brought before a mediator in {elsewhere}; then the courts of "
        f"{words()['courts'][terms.law]} have jurisdiction.",
        "Changes of this agreement must be in writing and signed by both parties.",
        f"The Provider keeps records for {Length(rng.choice((6, 7, 8, 10)), 'Y').english(rng)}.",
    ]
    rng.shuffle(said)
    return "General", said
