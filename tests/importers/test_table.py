"""Tables: columns, units, cells, duplicates, and what is refused."""

from __future__ import annotations

import gzip
import json
from decimal import Decimal

import pytest
from importers.conftest import Importing

HEAD = "item,model,score,cost_usd,latency_s\n"


def _refused(importing: Importing, text: str, *args: str) -> list[str]:
    ended = importing("csv", importing.write("a.csv", text), "--task", "t", "--json", *args)
    return [row["reason"] for row in ended.document["refused_rows"]]


def test_columns_are_found_by_their_names_and_said(importing: Importing) -> None:
    path = importing.write(
        "a.csv", "question_id,llm,passed,elapsed_ms,cents\nq1,m,true,1500,2\nq2,m,no,700,3\n"
    )
    ended = importing("csv", path, "--task", "t")
    assert ended.code == 0, ended.err
    for line in (
        "item is the column `question_id`",
        "model is the column `llm`",
        "cost is the column `cents`",
    ):
        assert f"a.csv: {line}" in ended.err
    row = importing.outcomes().iloc[0]
    assert (row["item_id"], row["score"], row["latency_s"], row["cost_usd"]) == ("q1", 1.0, 1.5, 0.02)


def test_a_mapping_and_units_overrule_names(importing: Importing) -> None:
    path = importing.write("a.csv", "n,who,points,item,price,took\n1,m,85,x,250,3\n2,m,40,x,0,4\n")
    columns = "item=n,model=who,score=points,cost=price,latency=took"
    args = ("--task", "t", "--columns", columns, "--score-max", "100", "--cost-unit", "cents")
    ended = importing("csv", path, *args, "--latency-unit", "min", "--zero-cost", "free")
    assert ended.code == 0, ended.err
    rows = importing.outcomes()
    assert rows["score"].tolist() == [0.85, 0.4]
    assert rows["cost_usd"].tolist() == [2.5, 0.0]
    assert rows["latency_s"].tolist() == [180.0, 240.0]


def test_a_mapping_file_says_the_same(importing: Importing) -> None:
    path = importing.write("a.csv", "n,points,usd\n1,85,0\n2,40,0.5\n")
    mapping = importing.write(
        "map.yaml",
        "columns: {item: n, score: points}\nscore_max: 100\nzero_cost: unknown\nmodel: m\njudge: openai/j\n",
    )
    assert importing("csv", path, "--task", "t", "--mapping", mapping).code == 0
    rows = importing.outcomes()
    assert rows["score"].tolist() == [0.85, 0.4]
    assert rows["cost_usd"].isna().tolist() == [True, False]
    assert set(rows["judge_model"]) == {"openai/j"}
    wrong = importing.write("wrong.yaml", "colums: {item: n}\n")
    ended = importing("csv", path, "--mapping", wrong)
    assert (ended.code, "Nearest: columns" in ended.err) == (2, True)


@pytest.mark.parametrize(
    ("head", "args", "said"),
    [
        ("a,b,c", (), "that it holds the item; there are a, b, c. Name it: `--columns item="),
        ("model,score", (), "No column names the item, so the rows may be means over items"),
        ("item,modell,score", (), "there are item, modell, score. Name it: `--columns model=<column>`. "
         "Nearest: modell."),
        ("item,model,score", ("--columns", "item=itme"), "There is no column 'itme'. Nearest: item"),
        ("item,model,score", ("--columns", "itm=item"), "There is no field 'itm'. Nearest: item"),
        ("item,model,score,cost", (), "The name of the column `cost` does not say in which unit it is. "
         "Name it: `--cost-unit usd|cents|microusd`"),
        ("item,model,score,latency", (), "`--latency-unit s|ms|us|min`"),
        ("item,model,score,score", (), "Several columns have the same name: score."),
        ("item,model,score", ("--columns", "item"), "'item' is no pair. Write name=name."),
        ("item,model,score", ("--model-map", "n=a/b"), "There is no model in the files 'n'"),
        ("item,model,score", ("--at", "soon"), "the time is no time: 'soon'"),
    ],
)  # fmt: skip
def test_what_cannot_be_told_is_asked_for(
    importing: Importing, head: str, args: tuple[str, ...], said: str
) -> None:
    row = ",".join(["1"] * len(head.split(",")))
    path = importing.write("a.csv", f"{head}\n{row}\n")
    ended = importing("csv", path, "--task", "t", *args)
    assert ended.code == 2
    assert said in ended.err


