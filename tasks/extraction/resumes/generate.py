"""CVs in seven layouts, written from drawn careers, so that the gold is right by construction.

A career is drawn month by month: positions, some of them one after another at one employer, some by the year
alone. Around it stands what is to be passed over: internships, voluntary work, abandoned studies, referees.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from random import Random
from typing import Any

from whichmodel.domain import Item, Json

from . import cv

FOLDER = Path(__file__).parent


def generate(seed: int, count: int) -> Iterator[Item]:
    """CVs of a seed; each item depends on seed and place alone, layouts alternate."""
    prompt = (FOLDER / "prompt.txt").read_text(encoding="utf-8").rstrip()
    schema = json.dumps(json.loads((FOLDER / "schema.json").read_text(encoding="utf-8")))
    for place, layout in zip(range(count), cycle(cv.LAYOUTS), strict=False):
        rng = Random(f"resumes-{seed}-{place}")
        person = cv.draw(rng)
        document = cv.LAYOUTS[layout](person, cv.Pen(rng, german=layout == "german"))
        gold = _gold(person)
        yield Item(
            id=f"resumes-s{seed}-{place:04d}",
            input=prompt.format(schema=schema, document=document),
            target=gold,
            reference=json.dumps(gold, ensure_ascii=False),
            stratum=layout,
        )


def _gold(person: Any) -> dict[str, Json]:
    return {
        "name": f"{person.first} {person.last}",
        "email": person.email,
        "phone": person.phone,
        "city": person.city,
        "positions": [
            {
                "title": job.title,
                "employer": job.employer,
                "from": job.start.iso,
                "to": job.end and job.end.iso,
            }
            for job in person.jobs
        ],
        "degrees": [
            {"degree": degree.title, "institution": degree.school, "year": str(degree.year)}
            for degree in person.degrees
            if degree.awarded
        ],
        "languages": [{"language": language, "level": level} for language, level in person.languages],
        "skills": list(person.skills),
    }
