"""Results of promptfoo: `promptfoo eval -o results.json` (results version 3), or `-o results.jsonl`.

`success` is the AND of all assertions, `score` their weighted mean. A failed assertion fills `error` too, so
what failed is told by `failureReason`: 0 nothing, 1 an assertion, 2 the call. A cost of 0 is written where
promptfoo knows no price. The time of an answer out of its cache is that of the cache.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from whichmodel.domain import Json, Status, Usage, content_hash
from whichmodel.errors import UsageError, nearest
from whichmodel.importers import cells, files
from whichmodel.importers.cells import Unreadable
from whichmodel.importers.files import File
from whichmodel.importers.sample import Found, Refused, Sample

VERSIONS = (2, 3)
"""Versions of `results` that are read."""
SUCCESS, SCORE = "success", "score"
ASSERTION, CALL = 1, 2
"""`failureReason`: an assertion did not hold; the call, or promptfoo itself, broke down."""
GRADED = re.compile(
    r"^(not-)?(llm-rubric|model-graded|g-eval|factuality|answer-relevance|context-|similar|classifier|moderation"
    r"|pi$|select-best|search-rubric|conversation-relevance|agent-rubric)"
)
"""Kinds of assertions that ask a model."""
UNKEYED = ("apiKey", "apiBaseUrl", "apiHost", "headers", "basePath", "organization", "cost")
"""Of a provider's configuration, what does not change what is asked."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which score of a result is taken, and of which prompt. None = the only prompt."""

    metric: str = SUCCESS
    """`success`, `score`, or the name of a metric that assertions carry."""
    prompt: str | None = None
    """Label of a prompt."""
    timed: bool = True
    """The times are the model's own."""


@dataclass(frozen=True, slots=True)
class _Eval:
    """What a file says of all its results."""

    id: str
    """"" = a file of single results does not say it; each has an id of its own."""
    task: str
    tool: str
    started_at: datetime | None
    settings: Mapping[str, str]
    """Provider -> hash of its settings."""


def is_results(path: Path) -> bool:
    """Whether a file in a folder is one of results; a `.jsonl` beside would hold the same once more."""
    return path.suffix == ".json" and b'"evalId"' in files.head(path)


def read(file: File, chosen: Chosen) -> Iterator[Found]:
    """The results of one evaluation.

    Raises UsageError for another format, and where there are several prompts and none is named.
    """
    if re.search(r"\.(csv|ya?ml|html|xml|txt)(\.gz)?$", file.name.casefold()):
        raise UsageError(
            "promptfoo writes no times and no costs into this format.",
            where=file.name,
            remedy="Write them anew: `promptfoo eval -o results.json`, or `promptfoo export eval <id>`.",
        )
    if re.search(r"\.jsonl(\.gz)?$", file.name.casefold()):
        known, rows = _Eval("", file.path.name.partition(".")[0], "promptfoo", None, {}), _lines(file)
        labels = _labels(row for _, row in _lines(file))
    else:
        document = files.document(file)
        results = _results(document, file)
        known, rows = _eval(document, results, file), iter(_numbered(results))
        labels = _labels(results)
    label = _prompt(labels, chosen.prompt, file)
    for place, row in rows:
        if not isinstance(row, dict):
            yield Refused(file.name, place, row if isinstance(row, str) else "it is no result of promptfoo")
        elif label is None or _label(row) == label:
            try:
                yield _sample(row, place, known, chosen, several=len(labels) > 1)
            except Unreadable as error:
                yield Refused(file.name, place, str(error))


def _lines(file: File) -> Iterator[tuple[str, Json]]:
    return ((f"line {number}", row) for number, row in files.rows(file))


def _numbered(results: Sequence[Json]) -> list[tuple[str, Json]]:
    return [(f"result {number}", row) for number, row in enumerate(results)]


