"""What a check of a task found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, or worth knowing."""

    check: str
    """`bank`, `prompts`, `leak`, `reference`, `wrong answer` or `scoring`."""
    text: str
    """A sentence."""
    items: tuple[str, ...] = ()
    """Ids of the items it is about, all of them; () = the task as a whole."""
    fails: bool = True
    """False = a note."""


@dataclass(frozen=True, slots=True)
class Report:
    """A task after its checks."""

    task: str
    items: int = 0
    strata: Mapping[str, int] = field(default_factory=dict)
    """Stratum -> items."""
    near: int = 0
    """Items that are another one's copy but for digits, case and spaces."""
    references: int = 0
    """Right answers that were scored."""
    wrong: int = 0
    """Empty, refusing and corrupted answers that were scored."""
    made_s: float = 0.0
    """Seconds to make or read the bank."""
    scored_s: float = 0.0
    findings: tuple[Finding, ...] = ()

    @property
    def failed(self) -> bool:
        """Whether a check does not hold."""
        return any(finding.fails for finding in self.findings)
