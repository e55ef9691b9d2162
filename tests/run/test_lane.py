"""A lane: one request until the first answer, fewer after a 429, none before the provider's time."""

from __future__ import annotations

import asyncio

import pytest

from whichmodel.run.lane import ANSWERED_BEFORE, NEVER_ANSWERED, Lane, Stopped


async def waiting(lane: Lane, count: int) -> list[asyncio.Task[float]]:
    """So many that want a place, after each had the chance to get one."""
    tasks = [asyncio.create_task(lane.enter()) for _ in range(count)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    return tasks


def test_one_request_goes_out_until_the_first_answer_opens_the_lane() -> None:
    async def scene() -> None:
        lane = Lane(4)
        tasks = await waiting(lane, 6)
        assert lane.in_flight == 1
        lane.answered()
        await asyncio.sleep(0.01)
        assert lane.in_flight == 4
        for _ in range(4):
            lane.leave()
        await asyncio.gather(*tasks)
        assert lane.in_flight == 2

    asyncio.run(scene())


def test_a_429_halves_the_lane_once_for_all_that_were_sent_before_and_answers_let_it_grow() -> None:
    async def scene() -> None:
        lane = Lane(16)
        lane.answered()
        sent = asyncio.get_running_loop().time()
        for _ in range(5):
            lane.limited(sent, None)
        assert lane.limit == 8
        lane.limited(asyncio.get_running_loop().time() + 1, None)
        assert lane.limit == 4
        for _ in range(1000):
            lane.answered()
        assert lane.limit == 16

    asyncio.run(scene())


def test_nobody_enters_before_the_time_the_provider_named() -> None:
    async def scene() -> None:
        lane, loop = Lane(4), asyncio.get_running_loop()
        began = loop.time()
        lane.limited(began, 0.2)
        assert await lane.enter() - began >= 0.2

    asyncio.run(scene())


def test_a_stopped_lane_lets_everybody_go_and_tells_its_first_reason_once() -> None:
    async def scene() -> list[str]:
        told: list[str] = []
        lane = Lane(1, told.append)
        tasks = await waiting(lane, 3)
        lane.stop("no key")
        lane.stop("again")
        ended = await asyncio.gather(*tasks, return_exceptions=True)
        assert [type(e) for e in ended[1:]] == [Stopped, Stopped]
        with pytest.raises(Stopped, match="no key"):
            await lane.enter()
        return told

    assert asyncio.run(scene()) == ["no key"]


def test_failures_in_a_row_stop_a_lane_sooner_when_it_never_answered() -> None:
    fresh, known = Lane(4), Lane(4)

    async def scene() -> None:
        known.answered()
        for n in range(1, ANSWERED_BEFORE + 1):
            assert (known.stopped is None, fresh.stopped is None) == (True, n <= NEVER_ANSWERED)
            fresh.gave_up("500")
            known.gave_up("500")
        assert known.stopped is not None
        between = Lane(4)
        for _ in range(ANSWERED_BEFORE):
            between.answered()
            between.gave_up("500")
        assert between.stopped is None

    asyncio.run(scene())


def test_a_place_given_to_one_who_has_just_left_goes_to_the_next() -> None:
    async def scene() -> None:
        lane = Lane(1)
        first, second, third = await waiting(lane, 3)
        await first
        lane.leave()
        second.cancel()
        await asyncio.wait([third], timeout=1)
        assert third.done()
        assert second.cancelled()

    asyncio.run(scene())