def _results(document: Json, file: File) -> list[Json]:
    inner = document.get("results") if isinstance(document, dict) else None
    found = inner.get("results") if isinstance(inner, dict) else None
    if not isinstance(inner, dict) or not isinstance(found, list):
        raise UsageError("It holds no results of promptfoo.", where=file.name)
    if (version := inner.get("version")) not in VERSIONS:
        raise UsageError(
            f"Its results have the version {version}.",
            where=file.name,
            remedy=f"Known are {', '.join(map(str, VERSIONS))}; promptfoo 0.100 or newer writes them.",
        )
    return found


def _eval(document: Mapping[str, Any], results: Sequence[Json], file: File) -> _Eval:
    config, metadata = document.get("config") or {}, document.get("metadata") or {}
    version = metadata.get("promptfooVersion")
    name = str(config.get("description") or file.path.name.partition(".")[0])
    at = metadata.get("evaluationCreatedAt") or document["results"].get("timestamp")
    try:
        started = cells.moment(at, "the time")
    except Unreadable:
        started = None
    return _Eval(
        id=str(document.get("evalId") or content_hash(len(results))),
        task=name,
        tool=f"promptfoo {version}" if version else "promptfoo",
        started_at=started,
        settings=_settings(config.get("providers")),
    )


def _settings(providers: Json) -> dict[str, str]:
    found = {}
    for provider in providers if isinstance(providers, list) else []:
        if isinstance(provider, dict) and isinstance(provider.get("config"), dict):
            asked = {k: v for k, v in provider["config"].items() if k not in UNKEYED}
            name = str(provider.get("label") or provider.get("id"))
            found[name] = content_hash(asked) if asked else ""
    return found


def _labels(rows: Any) -> list[str]:
    return list(dict.fromkeys(_label(row) for row in rows if isinstance(row, dict)))


def _label(row: Mapping[str, Any]) -> str:
    prompt = row.get("prompt") or {}
    return str(prompt.get("label") or prompt.get("raw") or "") if isinstance(prompt, dict) else str(prompt)


def _prompt(labels: Sequence[str], wanted: str | None, file: File) -> str | None:
    """The prompt that is wanted; None = there is just one, or its label was written out for each result."""
    if wanted is not None:
        if wanted in labels:
            return wanted
        close = nearest(wanted, labels) or list(labels[:5])
        raise UsageError(
            f"There is no prompt '{wanted}'.", where=file.name, remedy=f"There are: {'; '.join(close)}."
        )
    if len(labels) <= 1:
        return None
    shown = "; ".join(label[:60] for label in labels[:5])
    raise UsageError(
        f"The models were asked with {len(labels)} prompts: {shown}.",
        where=file.name,
        remedy="Choose one, it makes a bank of its own: --prompt LABEL.",
    )


def _sample(row: Mapping[str, Any], place: str, known: _Eval, chosen: Chosen, *, several: bool) -> Sample:
    model = _model(row.get("provider"))
    failed = row.get("failureReason") == CALL or (row.get("gradingResult") is None and bool(row.get("error")))
    score = None if failed else _score(row, chosen.metric)
    response: Mapping[str, Any] = row["response"] if isinstance(row.get("response"), dict) else {}
    usage = _usage(row)
    cached = bool(response.get("cached"))
    test = row.get("testCase") or {}
    label = _label(row)
    metric = [] if chosen.metric == SUCCESS else [chosen.metric]
    return Sample(
        place=place,
        tool=known.tool,
        task="-".join([known.task, *([label] if several else []), *metric]),
        item=_item(row, test),
        model=model,
        status=_status(response, score),
        score=score,
        scorer=chosen.metric,
        content=content_hash([label, row.get("vars"), test.get("assert")]),
        settings=known.settings.get(model, ""),
        run=str(row.get("id") or known.id),
        epoch=None,
        parsed=None if score is None else True,
        answer=_answer(response.get("output")),
        stratum=str((test.get("metadata") or {}).get("stratum") or ""),
        cluster=cells.text((test.get("metadata") or {}).get("cluster_id")),
        usage=usage,
        cost_usd=cells.usd(row.get("cost", response.get("cost"))),
        latency_s=None
        if cached or failed or not chosen.timed
        else cells.seconds(row.get("latencyMs"), "the latency", "ms"),
        error_class=("ProviderError" if failed else "NoScore") if score is None else None,
        error_text=cells.text(row.get("error")) if score is None else None,
        started_at=known.started_at,
        judge_calls=_graded(row),
        from_cache=cached and score is not None,
    )


