"""Output modes in Inspect's terms: what a request carries beside the prompt, and where its answer stands.

Which provider takes which mode says `domain.driver`; `config` refuses the others.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from inspect_ai.model import GenerateConfig, ModelOutput, ResponseSchema, get_model
from inspect_ai.solver import TaskState
from inspect_ai.tool import ToolChoice, ToolFunction, ToolInfo, ToolParams
from inspect_ai.util import JSONSchema

from whichmodel.domain import Json, Model
from whichmodel.errors import ConfigError

_MOST_NAME = 64
"""Characters of a schema's or a tool's name; the providers take no more."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a mode adds to a call. The default is plain mode: nothing."""

    config: GenerateConfig = field(default_factory=GenerateConfig)
    """To be merged over the call's own."""
    tools: tuple[ToolInfo, ...] = ()
    tool_choice: ToolChoice | None = None
    """None = Inspect's default."""
    model_args: Mapping[str, Any] = field(default_factory=dict)
    """For `get_model`, beside its other arguments."""


def ask(model: Model, schema: Mapping[str, Json] | None, task_name: str) -> Asked:
    """How a model's output mode is asked for.

    schema: JSON Schema of the task's answers, None = it has none. Raises ConfigError for a mode other than
    plain without one: such a task is not measured in it (`Model.takes`).
    """
    mode = model.settings.output_mode
    if mode == "plain":
        return Asked()
    if schema is None:
        raise ConfigError(
            f"Output mode `{mode}` needs answers of a JSON shape.",
            where=f"{model.id} on {task_name}",
            remedy="Measure this task in plain mode.",
        )
    if mode == "json":
        return _any_object(model)
    name = re.sub(r"[^A-Za-z0-9_-]", "_", task_name)[:_MOST_NAME]
    if mode == "tool":
        return _forced_call(schema, name)
    shape = ResponseSchema(name=name, json_schema=JSONSchema.model_validate(schema), strict=True)
    return Asked(GenerateConfig(response_schema=shape))


def _any_object(model: Model) -> Asked:
    """Any JSON object: OpenAI's JSON mode; at Google its JSON answers, under a schema that takes any object.

    Inspect sends extra fields of a body to Chat Completions alone, so OpenAI's own models are asked there.
    """
    provider = model.inspect_name.partition("/")[0]
    if provider == "google":
        anything = JSONSchema(type="object", additionalProperties=True)
        return Asked(GenerateConfig(response_schema=ResponseSchema(name="answer", json_schema=anything)))
    config = GenerateConfig(extra_body={"response_format": {"type": "json_object"}})
    return Asked(config, model_args={"responses_api": False} if provider == "openai" else {})


def _forced_call(schema: Mapping[str, Json], name: str) -> Asked:
    tool = ToolInfo(
        name=name,
        description="Hands in the answer.",
        parameters=ToolParams.model_validate(schema),
    )
    return Asked(tools=(tool,), tool_choice=ToolFunction(name=name))


def answer_text(output: ModelOutput) -> str:
    """The answer as text: the first call's arguments as JSON, or the completion where nothing was called.

    Arguments that are no JSON come as Inspect's words on them, which quote them.
    """
    calls = output.message.tool_calls if output.choices else None
    if not calls:
        return output.completion
    return calls[0].parse_error or json.dumps(calls[0].arguments, ensure_ascii=False)


def answered(output: ModelOutput) -> ModelOutput:
    """The same output with the answer as its completion, where a scorer reads it; the call stays."""
    if not output.choices or not output.message.tool_calls:
        return output
    made = output.model_copy(deep=True)
    made.completion = answer_text(output)
    return made


async def generate_as(state: TaskState, asked: Asked) -> TaskState:
    """A solver's one call to the model of the running evaluation, in its mode; no tool is carried out."""
    output = await get_model().generate(
        state.messages, tools=list(asked.tools), tool_choice=asked.tool_choice, config=asked.config
    )
    state.output = answered(output)
    state.messages.append(state.output.message)
    return state
