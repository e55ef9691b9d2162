"""A decision as files to hand on: one file a format, a function of a `Report` that gives names and bytes.

The same store gives the same bytes: no format tells when it was made.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module

from whichmodel.errors import UnknownName, UsageError
from whichmodel.report.content import Report

Files = Mapping[str, bytes]
"""Path below the reports' folder -> what stands in it."""
Make = Callable[[Report], Files]


@dataclass(frozen=True, slots=True)
class Format:
    """A format, known without importing its module."""

    title: str
    reference: str
    """`module:function` of its `Make`."""

    def load(self) -> Make:
        """The function that makes its files. It may raise UsageError, where something is not installed."""
        module, _, function = self.reference.partition(":")
        found: Make = getattr(import_module(module), function)
        return found


FORMATS: Mapping[str, Format] = {
    "html": Format("one page that asks for nothing else", "whichmodel.report.html:files"),
    "md": Format("a comment for a pull request", "whichmodel.report.markdown:files"),
    "csv": Format("standings and routes as tables", "whichmodel.report.tables:files"),
    "png": Format("a chart a task (extra: png)", "whichmodel.report.png:files"),
}


def chosen(names: tuple[str, ...]) -> tuple[str, ...]:
    """The names, each once. Raises UnknownName for what is no format, UsageError where there is none."""
    known = ", ".join(FORMATS)
    for name in names:
        if name not in FORMATS:
            raise UnknownName(f"There is no format '{name}'.", where="--format", remedy=f"Known: {known}.")
    if not names:
        raise UsageError("No format is named.", where="--format", remedy=f"Known: {known}.")
    return tuple(dict.fromkeys(names))


__all__ = ["FORMATS", "Files", "Format", "Make", "Report", "chosen"]
