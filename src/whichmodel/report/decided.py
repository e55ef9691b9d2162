"""How it was decided, in sentences: the rule, the limits, and what keeps a route from moving for nothing."""

from __future__ import annotations

from whichmodel.report.content import Report
from whichmodel.views import words


def decided(made: Report) -> tuple[str, ...]:
    """One sentence a line."""
    organisation = made.view.organisation
    rule = organisation.rule
    lines = [
        words.rule(organisation),
        f"Limits: {'; '.join(words.limits(organisation))}.",
        f"{rule.holdout:.0%} of the items of a bank that is large enough are held out of the choice, and the "
        "figures of the pick are of these; smaller banks are marked in-sample, which flatters.",
        f"A certified model in use gives way where another is at least {rule.switch.saving:.0%} cheaper in "
        f"{words.count(rule.switch.runs, 'run')}, or where it fails its own limits.",
        f"No model is certified on fewer than {rule.min_items:,} items, or with under "
        f"{rule.min_coverage:.0%} of them scored.",
        "Sums over tasks take the tasks as independent; the interval of the quality lost takes both scores "
        "as independent too, and is rather too wide.",
        "A failure has no score, an unknown price is no price of 0, and what cannot be told apart is a tie.",
    ]
    if organisation.review_cost_usd is not None:
        lines.insert(
            2, f"A person's look at one answer costs {words.usd(float(organisation.review_cost_usd))}."
        )
    return tuple(lines)
