"""Recorded answers: found by prompt, hash or item; a missing one is an error; bad lines are named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from inspect_ai import Task
from inspect_ai import eval as inspect_eval
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.log import EvalSample
from inspect_ai.model import get_model
from inspect_ai.scorer import includes
from inspect_ai.solver import generate

import whichmodel.providers.inspect_entry  # noqa: F401  (registers our endpoints)
from whichmodel.errors import ConfigError
from whichmodel.providers import replay
from whichmodel.providers.replay import NO_LATENCY, hash_of, read_answers


def written(folder: Path, *rows: Any) -> Path:
    path = folder / "answers.jsonl"
    path.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows) + "\n")
    return path


def run(folder: Path, *questions: tuple[str, str]) -> dict[str, EvalSample]:
    """The samples of a task of (id, prompt) pairs, answered from the folder's record."""
    samples = [Sample(id=name, input=prompt, target="right") for name, prompt in questions]
    [log] = inspect_eval(
        Task(dataset=MemoryDataset(samples), solver=generate(), scorer=includes(), name="letters"),
        model=get_model(
            "replay/answers.jsonl", base_url=folder.as_uri(), api_key="none", memoize=False, max_retries=0
        ),
        log_dir=str(folder / "logs"),
        display="none",
        fail_on_error=False,
    )
    return {str(sample.id): sample for sample in log.samples or ()}


def test_an_answer_is_found_by_prompt_hash_or_item(tmp_path: Path) -> None:
    folder = tmp_path / "with space"
    folder.mkdir()
    written(
        folder,
        {"prompt": "one", "text": "right 1"},
        {"prompt_hash": hash_of("two"), "text": "right 2"},
        {"item": "c", "task": "letters", "text": "right 3"},
        {"item": "c", "task": "others", "text": "wrong"},
        {"item": "d", "text": "right 4"},
    )
    samples = run(folder, ("a", "one"), ("b", "two"), ("c", "three"), ("d", "four"))
    assert [s.output.completion for s in samples.values()] == ["right 1", "right 2", "right 3", "right 4"]


def test_what_was_recorded_comes_back_and_nothing_else(tmp_path: Path) -> None:
    full = {
        "prompt": "one",
        "text": "cut",
        "latency_s": 3.5,
        "usage": {"input": 10, "output": 3, "cached": 4, "reasoning": 2},
        "model": "gpt-4-0613",
        "fingerprint": "fp_1",
        "stop": "max_tokens",
    }
    written(tmp_path, full, {"prompt": "two", "text": "right"})
    samples = run(tmp_path, ("a", "one"), ("b", "two"))
    known, bare = samples["a"].output, samples["b"].output
    assert (known.time, known.model, known.stop_reason) == (3.5, "gpt-4-0613", "max_tokens")
    assert known.usage is not None
    assert (known.usage.input_tokens, known.usage.input_tokens_cache_read, known.usage.output_tokens) == (
        6,
        4,
        3,
    )
    assert known.metadata == {"system_fingerprint": "fp_1"}
    assert (bare.usage, bare.model, bare.metadata) == (None, "", {NO_LATENCY: True})


def test_a_question_without_an_answer_is_an_error_not_an_answer(tmp_path: Path) -> None:
    written(tmp_path, {"prompt": "one", "text": "right"})
    samples = run(tmp_path, ("a", "one"), ("b", "two"))
    assert samples["a"].error is None
    assert samples["b"].error is not None
    assert f"holds no answer to this question (prompt_hash {hash_of('two')})" in samples["b"].error.message
    assert not samples["b"].scores


GOOD = {"prompt": "one", "text": "right"}


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        ("{", "Invalid JSON"),
        ("[]", "should be an object"),
        ({"prompt": "two"}, "`text`: Field required"),
        ({"text": "x"}, "one of `prompt`, `prompt_hash` and `item`"),
        ({"prompt": "x", "item": "y", "text": "z"}, "one of `prompt`"),
        ({"prompt": "x", "task": "y", "text": "z"}, "`task` belongs to an `item`"),
        ({"prompt_hash": "abc", "text": "z"}, "`prompt_hash`"),
        ({"prompt": "x", "text": 5}, "`text`: Input should be a valid string"),
        ({"prompt": "x", "text": "z", "latency": 1}, "`latency`: Extra inputs"),
        ({"prompt": "x", "text": "z", "latency_s": -1}, "`latency_s`"),
        ({"prompt": "x", "text": "z", "usage": {"input": 1}}, "`usage.output`: Field required"),
        ({"prompt": "x", "text": "z", "usage": {"input": 1, "output": 1, "cached": 2}}, "parts of `input`"),
        ({"prompt": "one", "text": "other"}, "answered in line 1 already"),
        ({"prompt_hash": hash_of("one"), "text": "other"}, "answered in line 1 already"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, bad: Any, says: str) -> None:
    path = written(tmp_path, GOOD, "", bad)
    with pytest.raises(ConfigError) as caught:
        read_answers(path)
    assert str(caught.value).startswith(f"{path}:3: ")
    assert says in str(caught.value)


def test_sizes_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, GOOD, {"prompt": "two", "text": "x" * 500})
    monkeypatch.setattr(replay, "MOST_LINE", 200)
    with pytest.raises(ConfigError, match=r":2: A line holds up to"):
        read_answers(path)
    monkeypatch.setattr(replay, "LARGEST_RECORD", 100)
    with pytest.raises(ConfigError, match="are read up to"):
        read_answers(path)


def test_an_empty_or_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="holds no answer"):
        read_answers(written(tmp_path, ""))
    with pytest.raises(ConfigError, match="cannot be read"):
        read_answers(tmp_path / "none.jsonl")
