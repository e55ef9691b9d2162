"""What the routes save, in a sentence for each baseline."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from whichmodel.analyse.economics.choice import Single
from whichmodel.analyse.economics.figures import Figure
from whichmodel.views.savings.account import Account
from whichmodel.views.savings.words import ends, money

BEST = "the best single model"
TODAY = "today's models"


def headlines(found: Account) -> Iterator[str]:
    """The answer in a sentence for each baseline."""
    for against, name in ((found.single, BEST), (found.incumbent, TODAY)):
        if against is None:
            yield _absent(name)
            continue
        kept = against.floors
        saved = kept.saved_in_total if found.priced else kept.saved
        if saved is None or kept.saved is None:
            yield (
                f"Against {name}, with a floor for every task: unknown. {'; '.join(kept.unknown)}: "
                "add a `price:`, or see `bench prices`."
            )
            continue
        share = "" if kept.share is None else f" ({kept.share.value:.0%} of their cost)"
        calls = f" On calls alone {money(kept.saved.value)}{share}." if found.priced else ""
        part = f" over the {len(kept.tasks)} tasks whose costs are known" if kept.unknown else ""
        of_cost = "" if found.priced else share
        yield (
            f"Against {name}, with a floor for every task: {_saved(saved)}{of_cost}{part}.{calls} "
            f"{len(kept.moved)} of {len(kept.tasks)} tasks move; n = {saved.n:,} items."
        )


def _absent(name: str) -> str:
    if name == BEST:
        return "Against the best single model: no model that is allowed was measured on all tasks."
    return (
        "Against today's models: no workload names one. Add `incumbent: provider/model` to a workload in "
        "bench.yaml."
    )


def _saved(figure: Figure) -> str:
    if figure.low == figure.high == 0:
        return "nothing"
    word = "saves" if figure.value >= 0 else "costs more, saving"
    sure = "" if figure.low > 0 or figure.high < 0 else ", which cannot be told from 0"
    return f"{word} {money(figure.value)} [{ends(figure)}] a month{sure}"


def chosen(singles: Mapping[str, Single | None]) -> str:
    """Which model is the best single one for each kind of answer."""
    parts = []
    for kind, one in singles.items():
        if one is None:
            parts.append(f"none for {kind} answers")
            continue
        suffix = "" if len(singles) == 1 else f" for {kind} answers"
        parts.append(
            f"{one.model}{suffix} (volume-weighted score {one.score:.3f}, the best of {one.among} allowed, "
            f"on {one.n:,} items of the choice)"
        )
    return "; ".join(parts)
