"""Output modes over Inspect's real providers: what goes over the wire, and what comes back as the answer."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from inspect_ai import Task
from inspect_ai import eval as inspect_eval
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.model import GenerateConfig, ModelOutput, get_model
from inspect_ai.model._providers.util.util import rejects_forced_tool_choice
from inspect_ai.scorer import includes
from inspect_ai.solver import Generate, Solver, TaskState, solver
from providers.recording import FIELDS, TEXT, Recording, recording

from whichmodel.domain import Model, Settings, TaskCard
from whichmodel.domain.driver import OutputMode, mode_refusal
from whichmodel.domain.provider import reach
from whichmodel.errors import ConfigError
from whichmodel.providers.modes import answer_text, answered, ask, generate_as
from whichmodel.scoring.answer_schema import schema_of

CARD = TaskCard(
    name="till.receipts",
    category="extraction",
    title="",
    description="",
    version="1",
    licence="",
    source="",
    metric="",
    scorer="fields",
    folder=Path("."),
    options={"fields": {"company": "name", "total": "money", "lines": {"what": "text", "price": "money"}}},
)
SCHEMA = schema_of(CARD)
NULL = {"type": "null"}


@pytest.fixture
def server() -> Iterator[Recording]:
    with recording() as kept:
        yield kept


def model(inspect_name: str, mode: OutputMode) -> Model:
    return Model("v/m", inspect_name, "v", settings=Settings(output_mode=mode))


def call(server: Recording, inspect_name: str, mode: OutputMode, base: str = "/v1") -> ModelOutput:
    """One question in a mode, asked as a worker asks it."""
    asked = ask(model(inspect_name, mode), SCHEMA, CARD.name)
    retries: dict[str, Any] = {} if inspect_name.startswith(("google", "bedrock")) else {"max_retries": 0}

    async def go() -> ModelOutput:
        made = get_model(
            inspect_name,
            base_url=server.root + base,
            api_key="none",
            config=GenerateConfig(max_retries=0, max_tokens=100),
            memoize=False,
            **retries,
            **asked.model_args,
        )
        return await made.generate(
            "Read this.", tools=list(asked.tools), tool_choice=asked.tool_choice, config=asked.config
        )

    return asyncio.run(go())


CHAT = ["openai-api/vllm/qwen", "openai/gpt-4o", "openrouter/o/q", "hf-inference-providers/o/q"]


def chat(server: Recording) -> Any:
    """The body of the one chat completion, beside what a provider asks before it."""
    [body] = [body for path, _, body in server.requests if path == "/v1/chat/completions"]
    return body


@pytest.mark.parametrize("name", CHAT)
def test_plain_mode_adds_nothing(server: Recording, name: str) -> None:
    output = call(server, name, "plain")
    assert not {"response_format", "tools", "tool_choice"} & set(chat(server))
    assert answer_text(output) == TEXT
    assert answered(output) is output


@pytest.mark.parametrize("name", CHAT)
def test_json_mode_over_chat_completions(server: Recording, name: str) -> None:
    assert answer_text(call(server, name, "json")) == TEXT
    assert chat(server)["response_format"] == {"type": "json_object"}


@pytest.mark.parametrize("name", CHAT)
def test_a_schema_over_chat_completions_is_strict(server: Recording, name: str) -> None:
    assert answer_text(call(server, name, "schema")) == TEXT
    sent = chat(server)["response_format"]
    assert (sent["type"], sent["json_schema"]["name"]) == ("json_schema", "till_receipts")
    assert sent["json_schema"]["strict"] is True
    assert sent["json_schema"]["schema"] == SCHEMA


@pytest.mark.parametrize("name", CHAT)
def test_a_tool_is_forced_over_chat_completions(server: Recording, name: str) -> None:
    output = call(server, name, "tool")
    body = chat(server)
    assert body["tool_choice"] == {"type": "function", "function": {"name": "till_receipts"}}
    assert [tool["function"]["name"] for tool in body["tools"]] == ["till_receipts"]
    assert body["tools"][0]["function"]["parameters"]["required"] == ["company", "total", "lines"]
    assert json.loads(answer_text(output)) == FIELDS
    assert json.loads(answered(output).completion) == FIELDS
    assert output.completion == ""


def test_one_model_at_two_addresses_is_asked_at_each(server: Recording) -> None:
    """Inspect's own `vllm` keeps one address a name in a process: the first would answer for both."""
    with recording() as other:
        for place in (server, other):
            found = reach("vllm/o/q", base_url=f"{place.root}/v1")
            assert found is not None
            call(place, found.inspect_name, "plain")
    assert [path for path, _, _ in (*server.requests, *other.requests)] == ["/v1/chat/completions"] * 2


