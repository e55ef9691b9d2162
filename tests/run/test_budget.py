"""The run's money: what is set aside and what is spent never exceed the limit together."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from whichmodel.run.budget import Budget, Claim


@given(
    limit=st.integers(0, 100),
    claims=st.lists(st.tuples(st.integers(1, 30), st.floats(0, 1)), max_size=40),
    flight=st.integers(1, 6),
)
def test_spent_and_reserved_stay_within_the_limit(
    limit: int, claims: list[tuple[int, float]], flight: int
) -> None:
    budget = Budget(Decimal(limit))
    answers: dict[int, bool] = {}
    open_claims: list[tuple[Decimal, Decimal]] = []

    def settle_oldest() -> None:
        worst, spent = open_claims.pop(0)
        budget.settle(worst, spent)

    for number, (worst, share) in enumerate(claims):
        amount = Decimal(worst)

        def answered(granted: bool, n: int = number, a: Decimal = amount, s: float = share) -> bool:
            answers[n] = granted
            if granted:
                open_claims.append((a, a * Decimal(str(round(s, 3)))))
            return True

        budget.claim(Claim(amount, answered))
        assert budget.spent + budget.reserved <= limit
        while len(open_claims) >= flight:
            settle_oldest()
    while open_claims:
        settle_oldest()
        assert budget.spent + budget.reserved <= limit
    assert len(answers) == len(claims)
    assert (budget.in_flight, budget.reserved) == (0, Decimal(0))


def test_a_claim_waits_for_what_may_turn_out_cheaper_and_is_refused_when_nothing_can() -> None:
    budget = Budget(Decimal(10))
    said: list[tuple[str, bool]] = []

    def claim(name: str, worst: int) -> None:
        def answered(granted: bool) -> bool:
            said.append((name, granted))
            return True

        budget.claim(Claim(Decimal(worst), answered))

    claim("first", 8)
    claim("second", 8)
    assert said == [("first", True)]
    budget.settle(Decimal(8), Decimal(1))
    assert said[1:] == [("second", True)]
    claim("third", 8)
    budget.settle(Decimal(8), Decimal(8))
    assert said[2:] == [("third", False)]


def test_money_for_a_worker_that_is_gone_is_not_set_aside() -> None:
    budget = Budget(Decimal(10))
    budget.claim(Claim(Decimal(8), lambda granted: False))
    assert (budget.in_flight, budget.reserved) == (0, Decimal(0))


def test_without_a_limit_everything_is_granted() -> None:
    budget = Budget()
    said: list[bool] = []

    def answered(granted: bool) -> bool:
        said.append(granted)
        return True

    for _ in range(3):
        budget.claim(Claim(Decimal(1000), answered))
    assert said == [True, True, True]
