"""Real files of other tools: every trap in them, and the figures that must come out."""

from __future__ import annotations

import json
import math
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml
from importers.conftest import Importing

from whichmodel.analyse.evidence import collect
from whichmodel.analyse.latency import percentile
from whichmodel.analyse.standings import standings
from whichmodel.importers import cells
from whichmodel.store import read

GPT, MIXTRAL = "gpt-4-1106-preview", "mistralai/Mixtral-8x7B-Instruct-v0.1"
JULIA = (
    "--columns", "item=task+prompt,cluster=task,stratum=prompt,task=-",
    "--score-columns",
    "parsed,executed,unit_tests_passed/unit_tests_count,examples_executed/examples_count",
    "--repeats", "epochs", "--task", "julia", "--category", "coding",
)  # fmt: skip


def test_all_25_logs_of_inspect_are_read(importing: Importing, real_data: Path) -> None:
    ended = importing("inspect", real_data / "inspect_logs", "--json")
    assert ended.code == 0, ended.err
    found = ended.document
    assert (found["rows"], found["failed"], found["refused"], found["repeated"]) == (259, 11, 0, 3)
    assert ended.means["popularity", "azureai/Meta-Llama-3-1-405B-Instruct-jqf"] == (4, 0.75), "two epochs"
    assert ended.means["theory_of_mind", "openai/gpt-4o-mini"] == (100, 0.83)
    rows = importing.outcomes().set_index(["task", "model", "item_id", "epoch"]).sort_index()
    two = rows.loc[("popularity", "azureai/Meta-Llama-3-1-405B-Instruct-jqf")]
    assert list(two.index) == [("1", 1), ("1", 2), ("2", 1), ("2", 2)]
    assert two["latency_s"].isna().all(), "times that are null are not measured"
    unscored = rows.loc[("unnamed", "...", "1", 4)]
    assert (unscored["status"], unscored["error_class"]) == ("failed", "NoScore")
    graded = rows.loc[("security_guide", "openai/gpt-4o-mini")]
    assert (graded["judge_calls"] == 1).all()
    assert set(graded["judge_model"]) == {"openai/gpt-4o-mini"}
    assert graded["input_tokens"].max() < 100, "the grader's tokens are not the answer's"
    again = importing("inspect", real_data / "inspect_logs", "--json").document
    assert (again["new"], again["known"], again["run_id"]) == (0, 259, None)


def test_logs_of_cancelled_runs_and_without_samples_are_read(importing: Importing, real_data: Path) -> None:
    folder = real_data / "inspect_logs"
    [cancelled] = folder.glob("*13-04-00_popularity.json")
    [nothing] = folder.glob("*no-samples.json")
    assert importing("inspect", cancelled, "--json").means == {
        ("popularity", "openai/gpt-4o-mini"): (3, pytest.approx(2 / 3))
    }
    ended = importing("inspect", nothing)
    assert (ended.code, ended.out.strip()) == (0, "The files hold no samples; nothing comes in.")


def test_the_same_40_texts_score_as_each_tool_says(importing: Importing, real_data: Path) -> None:
    means: dict[tuple[str, str], tuple[int, Any]] = {}
    for name in ("strict-match", "flexible-extract"):
        means |= importing("lm-eval", real_data / "lm_eval_0_4_13", "--filter", name, "--json").means
    for name in ("match", "pattern"):
        args = ("inspect", real_data / "inspect_0_3_285", "--scorer", name, "--json")
        ended = importing(*args, "--model-map", f"openai-api/replay/{GPT}={GPT}", "--model-map",
                          f"openai-api/replay/{MIXTRAL}={MIXTRAL}")  # fmt: skip
        means |= ended.means
    assert means == {
        ("gsm40-strict-match", GPT): (40, 0.125),
        ("gsm40-flexible-extract", GPT): (40, 0.75),
        ("gsm40-match", GPT): (40, 0.65),
        ("gsm40-pattern", GPT): (40, 0.125),
        ("gsm40-strict-match", MIXTRAL): (40, 0.5),
        ("gsm40-flexible-extract", MIXTRAL): (40, 0.5),
        ("gsm40-match", MIXTRAL): (40, 0.5),
        ("gsm40-pattern", MIXTRAL): (40, 0.5),
    }
    rows = importing.outcomes()
    unparsed = rows[rows["parsed"].eq(False)].groupby(["task", "model"]).size().to_dict()
    assert unparsed == {
        ("gsm40-strict-match", GPT): 35,
        ("gsm40-strict-match", MIXTRAL): 7,
        ("gsm40-pattern", GPT): 35,
        ("gsm40-pattern", MIXTRAL): 7,
    }
    assert rows["task_hash"].nunique() == 4, "another scorer is another bank"
    found = standings(next(e for e in collect(rows, {}, set()) if e.task == "gsm40-match"), {})
    assert {s.model: (s.n, s.score) for s in found} == {GPT: (40, 0.65), MIXTRAL: (40, 0.5)}


