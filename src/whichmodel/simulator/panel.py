"""The demo panel: eight invented models of three invented vendors, and an invented judge.

Names, skills, latencies and prices are made up, so that a first run without keys shows a decision with ties,
trade-offs and a 50-fold spread of cost. Nothing here describes a real model.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from whichmodel.domain import Model, Price, content_hash

Protocol = Literal["openai", "anthropic", "google", "openai-images"]
SOURCE = "demo panel (invented)"
DATED = date(2026, 11, 1)
INSPECT_PREFIX: Mapping[Protocol, str] = {
    "openai": "openai-api/demo/",
    "anthropic": "anthropic/",
    "google": "google/",
    "openai-images": "openai-images/",
}
"""What stands before the wire name in Inspect's name of a model."""


@dataclass(frozen=True, slots=True)
class SimulatedModel:
    """A model that exists only in a loopback server."""

    id: str
    wire: str
    """Its name in requests."""
    protocol: Protocol
    price: Price
    median_s: float
    """Median latency; the distribution is lognormal."""
    sigma: float = 0.35
    """Standard deviation of the logarithm of the latency."""
    skill: Mapping[str, float] = field(default_factory=dict)
    """Category -> probability of a right answer. A category that is missing is never answered rightly."""
    reasoning_tokens: int = 0
    """Median of hidden tokens per answer. 0 = it does not reason."""
    untidy: float = 0.0
    """Probability of an answer in another format than the one asked for."""
    refuses: float = 0.0
    cut_off: float = 0.0
    """Probability that it writes until the token limit, where the request names one."""
    vision: bool = False
    region: str = "eu"
    data_classes: tuple[str, ...] = ("public", "internal", "personal")

    @property
    def vendor(self) -> str:
        """First part of the id."""
        return self.id.partition("/")[0]

    @property
    def answers(self) -> Literal["text", "image"]:
        """What it gives back, in whatever protocol it is asked."""
        return "image" if self.protocol == "openai-images" else "text"

    @property
    def variant(self) -> str:
        """Identity of its behaviour: changes with skill, latency or habits, not with the price."""
        behaviour = asdict(self)
        del behaviour["price"]
        return content_hash(behaviour)


def _text(input_usd: str, output_usd: str) -> Price:
    return Price(SOURCE, DATED, input_per_mtok=Decimal(input_usd), output_per_mtok=Decimal(output_usd))


def _skill(
    coding: float, reasoning: float, extraction: float, summary: float, labels: float, translation: float
) -> Mapping[str, float]:
    return {
        "coding": coding,
        "reasoning": reasoning,
        "extraction": extraction,
        "summarization": summary,
        "classification": labels,
        "translation": translation,
    }


PANEL: tuple[SimulatedModel, ...] = (
    SimulatedModel(
        id="demo-aurora/grand",
        wire="aurora-grand",
        protocol="openai",
        price=_text("5", "25"),
        median_s=0.21,
        skill=_skill(0.95, 0.95, 0.97, 0.95, 0.97, 0.96),
        reasoning_tokens=120,
        refuses=0.002,
        region="us",
    ),
    SimulatedModel(
        id="demo-aurora/lite",
        wire="aurora-lite",
        protocol="openai",
        price=_text("0.25", "1.5"),
        median_s=0.07,
        skill=_skill(0.80, 0.62, 0.98, 0.84, 0.98, 0.90),
        untidy=0.004,
        refuses=0.003,
        cut_off=0.002,
        region="us",
    ),
    SimulatedModel(
        id="demo-borealis/max",
        wire="borealis-max",
        protocol="anthropic",
        price=_text("4", "20"),
        median_s=0.24,
        skill=_skill(0.97, 0.91, 0.97, 0.97, 0.96, 0.95),
        reasoning_tokens=90,
        refuses=0.003,
        region="us",
    ),
    SimulatedModel(
        id="demo-borealis/swift",
        wire="borealis-swift",
        protocol="anthropic",
        price=_text("0.8", "4"),
        median_s=0.09,
        skill=_skill(0.96, 0.76, 0.95, 0.96, 0.93, 0.92),
        untidy=0.005,
        refuses=0.006,
        cut_off=0.003,
        region="us",
    ),
    SimulatedModel(
        id="demo-cirrus/pro",
        wire="cirrus-pro",
        protocol="google",
        price=_text("1.5", "9"),
        median_s=0.15,
        skill=_skill(0.90, 0.95, 0.95, 0.92, 0.95, 0.96),
        reasoning_tokens=200,
        untidy=0.003,
        refuses=0.003,
    ),
    SimulatedModel(
        id="demo-cirrus/nano",
        wire="cirrus-nano",
        protocol="google",
        price=_text("0.1", "0.5"),
        median_s=0.04,
        skill=_skill(0.60, 0.40, 0.74, 0.70, 0.90, 0.80),
        untidy=0.03,
        refuses=0.006,
        cut_off=0.008,
    ),
    SimulatedModel(
        id="demo-aurora/canvas",
        wire="aurora-canvas",
        protocol="openai-images",
        price=Price(SOURCE, DATED, per_image=Decimal("0.04")),
        median_s=0.25,
        skill={"image-prompt": 0.92},
        region="us",
    ),
    SimulatedModel(
        id="demo-borealis/brush",
        wire="borealis-brush",
        protocol="openai-images",
        price=Price(SOURCE, DATED, per_image=Decimal("0.008")),
        median_s=0.12,
        skill={"image-prompt": 0.78},
        region="us",
    ),
    SimulatedModel(
        id="demo-cirrus/eye",
        wire="cirrus-eye",
        protocol="openai",
        price=_text("0.3", "1.2"),
        median_s=0.04,
        vision=True,
    ),
)
CONNECTIONS = 4
"""Requests in flight for each model: the panel runs on the same processors as who measures it, and would bend
its latencies."""
JUDGE_ONLY = ("vision",)
"""No task has this name, so the judge is asked by scorers and never measured."""


def models(addresses: Mapping[str, str]) -> tuple[Model, ...]:
    """The panel as models, at the addresses that `serve` gave by protocol; {} = the panel is not up."""
    return tuple(_model(entry, addresses.get(entry.protocol)) for entry in PANEL)


def _model(entry: SimulatedModel, address: str | None) -> Model:
    return Model(
        id=entry.id,
        inspect_name=INSPECT_PREFIX[entry.protocol] + entry.wire,
        vendor=entry.vendor,
        answers=entry.answers,
        vision=entry.vision,
        base_url=address,
        tasks=JUDGE_ONLY if entry.vision else (),
        region=entry.region,
        data_classes=entry.data_classes,
        licence="invented",
        max_connections=CONNECTIONS,
        price=entry.price,
        simulated=True,
        variant=entry.variant,
    )
