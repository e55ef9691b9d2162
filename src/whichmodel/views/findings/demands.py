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
    if isinstance(text, Mapping):
        told = (("Read", text.get("transcript") or "none"), ("By", text.get("read_by") or "unknown"))
        blocks.append(
            Pairs("Text in the picture", tuple((name, visible(str(value))) for name, value in told))
        )
    return Found(tuple(blocks))
