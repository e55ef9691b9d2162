"""`bench run --new-models`, and what is said of models that take none of the tasks."""

from __future__ import annotations

from program import Bench

RUN = ("run", "--tasks", "tickets", "--limit", "4")


def test_new_models_are_those_without_an_outcome_on_the_tasks_at_hand(bench: Bench) -> None:
    one, two = "demo-aurora/lite", "demo-cirrus/nano"
    assert bench(*RUN, "--models", f"{one},rule/classify").code == 0
    named = bench(*RUN, "--models", f"{one},{two}", "--new-models", "--json")
    assert named.code == 0, named.err
    assert (named.document["cells"]["planned"], named.document["cells"]["done"]) == (4, 4)
    assert f"New: {two}." in named.err
    dry = bench(*RUN, "--new-models", "--dry-run", "--json").document
    left = {part["model"] for part in dry["models"]}
    assert left == {"demo-aurora/grand", "demo-borealis/max", "demo-borealis/swift", "demo-cirrus/pro"}
    elsewhere = bench("run", "--tasks", "receipts", "--new-models", "--dry-run", "--json").document
    assert {one, two} | left == {part["model"] for part in elsewhere["models"]}


def test_nothing_new_asks_nobody_and_ends_well(bench: Bench) -> None:
    names = "demo-aurora/lite,demo-cirrus/nano,demo-aurora/canvas"
    assert bench(*RUN, "--models", names).code == 0
    logs = sorted(bench.folder.glob("results/logs/*"))
    again = bench(*RUN, "--models", names, "--new-models")
    assert again.code == 0
    assert "Nothing new: all 2 configured models are measured." in again.err
    assert sorted(bench.folder.glob("results/logs/*")) == logs
    document = bench(*RUN, "--models", names, "--new-models", "--json").document
    assert document == {"run_id": None, "new_models": [], "configured": 2}


def test_a_model_that_was_asked_for_and_takes_none_of_the_tasks_is_named(bench: Bench) -> None:
    ended = bench(*RUN, "--models", "demo-aurora/canvas,rule/classify", "--dry-run")
    assert ended.code == 0, ended.err
    assert "demo-aurora/canvas takes none of these tasks: it draws images." in ended.err
    alone = bench(*RUN, "--models", "demo-aurora/canvas")
    assert (alone.code, "it draws images" in alone.err) == (2, True)


MODES = """\
default_organisation: acme
models:
  - {id: openai/gpt-6-luna, key_env: OPENAI_API_KEY}
  - {id: openai/gpt-6-luna@json, key_env: OPENAI_API_KEY, output_mode: json}
organisations:
  acme: {title: ACME}
"""
KEY = {"OPENAI_API_KEY": "sk-not-a-key"}
WIDE = ("run", "--tasks", "tickets,receipts,translation", "--dry-run")


def test_a_mode_that_does_not_apply_is_told_once_a_model(bench: Bench) -> None:
    (bench.folder / "bench.yaml").write_text(MODES)
    reason = "its output mode is json, and the task's answers have no JSON shape"
    told = bench(*WIDE, env=KEY)
    assert told.code == 0, told.err
    assert f"openai/gpt-6-luna@json is left out of 2 tasks: {reason}." in " ".join(told.out.split())
    document = bench(*WIDE, "--json", env=KEY).document
    assert [(p["task"], p["model"]) for p in document["left_out"]] == [
        ("tickets", "openai/gpt-6-luna@json"),
        ("technical", "openai/gpt-6-luna@json"),
    ]
    named = bench("run", "--tasks", "tickets", "--models", "openai/gpt-6-luna@json", env=KEY)
    assert named.code == 2
    assert f"openai/gpt-6-luna@json takes none of these tasks: {reason}." in named.err
