"""A model: an endpoint with settings, its usage and its prices."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from whichmodel.domain import driver
from whichmodel.domain.driver import OutputMode
from whichmodel.domain.identity import content_hash
from whichmodel.domain.task import TaskCard

SHAPED_SCORERS = frozenset({"fields", "entities"})
"""Scorers whose answers have a JSON shape that a schema can say (`scoring.answer_schema` makes it)."""
LOCAL_FILE = "file:"
"""Scheme of an address that is a folder of this machine: it says where to look, not what is measured."""


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens and images of one sample, over all its calls that reported them. None = not reported.

    A failed attempt reports nothing: whether it was billed is not known, and it is in none of these counts.
    """

    input: int | None = None
    """All prompt tokens: cached, written to a cache and of images included."""
    cached: int | None = None
    cache_write: int | None = None
    """Tokens written to a prompt cache, for whatever time it keeps them."""
    output: int | None = None
    """All completion tokens: reasoning and images included."""
    reasoning: int | None = None
    images: int | None = None
    """Images drawn."""
    cache_write_1h: int | None = None
    """Of `cache_write`, those kept for an hour."""
    image_input: int | None = None
    """Of `input`, those of images."""
    image_output: int | None = None
    """Of `output`, those of images."""
    megapixels: float | None = None
    """Of all images drawn, in millions of pixels."""
    batch: bool = False
    """Asked through the provider's batch service, which has other rates."""
    calls: int = 1
    """Calls that these counts are of. Rates that rise with a prompt's length go by the mean call."""


@dataclass(frozen=True, slots=True)
class Price:
    """A dated price of our own for one model, in USD. None = that unit is not charged or not known.

    Tokens of a kind without a rate of its own cost the rate of the kind that they are part of.
    """

    source: str
    dated: date
    input_per_mtok: Decimal | None = None
    output_per_mtok: Decimal | None = None
    cached_per_mtok: Decimal | None = None
    """Tokens read from a prompt cache. None = as input."""
    cache_write_per_mtok: Decimal | None = None
    """Tokens written to a prompt cache. None = as input."""
    per_image: Decimal | None = None
    per_second: Decimal | None = None
    """By the duration of the successful attempt."""
    reasoning_per_mtok: Decimal | None = None
    """Where reasoning is charged apart. None = as output."""
    cache_write_1h_per_mtok: Decimal | None = None
    """Writes kept for an hour. None = as other writes where those cost as input, else not known."""
    image_input_per_mtok: Decimal | None = None
    """Prompt tokens of images. None = as input."""
    image_output_per_mtok: Decimal | None = None
    """Tokens of drawn images. None = as output."""
    per_megapixel: Decimal | None = None
    """By a million drawn pixels."""
    per_gpu_hour: Decimal | None = None
    """An hour of all the GPUs that serve the model together, operations and redundancy included; a call has
    a cost where one of the next two is known."""
    requests_per_hour: Decimal | None = None
    """What those GPUs sustain: a call costs `per_gpu_hour / requests_per_hour`."""
    concurrency: Decimal | None = None
    """Calls that shared the GPUs while they were measured: a call costs its seconds' share of an hour
    over this. Only used without `requests_per_hour`."""
    batch_factor: Decimal | None = None
    """What a batch call costs of a normal one, such as 0.5. None = not known."""


@dataclass(frozen=True, slots=True)
class Priced:
    """A cost and where it comes from. `usd` None = unknown."""

    usd: Decimal | None
    source: str = ""
    dated: date | None = None
    why: str = ""
    """Why the cost is unknown. "" = it is known."""


@dataclass(frozen=True, slots=True)
class Specialist:
    """What a fine-tuned model costs beside its requests, in USD."""

    training_usd: Decimal
    """Of the first training, data and evaluation included."""
    refresh_usd: Decimal = Decimal(0)
    """Of training it anew once."""
    refreshes_per_year: Decimal = Decimal(0)

    def first_year_usd(self) -> Decimal:
        """Training and the refreshes of one year."""
        return self.training_usd + self.refresh_usd * self.refreshes_per_year


