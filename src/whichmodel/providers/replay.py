"""Recorded answers as a model: a file of JSON Lines, no network.

One line an answer: `text`, and which question it answers: `prompt` (the last message in full), `prompt_hash`
(SHA-256 of it in hex), or `item` (with `task`, where several tasks use the same ids). Beside it, if it was
recorded: `usage` (`input` with cached tokens inside, `cached`, `cache_write`, `output`, `reasoning`),
`latency_s`, `model` (the id that the reply named), `fingerprint` and `stop` (`stop`, `max_tokens`,
`content_filter`). What was not recorded stays unknown.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextvars import ContextVar
from pathlib import Path
from typing import Any, Literal

from inspect_ai.log._samples import sample_active
from inspect_ai.model import ChatMessage, GenerateConfig, ModelAPI, ModelCall, ModelOutput, ModelUsage
from inspect_ai.tool import ToolChoice, ToolInfo
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from whichmodel.config import LARGEST_RECORD
from whichmodel.domain.provider import record_path
from whichmodel.errors import ConfigError

NO_LATENCY = "no_latency"
"""Key of an output's metadata: the time that was measured is the reading of a file, not the model's."""
ITEM: ContextVar[tuple[str, str]] = ContextVar("item")
"""Task and id of the item that is being asked, set by whoever asks outside of Inspect's `eval`."""
MOST_LINE = 4 * 2**20
"""Bytes of one line."""
Key = tuple[str, str]
"""("prompt", hash) or ("item", task and id)."""


class _Recorded(BaseModel):
    """What a line may hold; another key is a mistake."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class RecordedUsage(_Recorded):
    """Tokens, as `domain.Usage` counts them."""

    input: int = Field(ge=0)
    output: int = Field(ge=0)
    cached: int | None = Field(default=None, ge=0)
    cache_write: int | None = Field(default=None, ge=0)
    reasoning: int | None = Field(default=None, ge=0)

    @model_validator(mode="after")
    def _parts_fit(self) -> RecordedUsage:
        if (self.cached or 0) + (self.cache_write or 0) > self.input:
            raise ValueError("`cached` and `cache_write` are parts of `input`")
        return self

    def to_inspect(self) -> ModelUsage:
        """As Inspect counts: input without what the cache gave or took."""
        return ModelUsage(
            input_tokens=self.input - (self.cached or 0) - (self.cache_write or 0),
            output_tokens=self.output,
            total_tokens=self.input + self.output,
            input_tokens_cache_read=self.cached,
            input_tokens_cache_write=self.cache_write,
            reasoning_tokens=self.reasoning,
        )


class Recorded(_Recorded):
    """One recorded answer. None = it was not recorded."""

    text: str
    prompt: str | None = None
    prompt_hash: str | None = Field(default=None, pattern=r"^[0-9a-f]{64}$")
    item: str | None = None
    task: str | None = None
    usage: RecordedUsage | None = None
    latency_s: float | None = Field(default=None, gt=0, allow_inf_nan=False)
    model: str | None = None
    fingerprint: str | None = None
    stop: Literal["stop", "max_tokens", "content_filter"] = "stop"

    @model_validator(mode="after")
    def _one_question(self) -> Recorded:
        if sum(value is not None for value in (self.prompt, self.prompt_hash, self.item)) != 1:
            raise ValueError("a line names its question by one of `prompt`, `prompt_hash` and `item`")
        if self.task is not None and self.item is None:
            raise ValueError("`task` belongs to an `item`")
        return self

    @property
    def key(self) -> Key:
        """By which its question is found."""
        if self.item is not None:
            return "item", f"{self.task or ''}/{self.item}"
        return "prompt", self.prompt_hash or hash_of(self.prompt or "")


def hash_of(prompt: str) -> str:
    """SHA-256 of a prompt's text in UTF-8, in hex."""
    return hashlib.sha256(prompt.encode()).hexdigest()


def read_answers(path: Path) -> dict[Key, Recorded]:
    """The answers of a file by question. Raises ConfigError naming the file's line."""
    found: dict[Key, tuple[int, Recorded]] = {}
    for number, line in _lines(path):
        try:
            row = Recorded.model_validate_json(line)
        except ValidationError as error:
            finding = error.errors(include_url=False, include_input=False)[0]
            key = ".".join(str(part) for part in finding["loc"])
            what = f"`{key}`: {finding['msg']}" if key else finding["msg"]
            raise ConfigError(f"{what}.", where=f"{path}:{number}") from None
        if row.key in found:
            first = found[row.key][0]
            raise ConfigError(
                f"The question is answered in line {first} already.",
                where=f"{path}:{number}",
                remedy="Keep one of the two lines.",
            )
        found[row.key] = (number, row)
    if not found:
        raise ConfigError("The file holds no answer.", where=str(path))
    return {key: row for key, (_, row) in found.items()}


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Lines with their numbers, blank ones left out."""
    try:
        if path.stat().st_size > LARGEST_RECORD:
            raise ConfigError(
                f"Recorded answers are read up to {LARGEST_RECORD // 2**20} MiB.", where=str(path)
            )
        with path.open("rb") as file:
            number = 0
            while line := file.readline(MOST_LINE + 1):
                number += 1
                if len(line) > MOST_LINE:
                    raise ConfigError(
                        f"A line holds up to {MOST_LINE // 2**20} MiB.", where=f"{path}:{number}"
                    )
                if line.strip():
                    yield number, line
    except OSError as error:
        raise ConfigError(f"The file cannot be read: {error.strerror or error}.", where=str(path)) from error


def _asked() -> tuple[str, str] | None:
    """Task and id of the item that is being asked. None = nobody says."""
    if active := sample_active():
        return active.task, str(active.sample.id)
    return ITEM.get(None)


class ReplayAPI(ModelAPI):
    """`replay/<file>`, the file in the folder that `base_url` names (`file:`), else as it stands."""

    def __init__(
        self,
        model_name: str,
        base_url: str | None = None,
        api_key: str | None = None,
        config: GenerateConfig | None = None,
        **model_args: Any,
    ) -> None:
        super().__init__(model_name, base_url, api_key, [], config or GenerateConfig())
        self._path = record_path(model_name, base_url)
        self._answers = read_answers(self._path)

    async def generate(
        self,
        input: list[ChatMessage],
        tools: list[ToolInfo],
        tool_choice: ToolChoice,
        config: GenerateConfig,
    ) -> tuple[ModelOutput, ModelCall]:
        """The recorded answer. Raises LookupError where there is none: nothing is made up."""
        row = self._find(input[-1].text)
        output = ModelOutput.from_content(row.model or "", row.text, stop_reason=row.stop)
        output.usage = row.usage.to_inspect() if row.usage else None
        output.metadata = {} if row.latency_s else {NO_LATENCY: True}
        if row.fingerprint:
            output.metadata["system_fingerprint"] = row.fingerprint
        call = ModelCall.create(
            {"replay": self._path.name, "question": list(row.key)}, row, time=row.latency_s
        )
        return output, call

    def _find(self, prompt: str) -> Recorded:
        hashed = hash_of(prompt)
        keys: list[Key] = [("prompt", hashed)]
        if asked := _asked():
            task, item = asked
            keys += [("item", f"{task}/{item}"), ("item", f"/{item}")]
        found = next((self._answers[key] for key in keys if key in self._answers), None)
        if found is None:
            raise LookupError(f"{self._path.name} holds no answer to this question (prompt_hash {hashed}).")
        return found

    def should_retry(self, ex: BaseException) -> bool:
        """Never: the file stays as it is."""
        return False
