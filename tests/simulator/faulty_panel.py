"""One panel on which every fault has a model of its own, and what each way to ask observes there."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from simulator.asking import SDKS, Addresses, observed, through_inspect

from whichmodel.simulator.faults import Faults, Kind

STATUSES = (429, 500, 529, 401, 403, 404)
KINDS: tuple[Kind, ...] = (
    "quota",
    "filter_400",
    "hang",
    "drip",
    "reset",
    "cut",
    "early_end",
    "error_event",
    "bad_json",
    "html",
    "empty",
    "filter",
    "length",
    "other_model",
)
ENDLESS = frozenset({"hang", "drip"})
NONE = "none"
NAMES = (NONE, *(str(status) for status in STATUSES), *KINDS)
TEXT, IMAGE = "aurora-grand", "aurora-canvas"


def model(name: str, *, image: bool = False) -> str:
    """The model that this fault strikes at every request; none = it answers well."""
    return f"m-{name}-image" if image else f"m-{name}"


def aliases() -> Mapping[str, str]:
    """Each fault's two models."""
    return {model(n): TEXT for n in NAMES} | {model(n, image=True): IMAGE for n in NAMES}


def faults() -> list[Faults]:
    """Each fault, for its own two models alone."""
    made = []
    for image in (False, True):
        made += [Faults("status", rate=1, status=s, wire=model(str(s), image=image)) for s in STATUSES]
        made += [Faults(kind, rate=1, wire=model(kind, image=image)) for kind in KINDS]
    return made


@dataclass
class Observatory:
    """What every way to ask observes of every fault; each way is tried once, all faults at the same time."""

    addresses: Addresses
    text: str
    """A prompt for the models that write."""
    image: str
    """A prompt for the models that draw."""
    _seen: dict[str, Mapping[str, str]] = field(default_factory=dict)

    def of_sdk(self, way: str) -> Mapping[str, str]:
        """Fault -> what the SDK gave; the model's own name stands as SELF."""
        if way not in self._seen:
            self._seen[way] = asyncio.run(self._through_sdk(way))
        return self._seen[way]

    def of_inspect(self, protocol: str) -> Mapping[str, str]:
        """Fault -> what Inspect's provider gave. Google's SDK hides a lost connection for seconds."""
        key = f"inspect {protocol}"
        if key not in self._seen:
            self._seen[key] = asyncio.run(self._through_inspect(protocol))
        return self._seen[key]

    async def _through_sdk(self, way: str) -> Mapping[str, str]:
        prompt = self._prompt(way)
        async with SDKS[way].client(self.addresses) as client:
            calls = [SDKS[way].ask(client, self._model(way, name), prompt) for name in NAMES]
            watched = [observed(c, endless=n in ENDLESS) for n, c in zip(NAMES, calls, strict=True)]
            return self._named(way, await asyncio.gather(*watched))

    async def _through_inspect(self, protocol: str) -> Mapping[str, str]:
        endless = ENDLESS | {"reset"} if protocol.startswith("google") else ENDLESS
        calls = [self._ask_inspect(protocol, name) for name in NAMES]
        watched = [observed(c, endless=n in endless) for n, c in zip(NAMES, calls, strict=True)]
        return self._named(protocol, await asyncio.gather(*watched))

    async def _ask_inspect(self, protocol: str, name: str) -> str:
        output = await through_inspect(
            protocol, self.addresses, self._model(protocol, name), self._prompt(protocol)
        )
        return f"{output.stop_reason} by {output.model}" if output.choices else "no choices"

    def _named(self, way: str, found: Sequence[str]) -> Mapping[str, str]:
        return {n: text.replace(self._model(way, n), "SELF") for n, text in zip(NAMES, found, strict=True)}

    def _prompt(self, way: str) -> str:
        return self.image if "image" in way or way == "imagen" else self.text

    def _model(self, way: str, name: str) -> str:
        return model(name, image="image" in way or way == "imagen")