@dataclass(frozen=True, slots=True)
class Settings:
    """What is asked of a model beside the prompt; part of its identity. None = provider's default."""

    output_mode: OutputMode = "plain"
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
    specialist: Specialist | None = None
    """It was trained for its tasks, and what that costs; no part of its identity. None = a general model."""

    @property
    def wire_name(self) -> str:
        """The name that goes to the provider: Inspect's name without its provider and service."""
        return driver.wire_name(self.inspect_name)

    @property
    def settings_hash(self) -> str:
        """Identity of what is measured: name, settings and, for a real endpoint, its address."""
        elsewhere = self.base_url is not None and not self.base_url.startswith(LOCAL_FILE)
        address = self.base_url if elsewhere and not self.simulated else None
        asked = [self.id, self.inspect_name, asdict(self.settings), address, self.variant]
        return content_hash(asked)

    def takes(self, card: TaskCard) -> bool:
        """Whether this model is to be measured on a task."""
        return not self.not_taken(card)

    def not_taken(self, card: TaskCard) -> str:
        """Why this model is not to be measured on a task, in words. "" = it is."""
        if self.answers != card.answers:
            return "it draws images" if self.answers == "image" else "it answers in text"
        if self.tasks and not {card.name, card.category} & set(self.tasks):
            return f"it is made for {', '.join(self.tasks)}"
        if self.settings.output_mode != "plain" and not is_shaped(card):
            return (
                f"its output mode is {self.settings.output_mode}, and the task's answers have no JSON shape"
            )
        return ""


def is_shaped(card: TaskCard) -> bool:
    """Whether a task's answers have a JSON shape, so that modes other than plain apply to it."""
    return card.scorer in SHAPED_SCORERS and card.inspect_task is None


def new_models(models: Iterable[Model], measured: Collection[str]) -> tuple[Model, ...]:
    """The models of which nothing was measured yet, in their order.

    measured: settings hashes that have an outcome of any status. A model whose settings or address changed
    is a new one. Rule baselines are never new: they cost nothing and stand in every panel.
    """
    return tuple(m for m in models if not m.baseline and m.settings_hash not in measured)


_PATH = re.compile(r"^(?:.*/)?models/")
_SUFFIX = re.compile(r":(?:latest|free|nitro|floor|fastest|cheapest)$|-latest$")
_MONTH, _DAY, _YEAR = r"(?:0[1-9]|1[0-2])", r"(?:0[1-9]|[12]\d|3[01])", r"20\d\d"
_SNAPSHOT = re.compile(
    rf"[-@](?:{_YEAR}-?{_MONTH}-?{_DAY}|{_MONTH}-?{_DAY}|{_MONTH}-{_YEAR}|2\d{_MONTH}|00\d)$",
)
"""Dates and revisions that providers add to a name: `-2024-08-06`, `-20241022`, `-0613`, `-2411`, `-001`."""


def served_otherwise(requested: str, served: str | None) -> bool:
    """Whether a reply names another model than was asked for. None or "" = it named none, so nobody knows.

    A dated snapshot of an alias, a provider's prefix before the name, `models/`, an alias's `-latest` and
    case make no other model. A snapshot that was asked for by its date and comes back with another is one.
    """
    if not served:
        return False
    wanted, given = _plain_name(requested), _plain_name(served)
    shorter, longer = sorted((wanted.split("/"), given.split("/")), key=len)
    if longer[-len(shorter) : -1] != shorter[:-1]:
        return True
    asked, got = wanted.rpartition("/")[2], given.rpartition("/")[2]
    return got != asked and not (got.startswith(asked) and _SNAPSHOT.fullmatch(got[len(asked) :]))


def _plain_name(name: str) -> str:
    return _SUFFIX.sub("", _PATH.sub("", name.casefold()))
