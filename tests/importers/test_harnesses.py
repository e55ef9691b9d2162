"""lm-eval, promptfoo and LLMPerf: forms of their files that the real ones do not show."""

from __future__ import annotations

import json
from typing import Any

import pytest
from importers.conftest import Importing

NAME = "samples_sums_2026-01-02T03-04-05.600000.jsonl"


def _docs(importing: Importing, rows: list[dict[str, Any]], results: dict[str, Any] | None = None) -> str:
    path = importing.write(f"out/{NAME}", "".join(json.dumps(row) + "\n" for row in rows))
    if results is not None:
        importing.write("out/results_2026-01-02T03-04-05.600000.json", json.dumps(results))
    return str(path)


def _doc(number: int, **changes: Any) -> dict[str, Any]:
    given = {"doc_id": number, "doc": {"q": number}, "target": "4", "filtered_resps": ["4"], "filter": "none",
             "metrics": ["acc"], "acc": 1.0}  # fmt: skip
    return {**given, **changes}


def test_older_lm_eval_files_without_hashes_or_results_are_read(importing: Importing) -> None:
    rows = [{"doc_id": n, "doc": {"q": n}, "target": "4", "acc": float(n)} for n in (0, 1)]
    path = _docs(importing, rows)
    assert "add --model NAME" in importing("lm-eval", path).err
    ended = importing("lm-eval", path, "--model", "m", "--json")
    assert ended.means == {("sums", "m"): (2, 0.5)}
    assert set(importing.outcomes()["started_at"].astype(str)) == {"2026-01-02 03:04:05"}


def test_of_several_metrics_one_is_chosen(importing: Importing) -> None:
    rows = [_doc(0, metrics=["acc", "acc_norm"], acc=0.0, acc_norm=1.0)]
    path = _docs(importing, rows, {"model_name": "m"})
    ended = importing("lm-eval", path)
    assert (ended.code, "scored with 2 metrics: acc, acc_norm." in ended.err) == (2, True)
    assert importing("lm-eval", path, "--metric", "acc_norm", "--json").means == {
        ("sums-acc_norm", "m"): (1, 1.0)
    }


def test_a_metric_that_is_no_score_is_refused(importing: Importing) -> None:
    rows = [_doc(0, metrics=["ppl"], ppl=[1.5, 3]), _doc(1, metrics=["ppl"], ppl=0.5)]
    path = _docs(importing, rows, {"model_name": "m"})
    ended = importing("lm-eval", path, "--json")
    assert ended.document["refused_rows"][0]["reason"] == "'ppl' is no score of one document"
    worse = {"model_name": "m", "higher_is_better": {"sums": {"ppl": False}}}
    assert "less is better" in importing("lm-eval", _docs(importing, rows, worse)).err


def test_shots_and_sampling_are_part_of_a_model_s_identity_and_addresses_are_not(
    importing: Importing,
) -> None:
    for number, (shots, address) in enumerate([(0, "http://a"), (0, "http://b"), (5, "http://a")]):
        arguments = {"model": "m", "base_url": address}
        results = {
            "model_name": "m",
            "n-shot": {"sums": shots},
            "config": {"model_args": arguments},
            "date": number,
        }
        path = _docs(importing, [_doc(0)], results)
        importing("lm-eval", path)
    assert importing.outcomes()["settings_hash"].nunique() == 2


def _result(number: int = 0, **changes: Any) -> dict[str, Any]:
    given = {
        "id": f"r{number}", "provider": {"id": "openai:chat:m", "label": ""}, "promptIdx": 0,
        "prompt": {"raw": "{{q}}", "label": "{{q}}"}, "vars": {"q": str(number)}, "success": True, "score": 1,
        "failureReason": 0, "latencyMs": 250, "cost": 0.001, "namedScores": {},
        "gradingResult": {"pass": True, "score": 1, "componentResults": []},
        "tokenUsage": {"prompt": 7, "completion": 3}, "response": {"output": "x", "cached": False},
        "testCase": {"vars": {"q": str(number)}, "assert": [{"type": "contains", "value": "x"}]},
    }  # fmt: skip
    return {**given, **changes}


def _promptfoo(importing: Importing, *results: dict[str, Any], version: int = 3, name: str = "r.json") -> str:
    document = {
        "evalId": "eval-1",
        "config": {"description": "My sums", "providers": []},
        "results": {"version": version, "timestamp": "2026-01-02T03:04:05Z", "results": list(results)},
        "metadata": {"promptfooVersion": "0.123.1"},
    }
    return str(importing.write(name, json.dumps(document)))


def test_a_call_that_broke_down_has_failed_and_a_failed_assertion_has_not(importing: Importing) -> None:
    path = _promptfoo(
        importing,
        _result(0, success=False, score=0, failureReason=1, error="Expected output to contain"),
        _result(1, success=False, score=0, failureReason=2, error="API error: 500", gradingResult=None),
        _result(2, success=False, score=0, failureReason=None, error="API error", gradingResult=None),
        _result(3),
    )
    ended = importing("promptfoo", path, "--json")
    assert ended.means == {("my-sums", "openai:chat:m"): (2, 0.5)}
    rows = importing.outcomes()
    assert sorted(rows["error_class"].dropna()) == ["ProviderError", "ProviderError"]
    assert rows.loc[rows["status"] == "failed", "latency_s"].isna().all()


