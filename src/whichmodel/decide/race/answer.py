"""What a race has shown when it ends, and the route when it has certified none."""

from __future__ import annotations

from collections.abc import Sequence

from whichmodel.analyse.paired import achievable_delta
from whichmodel.decide.race.margin import discordance
from whichmodel.decide.race.order import mean_scores
from whichmodel.decide.race.race import Finish, Race
from whichmodel.decide.race.track import Fate, Settled, Verdict
from whichmodel.domain import RouteStatus


def answer(race: Race, finish: Finish) -> Settled:
    """The answer of a race as far as it came."""
    names = race.track.models
    inferior = _inferior(race)
    left = [m for m in race.rivals if m not in inferior] or list(race.rivals)
    pick = finish.winner if finish.winner is not None else _best(race, left)
    certified = [m for m in race.order if m != finish.winner and _passes(race, m)]
    if finish.winner is not None:
        certified = [finish.winner, *certified]
    small = race.track.bank + race.track.held < race.rule.min_items
    return Settled(
        model=None if pick is None else names[pick],
        status=_status(race, finish, pick, small=small),
        certified=() if small else tuple(names[m] for m in certified),
        inferior=tuple(names[m] for m in race.order if m in inferior),
        fates=tuple(race.ended.get(m) or _not_raced(race, m) for m in race.order or race.rivals),
        pairs=tuple(race.trial.comparison(k, m, j) for (m, j), k in race.looked.items()),
        delta=race.trial.delta,
        alpha=race.alpha,
    )


def _not_raced(race: Race, m: int) -> Fate:
    items = min(race.items(m), int(race.track.asked[m]))
    return Fate(race.track.models[m], Verdict.NOT_RACED, None, items)


def _passes(race: Race, m: int) -> bool:
    """Shown to be as good as the reference by what the race has read of it, on enough items."""
    if not race.order or race.items(m) < min(race.rule.min_items, race.track.bank):
        return False
    shown = (race.trial.verdict(race.common(m, j), m, j) for j in race.opponents(m))
    return race.coverage(m) >= race.rule.min_coverage and all(v is Verdict.CERTIFIED for v in shown)


def _inferior(race: Race) -> set[int]:
    """Models that some opponent has been shown to beat by more than delta."""
    if not race.order:
        return set()
    return {
        m
        for m in race.order
        if any(race.trial.verdict(race.common(m, j), m, j) is Verdict.INFERIOR for j in race.opponents(m))
    }


def _best(race: Race, left: Sequence[int]) -> int | None:
    """Today's model if it is among them, else the best estimate; None = nobody, or the first look is open.

    Models were asked different numbers of items. So each is judged by its paired difference to the one that
    was asked most, whose own mean is the same for all.
    """
    if not left or not race.order:
        return None
    if race.track.incumbent in left:
        return race.track.incumbent
    means = {m: float(mean_scores(race.track, race.items(m))[m]) for m in left}
    hub = max(left, key=lambda m: (race.at[m], means[m], race.track.models[m]))
    estimate = {m: round(_difference(race, m, hub), 12) for m in left}
    return min(left, key=lambda m: (-estimate[m], race.order.index(m)))


def _difference(race: Race, m: int, hub: int) -> float:
    pairs = race.trial.pairs(race.common(m, hub))
    return float(pairs.total[m, hub] / pairs.n[m, hub]) if pairs.n[m, hub] else float("-inf")


def _status(race: Race, finish: Finish, pick: int | None, *, small: bool) -> RouteStatus:
    if pick is None:
        return RouteStatus.INSUFFICIENT if race.rivals else RouteStatus.NONE
    if small:
        return RouteStatus.INSUFFICIENT
    if finish.winner is not None:
        return RouteStatus.CERTIFIED
    if finish.asks is not None or race.track.bar is not None:
        return RouteStatus.PROVISIONAL
    psi = discordance(race.trial, race.at[pick], pick, race.rivals)
    reach = None if psi is None else achievable_delta(psi, race.track.bank, alpha=race.alpha)
    enough = reach is None or reach <= race.trial.delta
    return RouteStatus.PROVISIONAL if enough else RouteStatus.INSUFFICIENT
