"""`bench task new`: from a table to a run, with what was inferred said aloud."""

from __future__ import annotations

from program import Bench

TABLE = "text;team\n" + "".join(
    f'"Message {n}; about ""{kind}""";{kind}\n' for n, kind in enumerate(["cards", "loans", "fraud"] * 8)
)


def test_from_a_table_to_a_measured_task(bench: Bench) -> None:
    (bench.folder / "mail.csv").write_text("\ufeff" + TABLE, encoding="utf-8")
    ended = bench("task", "new", "mail", "--from", "mail.csv", "--answer-column", "team", "--licence", "own")
    assert ended.code == 0, ended.err
    assert ended.out.splitlines() == [
        "mail: 24 items in tasks/classification/mail (task.yaml, items.jsonl, README.md)",
        "  prompt is the column `text`",
        "  scorer is choice: 24 answers are one of 3 different ones",
        "  category is classification, as tasks of this scorer mostly are",
        "  labels are cards, fraud, loans",
        "Next: complete README.md, then",
        "  bench task validate mail",
        "  bench run --tasks mail",
    ]
    ran = bench("run", "--tasks", "mail", "--models", "demo-cirrus/nano", "--json")
    assert ran.code == 0, ran.err
    assert {(s["task"], s["n"]) for s in ran.document["standings"]} == {("mail", 24)}
    again = bench("task", "new", "mail", "--from", "mail.csv", "--answer-column", "team")
    assert again.code == 2
    assert (
        "There is a task 'mail' in the category classification already. Add --force to replace it."
        in again.err
    )
    forced = bench(
        "task", "new", "mail", "--from", "mail.csv", "--answer-column", "team", "--force", "--json"
    )
    assert forced.document["scorer"] == "choice"
    moved = bench("task", "new", "mail", "--from", "mail.csv", "--force", "--category", "coding")
    assert "Move its folder." in moved.err


def test_mistakes_say_what_would_work(bench: Bench) -> None:
    (bench.folder / "a.csv").write_text("question,answer\nq,1\n")
    (bench.folder / "a.docx").write_text("x")
    for args, says in (
        (("Mail", "--from", "a.csv"), "'Mail' is no name of a task"),
        (("coding", "--from", "a.csv"), "'coding' is a category"),
        (
            ("tickets", "--from", "a.csv"),
            "There is a task 'tickets' in the category classification already. Take another name.",
        ),
        (("mine", "--from", "b.csv"), "b.csv: There is no such file"),
        (("mine", "--from", "a.docx"), "It is not known how to read this file"),
        (("mine", "--from", "hf://nothing"), "Write hf://organisation/name"),
        (("mine", "--from", "a.csv", "--scorer", "nmeric"), "There is no scorer 'nmeric'. Nearest: numeric"),
        (("mine", "--from", "a.csv", "--scorer", "code"), "needs targets that no table holds"),
        (("mine", "--from", "a.csv", "--answer-column", "anwser"), "Nearest: answer"),
        (("mine", "--from", "a.csv", "--template", "{qestion}"), "no column `qestion`; nearest: question"),
    ):
        ended = bench("task", "new", *args)
        assert (ended.code, ended.out) == (2, ""), ended.err
        assert says in " ".join(ended.err.split()), ended.err
    assert not (bench.folder / "tasks").exists()
