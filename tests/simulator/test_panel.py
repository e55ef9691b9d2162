"""The invented panel, as the models that a run measures."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from whichmodel.domain import CATEGORIES, TaskCard
from whichmodel.simulator.panel import PANEL, SimulatedModel, models

ADDRESSES = {
    "openai": "http://127.0.0.1:1/v1",
    "openai-images": "http://127.0.0.1:1/v1",
    "anthropic": "http://127.0.0.1:1",
    "google": "http://127.0.0.1:1",
}


def _card(category: str) -> TaskCard:
    return TaskCard(
        name="some",
        category=category,
        title="",
        description="",
        version="1",
        licence="",
        source="",
        metric="",
        scorer="",
        folder=Path(),
        answers="image" if category == "image-prompt" else "text",
    )


def _text_models() -> list[SimulatedModel]:
    return [m for m in PANEL if m.protocol != "openai-images" and not m.vision]


def test_every_model_is_marked_simulated_and_carries_an_invented_dated_price() -> None:
    for model in models(ADDRESSES):
        assert model.simulated
        assert not model.baseline
        assert model.key_env is None
        assert model.price is not None
        assert model.price.source == "demo panel (invented)"
        assert model.price.dated > date(2026, 1, 1)
        assert model.variant


def test_ids_and_wire_names_are_unique() -> None:
    assert len({m.id for m in PANEL}) == len(PANEL)
    assert len({m.wire for m in PANEL}) == len(PANEL)


def test_three_vendors_speak_three_protocols_and_costs_spread_fifty_fold() -> None:
    text = _text_models()
    assert {m.vendor for m in text} == {"demo-aurora", "demo-borealis", "demo-cirrus"}
    assert {m.protocol for m in text} == {"openai", "anthropic", "google"}
    inputs = [m.price.input_per_mtok or Decimal(0) for m in text]
    assert max(inputs) / min(inputs) == 50


def test_every_category_has_models_and_the_judge_is_measured_on_none() -> None:
    panel = models(ADDRESSES)
    for category in CATEGORIES:
        taking = [model for model in panel if model.takes(_card(category))]
        assert len(taking) >= 2
        assert not any(model.vision for model in taking)
    assert [model.id for model in panel if model.vision] == ["demo-cirrus/eye"]


def test_a_model_has_a_skill_in_every_category_it_takes() -> None:
    for entry, model in zip(PANEL, models(ADDRESSES), strict=True):
        taken = {category for category in CATEGORIES if model.takes(_card(category))}
        assert taken == set(entry.skill)
        assert all(0 < skill < 1 for skill in entry.skill.values())


def test_identity_follows_behaviour_and_neither_price_nor_address() -> None:
    entry = PANEL[0]
    assert replace(entry, skill={"coding": 0.1}).variant != entry.variant
    assert replace(entry, median_s=9).variant != entry.variant
    assert replace(entry, price=PANEL[1].price).variant == entry.variant
    elsewhere = {protocol: address.replace(":1", ":2") for protocol, address in ADDRESSES.items()}
    here = [model.settings_hash for model in models(ADDRESSES)]
    assert here == [model.settings_hash for model in models(elsewhere)]
    assert len(set(here)) == len(here)
