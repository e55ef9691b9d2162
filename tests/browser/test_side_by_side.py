"""Two answers side by side, of a real run over the simulator and of hostile logs, as a browser shows them."""

from __future__ import annotations

import json
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import Literal
from urllib.parse import urlencode

import pandas as pd
import pytest
from browser.site import CONFIG, publish
from logged import answered
from playwright.sync_api import Browser, Locator, Page, expect
from program import Bench

from whichmodel.leaderboard import serve
from whichmodel.leaderboard.places import Places
from whichmodel.run.stored_answers import Place, Stored, answer
from whichmodel.store import read

A, B = "demo-aurora/lite", "demo-cirrus/nano"
DRAWN = ("demo-aurora/canvas", "demo-borealis/brush")
TASKS = "functions,invoices,meetings,composition,tickets"
HOSTILE = (
    "<script>window.hit=1</script><img src=x onerror=window.hit=1> ![x](https://example.org/spy.png) "
    "\0 \u202e"
)


@dataclass(frozen=True)
class Samples:
    """The running page over a project's results."""

    url: str
    results: Path
    outcomes: pd.DataFrame

    def lowest(self, task: str, model: str) -> str:
        """The item of a task that a model did worst on."""
        rows = self.outcomes[(self.outcomes["task"] == task) & (self.outcomes["model"] == model)]
        return str(rows.sort_values(["score", "item_id"])["item_id"].iloc[0])

    def said(self, task: str, item: str, model: str) -> Stored:
        """What the log says of one of them."""
        rows = self.outcomes
        [row] = rows[(rows["task"] == task) & (rows["item_id"] == item) & (rows["model"] == model)].to_dict(
            "records"
        )
        found = answer(self.results, Place(str(row["log_ref"]), item, int(row["epoch"])))
        assert isinstance(found, Stored)
        return found

    def visit(self, page: Page, task: str, item: str, a: str = A, b: str = B) -> Locator:
        """Open a sample; its two answers."""
        page.goto(f"{self.url}/?{urlencode({'task': task, 'item': item, 'a': a, 'b': b})}")
        both = page.get_by_role("region", name="Answer ", exact=False).and_(page.locator("section"))
        expect(both).to_have_count(2)
        return both


def _by_hand(results: Path) -> None:
    """Answers that were written to do harm, and a form with one field wrong, next to the real ones."""
    kept = {"named": [HOSTILE], "target": HOSTILE, "explanation": HOSTILE}
    asked = [{"role": "user", "content": HOSTILE * 20}]
    one = answered(results, A, HOSTILE, kept, input=asked, task="tricks", category="classification")
    long = answered(results, B, "x" * 2_000_000, kept, task="tricks", category="classification")
    gold = json.dumps({"total": 12, "date": "2026-01-02"})
    right = {"fields": {"date": 1.0, "total": 1.0}, "wrong": {}}
    wrong = {"fields": {"date": 1.0, "total": 0.0}, "wrong": {"total": {"given": "12.5", "gold": "12"}}}
    good = answered(results, A, gold, right, target=gold, task="forms")
    bad = answered(results, B, gold.replace("12,", "12.50,"), wrong, target=gold, task="forms", score=0.5)
    publish(results, [replace(row, run_id="by-hand") for row in (one, long, good, bad)])


@pytest.fixture(scope="module")
def samples(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Samples]:
    """A small real run and some hostile answers, served."""
    folder = tmp_path_factory.mktemp("samples")
    shutil.copyfile(CONFIG, folder / "bench.yaml")
    models = ",".join((A, B, *DRAWN))
    ran = Bench(folder)("demo", "--tasks", TASKS, "--models", models, "--limit", "4", "--json", "--yes")
    assert ran.code == 0, ran.err
    results = folder / "results"
    _by_hand(results)
    shutil.copytree(CONFIG.with_name(".streamlit"), folder / ".streamlit")
    shutil.copyfile(Path(__file__).with_name("sample_app.py"), folder / "sample_app.py")
    with socket.socket() as free:
        free.bind((serve.HOST, 0))
        port = int(free.getsockname()[1])
    command = [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        str(folder / "sample_app.py"),
        f"--server.port={port}",
    ]
    arguments = Places(results, folder / "bench.yaml").arguments()
    with (folder / "server.log").open("w") as log:
        server = subprocess.Popen(
            [*command, "--", *arguments], env=serve.environment(), cwd=folder, stdout=log, stderr=log
        )
        try:
            with ThreadPoolExecutor(1) as beside:  # Playwright keeps an event loop in this thread
                beside.submit(serve.warm, port).result()
            reader = read(results)
            assert reader is not None
            yield Samples(serve.url(port), results, reader.outcomes("simulated"))
        finally:
            server.terminate()
            server.wait(10)


