"""A routing table that shows every kind of route, made by hand, and the models that it names."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from whichmodel.domain import (
    AgreementPolicy,
    DecisionRule,
    Model,
    Price,
    Route,
    RouteStatus,
    RoutingTable,
    Share,
    WhyNot,
)

DATED = date(2026, 11, 1)
AURORA = "http://127.0.0.1:9101/v1"
BOREALIS = "http://127.0.0.1:9102"
CIRRUS = "http://127.0.0.1:9103"


def _price(input_usd: str, output_usd: str) -> Price:
    return Price("invented", DATED, input_per_mtok=Decimal(input_usd), output_per_mtok=Decimal(output_usd))


def _demo(name: str, inspect_name: str, base_url: str, price: Price | None) -> Model:
    vendor = name.partition("/")[0]
    return Model(name, inspect_name, vendor, base_url=base_url, price=price, simulated=True)


MODELS = (
    _demo("demo-aurora/grand", "openai-api/demo/aurora-grand", AURORA, _price("5", "25")),
    _demo("demo-aurora/lite", "openai-api/demo/aurora-lite", AURORA, _price("0.25", "1.5")),
    _demo("demo-borealis/swift", "anthropic/borealis-swift", BOREALIS, _price("0.8", "4")),
    _demo("demo-cirrus/nano", "google/cirrus-nano", CIRRUS, None),
    replace(
        _demo("demo-aurora/canvas", "openai-images/aurora-canvas", AURORA, None),
        answers="image",
        price=Price("invented", DATED, per_image=Decimal("0.04")),
    ),
    Model(
        "rule/extract",
        "python/whichmodel.providers.rules:extract",
        "rule",
        price=_price("0", "0"),
        baseline=True,
    ),
)
PLAIN = Route(
    task="functions",
    category="coding",
    model="demo-borealis/swift",
    status=RouteStatus.CERTIFIED,
    fallbacks=("demo-aurora/grand",),
    why="same quality, 84% cheaper",
    ties=(),
    why_not=(
        WhyNot(
            "demo-aurora/grand",
            "dearer",
            "6.3 times the cost for the same quality",
            difference=-0.004,
            low=-0.021,
            high=0.0133333333,
            n=150,
        ),
        WhyNot(
            "demo-aurora/lite", "inferior", "16 points below", difference=-0.16, low=-0.21, high=-0.11, n=150
        ),
        WhyNot("demo-cirrus/nano", "policy", "us only: it runs in eu"),
    ),
    score=0.9533333333,
    low=0.9,
    high=0.98,
    n=50,
    cost_per_1k_usd=1.84,
    p95_s=0.41,
    figures="holdout",
    baseline_model="demo-aurora/grand",
    baseline_score=0.96,
    baseline_cost_per_1k_usd=11.5,
    baseline_low=0.91,
    baseline_high=0.985,
    baseline_n=50,
    baseline_cost_low_per_1k_usd=11.2,
    baseline_cost_high_per_1k_usd=11.9,
    saving=0.84,
    delta=0.05,
    delta_asked=0.03,
    alpha=0.05,
    delta_achievable=0.046,
    more_items=None,
    requests_per_month=20000,
    monthly_usd=36.8,
    baseline_monthly_usd=230.0,
    simulated=True,
    task_hash="3f2a9c01d4e5b6f7",
    run_ids=("2026-11-20T12-00-00",),
    cost_low_per_1k_usd=1.79,
    cost_high_per_1k_usd=1.9,
    p95_low_s=0.39,
    p95_high_s=0.47,
    p95_n=200,
    saving_low=0.83,
    saving_high=0.85,
    incumbent="demo-aurora/grand",
)
UNPRICED = replace(
    PLAIN,
    cost_per_1k_usd=None,
    cost_low_per_1k_usd=None,
    cost_high_per_1k_usd=None,
    saving=None,
    saving_low=None,
    saving_high=None,
    monthly_usd=None,
    baseline_monthly_usd=None,
    figures="in-sample",
    incumbent=None,
)
ROUTES = (
    PLAIN,
    replace(
        PLAIN,
        task="invoices",
        category="extraction",
        model="rule/extract",
        fallbacks=("demo-aurora/lite", "demo-cirrus/nano"),
        why="same quality, free: a rule reads these invoices",
        ties=("demo-aurora/lite",),
        why_not=(WhyNot("demo-aurora/lite", "dearer", "0.31 USD for 1,000 requests against none"),),
        cost_per_1k_usd=0.0,
        saving=1.0,
        requests_per_month=900000,
    ),
    replace(
        UNPRICED,
        task="receipts",
        category="extraction",
        model="demo-cirrus/nano",
        status=RouteStatus.PROVISIONAL,
        fallbacks=(),
        why="best estimate; its price is unknown",
        why_not=(
            WhyNot("demo-aurora/grand", "not shown non-inferior", "the interval reaches below the margin"),
        ),
        requests_per_month=None,
    ),
    replace(
        PLAIN,
        task="puzzles",
        category="reasoning",
        model="demo-aurora/grand",
        status=RouteStatus.INSUFFICIENT,
        fallbacks=("demo-borealis/swift",),
        why="cannot tell yet: about 310 more items would settle it",
        why_not=(WhyNot("demo-borealis/swift", "few items", "100 of 300 items"),),
        more_items=310,
        figures="in-sample",
    ),
    replace(
        PLAIN,
        task="meetings",
        category="summarization",
        model="demo-aurora/lite",
        status=RouteStatus.JUDGE_ONLY,
        fallbacks=("demo-borealis/swift",),
        why="a judge alone says so; 100 human labels are missing",
        why_not=(),
    ),
    replace(
        PLAIN,
        task="composition",
        category="image-prompt",
        model="demo-aurora/canvas",
        fallbacks=(),
        why="the only image model",
        why_not=(),
        cost_per_1k_usd=40.0,
    ),
    replace(
        UNPRICED,
        task="tickets",
        category="classification",
        model="rule/extract",
        fallbacks=(),
        why="the only one above the floor",
        why_not=(),
    ),
    replace(
        UNPRICED,
        task="technical",
        category="translation",
        model=None,
        status=RouteStatus.NONE,
        fallbacks=(),
        why="no model is allowed: the policy asks for eu",
        why_not=(WhyNot("demo-aurora/lite", "policy", "eu only: it runs in us"),),
        score=None,
        low=None,
        high=None,
        n=None,
        p95_s=None,
        p95_low_s=None,
        p95_high_s=None,
        p95_n=None,
        baseline_model=None,
        baseline_score=None,
        baseline_cost_per_1k_usd=None,
        baseline_low=None,
        baseline_high=None,
        baseline_n=None,
        baseline_cost_low_per_1k_usd=None,
        baseline_cost_high_per_1k_usd=None,
        delta_achievable=None,
    ),
    replace(
        PLAIN,
        task="emails",
        category="extraction",
        model="demo-aurora/lite",
        fallbacks=("demo-borealis/swift",),
        why="same quality, 91% cheaper; a tenth of the requests at first",
        why_not=(),
        split=(Share("demo-aurora/grand", 0.9), Share("demo-aurora/lite", 0.1)),
        raced=True,
        figures="in-sample",
    ),
    replace(
        PLAIN,
        task="word_problems",
        category="reasoning",
        model="demo-aurora/grand",
        fallbacks=("demo-borealis/swift",),
        why="today's model; demo-aurora/lite was 12% cheaper in one run so far",
        why_not=(WhyNot("demo-aurora/lite", "waits", "12% cheaper in one run, two are needed"),),
        challenger="demo-aurora/lite",
        challenger_runs=("2026-11-20T12-00-00",),
        labels=150,
        agreement=AgreementPolicy(
            "two-small", "word_problems", ("demo-aurora/lite", "demo-borealis/swift"), 2, "demo-aurora/grand"
        ),
    ),
)
TABLE = RoutingTable(
    organisation="acme",
    created_at=datetime(2026, 11, 20, 12, 30, tzinfo=UTC),
    expires_at=datetime(2027, 2, 18, 12, 30, tzinfo=UTC),
    simulated=True,
    routes=ROUTES,
    rule=DecisionRule(),
    run_ids=("2026-11-20T12-00-00",),
)
