"""Keys kept out of what is stored: foreign logs repeat them in errors."""

from __future__ import annotations

import re

from whichmodel.domain.outcome import MAX_ERROR_TEXT
from whichmodel.run.secrets import blotted

_KEY = re.compile(
    r"\b(?:sk|pk|rk|hf|gsk|xai|ghp|gho|ghs|glpat|r8|key)[-_][A-Za-z0-9_-]{12,}"
    r"|\bAIza[A-Za-z0-9_-]{20,}|\bAKIA[A-Z0-9]{12,}"
)
"""Keys of the well-known providers, by how they begin."""
_NAMED = re.compile(
    r"(?i)(bearer\s+|(?:api[-_ ]?key|authorization|(?:access|auth)[-_ ]?token|secret|password)"
    r"[\"']?\s*[:=]\s*[\"']?(?:bearer\s+)?)([^\s\"',;}&]{6,})"
)
"""What follows a name that says that it is a secret."""
_IN_ADDRESS = re.compile(r"(://)[^/\s:@]+:[^/\s@]+@")


def without(text: str, keys: tuple[str, ...]) -> str:
    """A text without these keys. For answers: nothing else in them is changed."""
    return blotted(text, keys)


def error_text(text: str, keys: tuple[str, ...]) -> str:
    """An error on one line, cut, without these keys and without whatever looks like one."""
    plain = " ".join(text[: 20 * MAX_ERROR_TEXT].split())
    plain = _NAMED.sub(r"\1[key]", _KEY.sub("[key]", without(plain, keys)))
    return _IN_ADDRESS.sub(r"\1[key]@", plain)[:MAX_ERROR_TEXT]
