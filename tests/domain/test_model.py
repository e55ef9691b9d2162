"""Who a model is: its identity, what is new, and whether a reply came from it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whichmodel.domain import Model, Settings, new_models, served_otherwise
from whichmodel.domain.driver import wire_name


def model(name: str = "openai/gpt-6-luna", **changes: object) -> Model:
    return Model(id=name, inspect_name=name, vendor="v", **changes)  # type: ignore[arg-type]


PINNED = [
    (model(), "4ae63d25ab9d6445"),
    (model("anthropic/claude-opus-5-5"), "8701547a15efd855"),
    (
        Model(
            "xai/grok-4.7",
            "openai-api/xai/grok-4.7",
            "xai",
            base_url="https://api.x.ai/v1",
            key_env="XAI_API_KEY",
        ),
        "95728423592a339e",
    ),
    (
        model(settings=Settings(reasoning_effort="low", temperature=0.5, max_tokens=99)),
        "171055ae5a03450a",
    ),
]


@pytest.mark.parametrize(("of", "expected"), PINNED)
def test_the_identity_that_stored_outcomes_rest_on_stays(of: Model, expected: str) -> None:
    assert of.settings_hash == expected


def test_each_output_mode_is_another_identity() -> None:
    modes = ("plain", "json", "schema", "tool")
    hashes = {model(settings=Settings(output_mode=mode)).settings_hash for mode in modes}  # type: ignore[arg-type]
    assert len(hashes) == 4


def test_the_folder_of_recorded_answers_is_no_identity_their_content_is() -> None:
    here, there = (model("replay/a.jsonl", base_url=f"file:///{f}", variant="abc") for f in ("here", "there"))
    other = model("replay/a.jsonl", base_url="file:///here", variant="abd")
    assert here.settings_hash == there.settings_hash != other.settings_hash


def test_new_is_what_has_no_outcome_under_today_s_settings() -> None:
    old, warmer = model("a/old"), model("a/old", settings=Settings(temperature=1.0))
    fresh, rule = model("a/fresh"), model("rule/x", baseline=True)
    assert new_models([fresh, old, warmer, rule], {old.settings_hash}) == (fresh, warmer)
    assert new_models([old], frozenset()) == (old,)


SAME = [
    ("gpt-4o", "gpt-4o"),
    ("gpt-4o", "gpt-4o-2024-08-06"),
    ("gpt-4o", "GPT-4o-20240806"),
    ("gpt-4", "gpt-4-0613"),
    ("mistral-large-latest", "mistral-large-2411"),
    ("claude-3-5-haiku-latest", "claude-3-5-haiku-20241022"),
    ("claude-haiku-5-5", "claude-haiku-5-5@20260901"),
    ("gemini-4-argon", "models/gemini-4-argon"),
    ("models/gemini-4-argon", "gemini-4-argon-001"),
    ("gemini-2.5-flash-preview", "gemini-2.5-flash-preview-05-20"),
    ("openai/gpt-oss-20b", "gpt-oss-20b"),
    ("gpt-oss-20b", "accounts/fireworks/models/gpt-oss-20b"),
    ("Qwen/Qwen3-8B", "qwen/qwen3-8b"),
    ("qwen3", "qwen3:latest"),
    ("openai/gpt-oss-20b:fastest", "openai/gpt-oss-20b"),
    ("anything", None),
    ("anything", ""),
]
OTHER = [
    ("gpt-4o", "gpt-4o-mini"),
    ("gpt-4o", "gpt-4o-mini-2024-07-18"),
    ("gpt-4", "gpt-4o"),
    ("gpt-4", "gpt-4-1106-preview"),
    ("gpt-6", "gpt-6.1"),
    ("gpt-4-0613", "gpt-4-0314"),
    ("gpt-4o-2024-08-06", "gpt-4o-2024-05-13"),
    ("gpt-4o-2024-08-06", "gpt-4o"),
    ("qwen3:8b", "qwen3:30b"),
    ("Qwen/Qwen3-8B", "somebody/Qwen3-8B"),
    ("claude-opus-5-5", "claude-opus-5"),
    ("gpt-4o", "gpt-4o-2024-13-06"),
    ("gpt-4o", "gpt-4o-9999"),
]


@pytest.mark.parametrize(("requested", "served"), SAME)
def test_aliases_snapshots_prefixes_and_case_are_the_same_model(requested: str, served: str | None) -> None:
    assert served_otherwise(requested, served) is False


@pytest.mark.parametrize(("requested", "served"), OTHER)
def test_anything_else_is_another_model(requested: str, served: str) -> None:
    assert served_otherwise(requested, served) is True


NAMES = st.from_regex(r"[a-z]{2,8}-[a-z]{1,8}", fullmatch=True)
DAYS = st.dates(date(2020, 1, 1), date(2030, 1, 1))


@given(NAMES, DAYS, st.sampled_from(["%Y-%m-%d", "%Y%m%d", "%m%d"]))
def test_a_day_behind_a_name_is_a_snapshot_of_it(name: str, day: date, written: str) -> None:
    assert not served_otherwise(name, f"{name}-{day.strftime(written)}")
    assert not served_otherwise(f"vendor/{name}", f"models/{name.upper()}-{day.strftime(written)}")


@given(NAMES, NAMES, DAYS)
def test_two_names_are_two_models_whatever_the_day(one: str, two: str, day: date) -> None:
    if not one.startswith(two) and "latest" not in (one[-6:], two[-6:]):
        assert served_otherwise(two, one)
        assert served_otherwise(two, f"{one}-{day.isoformat()}")


@pytest.mark.parametrize(
    ("inspect_name", "expected"),
    [
        ("openai/gpt-6", "gpt-6"),
        ("openai/azure/gpt-6", "gpt-6"),
        ("openai-api/xai/grok", "grok"),
        ("openai-api/vllm/openai/gpt-oss", "openai/gpt-oss"),
        ("hf-inference-providers/Qwen/Qwen3", "Qwen/Qwen3"),
        ("google/vertex/gemini", "gemini"),
        ("replay/answers/a.jsonl", "answers/a.jsonl"),
    ],
)
def test_the_name_on_the_wire_is_without_provider_and_service(inspect_name: str, expected: str) -> None:
    assert wire_name(inspect_name) == expected
