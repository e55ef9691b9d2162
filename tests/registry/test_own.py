"""A table becomes a task: columns by name, scorer by answers, rows that are no items refused by number."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from registry.loopback_hub import Hub, Repo, commit, hub, parquet

from whichmodel.domain import Answer, Verdict
from whichmodel.errors import BenchError, TaskError, UnknownName, UsageError
from whichmodel.registry import bank
from whichmodel.registry.own import Draft, choose, drafted, infer, opened, write
from whichmodel.scoring import SCORERS, scorer

NOTHING: dict[str, str | None] = {"prompt": None, "answer": None, "id": None, "stratum": None}


def made(file: Path, scoring: str | None = None, template: str | None = None, **given: str) -> Draft:
    source = opened(str(file))
    columns = choose(source.columns, NOTHING | given)
    name = scoring or infer.scorer(source.rows, columns)[0]
    return drafted(source, columns, name, name="mine", template=template)


def table(tmp_path: Path, text: str, name: str = "data.csv") -> Path:
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    return file


def lines(tmp_path: Path, rows: list[dict[str, Any]]) -> Path:
    return table(tmp_path, "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "data.jsonl")


FIELDS = {"invoice_no": "A1", "date": "2026-01-02", "total": "12.50", "paid": True, "note": None, "pages": 3,
          "lines": [{"what": "pen", "price": "1.00"}]}  # fmt: skip
SHAPES: dict[str, list[dict[str, Any]]] = {
    "choice": [{"text": f"t{n}", "label": "spam" if n % 2 else "ham"} for n in range(8)],
    "numeric": [{"question": f"{n} + 0.5", "answer": f"{n},000.5"} for n in range(1, 8)],
    "exact": [{"question": f"capital of {n}?", "answer": [f"City {n}", f"The City {n}"]} for n in range(5)],
    "fields": [{"document": f"d{n}", "fields": FIELDS} for n in range(3)],
    "entities": [
        {"sentence": "Ann in Rome", "entities": [{"text": "Ann", "type": "person"}]},
        {"sentence": "nothing", "entities": []},
    ],
    "tests": [
        {"prompt": "Add one.", "test_list": ["assert f(1) == 2"], "code": "def f(x):\n    return x + 1"}
    ],
    "facts": [
        {
            "text": "Anna: 45 euros back by 14 May? Ben: I pay.",
            "facts": "Anna gets 45 euros by 14 May; Ben pays",
        }
    ],
    "judge": [{"question": "Why?", "answer": "Because " + "it is so " * 40}],
}


@pytest.mark.parametrize("name", sorted(SHAPES))
def test_each_scorer_gets_targets_that_its_references_meet(tmp_path: Path, name: str) -> None:
    draft = made(lines(tmp_path, SHAPES[name]), "facts" if name == "facts" else None)
    assert draft.scorer == name
    assert len({item.id for item in draft.items}) == len(SHAPES[name])
    if name not in SCORERS or name == "judge":
        assert draft.items[0].target
        return
    for item in draft.items:
        if item.reference:
            verdict = scorer(name)(Answer(item.reference), item, draft.options)
            found: Verdict = asyncio.run(verdict) if asyncio.iscoroutine(verdict) else verdict
            assert (found.score, found.parsed) == (1, True), found.detail


def test_the_forms_of_targets(tmp_path: Path) -> None:
    target = {name: made(lines(tmp_path, rows), name).items[0].target for name, rows in SHAPES.items()}
    assert target["choice"] == "ham"
    assert target["numeric"] == "1000.5"
    assert target["exact"] == ["City 0", "The City 0"]
    assert target["fields"] == {**FIELDS, "paid": "yes"}
    assert target["entities"] == [{"text": "Ann", "type": "person"}]
    assert target["tests"] == {"asserts": ["assert f(1) == 2"], "setup": ""}
    assert target["facts"] == ["Anna gets 45 euros by 14 May", "Ben pays"]


def test_fields_have_types_by_their_values(tmp_path: Path) -> None:
    draft = made(lines(tmp_path, SHAPES["fields"]))
    assert draft.options["fields"] == {
        "invoice_no": "id",
        "date": "date",
        "total": "money",
        "paid": "text",
        "note": "text",
        "pages": "number",
        "lines": {"what": "text", "price": "money"},
    }
    assert 'Write "yes" or "no" for paid' in draft.items[0].input


def test_fields_may_stand_in_columns_of_their_own(tmp_path: Path) -> None:
    file = table(tmp_path, "text,gold.total,gold.date,gold.iban\na,12.50,2026-01-02,DE1\nb,7.00,,\n")
    draft = made(file)
    assert draft.scorer == "fields"
    assert draft.options["fields"] == {"total": "money", "date": "date", "iban": "text"}
    assert draft.items[1].target == {"total": "7.00", "date": None, "iban": None}
    assert scorer("fields")(Answer(draft.items[1].reference), draft.items[1], draft.options).score == 1
    with pytest.raises(TaskError, match="only the scorer `fields` reads"):
        made(file, "exact")


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        (["yes", "no"] * 5, "choice"),
        (["0", "1"] * 10, "choice"),
        (["0", "1", "2"] * 3, "numeric"),
        ([str(n) for n in range(20)], "numeric"),
        (["1.234,5 EUR", "2"], "exact"),
        ([f"word {n}" for n in range(20)], "exact"),
        (["x" * 300, "y" * 250], "judge"),
        (["same"] * 9, "exact"),
    ],
)
def test_the_scorer_follows_from_the_answers(tmp_path: Path, answers: list[str], expected: str) -> None:
    source = opened(str(lines(tmp_path, [{"q": "?", "a": answer} for answer in answers])))
    name, reason = infer.scorer(source.rows, choose(source.columns, NOTHING | {"prompt": "q", "answer": "a"}))
    assert name == expected
    assert reason


def test_a_cell_is_data_and_the_template_is_filled_in_one_pass(tmp_path: Path) -> None:
    file = table(tmp_path, 'id,text,label\na,"{label} {0} {{x}} %s",yes\nb,"two\nlines; ""quoted""",no\n')
    first, second = made(file, "exact", template="<{text}> {{braces}}").items
    assert first.input == "<{label} {0} {{x}} %s> {braces}"
    assert second.input == '<two\nlines; "quoted"> {braces}'
    assert made(file, "exact").items[0].input.startswith("{label} {0} {{x}} %s\n\n")
    with pytest.raises(UsageError, match="no column `txet`; nearest: text"):
        made(file, "exact", template="{txet}")


