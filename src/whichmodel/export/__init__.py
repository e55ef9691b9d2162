"""Routing table -> the text of a gateway's configuration; one file a gateway."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module

from whichmodel.domain import Model, RoutingTable
from whichmodel.errors import UnknownName

Render = Callable[[RoutingTable, Mapping[str, Model]], str]


@dataclass(frozen=True, slots=True)
class Exporter:
    """An output format, known without importing its module."""

    title: str
    suffix: str
    """Of the file it is written to."""
    reference: str
    """`module:function` of its `Render`."""

    def load(self) -> Render:
        """The function that renders it."""
        module, _, function = self.reference.partition(":")
        found: Render = getattr(import_module(module), function)
        return found


EXPORTERS: Mapping[str, Exporter] = {
    "litellm": Exporter("LiteLLM proxy", ".yaml", "whichmodel.export.litellm:render"),
    "portkey": Exporter("Portkey gateway", ".json", "whichmodel.export.portkey:render"),
    "tensorzero": Exporter("TensorZero", ".toml", "whichmodel.export.tensorzero:render"),
    "vllm-sr": Exporter("vLLM Semantic Router", ".yaml", "whichmodel.export.vllm_sr:render"),
    "plano": Exporter("Plano", ".yaml", "whichmodel.export.plano:render"),
    "envoy": Exporter("Envoy AI Gateway", ".yaml", "whichmodel.export.envoy:render"),
    "kong": Exporter("Kong ai-proxy-advanced", ".yaml", "whichmodel.export.kong:render"),
    "json": Exporter("Routing table as JSON", ".json", "whichmodel.export.table:to_json"),
}


def render(gateway: str, table: RoutingTable, models: Mapping[str, Model]) -> str:
    """The table as a gateway reads it.

    models: every model that the table routes to, by id. Raises UnknownName for a gateway that has no
    exporter, CheckFailed for a table that no file may be made of.
    """
    if gateway not in EXPORTERS:
        raise UnknownName.of("gateway", gateway, EXPORTERS)
    return EXPORTERS[gateway].load()(table, models)
