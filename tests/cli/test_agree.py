"""`bench agree`, over outcomes that lie in a store."""

from __future__ import annotations

import random
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from program import Bench
from rows import FAILED, outcome

from whichmodel.cli.agree import command
from whichmodel.domain import Outcome, Status
from whichmodel.errors import UsageError
from whichmodel.store import Store

N = 400
CHEAP, OTHER, STRONG, PRICELESS = "acme/small", "birch/small", "cedar/large", "dune/free"
CONFIG = """\
default_organisation: shop
models:
  - {{id: acme/small, base_url: "http://127.0.0.1:1/v1", region: eu}}
  - {{id: birch/small, base_url: "http://127.0.0.1:1/v1", region: eu}}
  - {{id: cedar/large, base_url: "http://127.0.0.1:1/v1", region: eu}}
  - {{id: dune/free, base_url: "http://127.0.0.1:1/v1", region: eu}}
organisations:
  shop:
    title: Shop
    review_cost_usd: 1.5
    reviewer_error: 0.02
    workloads: [{{task: tickets, requests_per_month: 1000, error_cost_usd: 2}}]
    agreements:
      - {{name: both, task: tickets, models: [acme/small, birch/small], otherwise: cedar/large}}
      - {{name: people, task: tickets, models: [acme/small, birch/small]}}
      - {{name: lost, task: meetings, models: [acme/small, birch/small]}}
  bank:
    title: Bank
    policy: {{regions: [us]}}
{extra}
"""


def _rows() -> Iterator[Outcome]:
    """Two cheap models right on nine of ten and now and then wrong in the same way; a strong, dear one."""
    lot = random.Random(4)
    for k in range(N):
        trap = lot.random() < 0.01
        said = {
            CHEAP: "trap" if trap else ("right" if lot.random() < 0.92 else "a"),
            OTHER: "trap" if trap else ("right" if lot.random() < 0.9 else "b"),
            STRONG: "right" if lot.random() < 0.97 else "c",
            PRICELESS: "right",
        }
        cost = {CHEAP: "0.0010", OTHER: "0.0012", STRONG: "0.0300"}
        for model, answer in said.items():
            plain: dict[str, Any] = {
                "task": "tickets",
                "category": "classification",
                "model": model,
                "latency_s": 0.5,
            }
            if model == OTHER and k < 3:
                yield outcome(k, **{**plain, **FAILED})
                continue
            refused = model == CHEAP and k == 10
            yield outcome(
                k,
                **plain,
                answer_norm=None if refused else answer,
                status=Status.REFUSED if refused else Status.SCORED,
                score=float(answer == "right" and not refused),
                cost_usd=Decimal(cost[model]) if model in cost else None,
            )
    for k in range(20):
        for model in (CHEAP, OTHER):
            yield outcome(k, task="meetings", category="summarization", model=model)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    folder = tmp_path_factory.mktemp("agree")
    (folder / "bench.yaml").write_text(CONFIG.format(extra=""))
    store = Store(folder / "results")
    store.ingest(list(_rows()))
    store.publish()
    return Bench(folder)


PAIR = f"{CHEAP},{OTHER}"
ADHOC = ("agree", "--task", "tickets", "--models", PAIR)


def test_named_policies_are_replayed_at_the_organisation_s_own_costs(project: Bench) -> None:
    ended = project("agree", "--json")
    assert ended.code == 0, ended.err
    assert "The scorer of meetings keeps findings, not answers" in ended.err
    [task] = ended.document["tasks"]
    assert (task["task"], task["items"], task["epochs"], task["same"]) == ("tickets", N, 1, "the same label")
    assert task["terms"] == {"review_usd": 1.5, "reviewer_error": 0.02, "error_usd": 2.0, "right": 1.0}
    both, people = task["policies"]
    assert [row["name"] for row in both["against"]] == [STRONG, PRICELESS]
    assert [row["name"] for row in people["against"]] == [PRICELESS, "a person"]
    assert both["figures"]["left_out"] == 3
    assert both["figures"]["items"] == both["figures"]["coverage"]["n"] == N - 3
    accepted, wrong, items = (both["figures"][key] for key in ("accepted", "wrong", "items"))
    assert both["figures"]["error"]["mean"] == pytest.approx(wrong / accepted)
    paid = 0.0022 + (1 - accepted / items) * 0.03
    assert both["figures"]["paid_usd"]["value"] == pytest.approx(paid)
    asked = 0.0022 + (1 - accepted / items) * 1.5
    total = asked + (1 - accepted / items) * 0.02 * 2 + wrong / items * 2
    assert people["figures"]["total_usd"]["value"] == pytest.approx(total)


def test_costs_vary_by_flags_and_what_is_unknown_stays_so(project: Bench) -> None:
    named = ("agree", "--task", "tickets")
    other = project(*named, "--review-cost", "0.1", "--error-cost", "9", "--json").document["tasks"][0]
    assert (other["terms"]["review_usd"], other["terms"]["error_usd"]) == (0.1, 9.0)
    bare = project(*ADHOC, "--org", "bank", "--json").document["tasks"][0]
    assert bare["terms"]["error_usd"] is None
    [policy] = bare["policies"]
    assert policy["figures"]["total_usd"] is None
    assert policy["figures"]["paid_usd"] is None
    assert policy["forbidden"].startswith(f"{CHEAP}: ")
    text = project(*ADHOC, "--org", "bank").out
    assert "What an error costs is unknown" in text
    assert "What a review costs is unknown" in text
    assert "not allowed here" in text


