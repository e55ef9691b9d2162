"""Programs that read stdin and write stdout, before the code scorer."""

from __future__ import annotations

import asyncio
import os
from typing import Any

import pytest
from cheats import SECRET

from whichmodel import sandbox
from whichmodel.domain import Answer, Item, Verdict
from whichmodel.scoring import code

SUM = Item(
    "x",
    "",
    {
        "cases": [
            {"stdin": "3\n1 2 3\n", "stdout": "6\n"},
            {"stdin": "2\n-5 5\n", "stdout": "0"},
            {"stdin": "1\n7", "stdout": "7\n\n"},
        ]
    },
)
RIGHT = "n = int(input())\nprint(sum(map(int, input().split())))\n"


@pytest.fixture(scope="module", autouse=True)
def sandbox_works() -> None:
    found = sandbox.available()
    if not found.ok:
        said = f"{found.reason} {found.remedy}"
        pytest.fail(said) if os.environ.get("CI") == "true" else pytest.skip(said)


def scored(program: str, asked: Item = SUM, **options: float) -> Verdict:
    return asyncio.run(code.score(Answer(program), asked, options))


def fenced(program: str) -> str:
    return f"```python\n{program}\n```"


def one(stdin: str, stdout: str) -> Item:
    return Item("x", "", {"cases": [{"stdin": stdin, "stdout": stdout}]})


@pytest.mark.parametrize(
    "text",
    [
        RIGHT,
        fenced(RIGHT),
        f"Run it like this:\n```sh\npython main.py\n```\n{fenced(RIGHT)}",
        f"{fenced(RIGHT)}\nFor 1 2 3 the output is\n```\n6\n```",
        fenced("import sys\ndata = sys.stdin.read().split()[1:]\n"
               "sys.stdout.write(f'{sum(map(int, data))}  \\n\\n')"),
        fenced("import os\nos.write(1, b'%d' % sum(map(int, open(0).read().split()[1:])))"),
        fenced("def main():\n    n = input()\n    print(sum(map(int, input().split())))\n"
               "if __name__ == '__main__':\n    main()"),
        fenced("import atexit\natexit.register(lambda: print(sum(map(int, list(open(0))[1].split()))))\n"
               "raise SystemExit"),
    ],
)  # fmt: skip
def test_a_right_program_scores_one(text: str) -> None:
    verdict = scored(text)
    assert (verdict.score, verdict.parsed, verdict.detail["passed"]) == (1.0, True, 3)


@pytest.mark.parametrize(
    ("program", "error_class"),
    [
        ("print(6)", "wrong value"),
        ("print(' 6')", "wrong value"),
        ("print(6); print(6)", "wrong value"),
        ("pass  # print()", "wrong value"),
        (f"{RIGHT}raise SystemExit(3)", "exited"),
        (f"{RIGHT}raise SystemExit('no')", "no"),
        (f"{RIGHT}1 / 0", "ZeroDivisionError"),
        (f"{RIGHT}import os; os.kill(os.getpid(), 9)", "exited"),
        ("print(", "SyntaxError"),
        ("while True: pass", "timeout"),
        ("import time\ntime.sleep(60)", "timeout"),
        ("while True: print('x' * 1000)", "unfit"),
        ("print('x' * 300_000)", "unfit"),
        ("print('x' * 300_000, flush=True)\nimport os\nos._exit(0)", "unfit"),
        ("import ctypes\nctypes.string_at(0)", "exited"),
    ],
)
def test_what_went_wrong_has_a_class(program: str, error_class: str) -> None:
    verdict = scored(fenced(program), call_s=1)
    assert (verdict.score, verdict.parsed) == (0.0, True)
    assert verdict.detail["error_class"] in {error_class, "timeout"}
    assert set(verdict.detail["failing"]) == {"call", "expected", "got"}


@pytest.mark.parametrize("text", ["", "I cannot help.", "```python\n```", "Use print(n) and you are done."])
def test_an_answer_without_a_program_is_unparsed(text: str) -> None:
    verdict = scored(text)
    assert (verdict.score, verdict.parsed) == (0.0, False)


def test_each_case_is_a_fresh_process() -> None:
    program = """
import builtins, os, sys, time
assert not hasattr(builtins, "mark") and __name__ == "__main__"
builtins.mark = True
for pid in range(3, 300):
    try:
        os.kill(pid, 0)
    except OSError:
        continue
    assert pid in (os.getpid(), os.getppid()), pid
if os.fork() == 0:
    os.setsid()
    time.sleep(60)
print(sum(map(int, sys.stdin.read().split()[1:])))
"""
    verdict = scored(fenced(program))
    assert verdict.score == 1, verdict.detail


def test_text_of_any_kind_passes_through() -> None:
    text = "é 你 \u2028 \x0b tab\tquote' \\"
    assert scored("print(input())", one(text, text)).score == 1


def test_programs_that_write_alike_agree() -> None:
    norms = [scored(t).answer_norm for t in (RIGHT, f"{RIGHT}print()", "print(6)")]
    assert norms[0] == norms[1] != norms[2]


CHEATS: dict[str, str] = {
    "exit 0": "raise SystemExit(0)  # print()",
    "os._exit 0": "import os; os._exit(0)  # print()",
    "marker": "print('PASSED')",
    "frame on stdout": 'print(\'{"value": {"stdout": "918273645", "status": 0, "stderr": ""}}\')',
    "look for it": """
import gc, os, sys
found = [str(o) for o in gc.get_objects() if isinstance(o, dict) and "stdout" in o]
for top, _, files in os.walk("/"):
    found += [f for f in files if "case" in f]
print(*found, *sys.argv, *os.environ.values())
""",
    "other descriptors": """
import os
for n in range(3, 64):
    try:
        os.write(n, b'{"value": {"stdout": "918273645", "status": 0, "stderr": ""}}\\n')
    except OSError:
        pass
print()
""",
    "kill the worker": "import os, signal\nprint(os.kill(os.getppid(), signal.SIGKILL))",
    "kill all": "import os\nprint(os.kill(-1, 9))",
}


@pytest.mark.parametrize("cheat", CHEATS.values(), ids=CHEATS)
def test_no_cheat_passes(cheat: str) -> None:
    verdict: Any = scored(fenced(cheat), one("1\n", f"{SECRET}\n"), call_s=2)
    assert (verdict.score, verdict.parsed) == (0.0, True)