def test_an_answer_out_of_promptfoo_s_cache_has_no_latency(importing: Importing) -> None:
    path = _promptfoo(importing, _result(response={"output": "x", "cached": True}, cost=0, latencyMs=1))
    importing("promptfoo", path)
    [row] = importing.outcomes().to_dict("records")
    assert row["from_cache"]
    assert row["latency_s"] != row["latency_s"]
    assert row["cost_usd"] != row["cost_usd"]


def test_several_prompts_are_chosen_among(importing: Importing) -> None:
    other = {"raw": "Think. {{q}}", "label": "thinking"}
    path = _promptfoo(importing, _result(0), _result(1, id="s", vars={"q": "0"}, prompt=other))
    ended = importing("promptfoo", path)
    assert (ended.code, "asked with 2 prompts: {{q}}; thinking." in ended.err) == (2, True)
    assert "There are: thinking." in importing("promptfoo", path, "--prompt", "thinkin").err
    chosen = importing("promptfoo", path, "--prompt", "thinking", "--json")
    assert chosen.means == {("my-sums-thinking", "openai:chat:m"): (1, 1.0)}


def test_repeated_tests_are_epochs(importing: Importing) -> None:
    same = {"vars": {"q": "0"}, "testCase": {"vars": {"q": "0"}, "assert": []}}
    path = _promptfoo(importing, *(_result(number, **same) for number in range(3)))
    importing("promptfoo", path)
    rows = importing.outcomes()
    assert rows["epoch"].tolist() == [1, 2, 3]
    assert rows["item_id"].nunique() == 1


def test_assertions_that_ask_a_model_make_the_task_judged(importing: Importing) -> None:
    parts = [{"score": 1, "assertion": {"type": kind}} for kind in ("llm-rubric", "contains", "factuality")]
    path = _promptfoo(importing, _result(gradingResult={"pass": True, "score": 1, "componentResults": parts}))
    ended = importing("promptfoo", path)
    assert "my-sums: answers that a model helped to score: 1. No route rests on them alone." in ended.out
    assert importing.outcomes()["judge_calls"].tolist() == [2]


def test_a_named_metric_is_the_weighted_mean_of_its_assertions(importing: Importing) -> None:
    parts = [
        {"score": 1, "assertion": {"type": "contains", "metric": "form", "weight": 3}},
        {"score": 0, "assertion": {"type": "regex", "metric": "form"}},
        {"score": 0, "assertion": {"type": "regex", "metric": "tone"}},
    ]
    grading = {"pass": False, "score": 0.5, "componentResults": parts}
    path = _promptfoo(importing, _result(gradingResult=grading, namedScores={"form": 3, "tone": 0}))
    assert importing("promptfoo", path, "--metric", "form", "--json").means == {
        ("my-sums-form", "openai:chat:m"): (1, 0.75)
    }
    missing = importing("promptfoo", path, "--metric", "from")
    assert "it has no metric 'from'; there are success, score, form, tone" in missing.err


def test_another_version_of_results_is_not_guessed_at(importing: Importing) -> None:
    ended = importing("promptfoo", _promptfoo(importing, _result(), version=4))
    assert (ended.code, "Its results have the version 4. Known are 2, 3" in ended.err) == (2, True)


def test_providers_configuration_keeps_no_key(importing: Importing) -> None:
    path = _promptfoo(
        importing, _result(failureReason=2, error="key sk-abcdefghijklmnopqrst", gradingResult=None)
    )
    importing("promptfoo", path)
    journal = next((importing.folder / "results" / "logs").rglob("recovered.jsonl")).read_text()
    assert "sk-abc" not in journal
    assert "[key]" in journal


def test_llmperf_responses_name_their_model_by_their_file(importing: Importing) -> None:
    good = {"error_code": None, "error_msg": "", "inter_token_latency_s": 0.01, "ttft_s": 0.2,
            "end_to_end_latency_s": 1.2, "number_output_tokens": 101, "number_input_tokens": 550}  # fmt: skip
    bad = {**good, "error_code": 429, "error_msg": "slow down, Bearer abcdefghijkl", "ttft_s": 0}
    wrong = {**good, "ttft_s": 3}
    name = "meta-llama-Llama-2-7b_550_150_individual_responses.json"
    path = importing.write(name, json.dumps([good, bad, wrong]))
    ended = importing("llmperf", path, "--json", "--model-map", "meta-llama-Llama-2-7b=own/llama")
    assert (ended.code, ended.document["new"]) == (3, 2)
    assert ended.document["models"] == [
        {"model": "own/llama", "configured": False, "calls": 2, "answered": 1, "failed": 1}
    ]
    assert ended.document["refused_rows"][0]["reason"] == "its first token came after its end"
    journal = next((importing.folder / "results").rglob("latency.jsonl"))
    line, failed = (json.loads(text) for text in journal.read_text().splitlines())
    assert line["tokens_per_s"] == pytest.approx(100)
    assert (failed["error_class"], failed["error_text"]) == ("code 429", "slow down, Bearer [key]")
    summary = importing.write("x_summary.json", json.dumps({"results_ttft_s_mean": 1}))
    assert "a summary holds percentiles, not requests" in importing("llmperf", summary).err