@pytest.mark.parametrize(
    "text",
    [
        '\ufeffquestion;answer\n"a;b";1\nc;2\n',
        "question\tanswer\na;b\t1\nc\t2\n",
        'question,answer\r\n"a;b",1\r\nc,2\r\n',
    ],
    ids=["byte order mark and semicolons", "tabs", "Windows lines"],
)
def test_tables_as_programs_write_them(tmp_path: Path, text: str) -> None:
    draft = made(table(tmp_path, text))
    assert [(item.input.partition("\n")[0], item.target) for item in draft.items] == [
        ("a;b", "1"),
        ("c", "2"),
    ]


def test_a_parquet_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "d.parquet").write_bytes(parquet([{"question": "q", "answer": 3}]))
    assert made(tmp_path / "d.parquet").items[0].target == "3"


@pytest.mark.parametrize(
    ("text", "scoring", "says"),
    [
        ("question,answer\na,1\nb,\nc, \n", None, r"The answer in `answer` is empty: rows 2, 3\."),
        ("question,answer\na,x\n", "numeric", r"is no number: 'x': row 1\."),
        ("question,answer\n,1\n", None, r"The prompt in `question` is empty: row 1\."),
        (
            "id,question,answer\n7,a,1\n8,b,2\n7,c,3\n",
            None,
            r"The id '7' in `id` stands more than once: rows 1, 3",
        ),
        ("question,answer\na,1,2\n", None, r"Row 1 has more cells than there are columns"),
        ("question,answer\n", None, r"The table has no rows"),
        ("question,fields\na,no json\n", "fields", r"is no JSON object: row 1"),
        ("question,entities\na,no json\n", "entities", r"is no JSON list of \{text, type\}: row 1"),
        ("question,tests\na,print(1)\n", "tests", r"holds no `assert` line"),
        ("what,ever\na,1\n", None, r"No column's name says that it holds the question; there are what, ever"),
        ('question,answer\n"a,1\n', None, r"The data cannot be read: Error: unexpected end of data"),
    ],
)
def test_rows_that_are_no_items_are_refused_by_number(
    tmp_path: Path, text: str, scoring: str | None, says: str
) -> None:
    with pytest.raises(BenchError, match=says):
        made(table(tmp_path, text), scoring)


