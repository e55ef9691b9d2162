"""Faults on purpose, for tests of whoever asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from whichmodel.simulator import luck

Kind = Literal[
    "status",
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
]
"""status: an HTTP error in the protocol's own words.
quota: the account's money or daily allowance is used up, as the provider says it.
filter_400: a content filter that answers with an error.
hang: no reply at all.
drip: a reply that starts, then keeps the connection awake and never ends.
reset: the TCP connection is reset before any byte.
cut: a body that breaks off; of a stream, the first half.
early_end: a stream that ends in the middle as if that were its end.
error_event: an error in the middle of a stream that began well.
bad_json: a whole body, or an event in the middle of a stream, that is not JSON.
html: a page in HTML with status 200.
empty: a reply of the right shape without an answer.
filter: a content filter that answers with status 200.
length: an answer stopped in its middle by a token limit.
other_model: a good answer by a model of another name.

A kind that a protocol cannot show is answered with status 501, so that no test passes by its absence."""


@dataclass(frozen=True, slots=True)
class Faults:
    """Which requests go wrong, and how. Requests are counted per model name, from 0."""

    kind: Kind
    first: int = 0
    """This many requests from the beginning."""
    rate: float = 0.0
    """And then this share of requests, by seed."""
    status: int = 500
    """HTTP status of the kind `status`."""
    retry_after_s: float | None = None
    """Sent along with a status. None = no such header."""
    wire: str | None = None
    """The one model that it happens to. None = all."""
    after: int | None = None
    """From this request on. None = no such start."""
    count: int | None = None
    """That many requests from `after` on. None = without end."""
    served: str = "another-model"
    """The name that `other_model` gives as the one that answered."""
    every_s: float = 0.1
    """Time between two drops of `drip`."""

    def strike(self, wire: str, number: int, seed: int) -> bool:
        """Whether this request goes wrong."""
        if self.wire is not None and wire != self.wire:
            return False
        if number < self.first or self._scripted(number):
            return True
        return self.rate > 0 and luck.uniform(seed, "fault", self.kind, wire, number) < self.rate

    def _scripted(self, number: int) -> bool:
        if self.after is None or number < self.after:
            return False
        return self.count is None or number < self.after + self.count
