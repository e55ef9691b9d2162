"""Providers' own lists: pages, keys, failures; and what of them is new, configured or gone."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from providers.recording import Recording, recording

from whichmodel.config import load_config
from whichmodel.domain import Model
from whichmodel.domain.provider import Reached, reach
from whichmodel.errors import StoreError
from whichmodel.providers import listing, sightings
from whichmodel.providers.catalogue import asked, compared, snippet
from whichmodel.providers.listing import Listing, Source, listings, sources
from whichmodel.providers.sightings import Seen

KEY = "sk-very-secret"
TODAY = date(2026, 11, 20)


@pytest.fixture
def server() -> Iterator[Recording]:
    with recording() as kept:
        yield kept


def model(name: str, base_url: str | None = None, key_env: str | None = None, **more: Any) -> Model:
    found = reach(name, base_url=base_url, key_env=key_env)
    assert found is not None
    return Model(name, found.inspect_name, "v", base_url=found.base_url, key_env=found.key_env, **more)


def listed(of: Model, env: dict[str, str], seconds: float = 5) -> Listing:
    [found] = listings(sources((of,)), env, seconds=seconds)
    return found


def test_openai_s_list_is_asked_with_the_key(server: Recording) -> None:
    server.lists["/v1/models"] = {"data": [{"id": "gpt-6"}, {"id": "gpt-5"}, {"id": "gpt-5"}]}
    found = listed(model("openai/gpt-5", f"{server.root}/v1", "OPENAI_API_KEY"), {"OPENAI_API_KEY": KEY})
    assert found.served == ("gpt-5", "gpt-6")
    [(path, headers, _)] = server.requests
    assert (path, headers["authorization"]) == ("/v1/models", f"Bearer {KEY}")


def test_a_bare_list_as_together_gives_it(server: Recording) -> None:
    server.lists["/v1/models"] = [{"id": "o/q"}]
    assert listed(model("together/o/q", f"{server.root}/v1"), {}).served == ("o/q",)
    assert "authorization" not in {name.lower() for name in server.requests[0][1]}


def test_anthropic_s_list_has_pages(server: Recording) -> None:
    server.lists["/v1/models?limit=1000"] = {"data": [{"id": "a"}], "has_more": True, "last_id": "a"}
    server.lists["/v1/models?limit=1000&after_id=a"] = {"data": [{"id": "b"}], "has_more": False}
    of = model("anthropic/a", server.root, "ANTHROPIC_API_KEY")
    assert listed(of, {"ANTHROPIC_API_KEY": KEY}).served == ("a", "b")
    assert {headers["x-api-key"] for _, headers, _ in server.requests} == {KEY}
    assert server.requests[0][1]["anthropic-version"] == "2023-06-01"


def test_google_s_list_has_pages_and_models_that_write_nothing(server: Recording) -> None:
    writes = {"supportedGenerationMethods": ["generateContent"]}
    server.lists["/v1beta/models?pageSize=1000"] = {
        "models": [
            {"name": "models/g", **writes},
            {"name": "models/e", "supportedGenerationMethods": ["embed"]},
        ],
        "nextPageToken": "t",
    }
    server.lists["/v1beta/models?pageSize=1000&pageToken=t"] = {"models": [{"name": "models/h", **writes}]}
    of = model("google/g", server.root, "GOOGLE_API_KEY")
    assert listed(of, {"GEMINI_API_KEY": KEY}).served == ("g", "h")
    assert {headers["x-goog-api-key"] for _, headers, _ in server.requests} == {KEY}
    assert not any(KEY in path for path, _, _ in server.requests)


def test_names_that_are_no_names_are_left_out(server: Recording) -> None:
    bad = ["", " ", "a\nb", "\x1b[31mred", "x" * 500]
    server.lists["/v1/models"] = {"data": [{"id": name} for name in [*bad, "good"]]}
    assert listed(model("vllm/good", f"{server.root}/v1"), {}).served == ("good",)


def test_one_that_fails_says_why_and_the_others_go_on(server: Recording) -> None:
    server.lists |= {"/ok/models": {"data": [{"id": "m"}]}, "/no/models": 401, "/odd/models": {"items": []}}
    with socket.socket() as closed, socket.socket() as silent:
        closed.bind(("127.0.0.1", 0))
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        places = {
            "a": f"{server.root}/no",
            "b": f"{server.root}/odd",
            "c": f"http://127.0.0.1:{closed.getsockname()[1]}",
            "d": f"http://127.0.0.1:{silent.getsockname()[1]}",
            "e": f"{server.root}/ok",
        }
        wanted = sources(tuple(model(f"{name}/m", address) for name, address in places.items()))
        found = listings((*wanted, *sources((model("openai/m"),))), {}, seconds=1)
    assert [one.error for one in found] == [
        "the list answers 401",
        "the list is not in the form that is known",
        "the list cannot be reached (ConnectError)",
        "the list cannot be reached (ReadTimeout)",
        "",
        "OPENAI_API_KEY is not set",
    ]
    assert found[4].served == ("m",)


def test_a_list_that_drips_or_never_ends_is_given_up(
    server: Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    of = model("vllm/m", f"{server.root}/v1")
    server.drip = 0.2
    server.lists["/v1/models"] = {"data": [{"id": "m"}] * 50}
    assert listed(of, {}, seconds=0.5).error == "the list cannot be reached (ReadTimeout)"
    server.drip = 0.0
    assert listed(of, {}).served == ("m",)
    monkeypatch.setattr(listing, "MOST_BYTES", 100)
    assert listed(of, {}).error == "the list is not in the form that is known"


def test_an_address_is_one_source_and_only_real_text_models_have_one() -> None:
    own = "http://127.0.0.1:8000/v1"
    found = sources(
        (
            model("vllm/a", own),
            model("vllm/a@json", f"{own}/"),
            model("openai/gpt-6"),
            Model("replay/r", "replay/r.jsonl", "v", base_url="file:///x"),
            Model("rule/x", "python/a:b", "rule", baseline=True),
            Model("demo/x", "openai/x", "demo", base_url=own, simulated=True),
            Model("openai/draws", "openai-images/d", "v", answers="image"),
        )
    )
    assert [(s.provider, s.address, len(s.models)) for s in found] == [
        ("vllm", own, 2),
        ("openai", "https://api.openai.com/v1", 1),
    ]


def test_new_configured_and_retired() -> None:
    source = Source(
        "openai", "https://api.openai.com/v1", "openai", (model("openai/gpt-6-luna"), model("openai/gone"))
    )
    today = Listing(source, ("gpt-6-luna", "gpt-6-luna-2026-08-01", "gpt-9-unheard-of"))
    stored = [
        ("openai/gpt-6-luna", "gpt-6-luna"),
        ("openai/old", "old"),
        ("xai/grok", "grok"),
        ("openai/x", "x"),
    ]
    mine = asked(source, {"openai/gpt-6-luna", "openai/gone", "openai/x"}, stored)
    assert mine == {"gpt-6-luna", "old"}
    known = {"gpt-9-unheard-of": Seen(TODAY, TODAY)}
    found = {f.name: f for f in compared(today, mine, known)}
    states = {name: (f.state, f.priced, f.measured) for name, f in found.items()}
    assert states == {
        "gpt-6-luna": ("configured", True, True),
        "gpt-6-luna-2026-08-01": ("configured", True, True),
        "gpt-9-unheard-of": ("new", False, False),
        "gone": ("retired", False, False),
        "old": ("retired", False, True),
    }
    assert found["gpt-9-unheard-of"].first_seen == TODAY
    assert list(compared(Listing(source, error="down"), mine, known)) == []


LIKE = [
    model("openai/gpt-6"),
    model("xai/grok-4"),
    model("huggingface/o/q"),
    model("vllm/o/q", "http://127.0.0.1:8000/v1"),
    model("own/q", "http://127.0.0.1:8000/v1", "OWN_KEY"),
    Model("lab/a", "openai-api/other/a", "lab", base_url="http://127.0.0.1:1/v1"),
    Model("mine/a", "openai/a", "mine", key_env="OPENAI_API_KEY"),
]


@pytest.mark.parametrize("like", LIKE, ids=lambda like: like.id)
@pytest.mark.parametrize("name", ["new-1", "org/new:8b", "odd @name#1"])
def test_the_lines_for_a_new_one_reach_it_as_the_others(tmp_path: Path, like: Model, name: str) -> None:
    source = Source(like.id.partition("/")[0], "http://x", "openai", (like,))
    text = snippet(source, list(compared(Listing(source, (name, like.wire_name)), set(), {})))
    head = "default_organisation: a\norganisations: {a: {title: A}}\nmodels:\n"
    (tmp_path / "bench.yaml").write_text(head + text)
    [made] = load_config(tmp_path / "bench.yaml").models
    before = like.inspect_name.removesuffix(like.wire_name)
    assert Reached(made.inspect_name, made.base_url, made.key_env) == Reached(
        before + name, like.base_url, like.key_env
    )
    assert "@" not in made.id


def test_the_lines_for_a_new_one_say_no_more_than_is_needed() -> None:
    source = Source("openai", "https://api.openai.com/v1", "openai", (LIKE[0],))
    text = snippet(source, list(compared(Listing(source, ("gpt-6", "new-1")), set(), {})))
    assert text == "  # openai, https://api.openai.com/v1\n  - {id: openai/new-1} # no known price\n"
    assert yaml.safe_load(text) == [{"id": "openai/new-1"}]


def test_what_was_seen_keeps_its_first_day(tmp_path: Path) -> None:
    assert sightings.read(tmp_path) == {}
    first = sightings.seen({}, "http://a", ["x", "y"], date(2026, 1, 1))
    sightings.write(first, tmp_path / "results")
    again = sightings.seen(sightings.read(tmp_path / "results"), "http://a", ["y", "z"], date(2026, 2, 2))
    assert again == {
        "http://a": {
            "x": Seen(date(2026, 1, 1), date(2026, 1, 1)),
            "y": Seen(date(2026, 1, 1), date(2026, 2, 2)),
            "z": Seen(date(2026, 2, 2), date(2026, 2, 2)),
        }
    }
    assert [path.name for path in (tmp_path / "results").iterdir()] == ["models.json"]


def test_a_damaged_file_of_sightings_is_named(tmp_path: Path) -> None:
    (tmp_path / "models.json").write_text("{")
    with pytest.raises(StoreError, match="Move it away"):
        sightings.read(tmp_path)
