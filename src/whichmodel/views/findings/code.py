"""Programs and queries: how many hidden cases hold, and the first that does not."""

from __future__ import annotations

from collections.abc import Mapping

from whichmodel.domain import Json
from whichmodel.views.blocks import Block, Check, Checks, Pairs, answer_blocks, visible
from whichmodel.views.findings.found import Found, Said

NAMES = (("call", "Call"), ("expected", "Expected"), ("got", "Got"))


def read(said: Said) -> Found | None:
    """The findings of `code`, `tests` and `sql`."""
    detail = said.detail
    if not {"passed", "total", "error_class"} <= detail.keys():
        return None
    passed, total = detail["passed"], detail["total"]
    holds = passed == total and not detail["error_class"]
    told = Check(
        holds, "passed" if holds else "failed", f"{passed} of {total} hidden cases hold", _error(detail)
    )
    blocks: list[Block] = [Checks("Cases", (told,))]
    failing = detail.get("failing")
    if isinstance(failing, Mapping):
        case = tuple((title, visible(str(failing[name]))) for name, title in NAMES if name in failing)
        blocks.append(Pairs("First failing case", case, code=True))
    elif not holds and said.explanation:
        blocks.append(Pairs("First failure", (("In words", visible(said.explanation.partition(": ")[2])),)))
    return Found(tuple(blocks), answer_blocks(said.answer, code=True))


def _error(detail: Mapping[str, Json]) -> str:
    return visible(str(detail["error_class"] or ""))
