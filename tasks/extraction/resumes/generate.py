"""CVs in seven layouts, written from drawn careers, so that the gold is right by construction.

A career is drawn month by month: positions, some of them one after another at one employer, some by the year
alone. Around it stands what is to be passed over: internships, voluntary work, abandoned studies, referees.
"""

from __future__ import annotations

import importlib.util
import json
import sys
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from random import Random
from typing import Any

from whichmodel.domain import Item, Json

FOLDER = Path(__file__).parent
_PACKAGE = "whichmodel_task_extraction_resumes_cv"


def generate(seed: int, count: int) -> Iterator[Item]:
    """CVs of a seed; each item depends on seed and place alone, layouts alternate."""
    prompt = (FOLDER / "prompt.txt").read_text(encoding="utf-8").rstrip()
    schema = json.dumps(json.loads((FOLDER / "schema.json").read_text(encoding="utf-8")))
    cv = _cv()
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


def _cv() -> Any:
    """The package beside this file, wherever the task folder lies."""
    folder = FOLDER / "cv"
    spec = importlib.util.spec_from_file_location(
        _PACKAGE, folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    if spec is None or spec.loader is None:
        raise ImportError(f"{folder} is no package")
    package = importlib.util.module_from_spec(spec)
    sys.modules[_PACKAGE] = package
    spec.loader.exec_module(package)
    return package