def test_a_task_must_be_told_and_free(importing: Importing) -> None:
    path = importing.write("a.csv", "item,model,score\n1,m,1\n")
    assert "Add --task NAME." in importing("csv", path).err
    assert "is no name of a task" in importing("csv", path, "--task", "My Task").err
    taken = importing("csv", path, "--task", "invoices")
    assert (taken.code, "its bank is another one" in taken.err) == (2, True)
    two = importing.write("b.csv", "task,item,model,score\na,1,m,1\nb,1,m,1\n")
    assert "Several tasks would get the name 't': 'a' and 'b'" in importing("csv", two, "--task", "t").err
    assert set(importing("csv", two, "--json").means) == {("a", "m"), ("b", "m")}


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ("1,m,1.5,,", "the score '1.5' is outside of 0 to 1"),
        ("1,m,-0.1,,", "the score '-0.1' is outside of 0 to 1"),
        ("1,m,inf,,", "the score is not finite: 'inf'"),
        ("1,m,=A1/2,,", "the score is a formula, not its value: '=A1/2'"),
        ("1,m,good,,", "the score is no number: 'good'"),
        ('1,m,"0,5",,', "the score is no number: '0,5'"),
        ("1,m,1,-2,", "the cost is negative: '-2'"),
        ("1,m,1,=B2*3,", "the cost is a formula, not its value: '=B2*3'"),
        ("1,m,1,1e9,", "the cost of one answer is over 10,000,000 USD: '1e9'"),
        ("1,m,1,,-3", "the latency is negative: '-3'"),
        ("1,m,1,,inf", "the latency is not finite: 'inf'"),
        (",m,1,,", "it names no item"),
        ("1,,1,,", "it names no model"),
        ("1,m,1", "it has 3 cells, and there are 5 columns"),
        ("1,m,1,,,9", "it has 6 cells, and there are 5 columns"),
    ],
)
def test_a_cell_that_is_unclear_is_refused_with_its_reason(
    importing: Importing, cells: str, reason: str
) -> None:
    assert _refused(importing, f"{HEAD}0,m,1,,\n{cells}\n") == [reason]


@pytest.mark.parametrize(
    ("cell", "score"),
    [("1", 1.0), ("0.25", 0.25), ("true", 1.0), ("FALSE", 0.0), ("Pass", 1.0), ("fail", 0.0), ("85%", 0.85),
     ("1e-1", 0.1), (" yes ", 1.0)],
)  # fmt: skip
def test_a_score_is_a_number_a_truth_value_or_percent(importing: Importing, cell: str, score: float) -> None:
    importing("csv", importing.write("a.csv", f"item,model,score\n1,m,{cell}\n"), "--task", "t")
    assert importing.outcomes()["score"].tolist() == [pytest.approx(score)]


@pytest.mark.parametrize("cell", ["", "NaN", "null", "n/a", "-"])
def test_a_row_without_a_score_has_failed(importing: Importing, cell: str) -> None:
    path = importing.write("a.csv", f"{HEAD}1,m,{cell},0.5,3\n2,m,1,NaN,n/a\n")
    assert importing("csv", path, "--task", "t").code == 0
    rows = importing.outcomes()
    assert rows["status"].tolist() == ["failed", "scored"]
    assert (rows["error_class"][0], rows["latency_s"].isna().tolist()) == ("NoScore", [True, True])
    assert rows["cost_usd"].isna().tolist() == [False, True], "NaN is unknown, and what failed may have cost"


def test_an_error_is_a_failure_whatever_its_score(importing: Importing) -> None:
    rows = ("1,m,1,ok,TimeoutError: 60 s", "2,m,1,error,", "3,m,0.5,refused,", "4,m,1,odd,")
    text = "\n".join(["item,model,score,status,error", *rows]) + "\n"
    ended = importing("csv", importing.write("a.csv", text), "--task", "t", "--json")
    assert (ended.code, ended.document["refused"]) == (3, 1)
    assert "the status 'odd' is none of" in ended.document["refused_rows"][0]["reason"]
    rows = importing.outcomes()
    assert rows["status"].tolist() == ["failed", "failed", "refused"]
    assert rows["error_class"].tolist()[:2] == ["TimeoutError", "Error"]