def test_openai_s_responses_take_a_schema_and_a_tool(server: Recording) -> None:
    assert answer_text(call(server, "openai/gpt-5.4", "schema")) == TEXT
    assert server.path == "/v1/responses"
    sent = server.body["text"]["format"]
    assert (sent["type"], sent["strict"], sent["schema"]) == ("json_schema", True, SCHEMA)
    server.requests.clear()
    assert json.loads(answer_text(call(server, "openai/gpt-5.4", "tool"))) == FIELDS
    assert server.path == "/v1/responses"
    assert server.body["tool_choice"] == {"type": "function", "name": "till_receipts"}


def test_json_mode_takes_a_responses_model_to_chat_completions(server: Recording) -> None:
    assert answer_text(call(server, "openai/gpt-5.4", "json")) == TEXT
    assert server.path == "/v1/chat/completions"
    assert server.body["response_format"] == {"type": "json_object"}


def test_anthropic_takes_a_schema(server: Recording) -> None:
    assert answer_text(call(server, "anthropic/claude-haiku-5-5", "schema", base="")) == TEXT
    sent = server.body["output_format"]
    assert sent["type"] == "json_schema"
    assert sent["schema"]["required"] == ["company", "total", "lines"]
    assert sent["schema"]["additionalProperties"] is False


def test_anthropic_is_forced_to_call_the_tool(server: Recording) -> None:
    output = call(server, "anthropic/claude-haiku-5-5", "tool", base="")
    assert (server.body["tool_choice"]["type"], server.body["tool_choice"]["name"]) == (
        "tool",
        "till_receipts",
    )
    assert json.loads(answer_text(output)) == FIELDS


def test_google_answers_in_json_under_any_object_or_the_schema(server: Recording) -> None:
    assert answer_text(call(server, "google/gemini-4-argon", "json", base="")) == TEXT
    asked = server.body["generationConfig"]
    assert asked["responseMimeType"] == "application/json"
    assert asked["responseJsonSchema"] == {"type": "object", "additionalProperties": True}
    server.requests.clear()
    assert answer_text(call(server, "google/gemini-4-argon", "schema", base="")) == TEXT
    asked = server.body["generationConfig"]
    assert asked["responseMimeType"] == "application/json"
    assert asked["responseJsonSchema"] == SCHEMA


def test_google_is_forced_to_call_the_tool(server: Recording) -> None:
    output = call(server, "google/gemini-4-argon", "tool", base="")
    forced = server.body["toolConfig"]["functionCallingConfig"]
    assert (forced["mode"], forced["allowedFunctionNames"]) == ("ANY", ["till_receipts"])
    assert json.loads(answer_text(output)) == FIELDS


def test_azure_is_asked_as_openai_is(server: Recording) -> None:
    assert answer_text(call(server, "openai/azure/gpt-4o", "json", base="")) == TEXT
    assert server.path.startswith("/openai/deployments/gpt-4o/chat/completions?")
    assert server.body["response_format"] == {"type": "json_object"}
    assert answer_text(call(server, "openai/azure/gpt-4o", "schema", base="")) == TEXT
    assert server.body["response_format"]["json_schema"]["schema"] == SCHEMA
    assert json.loads(answer_text(call(server, "openai/azure/gpt-4o", "tool", base=""))) == FIELDS
    assert server.body["tool_choice"]["function"]["name"] == "till_receipts"


def test_bedrock_takes_a_tool_and_claude_there_a_schema(
    server: Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "none")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    assert answer_text(call(server, "bedrock/amazon.nova-2-lite-v1:0", "plain", base="")) == TEXT
    assert "toolConfig" not in server.body
    assert json.loads(answer_text(call(server, "bedrock/amazon.nova-2-lite-v1:0", "tool", base=""))) == FIELDS
    assert server.body["toolConfig"]["toolChoice"] == {"tool": {"name": "till_receipts"}}
    assert answer_text(call(server, "bedrock/anthropic.claude-haiku-4-5", "schema", base="")) == TEXT
    sent = server.body["additionalModelRequestFields"]["output_config"]["format"]
    assert (sent["type"], sent["schema"]["required"]) == ("json_schema", ["company", "total", "lines"])


def test_a_tool_that_was_not_called_leaves_the_completion(server: Recording) -> None:
    server.calls = False
    assert answer_text(call(server, "openai-api/vllm/qwen", "tool")) == TEXT


