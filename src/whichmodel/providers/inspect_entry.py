"""Inspect's entry point: endpoints and the sandbox that it lacks, registered when it loads its extensions."""

from inspect_ai.model import ModelAPI, modelapi
from inspect_ai.util import SandboxEnvironment, sandboxenv


@modelapi(name="python")
def python() -> type[ModelAPI]:
    """`python/package.module:function`: an organisation's rule or specialist."""
    from whichmodel.providers.callables import CallableAPI

    return CallableAPI


@modelapi(name="openai-images")
def openai_images() -> type[ModelAPI]:
    """`openai-images/<model>`: any endpoint that speaks OpenAI's images protocol."""
    from whichmodel.providers.images_openai import OpenAIImagesAPI

    return OpenAIImagesAPI


@modelapi(name="hf-images")
def hf_images() -> type[ModelAPI]:
    """`hf-images/<organisation>/<model>`: Hugging Face text-to-image by any inference provider."""
    from whichmodel.providers.images_hf import HuggingFaceImagesAPI

    return HuggingFaceImagesAPI


@modelapi(name="replay")
def replay() -> type[ModelAPI]:
    """`replay/<path.jsonl>`: answers that were recorded elsewhere."""
    from whichmodel.providers.replay import ReplayAPI

    return ReplayAPI


@modelapi(name="google-images")
def google_images() -> type[ModelAPI]:
    """`google-images/<model>`: Imagen, and Gemini models that draw."""
    from whichmodel.providers.images_google import GoogleImagesAPI

    return GoogleImagesAPI


@sandboxenv(name="whichmodel")
def whichmodel_sandbox() -> type[SandboxEnvironment]:
    """`sandbox="whichmodel"`: an agent's commands and files, kept in by bubblewrap."""
    from whichmodel.providers.sandbox_env import WhichmodelSandbox

    return WhichmodelSandbox
