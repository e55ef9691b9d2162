"""What is asked of the whole panel beyond its models' own habits: caches, fixed latency, canned answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class PromptCache:
    """Shares of a prompt that a model reports as read from or written to its provider's prompt cache."""

    read: float = 0.0
    """Share of the input tokens, 0 to 1."""
    write: float = 0.0
    """Share of the input tokens, 0 to 1; together with `read` at most 1."""
    wire: str | None = None
    """The one model that reports it. None = all."""

    def __post_init__(self) -> None:
        if self.read < 0 or self.write < 0 or self.read + self.write > 1:
            raise ValueError("the shares of a prompt cache lie between 0 and 1, their sum too")

    def tokens(self, total: int) -> tuple[int, int]:
        """(read, written) of that many input tokens."""
        read = round(self.read * total)
        return read, min(round(self.write * total), total - read)


@dataclass(frozen=True, slots=True)
class Conduct:
    """What a test or a benchmark asks of the panel."""

    caches: tuple[PromptCache, ...] = ()
    """The first that holds for a model counts; none = no cache is reported."""
    latency_s: float | None = None
    """Every reply ends this long after its request was read. None = each model's own distribution."""
    canned: str | None = None
    """Every text model answers every prompt with this text, the cheapest way. None = the banks."""
    capacity: int | None = None
    """Replies that the panel works on at the same time; others wait for a place. None = any number."""
    aliases: Mapping[str, str] = field(default_factory=dict)
    """Further names in requests -> a model's wire name: how a provider's own names reach the panel."""

    def cache(self, wire: str) -> PromptCache | None:
        """The cache that this model reports."""
        return next((cache for cache in self.caches if cache.wire in (None, wire)), None)
