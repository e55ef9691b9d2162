"""Our image endpoints over the providers' protocols: what is kept, counted, refused and retried."""

from __future__ import annotations

import asyncio
import base64
import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
from google.genai.errors import ClientError
from inspect_ai.model import ContentImage, GenerateConfig, Model, ModelOutput, get_model
from PIL import Image
from tenacity import RetryError

import whichmodel.providers.inspect_entry  # noqa: F401  (registers our endpoints)
from whichmodel.domain import Bank, Item, TaskCard
from whichmodel.providers.images import NoImage, read_picture
from whichmodel.providers.images_google import GoogleImagesAPI
from whichmodel.simulator.faults import Faults
from whichmodel.simulator.serve import serve

Addresses = Mapping[str, str]
PROMPT = "Three red dogs."
CARD = TaskCard(
    name="handmade",
    category="image-prompt",
    title="",
    description="",
    version="1",
    licence="",
    source="",
    metric="",
    scorer="image",
    folder=Path("."),
    answers="image",
)
SPEC = {"include": [{"class": "dog", "count": 3, "color": "red"}], "exclude": []}
BANK = Bank(CARD, (Item(id="p", input=PROMPT, target=3, metadata={"spec": SPEC}),), "handmade")
ENDPOINTS: Mapping[str, tuple[str, str, Mapping[str, Any]]] = {
    "openai": ("openai-images/", "openai-images", {}),
    "hf": ("hf-images/", "hf-images", {}),
    "gemini": ("google-images/", "google-images", {}),
    "imagen": ("google-images/", "google-images", {"method": "predict"}),
}
"""Endpoint -> what stands before the model's name, key of the address, arguments."""
EVERY = pytest.mark.parametrize("endpoint", ENDPOINTS)


def model(endpoint: str, addresses: Addresses, name: str, *, retries: int = 0, **more: Any) -> Model:
    prefix, key, arguments = ENDPOINTS[endpoint]
    return get_model(
        prefix + name,
        base_url=addresses[key],
        api_key="none",
        config=GenerateConfig(max_retries=retries),
        memoize=False,
        **arguments,
        **more,
    )


def draw(endpoint: str, addresses: Addresses, name: str = "aurora-canvas", **more: Any) -> ModelOutput:
    async def ask() -> ModelOutput:
        async with model(endpoint, addresses, name, **more) as asked:
            return await asked.generate(PROMPT)

    return asyncio.run(ask())


def shown(output: ModelOutput) -> str:
    """Where the answer's picture is."""
    content = output.choices[0].message.content[0]
    assert isinstance(content, ContentImage)
    return content.image


@pytest.fixture(scope="module")
def addresses() -> Iterator[Addresses]:
    """A panel that draws well at once, and as models of real names too."""
    names = ("imagen-4.0-generate-001", "gemini-2.5-flash-image", "gpt-image-1")
    flux = ("black-forest-labs/FLUX.1-dev", "Qwen/Qwen-Image")
    aliases = dict.fromkeys((*names, *flux), "aurora-canvas")
    with serve([BANK], latency_s=0.2, aliases=aliases) as found:
        yield found


# What is kept and counted


@EVERY
def test_a_picture_is_kept_by_its_hash_as_it_came_with_its_size(
    addresses: Addresses, endpoint: str, tmp_path: Path
) -> None:
    output = draw(endpoint, addresses, artifacts=str(tmp_path))
    (file,) = tmp_path.iterdir()
    assert output.stop_reason == "stop"
    assert output.metadata is not None
    kept = {name: output.metadata[name] for name in ("artifact", "images", "width", "height")}
    assert kept == {"artifact": file.name, "images": 1, "width": 512, "height": 512}
    assert shown(output) == str(file)
    body = {"model": "aurora-canvas", "prompt": PROMPT}
    url = f"{addresses['openai-images']}/images/generations"
    sent = httpx.post(url, json=body, trust_env=False).json()["data"][0]["b64_json"]
    assert file.read_bytes() == base64.b64decode(sent)
    assert output.time is not None
    assert 0.2 <= output.time < 2


@pytest.mark.parametrize(
    ("endpoint", "counted"),
    [("openai", (4, 1056, 1056)), ("gemini", (4, 1290, 1290)), ("imagen", None), ("hf", None)],
)
def test_tokens_are_counted_where_the_provider_counts_them(
    addresses: Addresses, endpoint: str, counted: tuple[int, int, int] | None
) -> None:
    output = draw(endpoint, addresses)
    assert output.metadata is not None
    if counted is None:
        assert output.usage is None
        assert "image_tokens" not in output.metadata
        return
    assert output.usage is not None
    found = (output.usage.input_tokens, output.usage.output_tokens, output.metadata["image_tokens"])
    assert found == counted
    assert output.usage.total_tokens == counted[0] + counted[1]


def test_without_a_folder_the_picture_stands_in_the_log(addresses: Addresses) -> None:
    assert shown(draw("hf", addresses)).startswith("data:image/png;base64,iVBOR")


@pytest.mark.parametrize(
    ("name", "key", "path"),
    [
        ("google-images/imagen-4.0-generate-001", "google-images", ":predict"),
        ("google-images/gemini-2.5-flash-image", "google-images", ":generateContent"),
        ("openai-images/gpt-image-1", "openai-images", "/v1/images/generations"),
        ("hf-images/black-forest-labs/FLUX.1-dev", "hf-images", "/models/black-forest-labs/FLUX.1-dev"),
        ("hf-images/Qwen/Qwen-Image:fal-ai", "hf-images", "/models/Qwen/Qwen-Image"),
    ],
)
def test_real_names_are_posted_to_where_their_providers_want_them(
    addresses: Addresses, name: str, key: str, path: str
) -> None:
    async def ask() -> ModelOutput:
        async with get_model(name, base_url=addresses[key], api_key="none", memoize=False) as asked:
            return await asked.generate(PROMPT)

    assert asyncio.run(ask()).stop_reason == "stop"
    entries = httpx.get(f"{addresses['google']}/requests", trust_env=False).json()
    assert entries[-1]["path"].endswith(path)


