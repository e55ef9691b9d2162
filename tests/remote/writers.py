"""Many writers at once on one store, each a process of its own, some of them killed without warning."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from whichmodel.config import SharedStore

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Crowd:
    """So many writers with so many outcomes each, in so many pushes."""

    folder: Path
    shared: SharedStore
    writers: int
    outcomes: int
    pushes: int

    def begin(self, number: int) -> subprocess.Popen[str]:
        told = [str(self.folder / f"writer-{number}"), json.dumps(asdict(self.shared))]
        told += [str(number), str(self.outcomes), str(self.pushes)]
        return subprocess.Popen(
            [sys.executable, str(HERE / "writer.py"), *told],
            env={**os.environ, "PYTHONPATH": os.pathsep.join([str(HERE.parent), *sys.path])},
            stdout=subprocess.PIPE,
            text=True,
        )

    def all_done(self, kills: int, seed: int = 0) -> float:
        """Run them to their end; the seconds that took. kills: so many are killed and begun anew."""
        luck, began = random.Random(seed), time.monotonic()
        running = {number: self.begin(number) for number in range(self.writers)}
        for number in luck.sample(range(self.writers), kills):
            said = running[number].stdout
            assert said is not None
            said.readline()  # its first push is over, the next one under way
            time.sleep(luck.uniform(0, 0.3))
            running[number].send_signal(signal.SIGKILL)
            running[number].wait()
            running[number] = self.begin(number)
        codes = [process.wait() for process in running.values()]
        for process in running.values():
            assert process.stdout is not None
            process.stdout.close()
        assert codes == [0] * self.writers
        return time.monotonic() - began


def whole(numbers: Sequence[tuple[str, int]], writers: int, outcomes: int) -> bool:
    """Whether every writer's model has all of its outcomes, each once."""
    return sorted(numbers) == sorted((f"writer/{n}", outcomes) for n in range(writers))
