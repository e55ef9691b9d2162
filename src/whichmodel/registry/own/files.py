"""The folder of a task of one's own: card, items, README."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import yaml

from whichmodel.domain import TaskCard
from whichmodel.errors import UsageError
from whichmodel.registry.cards import read_card
from whichmodel.registry.own.draft import MOST, Draft

FILES = ("task.yaml", "items.jsonl", "README.md")
LONGEST = 1200
"""Characters of a prompt that the README shows."""


def write(
    folder: Path, draft: Draft, *, title: str, licence: str, source: str, force: bool = False
) -> TaskCard:
    """Write the three files and read the card back. Raises UsageError where one is there already."""
    there = [name for name in FILES if (folder / name).exists()]
    if there and not force:
        raise UsageError(
            f"There is {', '.join(there)} already.", where=str(folder), remedy="Add --force to replace it."
        )
    name, category = folder.name, folder.parent.name
    items = "".join(json.dumps(_entry(item), ensure_ascii=False) + "\n" for item in map(asdict, draft.items))
    texts = {
        "task.yaml": _card(draft, name, category, title, licence, source),
        "items.jsonl": items,
        "README.md": _readme(draft, title, licence, source),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file, text in texts.items():
            (folder / file).write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"It cannot be written: {error.strerror}.", where=str(error.filename)) from error
    return read_card(folder)


def _entry(item: dict[str, object]) -> dict[str, object]:
    """An item's fields that say something."""
    return {key: value for key, value in item.items() if key in ("id", "input", "target") or value}


def _card(draft: Draft, name: str, category: str, title: str, licence: str, source: str) -> str:
    card = {
        "name": name,
        "category": category,
        "title": title,
        "description": f"{title}: {len(draft.items):,} items of {source}.",
        "version": "1",
        "licence": licence,
        "source": source,
        "metric": draft.metric,
        "scorer": draft.scorer,
        "options": dict(draft.options),
        "items": "items.jsonl",
        "count": min(len(draft.items), MOST),
        **({"sandbox": True} if draft.scorer == "tests" else {}),
        **({"judged": True} if draft.scorer == "judge" else {}),
        "max_tokens": 4096,
    }
    if not draft.options:
        del card["options"]
    text: str = yaml.safe_dump(card, sort_keys=False, allow_unicode=True, width=110)
    return text


def _readme(draft: Draft, title: str, licence: str, source: str) -> str:
    item = draft.items[0]
    prompt = item.input if len(item.input) <= LONGEST else item.input[:LONGEST].rpartition("\n")[0] + "\n..."
    answer = (
        f"~~~answer 1\n{item.reference}\n~~~" if item.reference else "No answer with the full score is known."
    )
    return "\n\n".join(
        [
            f"# {title}",
            "**What is measured.** (In a sentence: which work of yours is this, and what is a good answer?)",
            f"**Source and licence.** {source}; {licence}. (Who wrote the answers, and when?)",
            f"**Strata.** {_strata([each.stratum for each in draft.items])}",
            f"**Metric.** {draft.metric[0].upper()}{draft.metric[1:]}.",
            f"**Reading the answer.** As the scorer `{draft.scorer}` reads it.",
            "**Known limits.** (Which of your cases are not here? Did a second person check the answers?)",
            "## A worked example",
            f"Item `{item.id}`.",
            f"~~~prompt\n{prompt}\n~~~",
            f"{answer}\n",
        ]
    )


def _strata(strata: Sequence[str]) -> str:
    counts = Counter(strata)
    if set(counts) == {""}:
        return "None are given."
    return ", ".join(f"{name or '(none)'} {count:,}" for name, count in counts.most_common(20)) + "."
