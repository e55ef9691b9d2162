"""One viewer of a results folder: opens the newest snapshot again and again, and prints what it saw.

A line a look: `at` (monotonic seconds, before the snapshot was chosen), `query_s`, `seen` (model -> scored
samples), or `error`. Ends when its standard input closes.
"""

from __future__ import annotations

import argparse
import json
import select
import sys
import time
from pathlib import Path

from whichmodel.store import read

PAUSE_S = 1.0


def look(results: Path) -> dict[str, object]:
    """One look. Whatever goes wrong is what it reports."""
    at = time.monotonic()
    try:
        reader = read(results)
        rows = [] if reader is None else [tuple(row) for row in reader.measured()[["model", "n"]].values]
    except Exception as error:
        return {"at": at, "error": f"{type(error).__name__}: {error}"}
    seen = {str(model): int(n) for model, n in rows}
    return {"at": at, "query_s": time.monotonic() - at, "seen": seen}


def main() -> None:
    """Look until standard input closes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("results", type=Path)
    options = parser.parse_args()
    while not select.select([sys.stdin], [], [], PAUSE_S)[0]:
        print(json.dumps(look(options.results)), flush=True)


if __name__ == "__main__":
    main()
