"""What a gateway's file says, read back by nobody's code but this: name -> the models that answer, in turn.

A reader fails with KeyError where something is named that the file does not define.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import yaml

Read = dict[str, list[str]]
"""What can be asked for -> the models' names as their provider knows them, in order of trial."""


def documents(text: str) -> list[Any]:
    """The documents of a YAML file, each key of a mapping once."""
    return [found for found in yaml.load_all(text, Loader=_Once) if found is not None]


class _Once(yaml.SafeLoader):
    """Fails where a mapping has a key twice, which YAML forbids and PyYAML lets pass."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        assert len(set(keys)) == len(keys), f"a key stands twice: {keys}"
        return super().construct_mapping(node, deep=deep)


def _add(read: Read, name: str, models: list[str]) -> None:
    assert name not in read, f"{name} is defined twice"
    read[name] = models


def litellm(text: str) -> Read:
    (file,) = documents(text)
    wires = {e["model_name"]: e["litellm_params"]["model"].partition("/")[2] for e in file["model_list"]}
    assert len(wires) == len(file["model_list"])
    settings = file["router_settings"]
    fallbacks = {name: ids for pair in settings["fallbacks"] for name, ids in pair.items()}
    read = {name: [wires[each] for each in (name, *fallbacks.get(name, []))] for name in wires}
    for alias, task in settings["model_group_alias"].items():
        _add(read, alias, [wires[each] for each in (task, *fallbacks.get(alias, []))])
    return read


def vllm_sr(text: str) -> Read:
    (file,) = documents(text)
    wires = {model["name"]: model["provider_model_id"] for model in file["providers"]["models"]}
    signals = {rule["name"]: rule["predicate"]["in"] for rule in file["routing"]["signals"]["metadata"]}
    indices = {index["id"]: index for index in file["evaluation"]["indices"]}
    benchmarks = {benchmark["id"] for benchmark in file["evaluation"]["benchmarks"]}
    assert {record["benchmark"] for record in file["evaluation"]["records"]} <= benchmarks
    assert {record["model"] for record in file["evaluation"]["records"]} <= set(wires)
    read: Read = {}
    for decision in file["routing"]["decisions"]:
        (condition,) = decision["rules"]["conditions"]
        chosen = decision["algorithm"].get("multi_factor")
        if chosen:
            (component,) = indices[chosen["quality"]["index"]]["components"]
            assert component["benchmark"] in benchmarks
        for name in signals[condition["name"]]:
            _add(read, name, [wires[ref["model"]] for ref in decision["modelRefs"]])
    return read


def plano(text: str) -> Read:
    (file,) = documents(text)
    names = {provider["model"]: provider["model"].partition("/")[2] for provider in file["model_providers"]}
    assert len(set(names.values())) == len(names)
    mark = text.index("# routing_preferences:")
    (preferred,) = documents("".join(f"{line[2:]}\n" for line in text[mark:].split("\n")))
    turns = {
        each["name"]: [names[model] for model in each["models"]] for each in preferred["routing_preferences"]
    }
    read: Read = {}
    for alias, target in file["model_aliases"].items():
        assert target["target"] in names.values()
        _add(read, alias, turns.get(alias, [target["target"]]))
        assert read[alias][0] == target["target"]
    return read


def envoy(text: str) -> Read:
    found = documents(text)
    backends = {_named(each) for each in found if each["kind"] == "AIServiceBackend"}
    assert backends == {_named(each) for each in found if each["kind"] == "Backend"}
    routes = [each for each in found if each["kind"] == "AIGatewayRoute"]
    read: Read = {}
    for rule in (rule for route in routes for rule in route["spec"]["rules"]):
        in_turn = sorted(rule["backendRefs"], key=lambda ref: ref["priority"])
        assert {ref["name"] for ref in in_turn} <= backends
        for match in rule["matches"]:
            (header,) = match["headers"]
            _add(read, header["value"], [ref["modelNameOverride"] for ref in in_turn])
    return read


def _named(document: Mapping[str, Any]) -> str:
    name: str = document["metadata"]["name"]
    return name


def kong(text: str) -> Read:
    (file,) = documents(text)
    ((plugin,),) = [route["plugins"] for service in file["services"] for route in service["routes"]]
    targets: dict[str, list[tuple[int, str]]] = {}
    for target in plugin["config"]["targets"]:
        model = target["model"]
        targets.setdefault(model["model_alias"], []).append((-target["weight"], model["name"]))
    assert all(len({weight for weight, _ in each}) == len(each) for each in targets.values())
    return {alias: [name for _, name in sorted(each)] for alias, each in targets.items()}


def table(text: str) -> Read:
    file = json.loads(text)
    wires = {name: entry["inspect_name"].rpartition("/")[2] for name, entry in file["models"].items()}
    read: Read = {}
    for route in file["routes"]:
        if route["model"]:
            _add(read, route["task"], [wires[name] for name in (route["model"], *route["fallbacks"])])
    return read


READERS: Mapping[str, Callable[[str], Read]] = {
    "litellm": litellm,
    "vllm-sr": vllm_sr,
    "plano": plano,
    "envoy": envoy,
    "kong": kong,
    "json": table,
}
