"""One look at a picture: what the vision model was asked about it, and what it said."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from whichmodel.scoring.image.picture import Picture

Ask = Callable[[str, bytes], Awaitable[str]]
"""Question and PNG bytes -> the vision model's reply."""


@dataclass(slots=True)
class Look:
    """A picture and the vision model that is asked about it; no question is asked twice."""

    picture: Picture
    ask: Ask
    replies: dict[str, str] = field(default_factory=dict)

    async def reply(self, question: str) -> str:
        """The vision model's reply."""
        if question not in self.replies:
            self.replies[question] = await self.ask(question, self.picture.png)
        return self.replies[question]