def test_a_duplicate_row_is_refused_with_its_place(importing: Importing) -> None:
    text = "item,model,epoch,score\n1,m,1,1\n1,m,2,0\n1,m,1,1\n1,m,2,1\n"
    ended = importing("csv", importing.write("a.csv", text), "--task", "t", "--json")
    assert (ended.code, ended.document["rows"]) == (3, 2)
    assert [(row["place"], row["reason"]) for row in ended.document["refused_rows"]] == [
        ("line 4", "item 1 of m stands further up with the same score"),
        ("line 5", "item 1 of m stands further up with another score (0)"),
    ]
    listed = importing.folder / "results" / "logs" / ended.document["run_id"] / "refused.jsonl"
    assert [json.loads(line)["place"] for line in listed.read_text().splitlines()] == ["line 4", "line 5"]


def test_repeated_askings_are_epochs_where_that_is_said(importing: Importing) -> None:
    path = importing.write("a.csv", "item,model,score\n1,m,1\n1,m,0\n2,m,1\n1,m,1\n")
    assert importing("csv", path, "--task", "t", "--repeats", "epochs").code == 0
    rows = importing.outcomes()
    assert rows[["item_id", "epoch", "score"]].values.tolist() == [
        ["1", 1, 1.0], ["1", 2, 0.0], ["1", 3, 1.0], ["2", 1, 1.0],
    ]  # fmt: skip


def test_another_question_under_the_same_id_is_of_another_bank(importing: Importing) -> None:
    text = "item,model,score,question,target\n1,a,1,2+2?,4\n1,b,1,2+2?,4\n1,c,1,3+3?,6\n"
    ended = importing("csv", importing.write("a.csv", text), "--task", "t", "--json")
    [row] = ended.document["refused_rows"]
    assert row["reason"] == "item 1 has another question or answer than further up: it is of another bank"


def test_other_banks_never_mix_and_that_is_said(importing: Importing) -> None:
    importing("csv", importing.write("a.csv", "item,model,score\n1,a,1\n2,a,1\n"), "--task", "t")
    more = importing.write("b.csv", "item,model,score\n1,b,1\n2,b,1\n3,b,1\n")
    ended = importing("csv", more, "--task", "t", "--at", "2040-01-01")
    assert "t: another bank of 2 items is stored" in " ".join(ended.out.split())
    rows = importing.outcomes()
    assert (rows["model"].unique().tolist(), len(rows)) == (["b"], 3)
    together = importing("csv", importing.folder / "a.csv", more, "--task", "u", "--json").document
    assert (together["tasks"][0]["items"], together["rows"]) == (3, 5)


def test_models_of_one_bank_stand_side_by_side_whatever_file_they_are_from(importing: Importing) -> None:
    for name in ("a", "b"):
        path = importing.write(f"{name}.csv", f"item,model,score\n2,{name},1\n1,{name},0\n")
        assert importing("csv", path, "--task", "t").code == 0
    assert importing.outcomes()["model"].tolist() == ["a", "a", "b", "b"]


def test_a_second_import_adds_nothing_under_any_name(importing: Importing) -> None:
    text = f"{HEAD}1,m,1,0.1,2\n2,m,0,0.2,3\n"
    assert importing("csv", importing.write("a.csv", text), "--task", "t", "--json").document["new"] == 2
    copy = importing.write("sub/copy.csv", text)
    ended = importing("csv", copy, "--task", "t")
    assert "Nothing new: all 2 outcomes are stored already." in ended.out
    assert len(list((importing.folder / "results" / "logs").iterdir())) == 1, "no trace stays"


def test_where_an_outcome_comes_from_names_no_folder(importing: Importing) -> None:
    path = importing.write("deep/er/mine.csv", "item,model,score\n1,m,1\n")
    importing("csv", path, "--task", "t")
    row = importing.outcomes().iloc[0]
    assert row["imported_from"].startswith("csv: mine.csv sha256:")
    run = json.loads(next((importing.folder / "results" / "logs").glob("*/run.json")).read_text())
    assert run["command"] == "bench import mine.csv"
    assert (run["reason"], run["planned"], run["done"], run["failed"]) == ("imported", 1, 1, 0)
    assert row["run_id"] == run["run_id"]


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_separators_marks_and_quoted_newlines(importing: Importing, mark: str) -> None:
    head = mark.join(["item", "model", "score", "prediction"])
    rows = [
        mark.join(["1", "m", "1", '"two\nlines, and; a\tmark| ""quoted"""']),
        mark.join(["2", "m", "x", "b"]),
    ]
    text = "\ufeff" + "\r\n".join([head, *rows]) + "\r\n"
    ended = importing("csv", importing.write("a.csv", text), "--task", "t", "--json")
    [refused] = ended.document["refused_rows"]
    assert refused["place"] == "line 4", "the line in the file, not the row's number"
    assert importing.outcomes()["answer_norm"].tolist() == ['two\nlines, and; a\tmark| "quoted"']