def test_lm_eval_names_both_filters_of_its_80_rows(importing: Importing, real_data: Path) -> None:
    ended = importing("lm-eval", real_data / "lm_eval_0_4_13")
    assert ended.code == 2
    assert "scored with 2 filters: strict-match, flexible-extract." in ended.err
    assert "--filter strict-match" in ended.err
    wrong = importing("lm-eval", real_data / "lm_eval_0_4_13", "--filter", "strict")
    assert (wrong.code, "There are: strict-match." in wrong.err) == (2, True)


def test_lm_eval_tells_no_times_and_no_costs(importing: Importing, real_data: Path) -> None:
    importing("lm-eval", real_data / "lm_eval_0_4_13", "--filter", "strict-match")
    rows = importing.outcomes()
    assert rows[["cost_usd", "latency_s", "input_tokens"]].isna().all(axis=None)
    assert set(rows["imported_from"].str.partition(":")[0]) == {"lm-eval 0.4.13"}
    assert rows["imported_from"].str.contains("sha256:").all()


def test_promptfoo_success_is_the_and_of_all_assertions(importing: Importing, real_data: Path) -> None:
    path = real_data / "promptfoo_0_123_1" / "results.json"
    ended = importing("promptfoo", path, "--json")
    assert (ended.code, ended.document["rows"], ended.document["failed"]) == (0, 24, 0)
    rows = importing.outcomes()
    assert (rows["score"].sum(), len(rows)) == (8, 24)
    assert set(rows["status"]) == {"scored"}, "an assertion that fails fills `error`, and is no error"
    priced = rows.groupby("model")["cost_usd"].agg(["count", "sum"])
    assert priced.loc[f"openai:chat:{GPT}"].tolist() == [12, pytest.approx(0.04674)]
    assert priced.loc[f"openai:chat:{MIXTRAL}"].tolist() == [0, 0.0], "a cost of 0 with tokens is unknown"
    first = json.loads(path.read_bytes())["results"]["results"][0]
    taken = rows[rows["log_ref"].str.endswith("#result 0")].iloc[0]
    assert (taken["latency_s"], taken["input_tokens"]) == (first["latencyMs"] / 1000, 70)


def test_promptfoo_named_scores_are_sums_over_their_count(importing: Importing, real_data: Path) -> None:
    path = real_data / "promptfoo_0_123_1" / "results.json"
    ended = importing("promptfoo", path, "--metric", "strict", "--task", "strict", "--json")
    prompts = json.loads(path.read_bytes())["results"]["prompts"]
    assert ended.means == {
        ("strict", prompt["provider"]): (
            12,
            prompt["metrics"]["namedScores"]["strict"] / prompt["metrics"]["namedScoresCount"]["strict"],
        )
        for prompt in prompts
    }


def test_promptfoo_lines_hold_the_same_results(importing: Importing, real_data: Path) -> None:
    folder = real_data / "promptfoo_0_123_1"
    document = importing("promptfoo", folder / "results.json", "--task", "a", "--dry-run", "--json").means
    lines = importing("promptfoo", folder / "out.jsonl", "--task", "a", "--dry-run", "--json").means
    assert document == lines
    table = importing("promptfoo", folder / "out.csv")
    assert (table.code, "no times and no costs into this format" in table.err) == (2, True)


