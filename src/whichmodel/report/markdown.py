"""A comment for a pull request, in GitHub's Markdown; by its first line, a marker, the next one replaces it.

Nothing in a name or a reason formats, links or notifies anybody. What does not fit into a comment is left out
from the end, and named.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from whichmodel.domain import Route
from whichmodel.report.changed import changed, summary
from whichmodel.report.content import SIMULATED, Report, about, settles
from whichmodel.report.decided import decided
from whichmodel.report.health import commands, health
from whichmodel.report.picks import Pick, pick, reasons
from whichmodel.views.answer import answer
from whichmodel.views.board import View
from whichmodel.views.figures import figures

MOST = 65_536
"""Characters that GitHub takes in a comment."""
ROOM = 1_000
"""Characters kept for saying what was left out."""
MOST_NAMED, MOST_NAME = 10, 60
"""Parts that are named when they are left out, and characters of a name: fewer than `ROOM` in all."""
UNSEEN = "\u200b"
"""Zero width: breaks what GitHub would link or notify."""
SPECIAL = re.compile(r"([\\`*_{}\[\]()#+!|~>-])")
LINKED = re.compile(r"(@|#|://|\bwww\b|\bGH-)", re.IGNORECASE)


def files(made: Report) -> dict[str, bytes]:
    """`<organisation>.md`."""
    return {f"{made.organisation}.md": render(made).encode()}


def marker(organisation: str) -> str:
    """By which the comment of an organisation is found again."""
    return f"<!-- whichmodel:report:{organisation} -->"


def render(made: Report) -> str:
    """The comment, of at most `MOST` characters."""
    head, picks = (
        _head(made),
        _table(PICKS, [_pick_row(pick(made.view, route)) for route in made.view.routes]),
    )
    parts = [
        ("", "\n".join(head)),
        ("picks", "\n".join(picks)),
        ("changes", "\n".join(_changes(made))),
        ("what is open", "\n".join(_open(made))),
        ("how it was decided", "\n".join(_decided(made))),
        *(
            (f"details of {category}", "\n".join(_details(made.view, category, routes)))
            for category, routes in _by_category(made.view.routes).items()
        ),
    ]
    return _fitted([(name, text) for name, text in parts if text])


def _by_category(routes: Sequence[Route]) -> dict[str, list[Route]]:
    found: dict[str, list[Route]] = {}
    for route in routes:
        found.setdefault(route.category, []).append(route)
    return found


def _fitted(parts: Sequence[tuple[str, str]]) -> str:
    """The parts, as many of them as fit; a table that is too long is cut between its rows."""
    kept: list[str] = []
    left_out: list[str] = []
    room = MOST - ROOM
    for name, text in parts:
        if length(text) + 2 <= room:
            kept.append(text)
            room -= length(text) + 2
            continue
        left_out.append(name)
        if name == "picks":
            lines = _cut(text.splitlines(), room)
            kept.append("\n".join(lines))
            room -= length(kept[-1]) + 2
            left_out[-1] = "some picks"
    if left_out:
        names = ", ".join(_prose(name)[:MOST_NAME] for name in left_out[:MOST_NAMED])
        more = f" and {len(left_out) - MOST_NAMED} more parts" if len(left_out) > MOST_NAMED else ""
        kept.append(f"*Left out for length: {names}{more}. The HTML report has all of it.*")
    return "\n\n".join(kept) + "\n"


def _cut(lines: Sequence[str], room: int) -> list[str]:
    kept: list[str] = []
    for line in lines:
        room -= length(line) + 1
        if room < 0:
            break
        kept.append(line)
    return kept


def length(text: str) -> int:
    """Characters as GitHub may count them: two where a character takes two UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def _head(made: Report) -> list[str]:
    view = made.view
    lines = [
        marker(view.organisation.name),
        f"## Which model for which task: {_prose(view.organisation.title)}",
    ]
    lines += ["", f"**{_prose(answer(made.sums))}**", "", _prose(about(made))]
    if view.simulated:
        lines += ["", f"> **Simulated.** {_prose(SIMULATED)}"]
    rows = [
        [_prose(text) for text in (f.label, f.value, f.interval, f.over)]
        for f in figures(made.sums, made.models)
    ]
    return [*lines, "", *_table((" ", "Figure", "95% interval", "Over"), rows)]


PICKS = ("Task", "Pick", "How sure", "Score", "95% interval", "$ per 1,000", "p95", "Saving", "Why")


