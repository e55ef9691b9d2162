"""Who may see which organisation, and that nothing of another's is within a page's reach."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest
from leaderboard.signed_in import ANN, BEA, EVE, PRIVATE, SECRET, write, write_table

from whichmodel.config import load_config, may_view
from whichmodel.export import stored as tables
from whichmodel.leaderboard.evidence import stored, view
from whichmodel.leaderboard.identity import STAMP, Visitor, gateway, organisations, stamp, stamped
from whichmodel.leaderboard.places import Places
from whichmodel.store import Reader, Store
from whichmodel.store.races import Race
from whichmodel.views import inventory, sheet
from whichmodel.views.source import Source


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Places:
    """Two organisations, one of which has planted its secrets wherever it can."""
    folder = tmp_path_factory.mktemp("stored")
    config = write(folder, "{header: X-Forwarded-Email}")
    return Places(folder / "results", config)


def acme(places: Places) -> Source:
    source = stored(places).of("acme").source
    assert source is not None
    return source


@pytest.mark.parametrize(
    ("viewers", "address", "seen"),
    [
        (("ann@x.example",), "ann@x.example", True),
        (("Ann@X.example",), "aNN@x.EXAMPLE", True),
        (("*@x.example",), "bea@x.example", True),
        (("*@X.example",), "bea@x.example", True),
        (("*@x.example",), "bea@sub.x.example", False),
        (("*@x.example",), "bea@ax.example", False),
        (("*@x.example",), "bea@x.example.evil.example", False),
        (("*@x.example",), "bea@evil.example@x.example", False),
        (("*@x.example",), '"bea@evil.example"@x.example', False),
        (("*@x.example",), "*@x.example", False),
        (("*@x.example",), "@x.example", False),
        (("*@x.example",), "bea@x.example\n", False),
        (("ann@k.example",), "ann@\u212a.example", False),
        (("ann@x.example",), "bann@x.example", False),
        (("ann@x.example",), "", False),
        ((), "ann@x.example", False),
    ],
)
def test_a_viewer_is_an_address_or_all_of_a_domain(
    viewers: tuple[str, ...], address: str, seen: bool
) -> None:
    assert may_view(viewers, address) is seen


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        (None, ()),
        (Visitor(ANN), ("acme",)),
        (Visitor(BEA), (SECRET,)),
        (Visitor(EVE), ()),
        (Visitor(ANN, is_verified=False), ()),
        (Visitor(is_warming=True), ("acme",)),
        (Visitor(gateway_of=SECRET), (SECRET,)),
        (Visitor(gateway_of="gone"), ()),
        (Visitor(), ()),
    ],
)
def test_who_signs_in_sees_their_own(places: Places, who: Visitor | None, seen: tuple[str, ...]) -> None:
    config = load_config(places.config)
    assert organisations(config, config.leaderboard.sign_in, who) == seen
    assert organisations(config, None, who) == ("acme", SECRET)


def test_a_stamp_cannot_be_written_by_who_does_not_have_the_seal() -> None:
    mine = stamp(Visitor(ANN))
    assert stamped({STAMP: mine}) == Visitor(ANN)
    body = mine.partition(" ")[2]
    assert [stamped({STAMP: made}) for made in (body, f" {body}", f"guess {body}", "")] == [None] * 4
    assert stamped({}) is None


def test_a_token_that_could_be_guessed_is_none(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    config = load_config(places.config)
    for token, found in (("", None), ("short", None), ("x" * 24, Visitor(gateway_of="acme"))):
        monkeypatch.setenv("ACME_TOKEN", token)
        assert gateway(config, f"Bearer {token}") == found
    monkeypatch.delenv("ACME_TOKEN")
    assert gateway(config, "Bearer ") is None


PANEL_FIRST = {
    "brought", "outcomes", "measured_on", "failing", "spent", "failures", "served", "timings",
    "timing_failures",
}  # fmt: skip


def told(reader: Reader) -> dict[str, str]:
    """Everything that each question to the store is answered with, as text."""
    asked: dict[str, Callable[[], object]] = {
        name: question
        for name, question in inspect.getmembers(reader, inspect.ismethod)
        if not name.startswith("_")
    }
    given: dict[str, object] = {
        "evidence": lambda: list(asked_evidence(reader)),
        "of_item": lambda: reader.of_item("real", PRIVATE, "i1", {"aurora/lite"}),
        "scored": lambda: reader.scored([(f"bank-{PRIVATE}", "s-aurora/lite")]),
        "rows": lambda: reader.rows([(f"bank-{PRIVATE}", "s-aurora/lite", "i1")]),
        "banks": lambda: reader.banks([PRIVATE, "invoices"]),
        "again": lambda: reader.again("real", [f"r20261120-{SECRET}"], ["r20261120-1"]),
        "settings_measured": lambda: reader.settings_measured([PRIVATE]),
    }
    found = {}
    with pd.option_context("display.max_rows", None, "display.max_columns", None, "display.width", 10_000):
        for name, question in asked.items():
            if name in given:
                value = given[name]()  # type: ignore[operator]
            else:
                value = question("real") if name in PANEL_FIRST else question()  # type: ignore[call-arg]
            found[name] = str(value)
    return found


def asked_evidence(reader: Reader) -> list[pd.DataFrame]:
    return list(reader.evidence("real", ["task", "model", "score", "answer_norm"], tasks=None))


def test_every_question_to_the_store_finds_another_s_rows_gone(places: Places) -> None:
    everything = stored(places).source
    assert everything is not None
    whole, own = told(everything.reader), told(acme(places).reader)
    assert whole.keys() == own.keys()
    leaks = {name for name, text in whole.items() if SECRET in text}
    assert {"outcomes", "evidence", "measured", "runs", "banks", "rows", "served"} <= leaks
    assert [name for name, text in own.items() if SECRET in text] == []
    assert "invoices" in own["outcomes"]
    assert "invoices" in own["evidence"]
    assert own["settings_measured"] == "frozenset()"


def test_what_is_seen_of_shared_tasks_is_the_same(places: Places) -> None:
    everything = stored(places).source
    assert everything is not None
    whole = everything.reader.outcomes("real", tasks=["invoices"])
    pd.testing.assert_frame_equal(acme(places).reader.outcomes("real"), whole)
    [shared] = everything.reader.evidence("real", ["item_id", "model", "score"], tasks=["invoices"])
    [own] = acme(places).reader.evidence("real", ["item_id", "model", "score"])
    order = ["model", "item_id"]
    assert sorted(map(tuple, own[[*order, "score"]].to_numpy())) == sorted(
        map(tuple, shared[[*order, "score"]].to_numpy())
    )


def test_a_run_is_told_without_a_command_that_names_another_and_not_at_all_where_all_is_hidden(
    places: Places,
) -> None:
    assert {run.run_id for run in stored(places).runs} == {f"r20261120-{SECRET}", "r20261120-1"}
    assert [(run.run_id, run.command) for run in stored(places).of("acme").runs] == [
        ("r20261120-1", "bench run --tasks invoices")
    ]
    assert len(stored(places).of(SECRET).runs) == 2


def test_a_race_is_seen_by_whom_it_is_for(places: Places, tmp_path: Path) -> None:
    config = write(tmp_path, "{header: X-Forwarded-Email}")
    store = Store(tmp_path / "results")
    race = Race(
        organisation=SECRET, simulated=False, task="invoices", task_hash="bank-invoices", order_seed=0,
        items=("i1",), models=("aurora/lite",), settings=("s",), incumbent=None, kind="all",
        rule="{}", started_at=stored(places).runs[0].started_at,
    )  # fmt: skip
    store.put_races([race])
    store.publish()
    found = stored(Places(tmp_path / "results", config))
    seen = {name: found.of(name).source for name in ("acme", SECRET)}
    assert {name: len(each.reader.races()) for name, each in seen.items() if each} == {"acme": 0, SECRET: 1}


def test_a_view_and_its_sheet_hold_nothing_of_another_organisation(places: Places) -> None:
    found = stored(places)
    own, nord = view(found, "acme", None), view(found, SECRET, None)
    assert [route.task for route in own.routes] == ["invoices"]
    assert {route.task for route in nord.routes} == {"invoices", PRIVATE}
    assert SECRET not in repr(own)
    assert SECRET not in sheet.render(own)
    assert SECRET in sheet.render(nord)


def test_the_configuration_within_a_page_s_reach_names_no_other_organisation(places: Places) -> None:
    source = acme(places)
    assert SECRET not in repr(source.config)
    assert SECRET not in repr(source.cards)
    with pytest.raises(Exception, match="There is no organisation 'plantedsecre'") as error:
        source.config.organisation("plantedsecre")
    assert SECRET not in str(error.value).replace("'plantedsecre'", "")


def test_what_is_kept_for_one_organisation_is_never_given_to_another(places: Places) -> None:
    everything, own = stored(places).source, acme(places)
    nord = stored(places).of(SECRET).source
    assert everything is not None
    assert nord is not None
    assert len({everything.key, own.key, nord.key}) == 3
    assert own.of(SECRET) is own


def test_stored_tables_are_told_of_one_s_own_organisation_without_what_is_another_s_by_now(
    tmp_path: Path,
) -> None:
    config = write(tmp_path, "{header: X-Forwarded-Email}")
    results = tmp_path / "results"
    write_table(results, "acme", PRIVATE)
    write_table(results, SECRET)
    source = stored(Places(results, config)).of("acme").source
    assert source is not None
    now = datetime(2026, 11, 24, tzinfo=UTC)
    assert [table.organisation for table in inventory.tables(source, now)] == ["acme"]
    table = tables.stored(results, "acme")
    assert [route.task for route in table.routes] == [PRIVATE]
    assert source.seen(table).routes == ()