def _status(response: Mapping[str, Any], score: float | None) -> Status:
    if score is None:
        return Status.FAILED
    if response.get("isRefusal") or response.get("finishReason") == "content_filter":
        return Status.REFUSED
    return Status.TRUNCATED if response.get("finishReason") == "length" else Status.SCORED


def _model(provider: Json) -> str:
    if isinstance(provider, dict):
        provider = provider.get("label") or provider.get("id")
    if not provider:
        raise Unreadable("it names no provider")
    return str(provider)


def _item(row: Mapping[str, Any], test: Mapping[str, Any]) -> str:
    """The test's own id; else a hash of variables and assertions, for its number shifts with others."""
    named = (test.get("metadata") or {}).get("id")
    return str(named) if named else content_hash([row.get("vars"), test.get("assert")], length=12)


def _score(row: Mapping[str, Any], metric: str) -> float | None:
    if metric == SUCCESS:
        return None if row.get("success") is None else float(bool(row["success"]))
    if metric == SCORE:
        return cells.score(row.get("score"))
    return _metric(row, metric)


def _metric(row: Mapping[str, Any], metric: str) -> float | None:
    """The weighted mean of the assertions that carry the metric's name: `namedScores` may hold their sum."""
    grading = row.get("gradingResult") or {}
    weighed: list[tuple[float, float]] = []
    for part in grading.get("componentResults") or []:
        assertion = (part.get("assertion") or {}) if isinstance(part, dict) else {}
        if assertion.get("metric") == metric:
            score, weight = (
                cells.number(part.get("score"), "a score"),
                cells.number(assertion.get("weight", 1), "weight"),
            )
            weighed.append((score or 0.0, 1.0 if weight is None else weight))
    total = sum(weight for _, weight in weighed)
    if total > 0:
        return cells.score(sum(score * weight for score, weight in weighed) / total)
    named = row.get("namedScores") or {}
    if metric not in named:
        known = ", ".join([SUCCESS, SCORE, *named])
        raise Unreadable(f"it has no metric '{metric}'; there are {known}")
    return cells.score(named[metric])


def _usage(row: Mapping[str, Any]) -> Usage:
    """Tokens; a cached answer's are counted as `cached` and `total` alone, and not known apart."""
    counted = row.get("tokenUsage") or {}
    into, out = (
        cells.count(counted.get("prompt"), "prompt"),
        cells.count(counted.get("completion"), "completion"),
    )
    if not into and not out:
        return Usage()
    details = counted.get("completionDetails") or {}
    read = cells.count(details.get("cacheReadInputTokens"), "cached tokens")
    write = cells.count(details.get("cacheCreationInputTokens"), "tokens written to a cache")
    reasoning = cells.count(details.get("reasoning"), "reasoning tokens")
    beside = (read or 0) + (write or 0)
    return Usage(
        input=None if into is None else into + beside if beside > into else into,
        cached=read,
        cache_write=write,
        output=out,
        reasoning=reasoning,
        calls=max(1, cells.count(counted.get("numRequests"), "calls") or 1),
    )


def _answer(output: Json) -> str | None:
    if output is None or isinstance(output, str):
        return output
    return content_hash(output) if len(str(output)) > files.MOST_LINE else str(output)


def _graded(row: Mapping[str, Any]) -> int:
    """Assertions of a result that asked a model."""
    parts = (row.get("gradingResult") or {}).get("componentResults") or []
    kinds = [str((part.get("assertion") or {}).get("type")) for part in parts if isinstance(part, dict)]
    return sum(bool(GRADED.match(kind)) for kind in kinds)
