"""The scores of a task's models with their intervals, laid out for one SVG; `page.html` draws it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from whichmodel.domain import Route, Standing
from whichmodel.views import words
from whichmodel.views.words import SHAPES, Mark

WIDTH, SIDE = 460, 9
"""Of the drawing, and what is left free at either side, in units of the drawing."""
ROW, NAME, LINE = 38, 14, 26
"""Height of a row; where the baseline of its name and its interval lie in it."""
TOP, FOOT = 6, 30
STEPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5)
MOST_TICKS = 7


@dataclass(frozen=True, slots=True)
class Dot:
    """One model. Lengths in units of the drawing."""

    model: str
    shape: str
    kind: str
    """Its mark, as a class of the stylesheet."""
    words: str
    """Score and interval."""
    x: float
    low: float
    high: float
    name_y: float
    y: float


@dataclass(frozen=True, slots=True)
class Plot:
    """A drawing."""

    id: str
    title: str
    description: str
    width: int
    height: float
    left: float
    right: float
    top: float
    bottom: float
    dots: tuple[Dot, ...]
    ticks: tuple[tuple[float, str], ...]
    """Place and label."""
    floor: tuple[float, str] | None
    """Place and label of the lowest score that is allowed."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Scores from `low` to 1, left to right."""

    low: float

    def __call__(self, score: float) -> float:
        """Where a score lies."""
        share = (score - self.low) / (1 - self.low)
        return round(SIDE + share * (WIDTH - 2 * SIDE), 2)


def plot(
    standings: Sequence[Standing], route: Route, floor: float | None, *, title: str, name: str
) -> Plot | None:
    """The drawing, best score first. None = no model has a score. name: its id in the page."""
    scored = [s for s in standings if s.score is not None and s.low is not None and s.high is not None]
    if not scored:
        return None
    ordered = sorted(scored, key=lambda s: (-(s.score or 0.0), s.model))
    lowest = min([*(s.low or 0.0 for s in scored), *([floor] if floor is not None else [])])
    scale = Scale(max(0.0, min(int(lowest * 20) / 20 - 0.02, 0.9)))
    dots = tuple(_dot(standing, route, scale, place) for place, standing in enumerate(ordered))
    bottom = TOP + ROW * len(dots)
    told = "; ".join(f"{dot.model} ({dot.kind}) {dot.words}" for dot in dots)
    return Plot(
        id=name,
        title=f"Scores on {title} with 95% intervals, the best first",
        description=told,
        width=WIDTH,
        height=bottom + FOOT,
        left=SIDE,
        right=WIDTH - SIDE,
        top=TOP,
        bottom=bottom,
        dots=dots,
        ticks=_ticks(scale),
        floor=None if floor is None else (scale(floor), f"floor {floor:g}"),
    )


def _dot(standing: Standing, route: Route, scale: Scale, place: int) -> Dot:
    mark: Mark = words.mark(standing.model, standing, route)
    top = TOP + ROW * place
    return Dot(
        model=standing.model,
        shape=SHAPES[mark],
        kind=str(mark),
        words=f"{words.score(standing.score)} ({words.span(standing.low, standing.high)})",
        x=scale(standing.score or 0.0),
        low=scale(standing.low or 0.0),
        high=scale(standing.high or 0.0),
        name_y=top + NAME,
        y=top + LINE,
    )


def _ticks(scale: Scale) -> tuple[tuple[float, str], ...]:
    """At most seven, at round scores, 1 among them."""
    step = next(step for step in STEPS if (1 - scale.low) / step <= MOST_TICKS - 1)
    count = int((1 - scale.low) / step + 1e-9)
    scores = [1 - step * back for back in range(count, -1, -1)]
    digits = 2 if step not in (0.1, 0.2, 0.5) else 1
    return tuple((scale(score), f"{score:.{digits}f}") for score in scores)
