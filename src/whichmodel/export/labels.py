"""Names that a gateway's own rules of spelling ask for, made of any text."""

from __future__ import annotations

import hashlib
import re
import unicodedata

LONGEST = 63
"""Of an RFC 1123 label, which Kubernetes names are."""
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_HASH = 8
_HASHED = re.compile(r"-[0-9a-f]{8}$")
"""What ends like a made label is made one too, so that no text can be another's label."""


def label(text: str) -> str:
    """An RFC 1123 label: the text itself where it is one, else what is left of it and a hash of the whole.

    Different texts get different labels, whatever they are made of; a text always gets the same.
    """
    if _LABEL.fullmatch(text) and not _HASHED.search(text):
        return text
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain)[: LONGEST - _HASH - 1].strip("-")
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_HASH]
    return f"{words}-{digest}" if words else f"x-{digest}"
