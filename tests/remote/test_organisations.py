"""Two organisations, two sets of credentials, one store: each has what is public and its own, and no more."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from program import Bench, Done
from remote.places import Desk
from remote.s3 import BUCKET, PREFIX, Server
from rows import START, outcome
from timings import timing

from whichmodel.config import Config, SharedStore
from whichmodel.domain import Model, Organisation, Outcome, Price
from whichmodel.remote.delete import delete_all
from whichmodel.remote.manifest import Deletion
from whichmodel.remote.objects import Objects
from whichmodel.remote.place import Place
from whichmodel.remote.pull import pull
from whichmodel.remote.push import push
from whichmodel.remote.space import PUBLIC
from whichmodel.remote.verify import verify
from whichmodel.store import Race, Run
from whichmodel.store.labels import Label

ORGANISATIONS = {
    name: Organisation(name, name, private_tasks=(f"{name}-claims",)) for name in ("acme", "nordbank")
}
OWN = Price("contract 2026-07", START.date(), input_per_mtok=Decimal("0.0871"))
MODELS = (Model("vllm/own", "vllm/own", "own", price=OWN), Model("openai/gpt", "openai/gpt", "openai"))
TABLES = ("outcomes", "timings", "runs", "races")


@dataclass
class Person(Desk):
    """Somebody of an organisation, with its credentials."""

    secrets: Mapping[str, str] = frozenset()  # type: ignore[assignment]

    @property
    def place(self) -> Place:
        return Place(self.store, self.shared, self.config, secrets=lambda space: self.secrets)

    @property
    def config(self) -> Config:
        return replace(super().config, models=MODELS)

    @property
    def name(self) -> str:
        return self.organisations[0].name

    def said(self) -> str:
        """All that the database holds, as text."""
        return "\n".join(repr(row) for table in TABLES for row in self.rows(table))


@dataclass
class World:
    """A store of one test, below a prefix of its own."""

    server: Server
    folder: Path

    def person(self, name: str, knows: tuple[str, ...] = (), credentials: str = "") -> Person:
        """knows: organisations of its bench.yaml besides its own."""
        results = self.folder / f"{name}-{len(knows)}-{credentials}"
        key = self.server.keys[credentials or name]
        secrets = {"access_key_id": key["id"], "secret_access_key": key["secret"]}
        return Person(results, self.shared, [ORGANISATIONS[each] for each in (name, *knows)], secrets)

    @property
    def shared(self) -> SharedStore:
        options: dict[str, str | bool] = {
            "endpoint": self.server.endpoint,
            "region": "us-east-1",
            "allow_http": True,
        }
        return SharedStore(self.server.url, options)

    @property
    def all(self) -> Objects:
        """As who may see everything."""
        key = self.server.keys["admin"]
        secrets = {"access_key_id": key["id"], "secret_access_key": key["secret"]}
        return Objects(self.shared.address, self.shared.options, secrets)

    def text(self, space: str) -> str:
        """Everything that lies in a space, as text: manifests, and the columns of parts."""
        found = []
        for held in self.all.list(f"{space}/"):
            data = self.all.get(held.path)
            if held.path.endswith(".parquet"):
                found.append(json.dumps(pq.read_table(pa.BufferReader(data)).to_pylist(), default=str))
            else:
                found.append(data.decode())
        return "\n".join(found)


@pytest.fixture
def world(guarded: Server, tmp_path: Path) -> Iterator[World]:
    found = World(guarded, tmp_path)
    yield found
    found.all.delete([held.path for held in found.all.list("")])


def _row(number: int, task: str, who: str, **changes: Any) -> Outcome:
    of = {"run_id": f"run-{who}", "task": task, "log_ref": None, "price_source": None, "cost_usd": None}
    return outcome(number, **{**of, **changes})


def _measured(person: Person) -> None:
    """Public and private outcomes, a timing, a race, a label and a run of the person's organisation."""
    who, store = person.name, person.store
    start = 0 if who == "acme" else 50
    priced = {"model": "vllm/own", "price_source": OWN.source, "cost_usd": Decimal("0.00000871")}
    public = [_row(start + n, "invoices", who, **(priced if n else {})) for n in range(3)]
    private = [_row(start + n, f"{who}-claims", who) for n in range(2)]
    store.ingest([*public, *private])
    store.ingest_timings(
        [replace(timing(start), task=f"{who}-claims", run_id=f"run-{who}"), timing(start + 1)]
    )
    command = f"bench run --org {who} --tasks invoices,{who}-claims"
    end = START + timedelta(minutes=3)
    store.put_run(Run(f"run-{who}", START, end, False, command, 5, 5, 0, "finished"))
    race = Race(
        who, False, "invoices", "bank-1", 0, ("i0",), ("vllm/own",), ("settings-1",), None, "all", "{}", START
    )
    store.put_races([race])
    store.add_labels([Label(public[0].key, "invoices", public[0].model, "i0", 1, f"{who}-labeller", 0.5)])


def test_each_has_what_is_public_and_its_own(world: World) -> None:
    acme, nordbank = world.person("acme"), world.person("nordbank")
    for person in (acme, nordbank):
        _measured(person)
        assert push(person.place).closed == []
    before = len(acme.rows())
    done = pull(acme.place)
    assert (done.closed, done.faults) == ([], [])
    assert +done.rows == {"outcomes": 3, "timings": 1, "runs": 1}
    assert len(acme.rows()) == before + 3
    said = acme.said()
    assert "nordbank-claims" not in said
    assert "nordbank-labeller" not in (acme.results / "labels" / "labels.jsonl").read_text()
    assert {race.organisation for race in acme.store.races()} == {"acme"}
    assert verify(acme.place).equal


