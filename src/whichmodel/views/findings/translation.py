"""Translations: terms and figures that were lost, and sentences that say the opposite."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from whichmodel.domain import Json
from whichmodel.views.blocks import Block, Check, Checks, Note, texts, visible
from whichmodel.views.findings.found import Found, Said


def read(said: Said) -> Found | None:
    """The findings of `translation`."""
    detail = said.detail
    if not {"lost_terms", "lost_figures"} <= detail.keys():
        return None
    terms, figures, turned = (texts(detail.get(name)) for name in ("lost_terms", "lost_figures", "turned"))
    lost = {*terms, *figures}
    entries = [
        *(Check(False, "lost", term, "term") for term in terms),
        *(Check(False, "lost", figure, "figure") for figure in figures),
        *(Check(False, "turned round", term, "the sentence on it says the opposite") for term in turned),
        *(Check(True, "kept", text, kind) for text, kind in _wanted(said.target) if text not in lost),
    ]
    blocks: list[Block] = [Note(visible(said.explanation))] if said.explanation else []
    return Found((*blocks, *([Checks("Terms and figures", tuple(entries))] if entries else [])))


def _wanted(target: Json) -> list[tuple[str, str]]:
    """Terms and figures that a translation has to keep, as the scorer names them."""
    if not isinstance(target, Mapping):
        return []
    terms = [str(forms[0]) for forms in _listed(target.get("terms")) if isinstance(forms, list) and forms]
    figures = [
        f"{figure.get('value')} {figure['units'][0]}"
        for figure in _listed(target.get("figures"))
        if isinstance(figure, Mapping) and figure.get("units")
    ]
    return [(visible(term), "term") for term in terms] + [(visible(figure), "figure") for figure in figures]


def _listed(value: Json) -> Sequence[Json]:
    return value if isinstance(value, list) else []
