"""A model: an endpoint with settings, its usage and its prices."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from whichmodel.domain.identity import content_hash
from whichmodel.domain.task import TaskCard


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens and images of one sample, all attempts that were billed. None = not reported."""

    input: int | None = None
    """All prompt tokens, cached ones included."""
    cached: int | None = None
    cache_write: int | None = None
    output: int | None = None
    """All completion tokens, reasoning included."""
    reasoning: int | None = None
    images: int | None = None


@dataclass(frozen=True, slots=True)
class Price:
    """A dated price of our own for one model. None = that unit is not charged or not known."""

    source: str
    dated: date
    input_per_mtok: Decimal | None = None
    output_per_mtok: Decimal | None = None
    cached_per_mtok: Decimal | None = None
    cache_write_per_mtok: Decimal | None = None
    per_image: Decimal | None = None
    per_second: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Priced:
    """A cost and where it comes from. `usd` None = unknown."""

    usd: Decimal | None
    source: str = ""
    dated: date | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """What is asked of a model beside the prompt; part of its identity. None = provider's default."""

    output_mode: Literal["plain", "json", "schema"] = "plain"
    reasoning_effort: str | None = None
    temperature: float | None = None
    max_tokens: int | None = None
    """None = the task card's."""


@dataclass(frozen=True, slots=True)
class Model:
    """An endpoint with settings, as bench.yaml or the demo panel names it."""

    id: str
    """The row's name, `provider/model`, with `@mode` where one model stands in several modes."""
    inspect_name: str
    """What Inspect's `get_model` takes."""
    vendor: str
    answers: Literal["text", "image"] = "text"
    vision: bool = False
    """It reads images, so it may answer a scorer's questions about them."""
    settings: Settings = field(default_factory=Settings)
    base_url: str | None = None
    key_env: str | None = None
    """Environment variable with the key. None = none is needed."""
    max_connections: int = 16
    tasks: tuple[str, ...] = ()
    """Categories or task names it is made for. () = all that its output fits."""
    region: str | None = None
    data_classes: tuple[str, ...] = ()
    licence: str | None = None
    price: Price | None = None
    """None = genai-prices is asked."""
    simulated: bool = False
    baseline: bool = False
    """A rule, run in this process's own machine: free, and really measured in every panel."""
    variant: str = ""
    """More identity: the simulated skill, the version of a rule. "" = none."""

    @property
    def wire_name(self) -> str:
        """The name that goes to the provider: Inspect's name without its provider and service."""
        provider, _, name = self.inspect_name.partition("/")
        return name.partition("/")[2] if provider == "openai-api" else name

    @property
    def settings_hash(self) -> str:
        """Identity of what is measured: name, settings and, for a real endpoint, its address."""
        address = None if self.simulated else self.base_url
        asked = [self.id, self.inspect_name, asdict(self.settings), address, self.variant]
        return content_hash(asked)

    def takes(self, card: TaskCard) -> bool:
        """Whether this model is to be measured on a task."""
        if self.answers != card.answers:
            return False
        return not self.tasks or bool({card.name, card.category} & set(self.tasks))
