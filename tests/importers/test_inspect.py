"""Logs of Inspect: how a sample's end, its scores, calls and times become an outcome."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from importers.conftest import Importing
from inspect_ai.event import ModelEvent, SpanBeginEvent, StepEvent
from inspect_ai.log import (
    EvalConfig,
    EvalDataset,
    EvalError,
    EvalLog,
    EvalPlan,
    EvalResults,
    EvalSample,
    EvalScore,
    EvalSpec,
    write_eval_log,
)
from inspect_ai.model import (
    ChatCompletionChoice,
    ChatMessageAssistant,
    GenerateConfig,
    ModelOutput,
    ModelUsage,
    StopReason,
)
from inspect_ai.scorer import Score

from whichmodel.domain.logged import METADATA

MODEL = "openai/m"


def _output(*, stop: StopReason = "stop", time: float | None = 2.0, **usage: int | float) -> ModelOutput:
    counted = ModelUsage(**{"input_tokens": 10, "output_tokens": 5, "total_tokens": 15, **usage})  # type: ignore[arg-type]
    message = ChatMessageAssistant(content="an answer")
    choice = ChatCompletionChoice(message=message, stop_reason=stop)
    return ModelOutput(model="m-1", choices=[choice], usage=counted, time=time)


def _call(output: ModelOutput | None = None, **changes: Any) -> ModelEvent:
    given = {"model": MODEL, "input": [], "tools": [], "tool_choice": "none", "config": GenerateConfig()}
    return ModelEvent(**{**given, "output": output or _output(), **changes})


def _sample(number: int = 1, score: object = 1.0, **changes: Any) -> EvalSample:
    scores = {"match": Score(value=score, answer="4")} if score is not None else None  # type: ignore[arg-type]
    given = {"id": number, "epoch": 1, "input": f"q{number}", "target": "4", "output": _output(),
             "events": [_call()], "scores": scores}  # fmt: skip
    return EvalSample(**{**given, **changes})


def _log(folder: Path, samples: list[EvalSample], name: str = "a.eval", **changes: Any) -> Path:
    spec = {"created": "2026-01-02T03:04:05+00:00", "task": "sums", "dataset": EvalDataset(), "model": MODEL,
            "config": EvalConfig(), "run_id": name, "eval_id": name, "task_id": name,
            "packages": {"inspect_ai": "0.3.285"}}  # fmt: skip
    scorers = list(dict.fromkeys(key for sample in samples for key in sample.scores or {}))
    results = EvalResults(scores=[EvalScore(name=key, scorer=key) for key in scorers])
    log = EvalLog(eval=EvalSpec(**{**spec, **changes}), plan=EvalPlan(), results=results, samples=samples)
    write_eval_log(log, str(folder / name))
    return folder / name


def _only(importing: Importing, sample: EvalSample, *args: str) -> Any:
    ended = importing("inspect", _log(importing.folder, [sample]), *args)
    assert ended.code == 0, ended.err
    [row] = importing.outcomes().to_dict("records")
    return row


@pytest.mark.parametrize(
    ("value", "score"), [("C", 1.0), ("P", 0.5), ("I", 0.0), ("N", 0.0), (True, 1.0), (0.25, 0.25), (1, 1.0)]
)
def test_letters_truth_values_and_numbers_are_scores(
    importing: Importing, value: object, score: float
) -> None:
    assert _only(importing, _sample(score=value))["score"] == score


@pytest.mark.parametrize(
    ("changes", "error_class"),
    [
        (
            {"error": EvalError(message="RateLimitError('429')", traceback="", traceback_ansi="")},
            "RateLimitError",
        ),
        ({"score": None}, "NoScore"),
        ({"score": float("nan")}, "NoScore"),
    ],
)
def test_what_has_an_error_or_no_score_has_failed(
    importing: Importing, changes: dict[str, Any], error_class: str
) -> None:
    row = _only(importing, _sample(**changes))
    assert (row["status"], row["error_class"]) == ("failed", error_class)
    assert (row["score"], row["latency_s"]) == (pytest.approx(float("nan"), nan_ok=True),) * 2


@pytest.mark.parametrize(
    ("stop", "status"),
    [
        ("content_filter", "refused"),
        ("max_tokens", "truncated"),
        ("model_length", "truncated"),
        ("stop", "scored"),
    ],
)
def test_how_a_reply_stopped_is_kept(importing: Importing, stop: StopReason, status: str) -> None:
    assert _only(importing, _sample(output=_output(stop=stop), score="I"))["status"] == status


def test_scores_that_are_no_number_from_0_to_1_are_refused_with_the_place(importing: Importing) -> None:
    odd = {2: 3.5, 3: [1, 0], 4: {"f1": 0.5, "em": 0.0}, 5: "great"}
    samples = [_sample(), *(_sample(number, value) for number, value in odd.items())]
    ended = importing("inspect", _log(importing.folder, samples), "--json")
    assert ended.code == 3
    assert {row["place"]: row["reason"] for row in ended.document["refused_rows"]} == {
        "2_epoch_1": "the score 3.5 is outside of 0 to 1",
        "3_epoch_1": "the score is a list",
        "4_epoch_1": "the score is an object; choose one of its parts by --scorer: match.f1, match.em",
        "5_epoch_1": "the score is no number: 'great'",
    }
    part = importing(
        "inspect", _log(importing.folder, [_sample(4, odd[4])]), "--scorer", "match.f1", "--json"
    )
    assert part.means == {("sums", MODEL): (1, 0.5)}


def test_a_grader_s_calls_are_a_judge_s_in_new_logs_and_old(importing: Importing) -> None:
    grade = _call(_output(input_tokens=900, total_tokens=905), model="openai/judge")
    begins = (
        SpanBeginEvent(id="1", name="scorers", type="scorers"),
        SpanBeginEvent(id="1", name="model_graded_fact", type="scorer"),
        StepEvent(action="begin", type="scorer", name="model_graded_fact"),
    )
    samples = [_sample(n, events=[_call(), begin, grade]) for n, begin in enumerate(begins, start=1)]
    samples.append(_sample(4, events=[_call(), _call(grade.output, role="grader", model="openai/judge")]))
    assert importing("inspect", _log(importing.folder, samples)).code == 0
    rows = importing.outcomes()
    assert rows["input_tokens"].tolist() == [10] * 4
    assert rows["judge_model"].tolist() == ["openai/judge"] * 4
    assert rows["judge_cost_usd"].isna().all()


def test_cache_tokens_are_part_of_the_input_and_reasoning_is_kept(importing: Importing) -> None:
    output = _output(
        input_tokens=10, input_tokens_cache_read=90, input_tokens_cache_write=7, reasoning_tokens=3
    )
    row = _only(importing, _sample(output=output, events=[_call(output)]))
    counted = ("input_tokens", "cached_tokens", "cache_write_tokens", "output_tokens", "reasoning_tokens")
    assert [row[name] for name in counted] == [107, 90, 7, 5, 3]


def test_a_latency_is_the_sum_of_its_calls_and_only_where_all_were_timed(importing: Importing) -> None:
    samples = [
        _sample(1, events=[_call(), _call()]),
        _sample(2, events=[_call(), _call(_output(time=None))]),
        _sample(3, events=[_call(cache="read")]),
        _sample(4, events=[_call(error="500"), _call()]),
    ]
    assert importing("inspect", _log(importing.folder, samples)).code == 0
    rows = importing.outcomes()
    assert rows["latency_s"].fillna(-1).tolist() == [4.0, -1, -1, 2.0]
    assert rows["from_cache"].tolist() == [False, False, True, False]
    assert rows["attempts"].tolist() == [1, 1, 1, 2]


def test_times_that_are_not_the_model_s_can_be_left_out(importing: Importing) -> None:
    assert _only(importing, _sample(), "--no-latency")["latency_s"] is not None
    assert importing.outcomes()["latency_s"].isna().all()


def test_a_cost_that_inspect_tells_is_kept_and_0_is_unknown(importing: Importing) -> None:
    outputs = [_output(total_cost=0.02), _output(total_cost=0.0)]
    samples = [_sample(n, output=out, events=[_call(out)]) for n, out in enumerate(outputs, start=1)]
    importing("inspect", _log(importing.folder, samples))
    rows = importing.outcomes()
    assert rows["cost_usd"].fillna(-1).tolist() == [0.02, -1]
    assert rows["price_source"].dropna().tolist() == ["imported"]


def test_cluster_stratum_epoch_and_answer_are_kept(importing: Importing) -> None:
    sample = _sample(metadata={"cluster_id": "c", "stratum": "hard"}, epoch=3)
    row = _only(importing, sample, "--category", "reasoning", "--task", "adding")
    assert (row["cluster_id"], row["stratum"], row["epoch"], row["answer_norm"]) == ("c", "hard", 3, "4")
    assert (row["task"], row["category"], row["served_model"]) == ("adding", "reasoning", "m-1")


def test_a_pattern_without_an_answer_is_unparsed(importing: Importing) -> None:
    scores = {"pattern": Score(value="I", answer=None)}
    assert _only(importing, _sample(scores=scores))["parsed"] is False


def test_other_settings_are_another_column_and_another_run_another_attempt(importing: Importing) -> None:
    first = _log(importing.folder, [_sample(score="I")], "a.eval")
    later = _log(importing.folder, [_sample(score="C")], "b.eval", created="2026-02-02T03:04:05+00:00")
    hot = _log(importing.folder, [_sample(score="I")], "c.eval",
               model_generate_config=GenerateConfig(temperature=1.0))  # fmt: skip
    assert importing("inspect", first, later, "--json").document["new"] == 2
    [row] = importing.outcomes().to_dict("records")
    assert row["score"] == 1.0, "the last attempt counts"
    importing("inspect", hot)
    assert importing.outcomes()["settings_hash"].nunique() == 2


def test_two_scorers_of_one_task_do_not_come_in_together(importing: Importing) -> None:
    first = _log(importing.folder, [_sample()], "a.eval")
    other = _log(importing.folder, [_sample(scores={"includes": Score(value="C")})], "b.eval")
    ended = importing("inspect", first, other)
    assert (ended.code, "'sums' is scored by match in one file and by includes" in ended.err) == (2, True)


def test_a_log_of_bench_run_is_left_to_rebuild(importing: Importing) -> None:
    ended = importing("inspect", _log(importing.folder, [_sample()], metadata={METADATA: {}}))
    assert (ended.code, "`bench rebuild` takes it in" in ended.err) == (2, True)


def test_a_sample_that_is_none_is_refused_and_the_others_come_in(importing: Importing) -> None:
    path = _log(importing.folder, [_sample(), _sample(2)], "a.json")
    path.write_text(path.read_text().replace('"id": 2', '"nr": 2'))
    ended = importing("inspect", path, "--json")
    assert (ended.code, ended.document["rows"], ended.document["refused"]) == (3, 1, 1)
    assert "it is no sample of Inspect" in ended.document["refused_rows"][0]["reason"]
