"""The pictures of the guide "Read the leaderboard": the demo panel measured, served and photographed.

    .venv/bin/python scripts/pictures.py [--results DIR]

Writes docs/guides/pictures/<page>.png. --results: a folder of outcomes to show in place of a new demo run.
"""

from __future__ import annotations

import argparse
import io
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, ViewportSize, expect, sync_playwright

from whichmodel.leaderboard import serve

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "guides" / "pictures"
CHROMIUM = "/usr/bin/chromium"
TASKS = "functions,puzzles,invoices,tickets,meetings,technical"
SCREEN: ViewportSize = {"width": 1280, "height": 860}
COLOURS = 128
"""Of a picture's palette: flat pages need no more, and the files stay small."""
PAIR = "a=demo-aurora%2Flite&b=demo-cirrus%2Fnano&task=invoices"
SHOTS = {
    "which-model": "",
    "explained": "?task=invoices",
    "all-models": "?show=cost",
    "trade-offs": "trade-offs?task=invoices",
    "compare": f"compare?{PAIR}&show=a",
    "routing": "routing?task=invoices",
    "savings": "savings",
    "changes": "changes",
    "data-health": "data-health",
}
"""Name of the picture -> address."""
FROM = {"explained": "explained", "all-models": "heatmap"}
"""Pictures that begin at an element further down, by its key."""


def measure(folder: Path) -> Path:
    """Two runs of the demo panel; the second brings the rest of the items."""
    results = folder / "results"
    for more in (["--limit", "300"], []):
        command = [sys.executable, "-m", "whichmodel.cli", "demo", "--tasks", TASKS, *more]
        where = ["--results", str(results), "--config", str(ROOT / "bench.yaml"), "--yes"]
        subprocess.run([*command, *where], check=True, cwd=folder, stdout=subprocess.DEVNULL)
    return results


@contextmanager
def served(results: Path) -> Iterator[str]:
    """The pages over a results folder, warm."""
    with socket.socket() as free:
        free.bind((serve.HOST, 0))
        port = int(free.getsockname()[1])
    command = serve.command(results, ROOT / "bench.yaml", port)
    server = subprocess.Popen(command, env=serve.environment(), stdout=subprocess.DEVNULL)
    try:
        with ThreadPoolExecutor(1) as beside:  # Playwright keeps an event loop in this thread
            beside.submit(serve.warm, port).result()
        yield serve.url(port)
    finally:
        server.terminate()
        server.wait(10)


def photograph(page: Page, name: str, address: str) -> None:
    """One picture."""
    page.goto(address)
    app = page.get_by_test_id("stApp")
    expect(page.locator("h1")).to_be_visible(timeout=60_000)
    expect(app).to_have_attribute("data-test-script-state", "notRunning", timeout=60_000)
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0, timeout=60_000)
    if key := FROM.get(name):
        part = page.locator(f".st-key-{key}")
        part.evaluate("node => node.scrollIntoView({block: 'start'})")
    page.wait_for_timeout(800)  # charts fade in
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB").quantize(COLOURS)
    FOLDER.mkdir(parents=True, exist_ok=True)
    picture.save(FOLDER / f"{name}.png", optimize=True)


def main() -> int:
    """Measure, serve, photograph."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--results", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        results = options.results or measure(Path(folder))
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        page = browser.new_context(viewport=SCREEN, color_scheme="light").new_page()
        with served(results) as url:
            for name, address in SHOTS.items():
                photograph(page, name, f"{url}/{address}")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
