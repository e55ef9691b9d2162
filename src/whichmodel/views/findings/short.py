"""Answers that come to one value: a label, an option, a number, a word."""

from __future__ import annotations

from whichmodel.views.blocks import Block, Note, Pairs, plain, texts, visible
from whichmodel.views.findings.found import Found, Said


def read(said: Said) -> Found | None:
    """The findings of `choice`, `numeric`, `exact` and `verifier`."""
    detail = said.detail
    if "named" in detail:
        named = ", ".join(texts(detail["named"])) or "none"
        told = (("Named", named), ("Expected", plain(detail.get("target"))))
    elif "read" in detail:
        told = (
            ("Read", plain(detail["read"]) if detail["read"] else "nothing"),
            ("Expected", _expected(said)),
        )
    elif "family" in detail:
        told = (("Read", visible(said.norm) or "nothing"), ("Puzzle", plain(detail["family"])))
    else:
        return None
    blocks: list[Block] = [Pairs("What was read", told)]
    if said.explanation:
        blocks.append(Note(visible(said.explanation)))
    return Found(tuple(blocks))


def _expected(said: Said) -> str:
    target = said.target
    if isinstance(target, dict) and isinstance(target.get("accept"), list):
        target = target["accept"]
    return " or ".join(texts(target)) if isinstance(target, list) else plain(target)
