"""What a gateway's file says, read back by nobody's code but this: name -> the models that answer, in turn.

A reader fails with KeyError where something is named that the file does not define.
"""

from __future__ import annotations

import json
import tomllib
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
    first: dict[str, list[tuple[float, str]]] = {}
    for entry in file["model_list"]:
        asked = entry["litellm_params"]
        first.setdefault(entry["model_name"], []).append(
            (-asked.get("weight", 1.0), asked["model"].partition("/")[2])
        )
    for parts in first.values():
        assert len(parts) == 1 or sum(weight for weight, _ in parts) == -1
    wires = {name: [wire for _, wire in sorted(parts)] for name, parts in first.items()}
    settings = file["router_settings"]
    fallbacks = {name: ids for pair in settings["fallbacks"] for name, ids in pair.items()}
    read = {name: _in_turn(wires, [name, *fallbacks.get(name, [])]) for name in wires}
    for alias, task in settings["model_group_alias"].items():
        _add(read, alias, _in_turn(wires, [task, *fallbacks.get(alias, [])]))
    return read


def _in_turn(wires: Mapping[str, list[str]], names: list[str]) -> list[str]:
    return list(dict.fromkeys(wire for name in names for wire in wires[name]))


def portkey(text: str) -> Read:
    file = json.loads(text)
    targets = {target["name"]: target for target in file["targets"]}
    assert len(targets) == len(file["targets"])
    read: Read = {}
    for condition in file["strategy"]["conditions"]:
        (name,) = condition["query"].values()
        _add(read, name, list(dict.fromkeys(_portkey_models(targets[condition["then"]]))))
    return read


def _portkey_models(target: Mapping[str, Any]) -> list[str]:
    if "targets" in target:
        inner = sorted(target["targets"], key=lambda each: -each.get("weight", 0))
        return [model for each in inner for model in _portkey_models(each)]
    return [target["override_params"]["model"]]


def tensorzero(text: str) -> Read:
    file = tomllib.loads(text)
    wires = {}
    for name, model in file["models"].items():
        (provider,) = model["routing"]
        wires[name] = model["providers"][provider]["model_name"]
    read: Read = {}
    for name, function in file["functions"].items():
        variants = {key: wires[variant["model"]] for key, variant in function["variants"].items()}
        asked = function["experimentation"]
        first = sorted(asked["candidate_variants"].items(), key=lambda part: -part[1])
        read[name] = [variants[key] for key in (*(key for key, _ in first), *asked["fallback_variants"])]
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
    "portkey": portkey,
    "tensorzero": tensorzero,
    "vllm-sr": vllm_sr,
    "plano": plano,
    "envoy": envoy,
    "kong": kong,
    "json": table,
}
