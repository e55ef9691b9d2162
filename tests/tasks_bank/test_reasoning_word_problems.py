"""The bank of word problems: each answer worked out again, another way, from the givens in its text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from fractions import Fraction
from math import ceil
from statistics import fmean

import pytest

from whichmodel import registry
from whichmodel.domain import Answer, Item
from whichmodel.scoring import numeric

CARD = registry.find(["word_problems"])[0]
BANK = registry.bank(CARD)
MANY = registry.bank(CARD, count=1170).items
Figures = Mapping[str, Fraction]


def score(text: str, item: Item) -> float:
    return numeric.score(Answer(text), item, CARD.options).score


def test_every_reference_scores_one_and_shows_its_working() -> None:
    assert [item.id for item in BANK.items if score(item.reference, item) != 1.0] == []
    for item in BANK.items:
        steps = len(item.reference.splitlines()) - 1
        assert f"{steps} steps" == item.stratum.partition("/")[2] or item.stratum.endswith(
            {2: "2-3 steps", 3: "2-3 steps", 5: "5-6 steps", 6: "5-6 steps"}.get(steps, "?")
        )


@pytest.mark.parametrize("text", ["", "I cannot help with that.", "#### N/A", "####", "#### 0"])
def test_no_answer_scores_zero(text: str) -> None:
    assert max(score(text, item) for item in BANK.items) == 0.0


def test_strata_are_balanced_and_prompts_differ_in_more_than_names() -> None:
    assert len(BANK.items) == CARD.count >= 400
    assert set(Counter(item.stratum for item in BANK.items).values()) == {11}
    assert len(Counter(item.stratum for item in BANK.items)) == 39
    nameless = {re.sub(r"\b(?!EUR|USD|GBP|CHF|CAD)[A-Z]\w+", "_", item.input) for item in MANY}
    assert len(nameless) == len(MANY)


def test_no_number_of_the_text_is_the_answer_often() -> None:
    """Whoever copies a number instead of working gets nowhere."""

    def copied(place: int) -> float:
        numbers = [re.findall(r"\d[\d,.]*\d|\d", item.input.partition("Not every")[0]) for item in BANK.items]
        return fmean(score(f"#### {found[place]}", i) for found, i in zip(numbers, BANK.items, strict=True))

    assert max(copied(place) for place in (0, 1, 2, -1, -2)) < 0.03


def test_every_problem_holds_numbers_that_do_not_matter_and_every_given_stands_in_its_text() -> None:
    for item in MANY:
        text = item.input.partition("Not every number")[0]
        figures = [str(value) for value in item.metadata["figures"].values()]
        assert [value for value in figures if value not in text] == [], item.id
        assert len(re.findall(r"\d[\d,.:]*", text)) > len([v for v in figures if re.fullmatch(r"[\d.]+", v)])


def test_the_arithmetic_of_every_working_holds() -> None:
    line = re.compile(r"[^:]+: (.+?) = (\(?-?[\d./]+\)?)(?:, rounded(?: up| down)?: ([\d.]+))?")
    for item in MANY:
        *steps, last = item.reference.splitlines()
        values = []
        for step in steps:
            found = line.fullmatch(step)
            assert found, step
            left, right = arithmetic(found[1]), arithmetic(found[2])
            assert left == right, step
            rounded = Fraction(found[3]) if found[3] else right
            assert abs(rounded - right) < 1
            values.append(rounded)
        assert values[-1] == Fraction(last.removeprefix("#### ")) == Fraction(str(item.target))


def arithmetic(written: str) -> Fraction:
    """Numbers, + - x / and brackets, worked out from the inside to the outside."""
    while "(" in written:
        written = re.sub(r"\(([^()]*)\)", lambda inner: f"{chain(inner[1])}", written)
    return chain(written)


def chain(written: str) -> Fraction:
    """A sum of products without brackets; `3/4` without blanks is one number."""
    total, sign, product = Fraction(0), 1, None
    for token in written.split():
        if token in ("+", "-"):
            assert product is not None
            total, sign, product = total + sign * product, -1 if token == "-" else 1, None
        elif token in ("x", "/"):
            operation = token
        else:
            value = Fraction(token)
            product = value if product is None else product * value if operation == "x" else product / value
    assert product is not None
    return total + sign * product


def prices(f: Figures, raw: Mapping[str, str]) -> Fraction:
    lines = [f["price"] * (1 - f["discount"] / 100)] * int(f["count"])
    lines += [f.get("price2", Fraction(0))] * int(f.get("count2", 0))
    net = sum(lines, -f.get("voucher", Fraction(0)))
    return net + net * f["tax"] / 100 + f.get("delivery", 0)


def currency(f: Figures, raw: Mapping[str, str]) -> Fraction:
    away = (f["amount"] - f["amount"] * f["fee"] / 100) * f["rate"]
    for _ in range(int(f.get("nights", 0))):
        away -= f["night"]
    return away / f["back"] - f["flat"] if "back" in f else away


def growth(f: Figures, raw: Mapping[str, str]) -> Fraction:
    held = paid = f["start"]
    held += held * f["up"] / 100
    held, paid = held + f.get("paid", 0), paid + f.get("paid", 0)
    held -= held * f["down"] / 100
    held += held * f.get("third", 0) / 100
    return held - max(Fraction(0), held - paid) * f.get("tax", 0) / 100


def work(f: Figures, raw: Mapping[str, str]) -> Fraction:
    one, two = 1 / f["hours"], 1 / f["hours2"]
    three = 1 / f["hours3"] if "hours3" in f else Fraction(0)
    pair = f.get("pair", Fraction(0))
    at_the_start = f["alone"] * one + pair * (one + two)
    together = (1 - at_the_start) / (one + two + three) * 60
    return together if "pause" not in f else together + f["pause"] + 60 * (f["alone"] + pair)


def travel(f: Figures, raw: Mapping[str, str]) -> Fraction:
    none = Fraction(0)
    hours = f["leg"] / f["speed"] + f["leg2"] / f["speed2"] + f.get("stops", none) * f.get("pause", none) / 60
    way = f["leg"] + f["leg2"]
    if "wage" in f:
        return way * f["litres"] / 100 * f["fuel"] + hours * f["wage"]
    return way / hours if "stops" in f else 60 * hours


def machines(f: Figures, raw: Mapping[str, str]) -> Fraction:
    fast = f["rate"] + f["rate"] * f["faster"] / 100
    made = f["hours"] * f["rate"] + f["hours"] * fast - f.get("down", 0) * fast / 60
    good = made - made * f.get("bad", 0) / 100
    return good // f["box"] * f["price"] if "box" in f else good


def mixtures(f: Figures, raw: Mapping[str, str]) -> Fraction:
    volume = f["one"] + f["two"]
    share = (f["one"] * f["strong"] + f["two"] * f["weak"]) / volume
    if "goal" not in f:
        return share
    volume -= f["out"]
    if "add" in f:
        share = (share * volume + f["third"] * f["add"]) / (volume + f["add"])
        volume += f["add"]
    return volume * (share / f["goal"] - 1)


def averages(f: Figures, raw: Mapping[str, str]) -> Fraction:
    values = [f["mean"]] * int(f["count"])
    total = sum(values, f.get("right", Fraction(0)) - f.get("wrong", Fraction(0)))
    total -= f.get("gone", Fraction(0)) * f.get("gone_mean", Fraction(0))
    count = len(values) - f.get("gone", 0) + f["more"]
    if "goal" in f:
        return (count * f["goal"] - total) / f["more"]
    return (total + f["more"] * f["more_mean"]) / count


def shares(f: Figures, raw: Mapping[str, str]) -> Fraction:
    rest = f["total"] * (1 - f.get("gift", Fraction(0)) / 100)
    whole = f["a"] + f["b"] + f["c"]
    if "fixed" in f:
        return f["fixed"] + (rest - f["fixed"]) * (1 - f["c"] / whole)
    return rest * f["b"] / whole * (1 - f["tax"] / 100) if "tax" in f else rest * f["a"] / whole


def schedules(f: Figures, raw: Mapping[str, str]) -> Fraction:
    begin, end = (datetime.strptime(raw[name], "%H:%M") for name in ("begin", "end"))
    day, last = (datetime.strptime(raw[name], "%d %B %Y") for name in ("first", "last"))
    hours = Fraction(0)
    while day <= last:
        if f"{day:%A}" not in raw.get("off", ""):
            hours += Fraction((end - begin).seconds, 3600) - f["pause"] / 60
        day += timedelta(days=1)
    if "wage" not in f:
        return hours
    return f["wage"] * hours + f["wage"] * max(hours - f["limit"], Fraction(0)) * f["extra"] / 100


def stock(f: Figures, raw: Mapping[str, str]) -> Fraction:
    held, daily = f["start"], f["daily"]
    for _ in range(int(f["days"])):
        held -= daily
    held += f.get("packs", 0) * f.get("size", 0)
    held -= held * f["spoilt"] / 100
    if "more" not in f:
        return held
    daily += daily * f["more"] / 100
    days = 0
    while held - daily >= f.get("reserve", 0):
        held, days = held - daily, days + 1
    return Fraction(days)


def ages(f: Figures, raw: Mapping[str, str]) -> Fraction:
    ahead = f["later"] if "ago" in f else 0
    young = next(y for y in range(100) if y * (f["times"] + 2) + f["gap"] + 3 * ahead == f["total"])
    if "ago" not in f:
        return f["times"] * young + f["later"]
    third = young + f["gap"]
    if "mother" not in f:
        return third - f["ago"]
    return (third + f["mother"] - f["ago"]) + (f["times"] * young - f["ago"])


def units(f: Figures, raw: Mapping[str, str]) -> Fraction:
    square_cm = f["length"] * 100 * f["width"] - f.get("gap", 0) * f.get("gap2", 0)
    packs = ceil(square_cm * (1 + f["waste"] / 100) / (f["pack"] * 10_000))
    if "price" not in f:
        return Fraction(packs)
    paid = [n for n in range(1, packs + 1) if "free" not in f or n % f["free"]]
    return len(paid) * f["price"]


AGAIN: Mapping[str, Callable[[Figures, Mapping[str, str]], Fraction]] = {
    found.__name__: found
    for found in (
        prices, currency, growth, work, travel, machines, mixtures, averages, shares, schedules, stock, ages,
        units,
    )
}  # fmt: skip


@pytest.mark.parametrize("kind", AGAIN)
def test_the_answer_is_the_same_when_worked_out_another_way(kind: str) -> None:
    items = [item for item in MANY if item.stratum.startswith(f"{kind}/")]
    assert len(items) == 90
    for item in items:
        raw = item.metadata["figures"]
        figures = {name: Fraction(v) for name, v in raw.items() if re.fullmatch(r"[\d.]+", v)}
        target = Fraction(str(item.target))
        places = len(str(item.target).partition(".")[2])
        assert abs(AGAIN[kind](figures, raw) - target) <= Fraction(1, 2 * 10**places), item.id