def violations(page: Page) -> list[str]:
    """What axe finds against WCAG 2 A and AA."""
    script = files("axe_playwright_python") / "axe.min.js"
    page.evaluate(script.read_text(encoding="utf-8"))
    rules = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}
    found = page.evaluate("options => axe.run(document, options)", rules)
    return [f"{v['id']}: {[node['html'][:120] for node in v['nodes'][:3]]}" for v in found["violations"]]


def test_code_is_what_the_log_holds_with_the_case_that_failed(samples: Samples, page: Page) -> None:
    item = samples.lowest("functions", B)
    both = samples.visit(page, "functions", item)
    kept = samples.said("functions", item, B)
    code = both.nth(1).locator("pre.code").first.inner_text()
    assert [line.rstrip() for line in code.strip().splitlines()] == [
        line.rstrip() for line in kept.answer.split("```")[1].removeprefix("python").strip().splitlines()
    ]
    failing = kept.detail["failing"]
    for name in ("call", "expected", "got"):
        expect(both.nth(1).locator("dl.pairs")).to_contain_text(failing[name])
    expect(both.nth(1)).to_contain_text("wrong")
    prompt = page.locator("details", has_text="Prompt").locator("pre")
    expect(prompt).to_be_hidden()
    page.locator("summary", has_text="Prompt").click()
    expect(prompt).to_have_text(kept.prompt)


def test_fields_stand_beside_each_other_those_that_differ_first(samples: Samples, page: Page) -> None:
    item = samples.lowest("invoices", B)
    samples.visit(page, "invoices", item)
    wrong = [samples.said("invoices", item, model).detail["wrong"] for model in (A, B)]
    table = page.get_by_role("table", name="fields")
    expect(table.get_by_role("row")).to_have_count(
        1 + len(samples.said("invoices", item, A).detail["fields"])
    )
    rows = table.get_by_role("row").all_inner_texts()[1:]
    differ = ["differs" in row for row in rows]
    assert differ == sorted(differ, reverse=True)
    assert sum(row.count("differs") for row in rows) == sum(map(len, wrong))


def test_a_field_that_differs_is_told_by_word_and_marked_in_the_json(samples: Samples, page: Page) -> None:
    both = samples.visit(page, "forms", "i0")
    table = page.get_by_role("table", name="1 of 2 fields differ from what is expected")
    expect(table.locator("tbody tr")).to_have_count(2)
    rows = [row.get_by_role("cell").all_inner_texts() for row in table.locator("tbody tr").all()]
    assert [re.sub(r"\s+", "", cell) for cell in rows[0]] == ["12", "12✓right", "12.50✗differs"]
    assert rows[1][0] == "2026-01-02"
    expect(both.nth(1).locator("mark")).to_have_text(['"total": 12.50'])
    expect(both.nth(1).locator("pre")).to_contain_text("✗ differs")
    expect(both.nth(0).locator("mark")).to_have_count(0)


def test_a_summary_shows_the_facts_it_lacks(samples: Samples, page: Page) -> None:
    item = samples.lowest("meetings", B)
    both = samples.visit(page, "meetings", item)
    kept = samples.said("meetings", item, B)
    listed = both.nth(1).get_by_role("list", name="Facts").first
    for label in kept.detail["missing"]:
        expect(listed).to_contain_text(label)
    for value in kept.detail["invented"]:
        expect(both.nth(1).get_by_role("list", name="not in the source")).to_contain_text(value)
    expect(both.nth(1).locator("pre.text")).to_contain_text(kept.answer.splitlines()[0].split("  ")[0][:40])


