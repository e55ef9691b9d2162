"""Kinds of programs to trace: each a function of a random.Random that gives source which prints one line."""

from . import containers, control, objects

KINDS = {
    "loops": control.loops,
    "recursion": control.recursion,
    "lists": containers.lists,
    "dicts": containers.dicts,
    "strings": containers.strings,
    "state": objects.state,
    "closures": objects.closures,
    "exceptions": objects.exceptions,
}

__all__ = ["KINDS"]
