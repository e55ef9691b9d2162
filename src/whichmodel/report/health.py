"""How sound the data is, in a few lines: coverage, failures by cause, unreadable answers, missing prices."""

from __future__ import annotations

from whichmodel.report.content import Report
from whichmodel.views import words

MOST = 6
"""Names in one line."""


def health(made: Report) -> tuple[str, ...]:
    """One fact a line; what is sound is not spoken of."""
    standings = made.view.standings
    planned, scored = sum(s.planned for s in standings), sum(s.n for s in standings)
    lines = [
        f"{scored:,} of {planned:,} answers that were asked for have a score ({_share(scored, planned)})."
    ]
    failed = sum(s.failed for s in standings)
    if failed:
        causes = ", ".join(f"{cells:,} {cause}" for cause, cells in made.failures.items())
        lines.append(f"{failed:,} failed and count as no score" + (f": {causes}." if causes else "."))
    for what, why in (("refused", "scored 0"), ("truncated", "cut off by their limit, scored 0")):
        count = sum(getattr(s, what) for s in standings)
        if count:
            lines.append(f"{count:,} {what} ({why}).")
    if unread := sorted((s for s in standings if (s.unparsed or 0) > 0.05), key=lambda s: -(s.unparsed or 0)):
        names = [f"{s.model} on {s.task} {s.unparsed:.0%}" for s in unread]
        lines.append(f"Format often not readable: {_some(names)}.")
    unpriced = [f"{s.model} on {s.task}" for s in standings if s.n and s.cost_per_1k_usd is None]
    if unpriced:
        lines.append(f"Cost unknown, so never called cheaper: {_some(unpriced)}.")
    return tuple(lines)


def commands(made: Report) -> tuple[str, ...]:
    """What mends it."""
    failed = sorted({s.task for s in made.view.standings if s.failed})
    unpriced = any(s.n and s.cost_per_1k_usd is None for s in made.view.standings)
    return (
        *([f"bench run --tasks {','.join(failed)}"] if failed else []),
        *(["bench prices"] if unpriced else []),
    )


def _share(part: int, whole: int) -> str:
    return words.DASH if not whole else f"{part / whole:.1%}"


def _some(names: list[str]) -> str:
    rest = len(names) - MOST
    return ", ".join(names[:MOST]) + (f" and {rest:,} more" if rest > 0 else "")
