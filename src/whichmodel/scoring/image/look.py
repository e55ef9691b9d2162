"""One look at a picture: what the vision model was asked about it and said, and what stands written in it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Literal, get_args

from whichmodel.errors import ScoringFailed
from whichmodel.scoring.image import ocr
from whichmodel.scoring.image.picture import Picture
from whichmodel.scoring.image.words import Reading, compared, confirmed
from whichmodel.scoring.reading import spoken

Ask = Callable[[str, bytes], Awaitable[str]]
"""Question and PNG bytes -> the vision model's reply."""
Reader = Literal["auto", "ocr", "vision"]
"""Who reads text. vision: the vision model. ocr: an OCR engine alone. auto: the vision model, and a text that
an engine on this machine finds exactly as asked is there, whatever the vision model made of it."""
READERS: tuple[Reader, ...] = get_args(Reader)

VISION = "vision model"
TRANSCRIBE = (
    "Write down every text in the image exactly as it is written, mistakes included, one line each, and "
    "nothing else. If there is no text at all, write: none"
)
_EXCUSE = re.compile(
    r"\s*(i'm sorry|i am sorry|sorry|i can(no|')t|i cannot|i am unable|i'm unable|as an ai)\b", re.I
)


@dataclass(slots=True)
class Look:
    """A picture and the vision model that is asked about it; no question is asked twice."""

    picture: Picture
    ask: Ask
    texts: tuple[str, ...] = ()
    """What should stand written in it."""
    reader: Reader = "auto"
    replies: dict[str, str] = field(default_factory=dict)
    read: Reading | None = None
    """None = nobody has read it yet."""

    async def reply(self, question: str) -> str:
        """The vision model's reply."""
        if question not in self.replies:
            self.replies[question] = spoken(await self.ask(question, self.picture.png))
        return self.replies[question]

    async def reading(self) -> Reading:
        """What stands written in the picture. Raises ScoringFailed where nobody can read it."""
        if self.read is None:
            by_engine = await self._by_engine()
            if self.reader == "ocr" and by_engine is not None:
                self.read = by_engine
            else:
                by_model = await self._by_model()
                self.read = by_model if by_engine is None else confirmed(by_model, by_engine)
        return self.read

    async def _by_engine(self) -> Reading | None:
        """None = no engine reads here. Raises ScoringFailed where the engine alone should, and cannot."""
        engine = await asyncio.to_thread(ocr.engine) if self.reader != "vision" else None
        if engine is None:
            if self.reader == "ocr":
                raise ScoringFailed(
                    "There is no OCR engine on this machine.",
                    where="scorer `image`",
                    remedy="Install tesseract (Debian: tesseract-ocr), or write `options: {reader: auto}`.",
                )
            return None
        try:
            text = await asyncio.to_thread(ocr.transcript, self.picture.pixels)
        except ScoringFailed:
            if self.reader == "ocr":
                raise
            return None
        return compared(self.texts, text, engine)

    async def _by_model(self) -> Reading:
        reply = (await self.reply(TRANSCRIBE)).strip()
        if not reply or _EXCUSE.match(reply):
            raise ScoringFailed(
                f"The vision model did not say what is written in the picture: {reply[:80]!r}.",
                where="scorer `image`",
                remedy="Use another vision model as judge, or run again: the sample has no score yet.",
            )
        lines = [re.sub(r"^\s*[-*•]\s+", "", line) for line in reply.replace("```", "").splitlines()]
        text = "\n".join(lines).strip()
        return compared(self.texts, "" if text.casefold().strip(".") == "none" else text, VISION)
