"""How long and how often a model is asked before a sample counts as failed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one sample, from its first request to its score."""

    attempt_s: float = 120
    """Seconds for one attempt at a call."""
    call_s: float = 600
    """Seconds for all attempts at a call; a provider that asks to wait longer is not asked again."""
    sample_s: float = 900
    """Seconds for a sample, its scoring included."""
    retries: int = 4
    """Attempts after the first; the SDKs' own retries are off."""
