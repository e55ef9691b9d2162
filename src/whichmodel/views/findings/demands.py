"""Pictures: the demands that are met and missed, and what was read in them."""

from __future__ import annotations

from collections.abc import Mapping

from whichmodel.views.blocks import Block, Check, Checks, Pairs, visible
from whichmodel.views.findings.found import Found, Said


def read(said: Said) -> Found | None:
    """The findings of `image`."""
    listed = said.detail.get("demands")
    if not isinstance(listed, list):
        return None
    pairs = [entry for entry in listed if isinstance(entry, list) and len(entry) == 2]
    checks = [Check(bool(met), "met" if met else "missed", visible(str(name))) for name, met in pairs]
    blocks: list[Block] = [Checks("Demands", tuple(sorted(checks, key=lambda check: check.holds)))]
    text = said.detail.get("text")
    told = [("File", str(said.detail["file"]))] if said.detail.get("file") else []
    if isinstance(text, Mapping):
        told.append(("Text read in it", str(text.get("transcript") or "none")))
        told.append(("Read by", str(text.get("read_by") or "unknown")))
    if told:
        blocks.append(Pairs("The file", tuple((name, visible(value)) for name, value in told)))
    return Found(tuple(blocks))
