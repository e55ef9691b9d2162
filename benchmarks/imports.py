"""A table imported: CPU against pandas reading the same file, and peak memory as its rows grow."""

from __future__ import annotations

import csv
import subprocess
import sys
import tempfile
from pathlib import Path

ROWS = (100_000, 300_000)
MODELS = 10
FLAT = 1.5
"""The larger import's peak by the smaller's, at most: each row's identity is kept, the rows are not."""
PANDAS = "import pandas, sys; pandas.read_csv(sys.argv[1])"
BENCH = "from whichmodel.cli import main; main(sys.argv[1:])"


def write(path: Path, rows: int) -> None:
    """A table of answers of MODELS models, with costs, times and tokens."""
    with path.open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["item", "model", "score", "cost_usd", "latency_s", "input_tokens", "output_tokens"])
        for number in range(rows):
            item, model = divmod(number, MODELS)
            out.writerow([f"item-{item}", f"lab/model-{model}", number % 3 // 2, 0.0012, 0.8, 310, 45])


def spent(code: str, *args: str) -> tuple[float, float]:
    """CPU seconds of a program, and its peak of resident memory in MB."""
    told = (
        f"import resource, sys\ntry:\n {code}\nfinally:\n"
        " use = resource.getrusage(resource.RUSAGE_SELF)\n"
        " print('spent', use.ru_utime + use.ru_stime, use.ru_maxrss, file=sys.stderr)"
    )
    ended = subprocess.run([sys.executable, "-c", told, *args], capture_output=True, text=True, check=True)
    line = next(line for line in ended.stderr.splitlines() if line.startswith("spent"))
    _, seconds, peak = line.split()
    return float(seconds), int(peak) / 1024


def main() -> None:
    """Read and import each size; print both and their ratios."""
    peaks = []
    print(f"{'rows':>9}  {'what':15} {'CPU s':>7} {'rows/s':>9} {'peak MB':>8}  ratio")
    for rows in ROWS:
        with tempfile.TemporaryDirectory() as folder:
            table = Path(folder) / "table.csv"
            write(table, rows)
            read_s, read_mb = spent(PANDAS, str(table))
            args = ("import", "csv", str(table), "--task", "t", "--results", f"{folder}/results")
            found = {"bench import": spent(BENCH, *args), "the same again": spent(BENCH, *args)}
        peaks.append(found["bench import"][1])
        print(f"{rows:9,}  {'pandas.read_csv':15} {read_s:7.2f} {rows / read_s:9,.0f} {read_mb:8,.0f}")
        for what, (seconds, peak) in found.items():
            ratio = f"{seconds / read_s:.1f} x the CPU, {peak / read_mb:.1f} x the memory"
            print(f"{rows:9,}  {what:15} {seconds:7.2f} {rows / seconds:9,.0f} {peak:8,.0f}  {ratio}")
    growth = peaks[-1] / peaks[0]
    said = "met" if growth <= FLAT else "MISSED"
    each = (peaks[-1] - peaks[0]) * 2**20 / (ROWS[-1] - ROWS[0])
    times = ROWS[-1] / ROWS[0]
    print(f"memory: {growth:.2f} x at {times:g} x the rows, goal {FLAT}: {said}; {each:,.0f} bytes a row")


if __name__ == "__main__":
    main()
