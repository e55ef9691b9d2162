"""Completion of names in a shell, found without loading a verb: a key press has no time for it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from click.shell_completion import (
    BashComplete,
    CompletionItem,
    FishComplete,
    ShellComplete,
    ZshComplete,
    add_completion_class,
    split_arg_string,
)

VARIABLE = "_BENCH_COMPLETE"
"""Says which shell asks, and for what: the protocol of click."""
LISTS = frozenset({"--tasks", "--models", "--provider"})
"""Flags that take several names with commas between them."""
BREAKS = ":="
"""Where bash begins a new word, so that it replaces only what comes after."""

BASH = """\
%(complete_func)s() {
    local IFS=$'\\n' reply
    COMPREPLY=()
    for reply in $(env COMP_LINE="${COMP_LINE:0:COMP_POINT}" %(complete_var)s=bash_complete "$1"); do
        case $reply in
            dir,*) compopt -o dirnames ;;
            file,*) compopt -o default ;;
            *) COMPREPLY+=("${reply#*,}") ;;
        esac
    done
}
complete -o nosort -F %(complete_func)s %(prog_name)s
"""


def tasks(args: Sequence[str]) -> Iterator[str]:
    """Categories and tasks, those of the project among them."""
    from whichmodel.domain import CATEGORIES
    from whichmodel.registry import task_names

    yield from CATEGORIES
    yield from sorted(task_names(_config(args).parent / "tasks"))


def models(args: Sequence[str]) -> Iterator[str]:
    """Ids in bench.yaml, of the demo panel and of rules."""
    from whichmodel.providers.baselines import BASELINES
    from whichmodel.simulator.panel import models as panel
    from whichmodel.simulator.serve import PORT, addresses

    if args[:1] != ["demo"]:
        listed = _written(args).get("models")
        for model in listed if isinstance(listed, list) else []:
            if isinstance(model, dict) and isinstance(model.get("id"), str):
                yield model["id"]
    yield from (model.id for model in panel(addresses(PORT)) if not model.vision)
    yield from (rule.id for rule in BASELINES)


def organisations(args: Sequence[str]) -> Iterator[str]:
    """Names in bench.yaml."""
    found = _written(args).get("organisations")
    yield from map(str, found if isinstance(found, dict) else ())


def providers(args: Sequence[str]) -> Iterator[str]:
    """First parts of the ids in bench.yaml."""
    yield from dict.fromkeys(name.partition("/")[0] for name in models(args))


def gateways(args: Sequence[str]) -> Iterator[str]:
    """Those that `bench export` writes for."""
    from whichmodel.export import EXPORTERS

    yield from EXPORTERS


def runs(args: Sequence[str]) -> Iterator[str]:
    """Ids of runs, the newest first, for the verb whose `--since` takes one."""
    if args[:1] == ["report"]:
        folder = Path(os.environ.get("BENCH_RESULTS", "results")) / "logs"
        yield from sorted((place.parent.name for place in folder.glob("*/run.json")), reverse=True)


def shells(args: Sequence[str]) -> Iterator[str]:
    """Those that can be completed in."""
    yield from SHELLS


Names = Callable[[Sequence[str]], Iterator[str]]
FLAGS: Mapping[str, Names] = {
    "--tasks": tasks,
    "--task": tasks,
    "--explain": tasks,
    "--models": models,
    "--model": models,
    "--org": organisations,
    "--provider": providers,
    "--since": runs,
}
ARGUMENTS: Mapping[tuple[str, ...], Names] = {
    ("tasks",): tasks,
    ("task", "validate"): tasks,
    ("task", "fetch"): tasks,
    ("compare",): models,
    ("export",): gateways,
    ("completion",): shells,
}
"""Verbs whose arguments are names."""
SEVERAL = frozenset({("tasks",), ("task", "validate"), ("task", "fetch")})
"""Those that take several with commas between them."""
VALUES = frozenset({*FLAGS, "--config", "--results", "--seed", "-o", "--output", "--limit"})
"""Flags whose next word is theirs."""


def named(args: Sequence[str], incomplete: str) -> list[CompletionItem[str]] | None:
    """The names that fit. None = no name of ours stands here.

    args: the words before, without the program's. incomplete: the word under the cursor.
    """
    flag, equals, rest = incomplete.partition("=")
    if equals and flag in FLAGS:
        return [_item(f"{flag}={name}") for name in _fitting(FLAGS[flag], args, rest, flag in LISTS)]
    if args and args[-1] in FLAGS:
        return [_item(name) for name in _fitting(FLAGS[args[-1]], args, incomplete, args[-1] in LISTS)]
    if incomplete.startswith("-") or (args and args[-1] in VALUES):
        return None
    verb = tuple(args[:2]) if tuple(args[:2]) in ARGUMENTS else tuple(args[:1])
    if verb not in ARGUMENTS:
        return None
    return [_item(name) for name in _fitting(ARGUMENTS[verb], args, incomplete, verb in SEVERAL)]


def _item(name: str) -> CompletionItem[str]:
    return CompletionItem(name)


def _fitting(names: Names, args: Sequence[str], incomplete: str, several: bool) -> Iterator[str]:
    """Whole words: of a list what stands there already, and one name more."""
    before, comma, last = incomplete.rpartition(",") if several else ("", "", incomplete)
    there = {name.strip() for name in before.split(",")}
    for name in dict.fromkeys(names(args)):
        if name.startswith(last) and name not in there:
            yield f"{before}{comma}{name}"


def _config(args: Sequence[str]) -> Path:
    """bench.yaml, as the words before or the environment name it."""
    for word, following in zip(args, [*args[1:], ""], strict=True):
        if word == "--config" and following:
            return Path(following)
    return Path(os.environ.get("BENCH_CONFIG", "bench.yaml"))


def _written(args: Sequence[str]) -> Mapping[str, Any]:
    """What stands in bench.yaml, unchecked; nothing where it cannot be read."""
    import yaml

    try:
        found = yaml.load(_config(args).read_bytes(), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (OSError, ValueError, yaml.YAMLError):
        return {}
    return found if isinstance(found, dict) else {}


class _Named(ShellComplete):
    """Names first; flags and verbs as click finds them."""

    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem[str]]:
        found = named(args, incomplete)
        return super().get_completions(args, incomplete) if found is None else found


class Bash(_Named, BashComplete):
    """bash, with ids that hold a colon."""

    source_template = BASH

    def get_completion_args(self) -> tuple[list[str], str]:
        line = os.environ["COMP_LINE"]
        words = split_arg_string(line)
        incomplete = "" if line[-1:].isspace() or len(words) < 2 else words.pop()
        return words[1:], incomplete

    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem[str]]:
        found = super().get_completions(args, incomplete)
        start = max(incomplete.rfind(mark) for mark in BREAKS) + 1
        for item in found:
            item.value = item.value[start:]
        return found


class Zsh(_Named, ZshComplete):
    """zsh."""


class Fish(_Named, FishComplete):
    """fish."""


SHELLS = {"bash": Bash, "zsh": Zsh, "fish": Fish}


def register() -> None:
    """Let these answer in place of click's own."""
    for shell in SHELLS.values():
        add_completion_class(shell)