def test_the_julia_leaderboard_comes_out_as_published(importing: Importing, real_data: Path) -> None:
    path = real_data / "julia_llm_leaderboard" / "evaluations.csv.gz"
    asked = importing("csv", path, *JULIA)
    assert asked.code == 2
    assert "19,085 rows have a cost of 0" in asked.err
    assert "--zero-cost unknown, or --zero-cost free" in asked.err
    ended = importing("csv", path, *JULIA, "--zero-cost", "unknown", "--json")
    assert ended.code == 0, ended.err
    found = ended.document
    assert (found["rows"], found["refused"], found["failed"]) == (29_701, 0, 0)
    models = {model["model"]: model for model in found["tasks"][0]["models"]}
    assert len(models) == 64
    sonnet = models["claude-3-5-sonnet-20240620"]
    assert (round(sonnet["mean"] * 100, 2), round(sonnet["latency_mean_s"], 2)) == (85.79, 6.34)
    assert round(sonnet["cost_per_1k_usd"] / 1000 * 100, 2) == 0.73, "cents an answer"
    table: Any = pd.read_csv(real_data / "julia_llm_leaderboard" / "published_table_0.csv")
    published = table[table["Count Full Score"].gt(0)].set_index("Model")
    whole = [name for name in published.index if models[name]["n"] in range(699, 702)]
    for name in whole:
        assert models[name]["mean"] * 100 == pytest.approx(published.loc[name, "Score"], abs=0.051)
        assert models[name]["latency_mean_s"] == pytest.approx(published.loc[name, "Elapsed"], abs=0.051)
    assert len(whole) == 14
    unpriced = {name for name, model in models.items() if model["cost_per_1k_usd"] is None}
    assert {"gpt-4o-2024-08-06", "codestral-2405"} <= unpriced, "0 in the published table is unknown"


def test_the_percentiles_of_llmperf_match_342_of_342(importing: Importing, real_data: Path) -> None:
    ended = importing("llmperf", real_data / "llmperf" / "requests.csv.gz", "--json")
    assert (ended.code, ended.document["new"]) == (0, 2845)
    assert sum(model["failed"] for model in ended.document["models"]) == 539
    reader = read(importing.folder / "results")
    assert reader is not None
    timed: Any = reader.timings("real")
    assert (
        timed.loc[timed["status"] == "failed", ["latency_s", "ttft_s", "inter_token_s"]].isna().all(axis=None)
    )
    columns = {
        "ttft_s": "ttft_s",
        "end_to_end_latency_s": "latency_s",
        "inter_token_latency_s": "inter_token_s",
    }
    matched = 0
    summary = json.loads((real_data / "llmperf" / "summary.json").read_bytes())
    for endpoint, said in summary.items():
        mine = timed[timed["model"] == endpoint]
        for theirs, ours in columns.items():
            for share in (25, 50, 75, 90, 95, 99):
                value = percentile(mine[ours].to_numpy(dtype=float, na_value=math.nan), share / 100)
                matched += value == pytest.approx(said[f"results_{theirs}_quantiles_p{share}"], rel=1e-12)
    assert matched == 342
    assert importing("llmperf", real_data / "llmperf" / "requests.csv.gz", "--json").document["new"] == 0


def test_a_leaderboard_of_means_is_no_set_of_outcomes(importing: Importing, real_data: Path) -> None:
    ended = importing("csv", real_data / "aider" / "polyglot_leaderboard.yml")
    assert (ended.code, "holds no outcomes" in ended.err) == (2, True)
    ended = importing("csv", real_data / "julia_llm_leaderboard" / "published_table_0.csv", "--task", "x")
    assert (ended.code, "may be means over items" in ended.err) == (2, True)


def test_a_cost_of_0_of_aider_is_unknown(real_data: Path) -> None:
    rows = yaml.safe_load((real_data / "aider" / "polyglot_leaderboard.yml").read_text(encoding="utf-8"))
    costs = [cells.usd(row.get("total_cost")) for row in rows]
    assert (len(costs), sum(cost is None for cost in costs)) == (69, 18)
    assert min(cost for cost in costs if cost is not None) > Decimal(0)
