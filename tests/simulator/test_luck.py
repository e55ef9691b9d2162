"""Draws are hashes: repeatable, independent of order, and of the right shape."""

from __future__ import annotations

from statistics import NormalDist, mean, median

from hypothesis import given
from hypothesis import strategies as st

from whichmodel.simulator import luck


@given(st.lists(st.text()))
def test_a_draw_depends_on_its_parts_alone_and_lies_inside_the_unit_interval(parts: list[str]) -> None:
    assert 0 < luck.uniform(*parts) < 1
    assert luck.uniform(*parts) == luck.uniform(*parts)
    assert luck.generator(*parts).random() == luck.generator(*parts).random()


def test_the_ends_of_the_unit_interval_are_out_of_reach() -> None:
    assert ((2**64 - 1 >> 12) + 0.5) * 2.0**-52 < 1
    assert 0.5 * 2.0**-52 > 0


def test_each_model_is_right_as_often_as_its_skill_says() -> None:
    for skill in (0.4, 0.9):
        rights = [luck.right(skill, seed=0, model="m", prompt=f"p{n}") for n in range(4000)]
        assert abs(mean(rights) - skill) < 4 * (skill * (1 - skill) / 4000) ** 0.5


def test_errors_of_two_models_on_an_item_are_correlated_as_documented() -> None:
    """Both wrong at skill .5 has the bivariate normal's orthant probability for rho = .4."""
    pairs = [
        (
            luck.right(0.5, seed=0, model="a", prompt=f"p{n}"),
            luck.right(0.5, seed=0, model="b", prompt=f"p{n}"),
        )
        for n in range(8000)
    ]
    both = mean(not a and not b for a, b in pairs)
    orthant = 0.25 + 0.4115168 / (2 * 3.14159265)
    assert abs(both - orthant) < 0.02


def test_a_lognormal_draw_has_its_median_and_sigma() -> None:
    drawn = sorted(luck.lognormal(0.2, 0.35, n) for n in range(4000))
    assert abs(median(drawn) - 0.2) < 0.01
    p95 = drawn[int(0.95 * len(drawn))]
    assert abs(p95 / 0.2 - 2.718281828 ** (0.35 * NormalDist().inv_cdf(0.95))) < 0.12
