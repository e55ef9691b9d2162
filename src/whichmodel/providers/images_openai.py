"""OpenAI's images protocol: gpt-image models and any server that speaks it."""

from __future__ import annotations

import base64
import os
from typing import Any

from inspect_ai.model import ModelUsage
from openai import APIConnectionError, APIStatusError, AsyncOpenAI, BadRequestError
from openai.types.images_response import ImagesResponse

from whichmodel.providers.images import RETRIED, Drawn, Filtered, ImagesAPI, NoImage, PerLoop

SIZE = "1024x1024"
FILTER_CODES = frozenset(
    {"moderation_blocked", "content_policy_violation", "content_filter", "contentFilter"}
)
"""What OpenAI, its older models and Azure call a prompt or a picture that their filter stopped."""
QUOTA_CODES = frozenset({"insufficient_quota", "billing_hard_limit_reached"})
ALWAYS_INLINE = ("gpt-", "chatgpt-")
"""Models that send base64 in any case and refuse to be asked for it; others send a link unless asked."""


class OpenAIImagesAPI(ImagesAPI):
    """`POST /images/generations`."""

    def __init__(self, model_name: str, base_url: str | None = None, **model_args: Any) -> None:
        super().__init__(model_name, base_url, **model_args)
        key = self.api_key or os.environ.get("OPENAI_API_KEY", "none")
        self._client = PerLoop(lambda: AsyncOpenAI(base_url=base_url, api_key=key, max_retries=0))

    async def _draw(self, prompt: str) -> Drawn:
        asked: dict[str, Any] = {"model": self.model_name, "prompt": prompt, "size": SIZE, "n": 1}
        if not self.model_name.startswith(ALWAYS_INLINE):
            asked["response_format"] = "b64_json"
        try:
            reply = await self._client.get().images.generate(**asked)
        except BadRequestError as error:
            if error.code in FILTER_CODES:
                raise Filtered(error.message) from error
            raise
        encoded = reply.data[0].b64_json if isinstance(reply, ImagesResponse) and reply.data else None
        if not encoded:
            raise NoImage("the endpoint's reply holds no image")
        into = reply.usage.input_tokens_details.image_tokens if reply.usage else 0
        return Drawn(base64.b64decode(encoded), counts(reply), image_tokens(reply), into)

    async def aclose(self) -> None:
        """Close the running loop's connections."""
        if (client := self._client.take()) is not None:
            await client.close()

    def should_retry(self, ex: BaseException) -> bool:
        """Lost connections and passing server trouble are tried again, a used-up quota is not."""
        if isinstance(ex, APIStatusError):
            return ex.status_code in RETRIED and ex.code not in QUOTA_CODES
        return isinstance(ex, APIConnectionError)


def counts(reply: ImagesResponse) -> ModelUsage | None:
    """Tokens as the endpoint counts them. None = it does not."""
    counted = reply.usage
    if counted is None:
        return None
    return ModelUsage(
        input_tokens=counted.input_tokens,
        output_tokens=counted.output_tokens,
        total_tokens=counted.total_tokens,
    )


def image_tokens(reply: ImagesResponse) -> int | None:
    """Output tokens of the picture; a model that counts output without details sends pictures alone."""
    if reply.usage is None:
        return None
    details = reply.usage.output_tokens_details
    return reply.usage.output_tokens if details is None else details.image_tokens
