"""The commands that mend something, built in one place and quoted for a shell."""

from __future__ import annotations

import shlex
from collections.abc import Collection, Sequence

from whichmodel.store import Race

PRICES = "bench prices"
REPRICE = "bench reprice"


def run(
    tasks: Collection[str] = (),
    models: Collection[str] = (),
    *,
    simulated: bool = False,
    canary: bool = False,
    new_models: bool = False,
) -> str:
    """`bench run` over tasks and models, () = all; what is stored already is not asked again.

    simulated: by `bench demo`, which has neither of the flags. canary: ask some stored items anew, in no
    standing. new_models: only what was never measured.
    """
    flags = [name for name, on in (("--canary", canary), ("--new-models", new_models)) if on]
    verb = "demo" if simulated and not flags else "run"
    return _typed(["bench", verb, *flags, *_named("--tasks", tasks), *_named("--models", models)])


def again(tasks: Collection[str], *, simulated: bool) -> str:
    """A further run over items that have an answer: a second one of each."""
    verb = "demo" if simulated else "run"
    return _typed(["bench", verb, *_named("--tasks", tasks), "--epochs", "2"])


def latency(tasks: Collection[str], models: Collection[str]) -> str:
    """`bench latency`: time models apart from a run, few requests at a time."""
    return _typed(["bench", "latency", *_named("--tasks", tasks), *_named("--models", models)])


def bring_logs(run_id: str = "") -> str:
    """`bench store pull` with the logs of a run, or with all logs and images."""
    return _typed(["bench", "store", "pull", *(["--run", run_id] if run_id else ["--logs"])])


def go_on(races: Sequence[Race]) -> str:
    """The command that goes on with races of one organisation and kind."""
    first = races[0]
    new = ["--new-models"] if first.kind == "challengers" else []
    verb = "demo" if first.simulated and not new else "run"
    tasks = _named("--tasks", {race.task for race in races})
    return _typed(["bench", verb, "--until-decided", *new, "--org", first.organisation, *tasks])


def _named(flag: str, names: Collection[str]) -> list[str]:
    return [flag, ",".join(sorted(names))] if names else []


def _typed(words: Sequence[str]) -> str:
    return shlex.join(words)
