"""Where the Envoy AI Gateway finds a model: `AIServiceBackend`, `Backend`, its TLS and its key."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator, Mapping

from whichmodel.domain.driver import driver
from whichmodel.export.labels import label
from whichmodel.export.location import Location

API = "aigateway.envoyproxy.io/v1beta1"
GATEWAY_API = "gateway.envoyproxy.io"
OPENAI_AT_GOOGLE = "/v1beta/openai"
"""Where Google's own address speaks OpenAI's protocol."""


def backend_name(found: Location) -> str:
    """The same for the same address, protocol and key; another for another."""
    place = f"{found.host}:{found.port}{found.path}" if found.own else found.driver
    protocol = found.protocol if found.own and found.protocol != "openai" else ""
    usual = driver(found.driver).keys[:1]
    key = found.key_env if found.key_env and (found.key_env,) != usual else ""
    return label(" ".join(part for part in (place, protocol, key) if part))


def refusal(found: Location) -> str:
    """Why the gateway cannot reach an endpoint. "" = it can."""
    if found.own and found.protocol == "google":
        return "speaks Google's own protocol at an address of its own"
    if found.protocol == "openai" and not found.path:
        return "has an address without a path, to which the gateway would add `/v1`"
    return ""


def resources(name: str, found: Location) -> Iterator[dict[str, object]]:
    """All that one endpoint needs, but the secret with its key."""
    reference = {"name": name, "kind": "Backend", "group": GATEWAY_API}
    yield _resource(API, "AIServiceBackend", name, {"schema": _schema(found), "backendRef": reference})
    yield _resource(f"{GATEWAY_API}/v1alpha1", "Backend", name, {"endpoints": [_place(found)]})
    if found.secure:
        target = {"group": GATEWAY_API, "kind": "Backend", "name": name}
        trust = {"wellKnownCACertificates": "System", "hostname": found.host}
        spec = {"targetRefs": [target], "validation": trust}
        yield _resource("gateway.networking.k8s.io/v1alpha3", "BackendTLSPolicy", name, spec)
    if found.key_env:
        yield _resource(API, "BackendSecurityPolicy", name, _key(name, found.protocol, found.key_env))


def secrets(endpoints: Iterable[Location]) -> list[str]:
    """The command that makes each secret, of the variable that holds the key."""
    variables = dict.fromkeys(found.key_env for found in endpoints if found.key_env)
    return [
        f'Key: kubectl create secret generic {_secret(name)} --from-literal=apiKey="${name}"'
        for name in variables
    ]


def _resource(api: str, kind: str, name: str, spec: Mapping[str, object]) -> dict[str, object]:
    return {"apiVersion": api, "kind": kind, "metadata": {"name": name}, "spec": spec}


def _schema(found: Location) -> dict[str, str]:
    """What the endpoint speaks, and the path before `/chat/completions` or `/messages`."""
    if found.protocol == "anthropic":
        return {"name": "Anthropic"} | ({"prefix": f"{found.path}/v1"} if found.path else {})
    return {"name": "OpenAI", "prefix": OPENAI_AT_GOOGLE if found.protocol == "google" else found.path}


def _place(found: Location) -> dict[str, object]:
    try:
        return {"ip": {"address": str(ipaddress.ip_address(found.host)), "port": found.port}}
    except ValueError:
        return {"fqdn": {"hostname": found.host, "port": found.port}}


def _key(name: str, protocol: str, variable: str) -> dict[str, object]:
    kind, field = ("AnthropicAPIKey", "anthropicAPIKey") if protocol == "anthropic" else ("APIKey", "apiKey")
    target = {"group": API.partition("/")[0], "kind": "AIServiceBackend", "name": name}
    return {"targetRefs": [target], "type": kind, field: {"secretRef": {"name": _secret(variable)}}}


def _secret(variable: str) -> str:
    return label(variable.lower().replace("_", "-"))