def test_gzip_is_unpacked_as_it_is_read(importing: Importing) -> None:
    path = importing.write("a.csv.gz", gzip.compress(b"item,model,score\n1,m,1\n"))
    assert importing("csv", path, "--task", "t").code == 0
    cut = importing.write("b.csv.gz", gzip.compress(b"item,model,score\n" + b"1,m,1\n" * 5000)[:-20])
    ended = importing("csv", cut, "--task", "u")
    assert (ended.code, "b.csv.gz: It cannot be unpacked" in ended.err) == (2, True)


def test_parts_of_json_objects_are_columns(importing: Importing) -> None:
    rows = [
        {
            "id": 7,
            "model": "m",
            "score": True,
            "usage": {"prompt_tokens": 9, "details": {"cached": 4}},
            "ms": 250,
        },
        {"id": 8, "model": "m", "score": None, "error": {"type": "Timeout"}},
        ["no object"],
    ]
    lines = "\n".join(json.dumps(row) for row in rows) + "\n{broken\n"
    columns = "input_tokens=usage.prompt_tokens,cached_tokens=usage.details.cached,latency=ms"
    args = ("--task", "t", "--columns", f"{columns},error_class=error.type", "--json")
    ended = importing("jsonl", importing.write("a.jsonl", lines), *args)
    assert ended.code == 3, ended.err
    assert [row["place"] for row in ended.document["refused_rows"]] == ["line 3", "line 4"]
    rows_ = importing.outcomes()
    assert rows_[["item_id", "score", "input_tokens", "cached_tokens", "latency_s"]].iloc[0].tolist() == [
        "7", 1.0, 9, 4, 0.25,
    ]  # fmt: skip
    assert rows_["error_class"].dropna().tolist() == ["Timeout"]


def test_tokens_times_strata_and_clusters_are_kept(importing: Importing) -> None:
    head = "item,model,score,input_tokens,cached_tokens,output_tokens,reasoning_tokens,stratum,cluster"
    text = f"{head},timestamp,ttft_ms\n1,m,1,100,40,50,30,hard,c1,2026-01-02T03:04:05+01:00,120\n"
    path = importing.write("a.csv", text)
    importing("csv", path, "--task", "t", "--no-latency")
    row = importing.outcomes().iloc[0]
    counted = ["input_tokens", "cached_tokens", "output_tokens", "reasoning_tokens"]
    assert row[counted].tolist() == [100, 40, 50, 30]
    assert (row["stratum"], row["cluster_id"], str(row["started_at"])) == (
        "hard",
        "c1",
        "2026-01-02 02:04:05",
    )
    assert row["ttft_s"] is None or row["ttft_s"] != row["ttft_s"], "--no-latency leaves no time"


def test_a_dry_run_says_what_would_come_in_and_stores_nothing(importing: Importing) -> None:
    path = importing.write("a.csv", f"{HEAD}1,m,1,,\n2,m,0,0.2,\n3,m,7,,\n")
    ended = importing("csv", path, "--task", "t", "--dry-run")
    assert ended.code == 3
    assert "2 outcomes would come in. Nothing was stored." in ended.out
    assert "a.csv, line 4: the score '7' is outside of 0 to 1" in ended.out
    assert not (importing.folder / "results").exists()


def test_no_row_that_can_be_taken_is_an_error(importing: Importing) -> None:
    ended = importing("csv", importing.write("a.csv", "item,model,score\n1,m,x\n"), "--task", "t")
    assert (ended.code, "None of 1 rows can be taken. a.csv, line 2: the score" in ended.err) == (2, True)


def test_costs_are_exact(importing: Importing) -> None:
    path = importing.write("a.csv", "item,model,score,cents\n1,m,1,0.00000031\n")
    importing("csv", path, "--task", "t")
    assert Decimal(str(importing.outcomes()["cost_usd"][0])) == Decimal("3.1E-9")
