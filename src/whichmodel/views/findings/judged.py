"""What a judge said of an answer, be it the score or beside it."""

from __future__ import annotations

from collections.abc import Mapping

from whichmodel.views.blocks import Block, Pairs, plain, texts, visible
from whichmodel.views.findings.found import Said


def read(said: Said) -> tuple[Block, ...]:
    """Grade and reason; () = no judge took part."""
    judge = said.detail.get("judge")
    if not isinstance(judge, Mapping):
        return ()
    told: list[tuple[str, str]] = []
    if "raw" in judge:
        scale = texts(judge.get("scale"))
        told.append(("Grade", f"{judge['raw']:g}" + (f" on {' to '.join(scale)}" if scale else "")))
    if judge.get("reason"):
        told.append(("Reason", visible(str(judge["reason"]))))
    for order in judge.get("orders") or ():
        told.append(("Verdict", ": ".join(texts(order))))
    if "flipped" in judge:
        told.append(("Turned with the order", "yes: it counts as a tie" if judge["flipped"] else "no"))
    if judge.get("failed"):
        told.append(("Failed", plain(judge["failed"])))
    return (Pairs("The judge", tuple(told)),) if told else ()
