"""Routing tables that are hard on a gateway's file: many tasks, odd names, keys, splits, settings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from routing_table import PLAIN, TABLE

from whichmodel.domain import Model, Price, Route, RoutingTable, Settings, Share

ODD_NAMES = (
    'say "hi"',
    "it's",
    "two\nlines",
    "tab\tbed",
    "line\u2028separator",
    "{{ template }}",
    "${OPENAI_API_KEY}",
    "$OPENAI_API_KEY",
    "$(headers.x-model)",
    '${{ env "OPENAI_API_KEY" }}',
    "{vault://env/openai-api-key}",
    "os.environ/OPENAI_API_KEY",
    "naïve/ünïcode",
    "日本語",
    "emoji 🙂",
    "a/b",
    "a-b",
    "a_b",
    "A B",
    "no",
    "null",
    "3.10",
    "12:30",
    "# comment",
    "- item",
    "key: value",
    "&anchor *alias",
    " led by a space",
    "route-not-found",
    "x" * 64,
    "x" * 65,
    "end.",
    "a\\b",
    "50%",
)
"""Names of tasks that some file format, template language or naming rule would take for something else."""
PRICE = Price("invented", date(2026, 11, 1), input_per_mtok=Decimal(1), output_per_mtok=Decimal(4))
DEAR = replace(PRICE, input_per_mtok=Decimal(5), output_per_mtok=Decimal(20))
SMALL = Model("openai/small", "openai/small-1", "openai", key_env="OPENAI_API_KEY", price=PRICE)
THINKING = replace(
    SMALL,
    id="openai/small@low",
    inspect_name="openai/small-2",
    settings=Settings(reasoning_effort="low", temperature=0.0, max_tokens=900),
)
STRONG = Model("anthropic/strong", "anthropic/strong-1", "anthropic", key_env="ANTHROPIC_API_KEY", price=DEAR)
GOOGLE = Model("google/flash", "google/flash-1", "google", key_env="GOOGLE_API_KEY", price=PRICE)
OWN = Model("own/llama", "openai-api/own/org/llama-1", "own", base_url="http://gpu.example:8000/v1")
BANNED = Model("acme-ban/never", "openai/never-1", "acme-ban", key_env="NEVER_API_KEY", price=PRICE)
MODELS = {model.id: model for model in (SMALL, THINKING, STRONG, GOOGLE, OWN, BANNED)}
"""Real providers with keys by name, an endpoint of one's own without one, and a model that nobody may ask."""
ROUTED = replace(
    PLAIN,
    model=SMALL.id,
    fallbacks=(STRONG.id,),
    baseline_model=STRONG.id,
    why_not=(),
    incumbent=None,
    simulated=False,
)


def table_of(routes: Sequence[Route]) -> RoutingTable:
    """A table that is not simulated."""
    return replace(TABLE, simulated=False, routes=tuple(routes))


def many(count: int = 40) -> RoutingTable:
    """Tasks over all the models, each with the fallbacks after it."""
    ring = [SMALL.id, THINKING.id, STRONG.id, GOOGLE.id, OWN.id]
    routes = []
    for number in range(count):
        turn = [ring[(number + step) % len(ring)] for step in range(3)]
        routes.append(
            replace(
                ROUTED, task=f"task-{number}", category="coding", model=turn[0], fallbacks=tuple(turn[1:])
            )
        )
    return table_of(routes)


def odd(names: Sequence[str] = ODD_NAMES) -> RoutingTable:
    """A task of each odd name."""
    return table_of([replace(ROUTED, task=name) for name in names])


def split() -> RoutingTable:
    """A new route with a tenth of the requests beside today's model."""
    shares = (Share(STRONG.id, 0.9), Share(SMALL.id, 0.1))
    return table_of([replace(ROUTED, task="shared", fallbacks=(OWN.id,), split=shares)])
