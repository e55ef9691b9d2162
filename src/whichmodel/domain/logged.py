"""Names and bounds of what stands in a log, for those who read one with Inspect and those who do without."""

from __future__ import annotations

METADATA = "whichmodel"
"""Key of a log's metadata under which its provenance stands."""
SAMPLES = "samples/"
"""Where samples lie in a log."""
MOST_MEMBER = 64_000_000
"""Bytes that one part of a log may unpack to."""
ATTACHED = "attachment://"
"""Begins a reference to a text that Inspect moved to the end of its sample."""
PARSED, DETAIL, JUDGE_SCORE = "parsed", "detail", "judge_score"
"""Keys of a score's metadata."""
