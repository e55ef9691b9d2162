"""Google's pictures: Imagen by `generate_images`, Gemini's image models by `generate_content`."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from typing import Any

import aiohttp
import httpx
from google import genai
from google.genai import errors, types
from inspect_ai.model import ModelUsage

from whichmodel.providers.images import RETRIED, Drawn, Filtered, ImagesAPI, NoImage, PerLoop

IMAGEN = "imagen"
"""What the names of models with a `:predict` of their own begin with."""
FILTERED = frozenset(
    {
        "SAFETY",
        "BLOCKLIST",
        "PROHIBITED_CONTENT",
        "SPII",
        "MODEL_ARMOR",
        "IMAGE_SAFETY",
        "IMAGE_PROHIBITED_CONTENT",
        "IMAGE_RECITATION",
        "RECITATION",
    }
)
"""Finish reasons by which Google keeps a picture back."""
RESPONSIBLE_AI = "Responsible AI"
"""Stands in the error by which Imagen turns a prompt down."""
DAILY = "PerDay"
"""Stands in the id of a quota that no waiting of ours outlasts."""
LOST = (aiohttp.ClientConnectionError, aiohttp.ClientPayloadError, httpx.TransportError, TimeoutError)


class GoogleImagesAPI(ImagesAPI):
    """Imagen is asked on Vertex AI, the only place where the SDK offers it: by a key of its express mode, or
    by the project that Google's own variables name. Gemini is asked where those variables say.

    method: `predict` or `generate` for a model whose name does not tell; None = by the name.
    """

    def __init__(
        self, model_name: str, base_url: str | None = None, *, method: str | None = None, **model_args: Any
    ) -> None:
        super().__init__(model_name, base_url, **model_args)
        self._predicts = (method or ("predict" if IMAGEN in model_name else "generate")) == "predict"
        key = self.api_key or os.environ.get("GOOGLE_API_KEY") or os.environ.get("GEMINI_API_KEY")
        self._client = PerLoop(lambda: _client(base_url, key, vertex=True if self._predicts else None))

    async def _draw(self, prompt: str) -> Drawn:
        return await (self._predict(prompt) if self._predicts else self._generate(prompt))

    async def _predict(self, prompt: str) -> Drawn:
        config = types.GenerateImagesConfig(number_of_images=1, include_rai_reason=True)
        with warnings.catch_warnings():
            # The SDK announces the method's end for 2027; the call itself is not awaited in here.
            warnings.simplefilter("ignore")
            asked = self._client.get().aio.models.generate_images(
                model=self.model_name, prompt=prompt, config=config
            )
        try:
            reply = await asked
        except errors.ClientError as error:
            if error.code == 400 and RESPONSIBLE_AI in (error.message or ""):
                raise Filtered(error.message or "") from error
            raise
        for made in reply.generated_images or ():
            if made.image is not None and made.image.image_bytes:
                return Drawn(made.image.image_bytes)
            if made.rai_filtered_reason:
                raise Filtered(made.rai_filtered_reason)
        raise NoImage("the endpoint's reply holds no image")

    async def _generate(self, prompt: str) -> Drawn:
        config = types.GenerateContentConfig(response_modalities=["TEXT", "IMAGE"])
        reply = await self._client.get().aio.models.generate_content(
            model=self.model_name, contents=prompt, config=config
        )
        counted = reply.usage_metadata
        if reply.prompt_feedback is not None and reply.prompt_feedback.block_reason is not None:
            reason = reply.prompt_feedback.block_reason.value
            raise Filtered(f"the prompt was blocked: {reason}", _usage(counted))
        image = next(_images(reply), None)
        if image is not None:
            return Drawn(image, _usage(counted), _image_tokens(counted), served=reply.model_version)
        reasons = [c.finish_reason.value for c in reply.candidates or () if c.finish_reason is not None]
        if any(reason in FILTERED for reason in reasons):
            raise Filtered(f"the picture was kept back: {', '.join(reasons)}", _usage(counted))
        raise NoImage(f"the endpoint's reply holds no image (finish reasons: {', '.join(reasons) or 'none'})")

    async def aclose(self) -> None:
        """Close the running loop's connections."""
        if (client := self._client.take()) is not None:
            await client.aio.aclose()

    def should_retry(self, ex: BaseException) -> bool:
        """Lost connections and passing server trouble are tried again, a day's used-up quota is not."""
        if isinstance(ex, errors.APIError):
            return ex.code in RETRIED and not _daily(ex)
        return isinstance(ex, LOST)


def _client(base_url: str | None, key: str | None, *, vertex: bool | None) -> genai.Client:
    # Without retry options the SDK tries a lost connection once more, after up to ten seconds.
    once = types.HttpRetryOptions(attempts=1)
    options = types.HttpOptions(base_url=base_url, retry_options=once)
    return genai.Client(vertexai=vertex, api_key=key, http_options=options)


def _images(reply: types.GenerateContentResponse) -> Iterator[bytes]:
    for candidate in reply.candidates or ():
        for part in (candidate.content.parts if candidate.content else None) or ():
            if part.inline_data is not None and part.inline_data.data:
                yield part.inline_data.data


def _usage(counted: types.GenerateContentResponseUsageMetadata | None) -> ModelUsage | None:
    """As Inspect counts: cached tokens outside the input, thoughts inside the output."""
    if counted is None:
        return None
    cached, thoughts = counted.cached_content_token_count, counted.thoughts_token_count
    return ModelUsage(
        input_tokens=(counted.prompt_token_count or 0) - (cached or 0),
        output_tokens=(counted.candidates_token_count or 0) + (thoughts or 0),
        total_tokens=counted.total_token_count or 0,
        input_tokens_cache_read=cached,
        reasoning_tokens=thoughts,
    )


def _image_tokens(counted: types.GenerateContentResponseUsageMetadata | None) -> int | None:
    details = counted.candidates_tokens_details if counted is not None else None
    if not details:
        return None
    return sum(d.token_count or 0 for d in details if d.modality == types.MediaModality.IMAGE)


def _daily(error: errors.APIError) -> bool:
    """Whether a 429 speaks of a day's quota. Google's limits by the minute look the same but for its name."""
    document: Any = error.details
    details = document.get("error", {}).get("details") or [] if isinstance(document, dict) else []
    return any(DAILY in v.get("quotaId", "") for d in details for v in d.get("violations") or ())