def _pick_row(one: Pick) -> list[str]:
    model = f"★ {_code(one.model)}" if one.route.model else _prose(one.model)
    ties = f" tie with {', '.join(map(_code, one.route.ties))}" if one.route.ties else ""
    cost = _prose(f"{one.cost} ({one.cost_interval})" if one.cost_interval else one.cost)
    return [
        _prose(one.title),
        model + ties,
        _prose(f"{one.state.shape} {one.state.word}"),
        _prose(one.score),
        _prose(", ".join(filter(None, (one.interval, one.n)))),
        cost,
        _prose(one.p95),
        _prose(one.saving),
        _prose(one.why),
    ]


def _changes(made: Report) -> list[str]:
    lines = ["### Changes", "", _prose(summary(made))]
    rows = [
        [
            _prose(one.title),
            _prose(one.what),
            _prose(one.before),
            _prose(one.after),
            _prose(_why(one.figures, one.why)),
        ]
        for one in changed(made)
    ]
    return [*lines, "", *_table(("Task", "What", "Before", "Now", "Why"), rows)] if rows else lines


def _why(figures: str, why: str) -> str:
    return " ".join(filter(None, (why, f"({figures})" if figures else "")))


def _open(made: Report) -> list[str]:
    """Data health, and what to type."""
    view = made.view
    lines = ["### Data health", "", *(f"- {_prose(line)}" for line in health(made))]
    wanted = [line for route in view.routes for line in settles(view, route)]
    wanted += commands(made)
    wanted += [f"bench route --org {view.organisation.name} --diff"]
    return [*lines, "", *_block(dict.fromkeys(wanted))]


def _decided(made: Report) -> list[str]:
    return _folded("How it was decided", [f"- {_prose(line)}" for line in decided(made)])


REASONS = ("", "Model", "Score", "Against the pick", "$ per 1,000", "p95", "Why not")


def _details(view: View, category: str, routes: Sequence[Route]) -> list[str]:
    """Why not each other model, for the tasks of one category."""
    inside: list[str] = []
    for route in routes:
        one = pick(view, route)
        rows = [
            [
                reason.shape,
                _code(reason.model),
                _prose(", ".join(filter(None, (reason.score, reason.interval, reason.n)))),
                _prose(", ".join(filter(None, (reason.difference, reason.pairs)))),
                _prose(reason.cost),
                _prose(reason.p95),
                _prose(reason.why),
            ]
            for reason in reasons(view, route)
        ]
        chosen = _code(one.model) if route.model else _prose(one.model)
        inside += [f"**{_prose(one.title)}: {chosen}** {_prose(f'({one.state.word})')}", ""]
        inside += [*_table(REASONS, rows), ""] if rows else []
    return _folded(f"Why not another model: {category}", inside)


def _folded(title: str, inside: Sequence[str]) -> list[str]:
    return [f"<details><summary>{_prose(title)}</summary>", "", *inside, "", "</details>"]


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    lines = [headings, ["---"] * len(headings), *rows]
    return ["| " + " | ".join(cells) + " |" for cells in lines]


def _block(lines: Iterable[str]) -> list[str]:
    """Commands in a block; no line of theirs can end it."""
    return ["```shell", *(re.sub(r"\s+", " ", line).replace("```", "") for line in lines), "```"]


def _prose(text: str) -> str:
    """A text that shows as it is, and nothing of it formats, links or notifies."""
    plain = re.sub(r"\s+", " ", text).replace("&", "&amp;").replace("<", "&lt;")
    return LINKED.sub(_broken, SPECIAL.sub(_escaped, plain))


def _escaped(found: re.Match[str]) -> str:
    """A dash, a bracket or a plus says nothing inside a line: only what formats anywhere is escaped."""
    sign = found[1]
    return f"&#{ord(sign)};" if sign in "|`" else sign if sign in "-()+!{}#" else f"\\{sign}"


def _broken(found: re.Match[str]) -> str:
    text = found[1]
    return f"{text}{UNSEEN}" if len(text) == 1 else f"{text[0]}{UNSEEN}{text[1:]}"


def _code(name: str) -> str:
    """A name in a code span: no mention, no link, no format; a pipe does not end the cell."""
    plain = re.sub(r"\s+", " ", name).strip().replace("|", "\\|")
    longest = max((len(run) for run in re.findall(r"`+", plain)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if plain.startswith("`") or plain.endswith("`") else ""
    return f"{fence}{pad}{plain}{pad}{fence}"
