"""Python functions as models: an organisation's rules, its specialists, and our rule baselines."""

from __future__ import annotations

import asyncio
import importlib
import inspect
import time
from collections.abc import Callable
from typing import Any

from inspect_ai.model import ChatMessage, GenerateConfig, ModelAPI, ModelOutput, ModelUsage
from inspect_ai.tool import ToolChoice, ToolInfo

from whichmodel.errors import ConfigError


class CallableAPI(ModelAPI):
    """A function `prompt -> answer`, plain or a coroutine. Uses no tokens; its time is its own."""

    def __init__(
        self,
        model_name: str,
        base_url: str | None = None,
        api_key: str | None = None,
        config: GenerateConfig | None = None,
        **model_args: Any,
    ) -> None:
        super().__init__(model_name, base_url, api_key, [], config or GenerateConfig())
        self._function = resolve(model_name)

    async def generate(
        self,
        input: list[ChatMessage],
        tools: list[ToolInfo],
        tool_choice: ToolChoice,
        config: GenerateConfig,
    ) -> ModelOutput:
        """The function's answer to the last message."""
        started = time.perf_counter()
        if inspect.iscoroutinefunction(self._function):
            text = await self._function(input[-1].text)
        else:
            text = await asyncio.to_thread(self._function, input[-1].text)
        output = ModelOutput.from_content(self.model_name, str(text))
        output.usage = ModelUsage()
        output.time = time.perf_counter() - started
        return output

    def max_connections(self) -> int:
        """One at a time, so that its latency is its own."""
        return 1


def resolve(reference: str) -> Callable[[str], Any]:
    """`package.module:function` as the function. Raises ConfigError."""
    module_name, _, function_name = reference.partition(":")
    remedy = "Write `python:package.module:function`, with the package installed beside whichmodel."
    if not module_name or not function_name:
        raise ConfigError(f"'{reference}' names no function.", where="inspect_name", remedy=remedy)
    try:
        found = getattr(importlib.import_module(module_name), function_name)
    except (ImportError, AttributeError) as error:
        raise ConfigError(f"'{reference}': {error}.", where="inspect_name", remedy=remedy) from error
    function: Callable[[str], Any] = found
    return function
