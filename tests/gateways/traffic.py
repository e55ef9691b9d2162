"""The routing table that every gateway here is loaded with, and what has to hold of its answers.

It is that of the golden files at loopback addresses, and beside it: a name that a format could trip over,
forty plain ones, a model with a key and one with settings.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from gateways.loopback import Loopback
from routing_table import MODELS, PLAIN, TABLE
from scipy.stats import binom

from whichmodel.domain import Model, RoutingTable, Settings

Ask = Callable[[str], str]
"""A task or category -> the text of the answer, or of the error."""
KEY, SECRET = "KEY_OF_THE_TEST", "sk-of-the-test"
ODD = "inv\"o'ices {{ x }} ${HOME} /\\ " + "long " * 40 + "end"
ODDER = f"{ODD}\n\u6f22\u2028\U0001f600 "
"""With a line break, and beyond ASCII."""
MANY = tuple(f"task-{number:02}" for number in range(40))
HELLO = {"messages": [{"role": "user", "content": "hello"}]}
CALLS, FALSE_ALARM = 200, 1e-6
LOW = Settings(reasoning_effort="low", temperature=0.5, max_tokens=900)
OTHER = {
    "keyed": Model("some/keyed@v1:x/y", "openai-api/some/keyed", "some", key_env=KEY, simulated=True),
    "set": Model("some/set@low", "openai-api/some/set", "some", settings=LOW, simulated=True),
}
"""Beside the models of the table: their address is the loopback's OpenAI."""


def at(loopback: Loopback) -> dict[str, Model]:
    """The models of the table, by id, at the loopback's address."""
    moved = {}
    for model in (*MODELS, *OTHER.values()):
        is_openai = model.inspect_name.startswith("openai")
        address = loopback.address + ("/v1" if is_openai else "")
        moved[model.id] = replace(model, base_url=address if model.base_url or is_openai else None)
    return moved


def table(odd: str = ODDER) -> RoutingTable:
    """What the gateway is loaded with; `odd` is the name of one of its tasks."""
    many = tuple(replace(PLAIN, task=name, category=name) for name in (*MANY, odd))
    alone = replace(PLAIN, fallbacks=(), why_not=())
    other = tuple(replace(alone, task=name, category=name, model=model.id) for name, model in OTHER.items())
    return replace(TABLE, routes=(*TABLE.routes, *many, *other))


def named(odd: str = ODDER) -> dict[str, str]:
    """Task or category -> the model that the table names for it, as its provider knows it.

    Without the split, and with the first fallback in the place of the rule, which no gateway serves.
    """
    swift, grand, lite = "borealis-swift", "aurora-grand", "aurora-lite"
    return {
        "functions": swift,
        "coding": swift,
        "invoices": lite,
        "extraction": lite,
        "receipts": "cirrus-nano",
        "puzzles": grand,
        "reasoning": grand,
        "meetings": lite,
        "summarization": lite,
        "word_problems": grand,
        **dict.fromkeys((*MANY, odd), swift),
        "keyed": "keyed",
        "set": "set",
    }


def misanswered(ask: Ask, odd: str = ODDER, unserved: Collection[str] = ()) -> dict[str, str]:
    """Who is not answered by the model of the table, and what comes instead; one request for each name."""
    expected = {name: f"answered by {wire}" for name, wire in named(odd).items() if name not in unserved}
    found = dict(zip(expected, _all(ask, expected), strict=True))
    return {name: text for name, text in found.items() if text != expected[name]}


def while_failing(
    ask: Ask, loopback: Loopback, status: int, odd: str = ODDER
) -> tuple[set[str], Counter[str]]:
    """What is answered while a first model fails, by task and category; how often each model was asked."""
    loopback.failing["borealis-swift"] = status
    texts = set(_all(ask, ("functions", "coding", odd)))
    return texts, Counter(loopback.wires())


RETRIED_THEN_FALLBACK = ({"answered by aurora-grand"}, {"borealis-swift": 6, "aurora-grand": 3})
"""Of three requests, each once more and then elsewhere."""


def split(ask: Ask) -> Counter[str]:
    """Who answers the requests for `emails`, of which a tenth goes to the new model."""
    return Counter(_all(ask, ["emails"] * CALLS))


def _all(ask: Ask, names: Iterable[str]) -> list[str]:
    """The answers, a few at a time, in order."""
    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(ask, names))


def is_a_tenth(texts: Mapping[str, int]) -> bool:
    """Whether the new model and the old one share all answers, as well as chance allows."""
    low, high = bounds(CALLS, 0.1)
    new, old = texts["answered by aurora-lite"], texts["answered by aurora-grand"]
    return new + old == CALLS and low <= new <= high


def bounds(calls: int, share: float) -> tuple[int, int]:
    """Counts that a split leaves with less than FALSE_ALARM, half on either side."""
    low = int(binom.ppf(FALSE_ALARM / 2, calls, share))
    high = int(binom.isf(FALSE_ALARM / 2, calls, share))
    return low, high


def settings_sent(loopback: Loopback) -> Mapping[str, object]:
    """What the last request asked for beside its messages."""
    names = ("reasoning_effort", "temperature", "max_tokens", "max_completion_tokens")
    return {name: value for name, value in loopback.asked[-1].body.items() if name in names}
