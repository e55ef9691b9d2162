"""An open leaderboard and `bench run` at the same time (UX A13)."""

from __future__ import annotations

import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from browser.every_page import open_page
from browser.site import CONFIG
from playwright.sync_api import Page, expect
from program import Bench

from whichmodel.leaderboard import serve

PORT = 8613
"""Of no other test."""


def test_both_work_and_the_new_run_appears_at_the_next_rerun(page: Page, tmp_path: Path) -> None:
    shutil.copyfile(CONFIG, tmp_path / "bench.yaml")
    command = serve.command(tmp_path / "results", tmp_path / "bench.yaml", PORT)
    server = subprocess.Popen(
        command, env=serve.environment(), cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        with ThreadPoolExecutor(1) as beside:  # Playwright keeps an event loop in this thread
            beside.submit(serve.warm, PORT).result()
        open_page(page, serve.url(PORT))
        expect(page.get_by_text("Nothing was measured yet.")).to_be_visible()
        told = Bench(tmp_path)("demo", "--tasks", "tickets", "--limit", "40", "--json").document
        page.keyboard.press("r")  # Streamlit's own key for a rerun
        expect(page.locator(".card").first).to_be_visible()
        expect(page.get_by_text(f"run {told['run_id']}")).to_be_visible()
        again = Bench(tmp_path)("demo", "--tasks", "tickets", "--limit", "60", "--json").document
        page.keyboard.press("r")
        expect(page.get_by_text(f"run {again['run_id']}")).to_be_visible()
        assert again["run_id"] != told["run_id"]
    finally:
        server.terminate()
        server.wait(10)
