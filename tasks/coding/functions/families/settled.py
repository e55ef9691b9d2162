"""A reference without the conditions and sums that a variant's constants decide."""

from __future__ import annotations

import re

_CALLS = r"[^()]*(?:\([^()]*(?:\([^()]*\)[^()]*)*\)[^()]*)*"
_IDLE = [
    (r"(?<=[\w)\]]) [+-] 0(?![\w.]| \*)", ""),
    (r"(?<=[\w)\]]) \* 1(?![\w.])", ""),
    (r"\bnot True\b", "False"),
    (r"\bnot False\b", "True"),
    (r"\bTrue and | and True\b|\bFalse or | or False\b", ""),
    (rf"(?<![\w)\]])\((?:False and {_CALLS}|{_CALLS} and False|False)\)", "False"),
    (rf"(?<![\w)\]])\((?:True or {_CALLS}|{_CALLS} or True|True)\)", "True"),
    (r"^( *(?:if|elif|while) )(?:False and (?!.* or ).*|(?!.* or ).* and False):$", r"\1False:"),
    (r"^( *(?:if|elif|while) ).* or True:$", r"\1True:"),
    (r"^( *\w+ = )(?:.+) if False\b(?: and .*)? else (.+)$", r"\1\2"),
    (r"^( *\w+ = )(.+) if True else .+$", r"\1\2"),
    (r" if True(?=[)\]}])", ""),
]
"""What a line may hold, and what says the same; applied until nothing changes."""
_RULES = [(re.compile(pattern), made) for pattern, made in _IDLE]
_DECIDED = re.compile(r"( *)(if|elif|while) (True|False):$")


def settled(source: str) -> str:
    """The same program without `True and`, `if False:`, `+ 0` and the like; its layout stays."""
    lines = [_settled(line) for line in source.splitlines()]
    at = 0
    while at < len(lines):
        found = _DECIDED.match(lines[at])
        if found and lines[at].strip() != "while True:":
            _take(lines, at, found)
        else:
            at += 1
    return "\n".join(lines) + "\n"


def _settled(line: str) -> str:
    before = ""
    while before != line:
        before = line
        for pattern, made in _RULES:
            line = pattern.sub(made, line)
    return line


def _take(lines: list[str], at: int, found: re.Match[str]) -> None:
    """The decided branch at this line goes or stays without its condition; what hangs on it follows."""
    end = _end(lines, at)
    body = lines[at + 1 : end]
    chained = re.compile(rf"{found[1]}el(?:if |se:)")
    if found[3] == "True":
        while end < len(lines) and chained.match(lines[end]):
            end = _end(lines, end)
        kept = [line[4:] for line in body]
        lines[at:end] = [f"{found[1]}else:", *body] if found[2] == "elif" else kept
        return
    if found[2] == "if" and end < len(lines) and chained.match(lines[end]):
        lines[end] = lines[end].replace("elif ", "if ", 1).replace("else:", "if True:", 1)
    del lines[at:end]


def _end(lines: list[str], at: int) -> int:
    """Where the block that this line opens ends."""
    depth = len(lines[at]) - len(lines[at].lstrip())
    end = at + 1
    while end < len(lines) and (not lines[end].strip() or len(lines[end]) - len(lines[end].lstrip()) > depth):
        end += 1
    while not lines[end - 1].strip():
        end -= 1
    return end
