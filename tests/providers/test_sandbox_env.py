"""Inspect's `sandbox="whichmodel"`: its contract as Inspect checks it, and an agent at work in it."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Any

import psutil
import pytest
from inspect_ai import Task, eval
from inspect_ai.agent import react
from inspect_ai.dataset import Sample
from inspect_ai.model import ChatMessageTool, ModelOutput, ModelUsage, get_model
from inspect_ai.scorer import Score, Scorer, Target, accuracy, scorer
from inspect_ai.solver import TaskState
from inspect_ai.tool import bash, python
from inspect_ai.util import SandboxUserUnsupportedError, sandbox
from inspect_ai.util._sandbox import self_check
from inspect_ai.util._sandbox.registry import registry_find_sandboxenv

from whichmodel.providers.sandbox_env import WhichmodelSandbox
from whichmodel.sandbox import available

KEY = "sk-planted-77ab1c0e"
CANNOT = {"test_exec_as_user": "all commands run as one user, and none can be added"}
"""Checks that a sandbox of one user does not hold."""


@pytest.fixture(scope="module", autouse=True)
def sandbox_works() -> None:
    found = available()
    if not found.ok:
        said = f"{found.reason} {found.remedy}"
        pytest.fail(said) if os.environ.get("CI") == "true" else pytest.skip(said)


@pytest.fixture(scope="module")
def findings() -> dict[str, BaseException | None]:
    """What each of Inspect's checks came to, in a sandbox of its own."""
    turns = asyncio.Semaphore(6)

    async def one(name: str) -> BaseException | None:
        async with turns:
            made = await WhichmodelSandbox.sample_init("check", None, {})
            try:
                await getattr(self_check, name)(made["default"])
            except BaseException as error:
                return error
            finally:
                await WhichmodelSandbox.sample_cleanup("check", None, made, False)
            return None

    async def all_of_them() -> list[BaseException | None]:
        return await asyncio.gather(*map(one, self_check.__all__))

    return dict(zip(self_check.__all__, asyncio.run(all_of_them()), strict=True))


@pytest.mark.parametrize("name", self_check.__all__)
def test_inspects_own_check_holds(findings: dict[str, BaseException | None], name: str) -> None:
    if name in CANNOT:
        assert isinstance(findings[name], SandboxUserUnsupportedError), CANNOT[name]
    else:
        assert findings[name] is None


def test_inspect_finds_it_by_name() -> None:
    assert registry_find_sandboxenv("whichmodel") is WhichmodelSandbox


def called(tool: str, **arguments: str) -> ModelOutput:
    made = ModelOutput.for_tool_call("mockllm/model", tool, arguments)
    made.usage = ModelUsage(input_tokens=1, output_tokens=1, total_tokens=2)
    return made


@scorer(metrics=[accuracy()])
def sorted_file() -> Scorer:
    """What stands in the sandbox when the agent has ended."""

    async def score(state: TaskState, target: Target) -> Score:
        found = await sandbox().read_file("sorted.txt")
        return Score(value="C" if found == target.text else "I", answer=found)

    return score


def test_an_agent_works_in_it_with_bash_and_python(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    (tmp_path / "secret.txt").write_text(KEY)
    outputs = [
        called(
            "bash", command=f"sort words.txt > sorted.txt; env; cat {tmp_path}/secret.txt /proc/1/environ"
        ),
        called("python", code="import os; print(open('sorted.txt').read(), dict(os.environ))"),
        called("bash", command="cat sorted.txt && touch /escaped /usr/escaped; (echo > /dev/tcp/1.1.1.1/53)"),
        called("submit", answer="done"),
    ]
    task = Task(
        dataset=[Sample("Sort words.txt.", target="a\nb\nc\n", files={"words.txt": "c\na\nb\n"})],
        solver=react(tools=[bash(timeout=20), python(timeout=20)]),
        scorer=sorted_file(),
        sandbox="whichmodel",
    )
    model = get_model("mockllm/model", custom_outputs=outputs)
    (log,) = eval(task, model=model, log_dir=str(tmp_path / "logs"), display="none")
    assert log.status == "success"
    assert log.samples is not None
    (sample,) = log.samples
    assert sample.error is None
    assert sample.scores is not None
    assert sample.scores["sorted_file"].value == "C"
    said = "".join(m.text for m in sample.messages if isinstance(m, ChatMessageTool))
    assert "a\nb\nc" in said
    assert "HOME=/work" in said
    assert said.count("Read-only file system") == 2
    assert KEY not in said
    assert not Path("/escaped").exists()
    assert [p for p in psutil.Process().children() if p.status() != "zombie" and "bwrap" in p.name()] == []


def test_each_sample_has_its_own_and_it_ends_with_the_sample() -> None:
    async def main() -> list[Any]:
        first = await WhichmodelSandbox.sample_init("t", None, {})
        second = await WhichmodelSandbox.sample_init("t", None, {})
        await first["default"].write_file("note", "mine")
        seen = await second["default"].exec(["ls", "/work", "/tmp"])
        await WhichmodelSandbox.sample_cleanup("t", None, first | {"other": second["default"]}, True)
        return [seen.stdout]

    assert asyncio.run(main()) == ["/tmp:\n\n/work:\n"]
    assert [p for p in psutil.Process().children() if p.status() != "zombie" and "bwrap" in p.name()] == []
