"""How one CV is written: its language, its notation of months, and what stands beside the facts."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from .career import Job, Month, Person, phone, words


@dataclass(slots=True)
class Pen:
    """One hand. The notation of months is drawn once and kept."""

    rng: Random
    german: bool = False
    notation: int = -1
    """-1 = not drawn yet."""

    def month(self, month: Month | None) -> str:
        """A month in this hand; None is the present."""
        if self.notation < 0:
            self.notation = self.rng.randrange(4)
        if month is None:
            return "heute" if self.german else ("present", "today", "now", "Present")[self.notation]
        if month.month is None:
            return str(month.year)
        names = words()["german"]["months"] if self.german else words()["months"]
        name = names[month.month - 1]
        short = name if len(name) <= 4 else f"{name[:3]}{'.' if self.german else ''}"
        return (
            f"{month.month:02d}/{month.year}",
            f"{name} {month.year}",
            f"{short} {month.year}",
            f"{month.month}.{month.year}" if self.german else f"{short} '{month.year % 100:02d}",
        )[self.notation]

    def span(self, job: Job, dash: str = " - ") -> str:
        """From when to when."""
        if job.end is None and self.german and self.rng.random() < 0.5:
            return f"seit {self.month(job.start)}"
        if job.end is None and not self.german and self.rng.random() < 0.3:
            return f"since {self.month(job.start)}"
        return f"{self.month(job.start)}{dash}{self.month(job.end)}"

    def language(self, language: str, level: str, form: str = "{} ({})") -> str:
        """A language and its level in words."""
        source = words()["german"] if self.german else words()
        name = source["languages"][language] if self.german else language
        return form.format(name, self.rng.choice(source["levels"][level]))

    def name(self, person: Person) -> str:
        """The name as a heading has it."""
        plain = f"{person.title}{person.first} {person.last}"
        return self.rng.choice(
            (plain, plain, plain.upper(), f"{person.last.upper()}, {person.title}{person.first}")
        )

    def contact(self, person: Person, joint: str) -> str:
        """Address, mail and telephone, whatever of them is given."""
        parts = [
            f"{person.street}, {person.city}" if person.city else "",
            person.email or "",
            person.phone or "",
        ]
        return joint.join(part for part in parts if part)

    def skills(self, person: Person) -> str:
        """The skills as one line."""
        joint = self.rng.choice((", ", " | ", "; ", " · "))
        years = self.rng.random() < 0.3
        return joint.join(
            f"{skill} ({self.rng.randint(2, 9)} {'J.' if self.german else 'yrs'})" if years else skill
            for skill in person.skills
        )

    def sideline(self, person: Person) -> list[str]:
        """Unpaid stations, each a line with its dates: none of them is a position."""
        rng, year = self.rng, person.jobs[-1].start.year
        texts = (
            (
                f"{year - 2} Praktikum, {rng.choice(words()['employers'])}",
                f"{year + 1} - {year + 3} Ehrenamt bei {rng.choice(words()['charities'])}",
                f"{year + 2} Elternzeit (6 Monate)",
            )
            if self.german
            else (
                f"Internship at {rng.choice(words()['employers'])}, {year - 2} (3 months)",
                f"Volunteer, {rng.choice(words()['charities'])}, {year + 1} - {year + 3}",
                f"Parental leave, 6 months in {year + 2}",
            )
        )
        return rng.sample(texts, rng.randint(1, 2))

    def referee(self, person: Person) -> str:
        """Somebody else's name, number and address."""
        rng = self.rng
        first, last = (
            rng.choice(words()["first"]),
            rng.choice([n for n in words()["last"] if n != person.last]),
        )
        mail = f"{first[0].lower()}.office@{rng.choice(words()['domains'])}"
        heading = "Referenz" if self.german else "Referee"
        return f"{heading}: {first} {last}, {person.jobs[0].employer}, {phone(rng)}, {mail}"
