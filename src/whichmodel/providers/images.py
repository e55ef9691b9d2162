"""Text-to-image endpoints as Inspect models: the answer is an image, kept as a file by its hash."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import io
import json
import os
import time
from abc import abstractmethod
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar
from weakref import WeakKeyDictionary

from inspect_ai.model import (
    ChatMessage,
    ContentImage,
    GenerateConfig,
    ModelAPI,
    ModelOutput,
    ModelUsage,
    StopDetails,
)
from inspect_ai.tool import ToolChoice, ToolInfo

RETRIED = frozenset({408, 409, 429, 500, 502, 503, 504, 529})
"""HTTP statuses of passing trouble."""
Client = TypeVar("Client")


class NoImage(ValueError):
    """A reply that should hold an image and holds none that can be read."""


class Filtered(Exception):
    """The provider's safety filter kept the image back; the message is the provider's.

    usage: the tokens that it counts all the same. None = it does not say.
    """

    def __init__(self, message: str, usage: ModelUsage | None = None) -> None:
        super().__init__(message)
        self.usage = usage


@dataclass(frozen=True, slots=True)
class Drawn:
    """What an endpoint made of a prompt."""

    image: bytes
    """In whatever format it came."""
    usage: ModelUsage | None = None
    """None = the provider counts no tokens."""
    image_tokens: int | None = None
    """Output tokens that are the image's own. None = the provider does not tell them apart."""
    image_input_tokens: int = 0
    """Input tokens that are images. 0 = the prompt is a text."""
    served: str | None = None
    """The model that answered. None = the reply does not say."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG and its size in pixels."""

    png: bytes
    width: int
    height: int

    @property
    def name(self) -> str:
        """File name by content."""
        return hashlib.sha256(self.png).hexdigest() + ".png"


class PerLoop(Generic[Client]):
    """One client for each event loop that asks: connections do not outlive the loop they were made in."""

    def __init__(self, make: Callable[[], Client]) -> None:
        self._make = make
        self._clients: WeakKeyDictionary[asyncio.AbstractEventLoop, Client] = WeakKeyDictionary()

    def get(self) -> Client:
        """The running loop's client."""
        loop = asyncio.get_running_loop()
        if loop not in self._clients:
            self._clients[loop] = self._make()
        return self._clients[loop]

    def take(self) -> Client | None:
        """The running loop's client for the last time. None = it never asked for one."""
        return self._clients.pop(asyncio.get_running_loop(), None)


FOLDER: ContextVar[Path | None] = ContextVar("folder", default=None)
"""Where the images of the sample under way go: jobs that share an endpoint may have folders of their own."""


class ImagesAPI(ModelAPI):
    """What image endpoints share: one prompt in, one image out.

    artifacts: folder that images are written to, named by SHA-256, but for samples that have one of their own
    (`FOLDER`); None = inline in the log.
    max_retries is taken for the sake of whoever passes it to every provider: no SDK retries under Inspect.
    """

    def __init__(
        self,
        model_name: str,
        base_url: str | None = None,
        api_key: str | None = None,
        config: GenerateConfig | None = None,
        *,
        artifacts: str | None = None,
        max_retries: int = 0,
        **model_args: Any,
    ) -> None:
        super().__init__(model_name, base_url, api_key, [], config or GenerateConfig())
        self._artifacts = Path(artifacts) if artifacts else None

    @abstractmethod
    async def _draw(self, prompt: str) -> Drawn:
        """What the endpoint makes of a prompt. Raises Filtered, NoImage and the SDK's own errors."""

    async def generate(
        self,
        input: list[ChatMessage],
        tools: list[ToolInfo],
        tool_choice: ToolChoice,
        config: GenerateConfig,
    ) -> ModelOutput:
        """An image of the last message.

        `metadata`: `artifact`, its name among the artifacts; `images`; `width` and `height` in pixels;
        `image_tokens` where the provider counts them. A safety filter's refusal is an output without an
        image, its stop reason `content_filter`.
        """
        started = time.perf_counter()
        try:
            drawn = await self._draw(input[-1].text)
        except Filtered as refusal:
            return self._refused(refusal, time.perf_counter() - started)
        except json.JSONDecodeError as error:
            raise NoImage(f"the endpoint's reply is not JSON: {error}") from error
        seconds = time.perf_counter() - started
        picture = await asyncio.to_thread(read_picture, drawn.image)
        kept = await asyncio.to_thread(self._keep, picture)
        output = ModelOutput.from_content(drawn.served or self.model_name, [ContentImage(image=kept)])
        output.usage, output.time = drawn.usage, seconds
        output.metadata = {
            "artifact": picture.name,
            "images": 1,
            "width": picture.width,
            "height": picture.height,
        }
        if drawn.image_tokens is not None:
            output.metadata["image_tokens"] = drawn.image_tokens
            output.metadata["image_input_tokens"] = drawn.image_input_tokens
        return output

    def _refused(self, refusal: Filtered, seconds: float) -> ModelOutput:
        details = StopDetails(type="content_filter", explanation=str(refusal))
        output = ModelOutput.from_content(self.model_name, "", "content_filter", stop_details=details)
        output.usage, output.time, output.metadata = refusal.usage, seconds, {"images": 0}
        return output

    def _keep(self, picture: Picture) -> str:
        folder = FOLDER.get() or self._artifacts
        if folder is None:
            return "data:image/png;base64," + base64.b64encode(picture.png).decode()
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / picture.name
        if not file.exists():
            partial = file.with_suffix(f".{os.getpid()}.part")
            partial.write_bytes(picture.png)
            partial.replace(file)
        return str(file)


def read_picture(image: bytes) -> Picture:
    """The image as it came where it is a PNG, else as a PNG without loss. Raises NoImage."""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(image)) as opened:
            opened.load()
            if opened.format == "PNG":
                return Picture(image, *opened.size)
            target = io.BytesIO()
            opened.save(target, "PNG")
            return Picture(target.getvalue(), *opened.size)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise NoImage(f"the endpoint's reply is not a picture: {error}") from error
