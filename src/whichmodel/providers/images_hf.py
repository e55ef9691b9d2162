"""Hugging Face's `text_to_image`: FLUX.1, Qwen-Image and others, by inference provider or own endpoint."""

from __future__ import annotations

import io
import os
from typing import Any

import httpx2
from huggingface_hub import AsyncInferenceClient
from huggingface_hub.errors import HfHubHTTPError, InferenceTimeoutError
from PIL import UnidentifiedImageError

from whichmodel.providers.images import RETRIED, Drawn, ImagesAPI, NoImage, PerLoop

ROUTER_PATH = "/models"
"""A base address that ends so serves many models, each under its own name, as Hugging Face's router does."""


class HuggingFaceImagesAPI(ImagesAPI):
    """A model's name may end in `:<provider>`, as in `black-forest-labs/FLUX.1-dev:fal-ai`.

    base_url: an inference endpoint, which serves one model and is posted to as it stands; or a router's
    `.../models`, to which the model's name is added. None = Hugging Face, by the first provider that has it.
    """

    def __init__(self, model_name: str, base_url: str | None = None, **model_args: Any) -> None:
        super().__init__(model_name, base_url, **model_args)
        model, _, provider = model_name.partition(":")
        address = base_url.rstrip("/") if base_url else None
        if address and address.endswith(ROUTER_PATH):
            address = f"{address}/{model}"
        token = self.api_key or os.environ.get("HF_TOKEN")
        chosen: Any = provider or "auto"
        self._client = PerLoop(
            lambda: AsyncInferenceClient(model=address or model, provider=chosen, token=token)
        )

    async def _draw(self, prompt: str) -> Drawn:
        try:
            image = await self._client.get().text_to_image(prompt)
        except UnidentifiedImageError as error:
            raise NoImage("the endpoint's reply is not a picture") from error
        source = getattr(image, "fp", None)
        if isinstance(source, io.BytesIO):
            # Not yet decoded: the very bytes that were sent, with what they say of themselves.
            return Drawn(source.getvalue())
        target = io.BytesIO()
        image.save(target, "PNG")
        return Drawn(target.getvalue())

    async def aclose(self) -> None:
        """Close the running loop's connections."""
        if (client := self._client.take()) is not None:
            await client.close()  # type: ignore[no-untyped-call]

    def should_retry(self, ex: BaseException) -> bool:
        """Lost connections and passing server trouble are tried again; used-up credits are a 402."""
        if isinstance(ex, HfHubHTTPError):
            return ex.response.status_code in RETRIED
        return isinstance(ex, InferenceTimeoutError | httpx2.TransportError)
