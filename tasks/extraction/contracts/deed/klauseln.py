"""Clauses in German."""

from __future__ import annotations

from random import Random

from .clauses import Clause
from .terms import Length, Terms, amount, long_day, words


def preamble(terms: Terms, rng: Random) -> str:
    """Title, parties, dates."""
    title = rng.choice(("DIENSTLEISTUNGSVERTRAG", "RAHMENVERTRAG", "SERVICEVERTRAG"))
    signed, effective = long_day(terms.signed, german=True), long_day(terms.effective, german=True)
    return (
        f"{title}\n\nzwischen {terms.customer} (nachfolgend „Kunde“)\n"
        f"und {terms.provider} (nachfolgend „Anbieter“)\n\n"
        + rng.choice(
            (
                f"Unterzeichnet am {signed}. Der Vertrag tritt am {effective} in Kraft.",
                f"Letzte Unterschrift: {signed}. Der Vertrag gilt ab dem ersten Tag des Folgemonats.",
            )
        )
    )


def clauses(terms: Terms, rng: Random) -> list[Clause]:
    """All clauses in an order of their own."""
    made = [_term(terms, rng), _fees(terms, rng), _secrecy(terms, rng), _liability(terms, rng)]
    rng.shuffle(made)
    service = rng.choice(words()["services_de"])
    law = words()["laws_de"][terms.law]
    keep = Length(rng.choice((6, 8, 10)), "Y").german(rng, dative=False)
    end = (
        "Schlussbestimmungen",
        [
            f"Für diesen Vertrag gilt {law} unter Ausschluss des UN-Kaufrechts.",
            "Änderungen bedürfen der Schriftform und der Unterschrift beider Parteien.",
            f"Unterlagen bewahrt der Anbieter {keep} auf.",
        ],
    )
    return [("Gegenstand", [f"Gegenstand des Vertrags ist {service}."]), *made, end]


def _term(terms: Terms, rng: Random) -> Clause:
    said = []
    if terms.initial is None:
        assert terms.notice
        said.append(
            "Der Vertrag läuft auf unbestimmte Zeit. Er kann von jeder Partei mit einer Frist von "
            f"{terms.notice.german(rng)} zum Quartalsende ordentlich gekündigt werden."
        )
    else:
        said.append(f"Der Vertrag hat eine feste Laufzeit von {terms.initial.german(rng)} ab Inkrafttreten.")
    if terms.initial and terms.renewal and terms.notice:
        said.append(
            f"Er verlängert sich jeweils um {terms.renewal.german(rng, dative=False)}, wenn er nicht mit "
            f"einer Frist von {terms.notice.german(rng)} vor Ablauf gekündigt wird."
        )
    elif terms.initial:
        said.append(
            "Eine stillschweigende Verlängerung gibt es nicht; die ordentliche Kündigung ist ausgeschlossen."
        )
    cure = Length(rng.choice((10, 14, 21)), "D").german(rng)
    said.append(
        f"Bei Verzug des Kunden kann der Anbieter nach einer Nachfrist von {cure} außerordentlich kündigen."
    )
    return "Laufzeit und Kündigung", said


def _fees(terms: Terms, rng: Random) -> Clause:
    monthly = rng.random() < 0.4
    price = amount(terms.fee // 12 if monthly else terms.fee, terms.currency, rng, german=True)
    said = [f"Die Vergütung beträgt {price} {'im Monat' if monthly else 'im Jahr'} zuzüglich Umsatzsteuer."]
    if terms.payment:
        said.append(f"Rechnungen sind binnen {terms.payment.german(rng)} nach Zugang zu zahlen.")
    if terms.interest:
        rate = f"{terms.interest:g}".replace(".", ",")
        said.append(f"Bei Zahlungsverzug sind {rate} % Zinsen im Jahr zu entrichten.")
    deposit = amount(rng.randrange(2, 20) * 500, terms.currency, rng, german=True)
    said.append(f"Der Kunde hat eine Sicherheit von {deposit} geleistet.")
    return "Vergütung", said


def _secrecy(terms: Terms, rng: Random) -> Clause:
    said = ["Die Parteien behandeln vertrauliche Informationen der anderen Seite geheim."]
    if terms.secrecy:
        said.append(
            f"Diese Pflicht gilt noch {terms.secrecy.german(rng, dative=False)} nach Vertragsende fort."
        )
    staff = Length(rng.choice((6, 12)), "M").german(rng, dative=False)
    said.append(f"Bis {staff} nach Vertragsende werben die Parteien einander keine Beschäftigten ab.")
    return "Vertraulichkeit", said


def _liability(terms: Terms, rng: Random) -> Clause:
    said = ["Bei Vorsatz und grober Fahrlässigkeit haften die Parteien unbeschränkt."]
    if terms.cap_percent:
        said.append(f"Im Übrigen ist die Haftung auf {terms.cap_percent} % der Jahresvergütung begrenzt.")
    elif terms.cap:
        said.append(
            f"Im Übrigen ist die Haftung auf {amount(terms.cap, terms.currency, rng, german=True)} begrenzt."
        )
    insured = amount(rng.randrange(3, 12) * 1_000_000, terms.currency, rng, german=True)
    said.append(f"Der Anbieter unterhält eine Haftpflichtversicherung über {insured} je Schadensfall.")
    return "Haftung", said