def test_an_inference_endpoint_is_posted_to_as_it_stands(addresses: Addresses) -> None:
    own = {"hf-images": f"{addresses['hf-images']}/borealis-brush"}
    assert draw("hf", own, "black-forest-labs/FLUX.1-schnell").stop_reason == "stop"


def test_a_model_outlives_the_event_loop_it_was_first_asked_in(addresses: Addresses) -> None:
    for endpoint in ENDPOINTS:
        asked = model(endpoint, addresses, "aurora-canvas")

        async def ask(asked: Model = asked) -> str:
            output = await asked.generate(PROMPT)
            await asked.api.aclose()
            return str(output.stop_reason)

        assert [asyncio.run(ask()), asyncio.run(ask())] == ["stop", "stop"]


# Refusals and faults


@pytest.mark.parametrize(
    ("endpoint", "kind", "says"),
    [
        ("openai", "filter_400", "safety system"),
        ("gemini", "filter", "SAFETY"),
        ("imagen", "filter", "Responsible AI"),
        ("imagen", "filter_400", "Responsible AI"),
    ],
)
def test_a_safety_filter_is_a_stop_reason_and_no_error(endpoint: str, kind: Any, says: str) -> None:
    with serve([BANK], faults=[Faults(kind, rate=1)], latency_s=0.01) as found:
        output = draw(endpoint, found)
    assert (output.stop_reason, output.completion, output.metadata) == ("content_filter", "", {"images": 0})
    details = output.choices[0].stop_details
    assert details is not None
    assert says in (details.explanation or "")
    assert (output.usage is not None) == (endpoint == "gemini")


def test_passing_trouble_is_tried_again_by_inspect_alone() -> None:
    faults = [
        Faults("status", first=1, status=429, wire="m-openai"),
        Faults("reset", first=1, wire="m-hf"),
        Faults("status", first=1, status=503, wire="m-gemini"),
        Faults("cut", first=1, wire="m-imagen"),
    ]

    async def ask(found: Addresses) -> list[str]:
        async def one(endpoint: str) -> str:
            async with model(endpoint, found, f"m-{endpoint}", retries=1) as asked:
                return str((await asked.generate(PROMPT)).stop_reason)

        return await asyncio.gather(*(one(endpoint) for endpoint in ENDPOINTS))

    aliases = {f"m-{endpoint}": "aurora-canvas" for endpoint in ENDPOINTS}
    with serve([BANK], faults=faults, aliases=aliases, latency_s=0.01) as found:
        assert asyncio.run(ask(found)) == ["stop"] * 4
        entries = httpx.get(f"{found['google']}/requests", trust_env=False).json()
    for name in aliases:
        mine = [entry for entry in entries if entry["model"] == name]
        assert [entry["fault"] is None for entry in mine] == [False, True]
        assert mine[1]["at"] - mine[0]["at"] > 2


@EVERY
@pytest.mark.parametrize("kind", ["quota", "empty", "html"])
def test_what_would_not_pass_is_asked_once(endpoint: str, kind: Any) -> None:
    with serve([BANK], faults=[Faults(kind, rate=1)], latency_s=0.01) as found:
        with pytest.raises(Exception, match=r"quota|credits|reply") as raised:
            draw(endpoint, found, retries=3)
        entries = httpx.get(f"{found['google']}/requests", trust_env=False).json()
    assert not isinstance(raised.value, RetryError)
    assert isinstance(raised.value, NoImage) == (kind != "quota")
    assert len(entries) == 1


@pytest.mark.parametrize(
    ("quota", "again"),
    [
        ("GenerateRequestsPerDayPerProjectPerModel-FreeTier", False),
        ("GenerateRequestsPerMinutePerProjectPerModel", True),
    ],
)
def test_googles_limit_by_the_minute_passes_and_its_limit_by_the_day_does_not(
    quota: str, again: bool
) -> None:
    violation = {"quotaId": quota, "quotaValue": "10"}
    details = [{"@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": [violation]}]
    document = {"error": {"code": 429, "status": "RESOURCE_EXHAUSTED", "details": details}}
    endpoint = GoogleImagesAPI("gemini-2.5-flash-image", "http://127.0.0.1:1", api_key="none")
    assert endpoint.should_retry(ClientError(429, document)) is again


# Pictures of other formats


def _encoded(kind: str, size: tuple[int, int] = (40, 30)) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(target, kind)
    return target.getvalue()


def test_a_png_stays_as_it_is() -> None:
    png = _encoded("PNG")
    picture = read_picture(png)
    assert (picture.png, picture.width, picture.height) == (png, 40, 30)


@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
def test_another_format_becomes_a_png_with_the_same_pixels(kind: str) -> None:
    sent = _encoded(kind)
    picture = read_picture(sent)
    assert (picture.width, picture.height) == (40, 30)
    with Image.open(io.BytesIO(picture.png)) as kept, Image.open(io.BytesIO(sent)) as original:
        assert kept.format == "PNG"
        assert kept.convert("RGB").tobytes() == original.convert("RGB").tobytes()


@pytest.mark.parametrize("broken", [b"", b"<html>", _encoded("PNG")[:60], b"\x89PNG\r\n\x1a\n"])
def test_what_cannot_be_read_is_no_image(broken: bytes) -> None:
    with pytest.raises(NoImage, match="not a picture"):
        read_picture(broken)