def test_what_is_public_names_no_organisation_price_or_label(world: World) -> None:
    for name in ("acme", "nordbank"):
        person = world.person(name, knows=("nordbank",) if name == "acme" else ("acme",))
        _measured(person)
        push(person.place)
    public = world.text(PUBLIC)
    assert "invoices" in public
    for word in ("claims", "--org", "labeller", OWN.source, "8.71", "0.0000087", "0.0871"):
        assert word not in public, word
    assert "nordbank" not in public.replace("run-nordbank", "")
    assert "acme" not in public.replace("run-acme", "")
    for name, other in (("acme", "nordbank"), ("nordbank", "acme")):
        own = world.text(f"org/{name}")
        assert f"{name}-claims" in own
        assert f"{name}-labeller" in own
        assert other not in own


def test_the_price_of_ones_own_stays_here_and_is_no_difference(world: World) -> None:
    acme, nordbank = world.person("acme"), world.person("nordbank")
    _measured(acme)
    push(acme.place)
    pull(nordbank.place)
    verified = verify(acme.place)
    assert verified.equal
    assert verified.tables["outcomes"].priced == 2
    assert OWN.source in acme.said()
    assert OWN.source not in nordbank.said()


def test_spaces_that_are_shut_are_left_and_named(world: World) -> None:
    nordbank = world.person("nordbank")
    _measured(nordbank)
    push(nordbank.place)
    acme = world.person("acme", knows=("nordbank",))
    _measured(acme)
    acme.store.ingest([_row(9, "nordbank-claims", "acme")])
    assert push(acme.place).closed == ["org/nordbank"]
    done = pull(acme.place)
    assert (done.closed, done.faults, done.rows["outcomes"]) == (["org/nordbank"], [], 3)
    assert "nordbank-claims" not in world.text(PUBLIC) + world.text("org/acme")


def test_for_one_organisation_no_other_is_touched(world: World) -> None:
    both = world.person("acme", knows=("nordbank",), credentials="admin")
    _measured(both)
    both.store.ingest([_row(9, "nordbank-claims", "acme")])
    alone = replace(both.place, organisation="acme")
    assert push(alone).closed == []
    assert not list(world.all.list("org/nordbank/"))
    assert sum(1 for _ in world.all.list("org/acme/manifest/")) > 0
    push(both.place)
    assert "nordbank-claims" in world.text("org/nordbank")


def _project(world: World, name: str, *others: str) -> Bench:
    folder = world.folder / f"project-{name}"
    folder.mkdir()
    lines = [
        f"default_organisation: {name}",
        "models: []",
        f"store: s3://{BUCKET}/{PREFIX}",
        f"store_options: {{endpoint: '{world.server.endpoint}', region: us-east-1, allow_http: true}}",
        "organisations:",
        *(f"  {each}: {{title: {each}, private_tasks: [{each}-claims]}}" for each in (name, *others)),
    ]
    (folder / "bench.yaml").write_text("\n".join(lines) + "\n")
    desk = Person(folder / "results", world.shared, [ORGANISATIONS[name]])
    _measured(desk)
    return Bench(folder)


def _keys(world: World, user: str) -> dict[str, str]:
    key = world.server.keys[user]
    return {"AWS_ACCESS_KEY_ID": key["id"], "AWS_SECRET_ACCESS_KEY": key["secret"]}


def _ok(done: Done) -> Done:
    assert done.code == 0, done.err
    return done


def test_on_the_command_line_a_missing_right_is_named_where_it_is_ones_own(world: World) -> None:
    bench = _project(world, "acme", "nordbank")
    pushed = _ok(bench("store", "push", env=_keys(world, "acme")))
    assert "Gave 5 outcomes" in pushed.out
    pulled = _ok(bench("store", "pull", env=_keys(world, "acme")))
    assert "org/nordbank" in pulled.err
    quiet = _ok(bench("store", "pull", "--org", "acme", env=_keys(world, "acme")))
    assert "nordbank" not in quiet.out + quiet.err
    wrong = bench("store", "pull", env=_keys(world, "nordbank"))
    assert wrong.code == 1
    assert "may not read in org/acme" in wrong.err
    assert f"s3://{BUCKET}/{PREFIX}/org/acme/" in wrong.err
    for secret in (*_keys(world, "acme").values(), *_keys(world, "nordbank").values()):
        assert secret not in pushed.out + pulled.err + wrong.err


def test_who_may_not_delete_loses_nothing(world: World) -> None:
    acme, nordbank = world.person("acme"), world.person("nordbank")
    for person in (acme, nordbank):
        _measured(person)
        push(person.place)
    now = datetime.now(UTC)
    before = [world.text(space) for space in (PUBLIC, "org/nordbank")]
    spaces = ("org/acme", "org/nordbank")
    found, closed = delete_all(acme.place, spaces, Deletion(now, now))
    assert ([one.space for one in found], closed) == (["org/acme"], ["org/nordbank"])
    assert [world.text(space) for space in (PUBLIC, "org/nordbank")] == before
    assert "claims" not in world.text("org/acme/parts")
    assert acme.store.races() == ()
    assert "acme-claims" not in "".join(map(repr, acme.rows()))