def test_a_file_in_latin_1_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_bytes("question,answer\na,1\nZürich,2\n".encode("latin-1"))
    with pytest.raises(TaskError, match="It is not UTF-8: line 3 holds the byte 0xfc") as caught:
        made(tmp_path / "d.csv")
    assert "iconv" in caught.value.remedy


def test_columns_that_are_named_are_taken_and_unknown_ones_refused(tmp_path: Path) -> None:
    file = table(tmp_path, "id,text,kind,team,topic\n1,a,x,red,m\n2,b,y,blue,n\n")
    draft = made(file, "exact", prompt="text", answer="team", id="kind", stratum="topic")
    assert [(i.id, i.target, i.stratum) for i in draft.items] == [("x", "red", "m"), ("y", "blue", "n")]
    with pytest.raises(UnknownName, match=r"no column 'taem'\. Nearest: team"):
        made(file, answer="taem")


def test_a_hundred_thousand_rows_are_written_and_a_bank_draws_from_them(tmp_path: Path) -> None:
    rows = "".join(f"question {n} \u2028,{n}\n" for n in range(100_000))
    draft = made(table(tmp_path, "question,answer\n" + rows))
    folder = tmp_path / "tasks" / "reasoning" / "mine"
    card = write(folder, draft, title="Mine", licence="own", source="data.csv")
    assert card.count == 1000
    one, other = bank(card), bank(card, seed=1)
    assert len(one.items) == len({i.id for i in one.items} - {i.id for i in other.items}) == 1000
    assert (one.seed, other.seed) == (0, 1)
    assert one.items[:10] == bank(card, count=10).items
    assert one.items[0].input.startswith("question ")


def test_nothing_is_overwritten_unless_forced(tmp_path: Path) -> None:
    draft = made(lines(tmp_path, SHAPES["choice"]))
    folder = tmp_path / "tasks" / "classification" / "mine"
    write(folder, draft, title="Mine: #1 {a}", licence="own", source="data.csv")
    (folder / "README.md").write_text("mine")
    with pytest.raises(UsageError, match=r"There is task\.yaml, items\.jsonl, README\.md already"):
        write(folder, draft, title="Other", licence="own", source="data.csv")
    assert (folder / "README.md").read_text() == "mine"
    assert write(folder, draft, title="Other", licence="own", source="d", force=True).title == "Other"


def test_the_same_prompt_twice_is_told(tmp_path: Path) -> None:
    draft = made(table(tmp_path, "question,answer\na,1\nb,2\na,3\n"))
    assert draft.repeated == ((1, 3),)


def test_a_set_on_the_hub_with_its_classes_by_name(tmp_path: Path, at: Callable[[Hub], Path]) -> None:
    rows = [{"text": f"t{n}", "label": n % 2} for n in range(8)]
    repo = Repo({"test.parquet": parquet(rows, {"label": ["bad", "good"]})}, card={"license": "mit"})
    with hub({"org/set": repo}) as server:
        at(server)
        source = opened("hf://org/set")
        assert (source.name, source.licence) == (f"hf://org/set@{commit(repo.files)}", "mit")
        columns = choose(source.columns, NOTHING)
        draft = drafted(source, columns, infer.scorer(source.rows, columns)[0], name="mine", template=None)
    assert draft.options == {"labels": ["bad", "good"]}
