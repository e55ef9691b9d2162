"""Seven layouts of a CV. Each writes all that its person is, and what is to be passed over."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import groupby, zip_longest
from random import Random

from .career import Degree, Job, Person
from .pen import Pen

HEADINGS = (
    ("EXPERIENCE", "EDUCATION", "SKILLS", "LANGUAGES", "OTHER"),
    ("Professional background", "Academic record", "Skills", "Languages", "Beyond work"),
    ("Where I have worked", "Where I have studied", "Skills", "I speak", "Besides"),
)


def _degree(degree: Degree, german: bool = False) -> str:
    if degree.awarded:
        return f"{degree.title}, {degree.school}, {degree.year}"
    if degree.expected:
        return f"{degree.title}, {degree.school}, {'voraussichtlich' if german else 'expected'} {degree.year}"
    left = "ohne Abschluss" if german else "not completed"
    return f"{degree.title}, {degree.school}, {degree.year - 1}-{degree.year} ({left})"


def _classic(person: Person, pen: Pen) -> str:
    """Headings, the latest position first; its line in one of four forms, what was done below it."""
    form = pen.rng.randrange(4)
    jobs = [_station(job, pen, form) for job in person.jobs]
    work, studies, skills, languages, other = pen.rng.choice(HEADINGS)
    middle = [
        f"{work}\n" + "\n".join(jobs),
        f"{studies}\n" + "\n".join(map(_degree, person.degrees)),
        f"{skills}\n" + pen.skills(person),
        f"{languages}\n" + ", ".join(pen.language(*pair) for pair in person.languages),
    ]
    if pen.rng.random() < 0.4:
        middle = [*middle[1:], middle[0]]
    blocks = [f"{pen.name(person)}\n{pen.contact(person, ' | ')}", *middle]
    return "\n\n".join([*blocks, f"{other}\n" + "\n".join(pen.sideline(person)), pen.referee(person)])


def _station(job: Job, pen: Pen, form: int) -> str:
    span = pen.span(job)
    head = (
        f"{span}  {job.title}, {job.employer}",
        f"{job.employer}: {job.title}  [{span}]",
        f"{job.title} at {job.employer} ({span})",
        f"{job.employer}\n{job.title}, {span}",
    )[form]
    return "\n".join([head, *(f"  - {text}" for text in job.did)])


def _network(person: Person, pen: Pen) -> str:
    """The export of a professional network: positions at one employer below its name, with durations."""
    parts = [pen.name(person), f"{person.jobs[0].title} at {person.jobs[0].employer}"]
    parts += [f"Contact\n{pen.contact(person, chr(10))}", f"Top skills\n{chr(10).join(person.skills)}"]
    parts.append("Languages\n" + "\n".join(pen.language(*pair) for pair in person.languages))
    stations = []
    for employer, jobs in groupby(person.jobs, key=lambda job: job.employer):
        lines = [employer]
        for job in jobs:
            lines += [job.title, f"{pen.month(job.start)} - {pen.month(job.end)}{_years(job)}", *job.did]
        stations.append("\n".join(lines))
    parts.append("Experience\n" + "\n\n".join(stations))
    parts.append("Education\n" + "\n".join(f"{d.school}\n{_network_degree(d)}" for d in person.degrees))
    parts.append("Volunteering and more\n" + "\n".join(pen.sideline(person)))
    return "\n\n".join(parts)


def _years(job: Job) -> str:
    """How long a position was held, in whole years, where it was a year at least."""
    years = job.end.year - job.start.year if job.end else 0
    return f" · {years} yr{'s' if years > 1 else ''}" if years else ""


def _network_degree(degree: Degree) -> str:
    if degree.expected:
        return f"{degree.title} · ({degree.year - 2} - {degree.year}, ongoing)"
    if degree.awarded:
        return f"{degree.title} · ({degree.year - 3} - {degree.year})"
    return f"{degree.title}, left without a degree · ({degree.year - 2} - {degree.year})"


def _table(person: Person, pen: Pen) -> str:
    """A Markdown export with one table for work and studies alike."""
    rows = [
        f"| {pen.span(job)} | {job.employer} | {job.title} | {'; '.join(job.did)} |" for job in person.jobs
    ]
    for degree in person.degrees:
        note = (
            "degree awarded" if degree.awarded else "expected" if degree.expected else "left without a degree"
        )
        rows.append(f"| {degree.year - 3} - {degree.year} | {degree.school} | {degree.title} | {note} |")
    rows += [f"| | | {line} | unpaid |" for line in pen.sideline(person)]
    languages = " / ".join(pen.language(*pair, form="{}: {}") for pair in person.languages)
    head = f"# Curriculum vitae: {pen.name(person)}\n\n{pen.contact(person, '  ')}"
    table = "\n".join(["| When | Where | What | Notes |", "|---|---|---|---|", *rows])
    tail = f"**Skills:** {pen.skills(person)}\n**Languages:** {languages}"
    return "\n\n".join([head, table, tail, pen.referee(person)])


def _letter(person: Person, pen: Pen) -> str:
    """A narrative from the first position to the latest."""
    said = [
        f"My name is {person.title}{person.first} {person.last}"
        + (f", and I live in {person.city}." if person.city else ".")
    ]
    for degree in reversed(person.degrees):
        if degree.awarded:
            said.append(f"I took my {degree.title} at {degree.school} in {degree.year}.")
        elif degree.expected:
            said.append(f"Beside work I read for a {degree.title} at {degree.school}, due in {degree.year}.")
        else:
            said.append(
                f"I began a {degree.title} at {degree.school} but left in {degree.year} without finishing."
            )
    last = ""
    for job in reversed(person.jobs):
        said.append(_episode(job, last, pen))
        last = job.employer
    said.append("Besides: " + "; ".join(pen.sideline(person)) + ".")
    spoken = ", ".join(pen.language(*pair, form="{} ({})") for pair in person.languages)
    said.append(f"Languages I speak: {spoken}.")
    said.append(f"Skills: {', '.join(person.skills)}.")
    reach = " or ".join(part for part in (person.email, person.phone) if part)
    return "\n".join([" ".join(said), f"You can reach me at {reach}.", pen.referee(person)])


def _episode(job: Job, before: str, pen: Pen) -> str:
    start, where = pen.month(job.start), f"{job.employer} as {job.title}"
    begun = (
        f"In {start} I was promoted to {job.title} at the same firm"
        if job.employer == before
        else f"In {start} I joined {where}"
    )
    if job.end is None:
        return f"{begun}, where I work to this day; there I {job.did[0]}."
    return f"{begun} and {job.did[0]}; that ended in {pen.month(job.end)}."


def _columns(person: Person, pen: Pen) -> str:
    """Two columns of a page, read line by line across both."""
    left = ["CONTACT", *pen.contact(person, "\n").split("\n"), "", "SKILLS", *person.skills, "", "LANGUAGES"]
    left += [pen.language(*pair) for pair in person.languages]
    right = [pen.name(person), "", "WORK"]
    for job in person.jobs:
        right += [job.title, f"{job.employer}, {pen.span(job)}"]
    right += ["", "STUDIES", *map(_degree, person.degrees), "", "MORE", *pen.sideline(person)]
    lines = zip_longest(left, right, fillvalue="")
    return "\n".join(f"{a:<38}{b}".rstrip() for a, b in lines) + f"\n\n{pen.referee(person)}"


def _scan(person: Person, pen: Pen) -> str:
    """The classic layout as text recognition leaves it: page feet, split words, no blank lines."""
    rng = pen.rng
    lines = [line for line in _classic(person, pen).split("\n") if line.strip()]
    printed = f"{rng.randint(1, 28)}/{rng.randint(1, 12)}/2026"
    foot = f"CV {person.first} {person.last}   page 1 of 2   printed {printed}"
    lines.insert(rng.randint(len(lines) // 3, 2 * len(lines) // 3), foot)
    return "\n".join(_worn(line, rng) for line in lines)


def _worn(line: str, rng: Random) -> str:
    """A line with words pulled together, dashes of other kinds and some spaces too many."""
    line = line.replace(" - ", rng.choice((" – ", "—", " - ", "–")))
    if rng.random() < 0.3:
        line = line.replace(", ", ",")
    if rng.random() < 0.3:
        line = "   ".join(line.split("  "))
    return line.upper() if rng.random() < 0.2 and "@" not in line else line


def _german(person: Person, pen: Pen) -> str:
    """A Lebenslauf: the dates stand left."""
    jobs = [f"{pen.span(job):<28}{job.title}, {job.employer}" for job in person.jobs]
    jobs += [f"{'':<28}{line}" for line in pen.sideline(person)]
    degrees = [f"{d.year:<28}{_degree(d, german=True)}" for d in person.degrees]
    blocks = [
        f"LEBENSLAUF\n\nName: {pen.name(person)}\n{pen.contact(person, chr(10))}",
        "Berufserfahrung\n" + "\n".join(jobs),
        "Studium\n" + "\n".join(degrees),
        "Kenntnisse\n" + pen.skills(person),
        "Sprachen\n" + "\n".join(pen.language(*pair, form="{}: {}") for pair in person.languages),
        pen.referee(person),
    ]
    return "\n\n".join(blocks)


LAYOUTS: Mapping[str, Callable[[Person, Pen], str]] = {
    "classic": _classic,
    "network": _network,
    "table": _table,
    "letter": _letter,
    "columns": _columns,
    "scan": _scan,
    "german": _german,
}
"""Stratum -> the function that writes it."""