@pytest.mark.parametrize("mode", ["plain", "json", "schema", "tool"])
def test_in_an_evaluation_a_scorer_reads_the_answer_of_any_mode(
    server: Recording, tmp_path: Path, mode: OutputMode
) -> None:
    asked = ask(model("openai-api/vllm/qwen", mode), SCHEMA, CARD.name)

    @solver
    def one_call() -> Solver:
        async def solve(state: TaskState, generate: Generate) -> TaskState:
            return await generate_as(state, asked)

        return solve

    [log] = inspect_eval(
        Task(
            dataset=MemoryDataset([Sample(id="a", input="Read this.", target="12.5")]),
            solver=one_call(),
            scorer=includes(),
            config=GenerateConfig(max_tokens=77),
        ),
        model=get_model(
            "openai-api/vllm/qwen",
            base_url=f"{server.root}/v1",
            api_key="none",
            config=GenerateConfig(temperature=0.5),
            memoize=False,
            max_retries=0,
            **asked.model_args,
        ),
        log_dir=str(tmp_path),
        display="none",
    )
    assert log.samples
    [sample] = log.samples
    assert json.loads(sample.output.completion) == FIELDS
    assert [score.value for score in (sample.scores or {}).values()] == ["C"]
    assert (chat(server)["max_tokens"], chat(server)["temperature"]) == (77, 0.5)
    assert ("tool_choice" in chat(server)) == (mode == "tool")


def test_arguments_that_are_no_json_stay_unreadable(server: Recording) -> None:
    server.arguments = '{"company": "ACME", '
    text = answer_text(call(server, "openai-api/vllm/qwen", "tool"))
    assert '{"company": "ACME",' in text
    with pytest.raises(json.JSONDecodeError):
        json.loads(text)


def test_every_key_of_a_schema_is_required_and_may_be_null() -> None:
    assert SCHEMA == {
        "type": "object",
        "properties": {
            "company": {"anyOf": [{"type": "string"}, NULL]},
            "total": {"anyOf": [{"type": "number"}, NULL]},
            "lines": {
                "anyOf": [
                    {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "properties": {
                                "what": {"anyOf": [{"type": "string"}, NULL]},
                                "price": {"anyOf": [{"type": "number"}, NULL]},
                            },
                            "required": ["what", "price"],
                            "additionalProperties": False,
                        },
                    },
                    NULL,
                ]
            },
        },
        "required": ["company", "total", "lines"],
        "additionalProperties": False,
    }


def test_a_task_without_a_shape_is_measured_in_plain_mode_alone() -> None:
    prose = replace(CARD, scorer="summary", options={})
    assert schema_of(prose) is None
    assert model("a/b", "plain").takes(prose)
    assert not model("a/b", "json").takes(prose)
    assert "no JSON shape" in model("a/b", "json").not_taken(prose)
    assert model("a/b", "json").not_taken(CARD) == ""
    with pytest.raises(ConfigError, match="plain mode"):
        ask(model("a/b", "schema"), None, "summaries")


FORCED = ["claude-opus-5-5", "claude-sonnet-5-5", "claude-fable-5-1", "claude-haiku-5-5", "claude-opus-4-8"]


@pytest.mark.parametrize("name", FORCED)
def test_a_tool_is_refused_where_inspect_would_not_force_it(name: str) -> None:
    refused = mode_refusal(f"anthropic/{name}", "tool") != ""
    assert refused == rejects_forced_tool_choice(name)


RESPONSES_ALONE = ["gpt-5-pro", "gpt-5.4-pro-2026-03-05", "o3-deep-research"]


@pytest.mark.parametrize("name", [*RESPONSES_ALONE, "gpt-5.4", "gpt-4o"])
def test_json_mode_is_refused_where_inspect_would_use_responses_all_the_same(name: str) -> None:
    api: Any = get_model(f"openai/{name}", api_key="none", memoize=False, responses_api=False).api
    assert bool(api.responses_api) == (mode_refusal(f"openai/{name}", "json") != "")


THINKING = [
    *("claude-3-7-sonnet-20250219", "claude-sonnet-4-20250514", "claude-opus-4-1", "claude-haiku-4-5"),
    *("claude-sonnet-4-5-20250929", "claude-opus-4-6", "claude-haiku-5-5", "claude-3-5-haiku-20241022"),
]


@pytest.mark.parametrize("name", THINKING)
def test_a_tool_is_refused_where_extended_thinking_would_drop_it(name: str) -> None:
    effort = GenerateConfig(reasoning_effort="high")
    api: Any = get_model(f"anthropic/{name}", api_key="none", memoize=False).api
    assert (mode_refusal(f"anthropic/{name}", "tool", "high") != "") == api.is_using_extended_thinking(effort)
    assert mode_refusal(f"anthropic/{name}", "tool", "none") == ""
