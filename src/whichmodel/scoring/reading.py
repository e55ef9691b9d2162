"""What a model said, apart from what it thought aloud."""

from __future__ import annotations

import re

_TAGS = "think|thinking|thought|reasoning|scratchpad"
_THOUGHT = re.compile(rf"\A.*</(?:{_TAGS})>", re.DOTALL | re.IGNORECASE)
_UNENDED = re.compile(rf"<(?:{_TAGS})>.*\Z", re.DOTALL | re.IGNORECASE)


def spoken(text: str) -> str:
    """The text behind its last `</think>` (or a tag of that kind); a thought that never ends is no answer.

    Servers of open models leave the tags in the answer, some without the opening one.
    """
    return _UNENDED.sub("", _THOUGHT.sub("", text))