def test_an_unknown_price_of_the_best_single_model_is_said_and_never_free(project: Bench) -> None:
    text = project(*ADHOC, "--otherwise", STRONG).out
    assert f"against {PRICELESS}, the best of 4 models: " in text
    assert "cost unknown" in text


def test_without_a_quorum_the_whole_family_is_replayed_the_safest_first(project: Bench) -> None:
    three = ("agree", "--task", "tickets", "--models", f"{CHEAP},{OTHER},{STRONG}", "--json")
    found = project(*three).document["tasks"][0]
    assert [p["policy"]["quorum"] for p in found["policies"]] == [3, 2]
    assert len(found["together"]) == 3
    one = project(*three, "--quorum", "2").document["tasks"][0]
    assert [p["policy"]["quorum"] for p in one["policies"]] == [2]
    coverage = [p["figures"]["coverage"]["mean"] for p in found["policies"]]
    assert coverage[0] < coverage[1]


def test_an_error_that_is_asked_for_gets_a_verdict(project: Bench) -> None:
    loose = project(*ADHOC, "--max-error", "0.1")
    assert "Error at most 10.0%: confirmed." in loose.out
    [policy] = project(*ADHOC, "--max-error", "0.1", "--json").document["tasks"][0]["policies"]
    assert policy["tested"]["verdict"] == "confirmed"
    assert policy["tested"]["holdout"]["accepted"] > 0


def test_a_refused_answer_is_not_accepted(project: Bench) -> None:
    [policy] = project(*ADHOC, "--json").document["tasks"][0]["policies"]
    rows = list(_rows())
    by_item: dict[str, dict[str, str | None]] = {}
    for row in rows:
        if row.task == "tickets" and row.status is not Status.FAILED:
            by_item.setdefault(row.item_id, {})[row.model] = row.answer_norm
    same = [s for s in by_item.values() if OTHER in s and s[CHEAP] is not None and s[CHEAP] == s[OTHER]]
    assert policy["figures"]["accepted"] == len(same)


def test_the_text_fits_80_columns_and_every_row_has_its_n(project: Bench) -> None:
    ended = project("agree", "--task", "tickets", "--max-error", "0.05", env={"COLUMNS": "80"})
    assert ended.code == 0, ended.err
    assert max(len(line) for line in ended.out.splitlines()) <= 80
    golden = Path(__file__).parent.parent / "golden" / "agree.txt"
    assert ended.out == golden.read_text(encoding="utf-8")


MISTAKES = (
    (("--models", PAIR), "Which task? Add --task NAME."),
    (("--task", "tickets", "--models", CHEAP), "One model agrees with nobody."),
    (("--task", "tickets", "--models", f"{CHEAP},{CHEAP}"), "only the first epoch is compared"),
    (("--task", "tickets", "--models", PAIR, "--quorum", "3"), "3 of 2 models cannot agree"),
    (("--task", "tickets", "--models", f"{CHEAP},acme/smal"), "Nearest: acme/small"),
    (("--task", "tickets", "--models", PAIR, "--otherwise", "x"), "no model measured on tickets 'x'"),
    (("--task", "invoices", "--models", PAIR), "'invoices' was not measured"),
    (("--task", "meetings", "--models", PAIR), "keeps findings, not answers"),
    (("--task", "ticket"), "Nearest: tickets"),
    (("--org", "shp"), "Nearest: shop"),
)


@pytest.mark.parametrize(("args", "says"), MISTAKES)
def test_mistakes_are_told(project: Bench, args: tuple[str, ...], says: str) -> None:
    """In this process: what `main` prints of such an error is tested in test_bad_input."""
    files = ("--config", str(project.folder / "bench.yaml"), "--results", str(project.folder / "results"))
    ended = CliRunner().invoke(command, [*args, *files])
    assert isinstance(ended.exception, UsageError)
    assert says in str(ended.exception)
    assert ended.stdout == ""


def test_without_named_policies_it_says_how_to_name_one(project: Bench) -> None:
    ended = project("agree", "--org", "bank")
    assert ended.code == 0
    assert "bank names no agreement policies" in ended.out
    assert project("agree", "--org", "bank", "--json").document == {"organisation": "bank", "tasks": []}


def test_the_example_it_gives_is_one_that_bench_yaml_takes(project: Bench) -> None:
    example = project("agree", "--org", "bank").out.split("organisation:\n")[1]
    added = "    " + " ".join(example.split())
    (project.folder / "more.yaml").write_text(CONFIG.format(extra=added))
    ended = project("agree", "--org", "bank", "--config", "more.yaml")
    assert "There is no model measured on tickets 'a/small'" in ended.err


def test_a_route_takes_a_policy_that_is_as_good_and_cheaper_and_its_files_say_so(project: Bench) -> None:
    """Of models that are configured: what dune/free costs is unknown, and nothing is known to be cheaper."""
    lines = CONFIG.format(extra="").splitlines(keepends=True)
    (project.folder / "priced.yaml").write_text("".join(line for line in lines if PRICELESS not in line))
    ended = project("route", "--config", "priced.yaml", "--json")
    assert ended.code == 0, ended.err
    [route] = [route for route in ended.document["routes"] if route["task"] == "tickets"]
    assert route["model"] == STRONG
    assert "; before it the policy both: as good within 3 points, " in route["why"]
    written = yaml.safe_load((project.folder / "results" / "routing" / "shop.yaml").read_text())
    [filed] = [route for route in written["routes"] if route["task"] == "tickets"]
    assert filed["agreement"] == {
        "name": "both",
        "task": "tickets",
        "models": [CHEAP, OTHER],
        "quorum": 2,
        "otherwise": STRONG,
    }