def test_pictures_load_with_a_text_and_the_demands_in_words(samples: Samples, page: Page) -> None:
    item = samples.lowest("composition", DRAWN[1])
    both = samples.visit(page, "composition", item, *DRAWN)
    prompt = samples.said("composition", item, DRAWN[0]).prompt
    for card, model in zip(both.all(), DRAWN, strict=True):
        picture = card.get_by_role("img")
        expect(picture).to_have_attribute("alt", f"Picture by {model} for: {' '.join(prompt.split())[:120]}")
        assert picture.evaluate("async img => { await img.decode(); return img.naturalWidth; }") > 100
        for name, met in samples.said("composition", item, model).detail["demands"]:
            expect(card.get_by_role("list", name="Demands")).to_contain_text(
                f"{'met' if met else 'missed'} {name}"
            )


def test_a_label_stands_beside_the_one_that_was_expected(samples: Samples, page: Page) -> None:
    item = samples.lowest("tickets", B)
    both = samples.visit(page, "tickets", item)
    for card in both.all():
        expect(card.locator("dl.pairs")).to_contain_text(samples.said("tickets", item, B).detail["target"])


def test_what_a_model_wrote_stays_text_and_asks_nobody(samples: Samples, page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    both = samples.visit(page, "tricks", "i0")
    expect(both.nth(0).locator("pre").first).to_contain_text("<script>window.hit=1</script><img src=x")
    expect(both.nth(0).locator("pre").first).to_contain_text("␀ ⟦U+202E⟧")
    expect(both.nth(1)).to_contain_text("1,900,000 of 2,000,000 characters are left out")
    page.locator("summary", has_text="Prompt").click()
    assert page.evaluate("window.hit") is None
    assert page.locator("section script, section img, .asked script, .asked img").count() == 0
    assert [url for url in asked if not url.startswith((samples.url, "data:", "blob:"))] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_any_kind(
    samples: Samples, chromium: Browser, scheme: Literal["light", "dark"]
) -> None:
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    for task, a, b in (("functions", A, B), ("invoices", A, B), ("meetings", A, B), ("composition", *DRAWN)):
        samples.visit(page, task, samples.lowest(task, b), a, b)
        for summary in page.locator("summary").all():
            summary.click()
        assert violations(page) == [], task
    context.close()


def test_on_a_telephone_the_answers_stand_below_each_other(samples: Samples, chromium: Browser) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    for task in ("functions", "invoices", "tricks"):
        both = samples.visit(page, task, "i0" if task == "tricks" else samples.lowest(task, B))
        boxes = [card.bounding_box() for card in both.all()]
        assert boxes[0] is not None
        assert boxes[1] is not None
        assert boxes[1]["y"] >= boxes[0]["y"] + boxes[0]["height"]
        assert max(box["x"] + box["width"] for box in boxes if box) <= 390
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert page.get_by_test_id("stMain").evaluate("main => main.scrollWidth - main.clientWidth") == 0
    context.close()


def test_a_long_answer_scrolls_by_keyboard_in_its_own_box(samples: Samples, page: Page) -> None:
    both = samples.visit(page, "tricks", "i0")
    box = both.nth(1).get_by_role("region", name="Answer of answer B")
    box.focus()
    page.keyboard.press("End")
    page.wait_for_function("box => box.scrollTop > 0", arg=box.element_handle())


def test_an_item_that_nobody_was_asked_is_no_score(samples: Samples, page: Page) -> None:
    both = samples.visit(page, "tickets", "<b>nothing</b>")
    for card in both.all():
        expect(card).to_contain_text("not run")
        expect(card).to_contain_text("No outcome of this model on this item is stored.")
    expect(page.locator(".asked")).to_contain_text("The prompt cannot be shown.")
