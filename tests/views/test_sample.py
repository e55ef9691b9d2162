"""Samples read back from logs: what is kept is shown, what is lost is said, what is hostile stays text."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from browser.site import CONFIG, publish
from logged import MODELS, answered, logs_of, sample, write
from PIL import Image as Pictures
from rows import FAILED, outcome

from whichmodel.config import SharedStore, load_config
from whichmodel.domain import Outcome, Status
from whichmodel.domain.logged import MOST_MEMBER
from whichmodel.run.stored_answers import Gone, Place, Stored, answer
from whichmodel.store import Reader
from whichmodel.views.blocks import MOST_TEXT, Block, Check, Checks, Image, Note, Pairs, Text
from whichmodel.views.sample import SideBySide, Which, side_by_side
from whichmodel.views.source import Source

A, B = MODELS


def both(results: Path, *rows: Outcome, **changes: Any) -> SideBySide:
    """What is shown of these outcomes."""
    snapshot = publish(results, rows)
    source = Source(load_config(CONFIG), results, Reader(snapshot))
    return side_by_side(source, replace(Which("simulated", rows[0].task, "i0", A, B), **changes))


def alone(results: Path, row: Outcome) -> SideBySide:
    """What is shown of one outcome of A."""
    return both(results, row)


def text(blocks: tuple[Block, ...]) -> str:
    """All that the texts and notes among some blocks say."""
    parts = [block.text if isinstance(block, Note) else "" for block in blocks]
    parts += ["".join(p.text for p in block.pieces) for block in blocks if isinstance(block, Text)]
    return "\n".join(filter(None, parts))


def checks(blocks: tuple[Block, ...]) -> list[Check]:
    return [check for block in blocks if isinstance(block, Checks) for check in block.entries]


def pairs(blocks: tuple[Block, ...]) -> dict[str, str]:
    return {name: value for block in blocks if isinstance(block, Pairs) for name, value in block.entries}


def marks(blocks: tuple[Block, ...]) -> list[tuple[str, str]]:
    return [(p.text, p.mark) for block in blocks if isinstance(block, Text) for p in block.pieces if p.mark]


def png(size: tuple[int, int] = (64, 48)) -> bytes:
    target = io.BytesIO()
    picture = Pictures.new("RGB", size, "teal")
    picture.putpixel((5, 5), (255, 255, 255))
    picture.save(target, "PNG")
    return target.getvalue()


def test_both_answers_stand_beside_what_was_asked(tmp_path: Path) -> None:
    one = answered(tmp_path, A, "what is right", {"named": ["x"], "target": "x", "explanation": "x is it"})
    two = answered(tmp_path, B, "wrong", {"named": [], "target": "x"}, score=0.0, parsed=False, cost_usd=None)
    found = both(tmp_path, one, two)
    assert text(found.asked.prompt) == "Be brief.\nWhat is asked?"
    assert text(found.asked.gold) == "what is right"
    a, b = found.answers
    assert (a.model, a.status, a.score, a.input_tokens) == (A, Status.SCORED, 1.0, 100)
    assert (b.score, b.parsed, b.cost_usd) == (0.0, False, None)
    assert (text(a.answer), text(b.answer)) == ("what is right", "wrong")
    assert pairs(b.findings) == {"Named": "none", "Expected": "x"}


def test_a_model_without_an_outcome_is_no_answer_of_score_zero(tmp_path: Path) -> None:
    found = alone(tmp_path, answered(tmp_path, A, "yes", {}))
    missing = found.answers[1]
    assert (missing.status, missing.score, missing.answer) == (None, None, ())
    assert "No outcome" in missing.notes[0]


def test_the_failing_case_is_shown_with_call_expected_and_got(tmp_path: Path) -> None:
    kept = {
        "passed": 1,
        "total": 3,
        "error_class": "wrong value",
        "explanation": "1 of 3 cases hold: f(2) ...",
    }
    case = {"call": "f(2)", "expected": "4", "got": "5"}
    said = "Sure:\n```python\ndef f(x): return 5\n```\nDone."
    new = answered(tmp_path, A, said, {**kept, "failing": case}, score=0.0)
    old = answered(tmp_path, B, "def f(x): return 5", kept, score=0.0)
    a, b = both(tmp_path, new, old).answers
    assert pairs(a.findings) == {"Call": "f(2)", "Expected": "4", "Got": "5"}
    assert [(each.label, each.code) for each in a.answer if isinstance(each, Text)] == [
        ("Answer", False), ("Code (python)", True), ("Answer", False)]  # fmt: skip
    assert [check.text for check in checks(a.findings)] == ["1 of 3 hidden cases hold"]
    assert pairs(b.findings) == {"In words": "f(2) ..."}
    assert [each.code for each in b.answer if isinstance(each, Text)] == [True]


FIELDS: dict[str, Any] = {
    "fields": {"total": 0.0, "date": 1.0, "buyer.name": 0.0, "tax": 0.5},
    "wrong": {
        "total": {"given": "12.5", "gold": "12"},
        "buyer.name": {"given": None, "gold": "ann"},
        "tax": {"given": "1 a", "gold": "1 b"},
    },
    "explanation": "wrong: total (12.5 for 12); buyer.name (null for ann); tax (1 a for 1 b)",
}
GOLD = json.dumps({"total": 12, "date": "2026-01-02", "buyer.name": "Ann", "tax": "1 b"})


def test_fields_that_differ_stand_first_as_they_were_written(tmp_path: Path) -> None:
    said = '```json\n{"Total": 12.50, "date": "2 Jan 2026", "buyer": {"name": null}, "tax": "1 a"}\n```'
    one = answered(tmp_path, A, said, FIELDS, target=GOLD, score=0.4)
    right = {"fields": dict.fromkeys(FIELDS["fields"], 1.0), "wrong": {}, "explanation": "all right"}
    norm = json.dumps({"total": "12", "date": "2026-01-02", "buyer.name": "ann", "tax": "1 b"})
    two = answered(tmp_path, B, "no JSON at all", right, target=GOLD, answer_norm=norm)
    found = both(tmp_path, one, two)
    assert [pair[0].name for pair in found.fields if pair[0]] == ["total", "buyer.name", "tax", "date"]
    a, b = found.fields[0]
    assert a is not None
    assert b is not None
    assert (a.expected, a.given, a.right) == ("12", "12.50", False)
    assert (b.given, b.right) == ("12", True)
    assert [pair[0].note for pair in found.fields if pair[0]] == ["", "", "50% right", ""]
    assert marks(found.answers[0].answer) == [
        ('"Total": 12.50', "differs"), ('"name": null', "differs"), ('"tax": "1 a"', "differs")]  # fmt: skip
    assert text(found.answers[1].answer) == "no JSON at all"


@pytest.mark.parametrize(
    "said",
    ['{"total": 12', '{"total": NaN', "[" * 9000, f"```json\n{' ' * 90_000}x", '{"a":' * 9000, "{}", ""],
)
def test_json_that_cannot_be_read_is_shown_as_it_is(tmp_path: Path, said: str) -> None:
    [one, _] = alone(tmp_path, answered(tmp_path, A, said, FIELDS, target=GOLD)).answers
    assert text(one.answer).split() == said.replace("```json", "").split()
    assert ("It gave no text." in one.notes) == (not said)


def test_invented_facts_are_marked_where_they_stand(tmp_path: Path) -> None:
    facts = [
        {"topic": "one", "slot": "owner", "kind": "name", "accept": ["Ann Lee"]},
        {"topic": "one", "slot": "due", "kind": "date", "accept": ["2026-05-04"]},
        {"topic": "two", "slot": "cost", "kind": "number", "accept": ["17"]},
    ]
    kept = {
        "missing": ["one: due", "two: cost"],
        "contradicted": {"one: due": ["2026-05-11"]},
        "invented": ["75,000", "INC20417", "Bob Rex"],
        "explanation": "1 of 3 facts",
    }
    said = (
        "Ann Lee, by 11 May, has **75,000** euros for INC-20417; Bob\nRex agrees. 175,000 is another number."
    )
    target = json.dumps({"facts": facts})
    [one, _] = alone(tmp_path, answered(tmp_path, A, said, kept, target=target, score=0.3)).answers
    assert text(one.answer).startswith(said)
    assert marks(one.answer) == [
        ("11 May", "contradicts"), ("75,000", "invented"), ("INC-20417", "invented"),
        ("Bob\nRex", "invented"),
    ]  # fmt: skip
    told = [(check.word, check.text, check.note) for check in checks(one.findings)]
    assert ("contradicted", "one: due", "says 2026-05-11; due: 2026-05-04") in told
    assert ("missing", "two: cost", "due: 17") in told
    assert ("told", "one: owner", "Ann Lee") in told
    assert [word for word, _, _ in told].count("invented") == 3


def test_a_picture_has_a_text_and_its_demands(tmp_path: Path) -> None:
    (tmp_path / "artifacts").mkdir()
    (tmp_path / "artifacts" / "x.png").write_bytes(png())
    kept = {"demands": [["object: dog", True], ["object: cat", False]], "explanation": "1 of 2"}
    row = answered(tmp_path, A, "", kept, score=0.5, output_ref="artifacts/x.png")
    [one, _] = alone(tmp_path, row).answers
    [shown] = [block for block in one.answer if isinstance(block, Image)]
    assert shown.alt == f"Picture by {A} for: What is asked?"
    assert shown.source.startswith("data:image/webp;base64,")
    assert [(check.word, check.text) for check in checks(one.findings)] == [
        ("missed", "object: cat"), ("met", "object: dog")]  # fmt: skip


@pytest.mark.parametrize(
    ("ref", "data", "says"),
    [
        ("artifacts/../secret.png", png(), "outside"),
        ("../../secret.png", png(), "outside"),
        ("/etc/passwd", b"", "outside"),
        ("artifacts/gone.png", None, "is not here"),
        ("artifacts/x.png", b"<svg onload=alert(1)>", "cannot be shown"),
        ("artifacts/x.png", b"", "cannot be shown"),
        ("artifacts/x.png", png()[:60], "cannot be shown"),
        ("artifacts/x\0.png", None, "cannot be read"),
    ],
)
def test_what_is_no_picture_of_ours_is_not_shown(
    tmp_path: Path, ref: str, data: bytes | None, says: str
) -> None:
    (tmp_path / "artifacts").mkdir()
    (tmp_path / "secret.png").write_bytes(png())
    if data is not None and ref == "artifacts/x.png":
        (tmp_path / ref).write_bytes(data)
    [one, _] = alone(tmp_path, answered(tmp_path, A, "", {}, output_ref=ref)).answers
    assert not [block for block in one.answer if isinstance(block, Image)]
    assert says in text(one.answer)


def test_a_prompts_picture_is_shown_and_no_address_is_followed(tmp_path: Path) -> None:
    inside = "data:image/png;base64," + base64.b64encode(png()).decode()
    content = [
        {"type": "text", "text": "Look:"},
        {"type": "image", "image": inside},
        {"type": "image", "image": "https://example.org/spy.png"},
        {"type": "image", "image": "/etc/passwd"},
    ]
    found = alone(tmp_path, answered(tmp_path, A, "x", {}, input=[{"role": "user", "content": content}]))
    assert [block.alt for block in found.asked.prompt if isinstance(block, Image)] == [
        "Picture 1 of the prompt"
    ]
    assert "spy" not in repr(found)
    assert len([block for block in found.asked.prompt if isinstance(block, Note)]) == 2


def test_refused_cut_off_and_failed_answers_say_so_and_show_what_came(tmp_path: Path) -> None:
    refused = answered(
        tmp_path, A, "I must not.", {"explanation": "refused"}, status=Status.REFUSED, score=0.0
    )
    broken = answered(tmp_path, B, "Half an ans", None, **FAILED)
    a, b = both(tmp_path, refused, broken).answers
    assert "content filter" in a.notes[0]
    assert text(a.answer) == "I must not."
    assert (b.score, text(b.answer)) == (None, "Half an ans")
    assert b.notes[0] == "No score: APIStatusError. 529 overloaded"


HOSTILE = (
    "<script>window.hit=1</script> ![x](https://example.org/x.png) a\0b \u202ereversed \x1b[31m \ud800 end"
)


def test_hostile_text_stays_text_and_unseen_signs_are_seen(tmp_path: Path) -> None:
    shown = text(alone(tmp_path, answered(tmp_path, A, HOSTILE, {})).answers[0].answer)
    assert "<script>window.hit=1</script> ![x](https://example.org/x.png) a␀b" in shown
    assert "⟦U+202E⟧reversed ␛[31m � end" in shown
    shown.encode()


def test_a_very_long_answer_is_cut_and_the_rest_counted(tmp_path: Path) -> None:
    [one, _] = alone(tmp_path, answered(tmp_path, A, "x" * 2_000_000, {})).answers
    assert [len(block.pieces[0].text) for block in one.answer if isinstance(block, Text)] == [MOST_TEXT]
    assert "1,900,000 of 2,000,000 characters are left out" in text(one.answer)


def test_the_judges_grade_and_reason_stand_with_the_findings(tmp_path: Path) -> None:
    kept = {"explanation": "4", "judge": {"raw": 4.0, "scale": [1, 5], "reason": "Clear, but long."}}
    [one, _] = alone(tmp_path, answered(tmp_path, A, "text", kept, score=0.75)).answers
    assert pairs(one.findings) == {"Grade": "4 on 1 to 5", "Reason": "Clear, but long."}


@pytest.mark.parametrize(
    "detail", [{"demands": 1}, {"fields": {}, "wrong": []}, {"named": {}}, {"judge": []}]
)
def test_a_detail_of_an_unknown_shape_leaves_the_answer_shown(tmp_path: Path, detail: dict[str, Any]) -> None:
    [one, _] = alone(tmp_path, answered(tmp_path, A, "still here", detail)).answers
    assert text(one.answer) == "still here"


def test_attempts_are_told_apart_and_the_settings_that_count_are_taken(tmp_path: Path) -> None:
    rows = [answered(tmp_path, A, f"attempt {epoch}", {}, epoch=epoch) for epoch in (1, 2)]
    other = write(tmp_path, outcome(0, model=B, simulated=True, settings_hash="old"), sample("old", {}))
    found = both(tmp_path, *rows, other, epoch=2, settings=("s-" + A, "gone"))
    assert (found.epochs, found.which.epoch) == ((1, 2), 2)
    assert text(found.answers[0].answer) == "attempt 2"
    first = both(tmp_path, *rows, other)
    assert [text(each.answer) for each in first.answers] == ["attempt 1", "old"]


def test_an_imported_outcome_says_where_its_answer_lies(tmp_path: Path) -> None:
    row = outcome(
        0, model=A, simulated=True, imported_from="inspect 0.3: old.eval sha256:ab", answer_norm="42"
    )
    found = alone(tmp_path, row)
    assert "old.eval" in found.answers[0].notes[0]
    assert text(found.answers[0].answer) == "42"
    assert "The prompt cannot be shown" in text(found.asked.prompt)


class TestLogs:
    """A log that cannot be read is a reason in words, never an exception."""

    def stored(self, results: Path, row: Outcome) -> Stored | Gone:
        return answer(results, Place(str(row.log_ref), row.item_id, row.epoch))

    def gone(self, results: Path, row: Outcome) -> str:
        found = self.stored(results, row)
        assert isinstance(found, Gone)
        return found.reason

    def test_missing(self, tmp_path: Path) -> None:
        row = answered(tmp_path, A, "x", {})
        [log] = logs_of(tmp_path, row)
        log.unlink()
        assert "no log" in self.gone(tmp_path, row)
        log.parent.rmdir()
        assert "is not here" in self.gone(tmp_path, row)

    def test_damaged(self, tmp_path: Path) -> None:
        row = answered(tmp_path, A, "x" * 5000, {})
        [log] = logs_of(tmp_path, row)
        whole = log.read_bytes()
        log.write_bytes(whole[: len(whole) // 2])
        assert "damaged" in self.gone(tmp_path, row)
        log.write_bytes(whole[:90] + bytes(20) + whole[110:])
        assert self.gone(tmp_path, row)
        log.write_bytes(b"")
        assert self.gone(tmp_path, row)

    def test_a_part_that_unpacks_to_too_much_is_not_unpacked(self, tmp_path: Path) -> None:
        row = answered(tmp_path, A, "x", {})
        [log] = logs_of(tmp_path, row)
        log.unlink()
        with zipfile.ZipFile(log, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("samples/i0_epoch_1.json", b" " * (MOST_MEMBER + 1))
        assert "64 MB" in self.gone(tmp_path, row)

    @pytest.mark.parametrize("text", ["", "[1]", "{", '{"uuid": "other"}', "[" * 100_000, '{"uuid": 1e999}'])
    def test_a_part_that_is_no_sample(self, tmp_path: Path, text: str) -> None:
        row = answered(tmp_path, A, "x", {})
        [log] = logs_of(tmp_path, row)
        log.unlink()
        with zipfile.ZipFile(log, "w") as archive:
            archive.writestr("samples/i0_epoch_1.json", text)
        assert self.gone(tmp_path, row)

    @pytest.mark.parametrize("said", [{"input": 5}, {"output": [1]}, {"scores": {"x": 3}}, {"input": [7]}])
    def test_a_sample_of_another_shape(self, tmp_path: Path, said: dict[str, Any]) -> None:
        row = write(tmp_path, outcome(0), {**sample("x", {}), **said})
        assert self.gone(tmp_path, row)

    def test_a_reference_out_of_the_folder_is_not_followed(self, tmp_path: Path) -> None:
        row = write(tmp_path / "other", outcome(0), sample("secret", {}))
        moved = replace(row, log_ref=f"../other/{row.log_ref}")
        (tmp_path / "results").mkdir()
        assert "is not here" in self.gone(tmp_path / "results", moved)

    def test_of_several_logs_the_one_with_the_sample_is_read(self, tmp_path: Path) -> None:
        row = write(tmp_path, outcome(0), sample("begun again", {}), name="two")
        [log] = logs_of(tmp_path, row)
        log.with_name("one.eval").write_bytes(b"cut off")
        found = self.stored(tmp_path, row)
        assert isinstance(found, Stored)
        assert found.answer == "begun again"

    def test_texts_that_inspect_moved_to_the_end_are_put_back(self, tmp_path: Path) -> None:
        said = sample("attachment://a", {"explanation": "attachment://b"}, input="attachment://c")
        row = write(tmp_path, outcome(0), {**said, "attachments": {"a": "long", "b": "why", "c": "asked"}})
        found = self.stored(tmp_path, row)
        assert isinstance(found, Stored)
        assert (found.answer, found.detail["explanation"], found.asked) == ("long", "why", "asked")


class TestShared:
    """What may lie in a shared store alone is told with the command that brings it."""

    def shown(self, results: Path, row: Outcome, *, store: SharedStore | None) -> str:
        config = replace(load_config(CONFIG), store=store)
        source = Source(config, results, Reader(publish(results, [row])))
        found = side_by_side(source, Which("simulated", row.task, "i0", A, B))
        return str(found.answers[0])

    def test_a_log_and_a_picture(self, tmp_path: Path) -> None:
        row = replace(answered(tmp_path, A, "x", {}), output_ref="artifacts/none.png")
        [log] = logs_of(tmp_path, row)
        log.unlink()
        shared = self.shown(tmp_path, row, store=SharedStore("s3://bench/team"))
        assert f"bench store pull --run {row.run_id}" in shared
        assert "bench store pull --logs" in shared
        assert "bench store" not in self.shown(tmp_path, row, store=None)

    def test_a_damaged_log_is_not_said_to_lie_elsewhere(self, tmp_path: Path) -> None:
        row = answered(tmp_path, A, "x", {})
        [log] = logs_of(tmp_path, row)
        log.write_bytes(b"")
        assert "bench store" not in self.shown(tmp_path, row, store=SharedStore("s3://bench/team"))
