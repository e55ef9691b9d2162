"""Text-to-image endpoints as Inspect models: the answer is an image, kept as a file by its hash."""

from __future__ import annotations

import base64
import hashlib
import io
import os
import time
from abc import abstractmethod
from pathlib import Path
from typing import Any

from huggingface_hub import AsyncInferenceClient
from huggingface_hub.errors import HfHubHTTPError
from inspect_ai.model import (
    ChatMessage,
    ContentImage,
    GenerateConfig,
    ModelAPI,
    ModelOutput,
    ModelUsage,
)
from inspect_ai.tool import ToolChoice, ToolInfo
from openai import APIConnectionError, APIStatusError, AsyncOpenAI

RETRIED = frozenset({408, 409, 429, 500, 502, 503, 504, 529})
SIZE = "1024x1024"


class ImagesAPI(ModelAPI):
    """What image endpoints share: one prompt in, one image out.

    artifacts: folder that images are written to, named by SHA-256; None = inline in the log.
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
    async def _draw(self, prompt: str) -> bytes:
        """The image that the endpoint makes of a prompt."""

    async def generate(
        self,
        input: list[ChatMessage],
        tools: list[ToolInfo],
        tool_choice: ToolChoice,
        config: GenerateConfig,
    ) -> ModelOutput:
        """An image of the last message; `metadata.artifact` is its name among the artifacts."""
        started = time.perf_counter()
        image = await self._draw(input[-1].text)
        seconds = time.perf_counter() - started
        output = ModelOutput.from_content(self.model_name, [ContentImage(image=self._keep(image))])
        output.usage, output.time = ModelUsage(), seconds
        output.metadata = {"artifact": _name(image), "images": 1}
        return output

    def _keep(self, image: bytes) -> str:
        if self._artifacts is None:
            return "data:image/png;base64," + base64.b64encode(image).decode()
        self._artifacts.mkdir(parents=True, exist_ok=True)
        file = self._artifacts / _name(image)
        if not file.exists():
            partial = file.with_suffix(f".{os.getpid()}.part")
            partial.write_bytes(image)
            partial.replace(file)
        return str(file)


class OpenAIImagesAPI(ImagesAPI):
    """`POST /images/generations` of OpenAI's protocol."""

    def __init__(self, model_name: str, base_url: str | None = None, **model_args: Any) -> None:
        super().__init__(model_name, base_url, **model_args)
        key = self.api_key or os.environ.get("OPENAI_API_KEY", "none")
        self._client = AsyncOpenAI(base_url=base_url, api_key=key, max_retries=0)

    async def _draw(self, prompt: str) -> bytes:
        reply = await self._client.images.generate(model=self.model_name, prompt=prompt, size=SIZE, n=1)
        encoded = reply.data[0].b64_json if reply.data else None
        if not encoded:
            raise ValueError("the endpoint's reply holds no image")
        return base64.b64decode(encoded)

    def should_retry(self, ex: BaseException) -> bool:
        """Lost connections and passing server trouble are tried again."""
        if isinstance(ex, APIStatusError):
            return ex.status_code in RETRIED
        return isinstance(ex, APIConnectionError)


class HuggingFaceImagesAPI(ImagesAPI):
    """`text_to_image` of Hugging Face's inference providers."""

    def __init__(self, model_name: str, base_url: str | None = None, **model_args: Any) -> None:
        super().__init__(model_name, base_url, **model_args)
        self._client = AsyncInferenceClient(
            model=base_url or model_name, token=self.api_key or os.environ.get("HF_TOKEN")
        )

    async def _draw(self, prompt: str) -> bytes:
        image = await self._client.text_to_image(prompt)
        buffer = io.BytesIO()
        image.save(buffer, format="PNG")
        return buffer.getvalue()

    def should_retry(self, ex: BaseException) -> bool:
        """Passing server trouble is tried again."""
        return isinstance(ex, HfHubHTTPError) and ex.response.status_code in RETRIED


def _name(image: bytes) -> str:
    return hashlib.sha256(image).hexdigest() + ".png"
