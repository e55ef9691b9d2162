"""The journal of a run on a cluster, without Ray: what it was given it has, whatever ends it."""

from __future__ import annotations

import asyncio
from pathlib import Path

from whichmodel.run.cluster.journal import FILE, Journal, Line, Place, mark, parse


def lines(*numbers: int) -> list[Line]:
    return [Line("000-job", mark(f"i{n}"), f'{{"n": {n}}}') for n in numbers]


def texts(chunk: bytes) -> list[str]:
    return [line.text for line in parse(chunk)]


async def _all(journal: Journal, after: int = 0) -> tuple[int, list[str]]:
    place, chunk = await journal.take(after)
    return place, texts(chunk)


def test_what_was_appended_is_taken_once_and_in_order(tmp_path: Path) -> None:
    async def story() -> None:
        journal = Journal(str(tmp_path / "j"))
        await journal.append("w1", 1, lines(1, 2))
        place, found = await _all(journal)
        assert found == ['{"n": 1}', '{"n": 2}']
        await journal.append("w2", 1, lines(3))
        assert (await _all(journal, place))[1] == ['{"n": 3}']

    asyncio.run(story())


def test_a_batch_that_comes_twice_is_kept_once_even_by_a_journal_begun_again(tmp_path: Path) -> None:
    async def story() -> None:
        journal = Journal(str(tmp_path / "j"))
        await journal.append("w1", 1, lines(1, 2))
        await journal.append("w1", 1, lines(1, 2))
        again = Journal(str(tmp_path / "j"))
        await again.append("w1", 2, lines(2, 3))
        assert len((await _all(again))[1]) == 3

    asyncio.run(story())


def test_a_line_cut_short_by_a_kill_is_dropped_and_comes_again(tmp_path: Path) -> None:
    async def story() -> None:
        journal = Journal(str(tmp_path / "j"))
        await journal.append("w1", 1, lines(1))
        with (tmp_path / "j" / FILE).open("a") as file:
            file.write("w1\t2\t000-job\thalf")
        again = Journal(str(tmp_path / "j"))
        await again.append("w1", 2, lines(2))
        assert (await _all(again))[1] == ['{"n": 1}', '{"n": 2}']

    asyncio.run(story())


def test_what_the_last_driver_has_taken_is_known_to_the_next(tmp_path: Path) -> None:
    async def story() -> None:
        journal = Journal(str(tmp_path / "j"))
        await journal.append("w1", 1, lines(1))
        place, _ = await _all(journal)
        await journal.append("w1", 2, lines(2))
        await journal.take(place)
        again = Journal(str(tmp_path / "j"))
        assert (await _all(again, await again.taken()))[1] == ['{"n": 2}']

    asyncio.run(story())


def test_workers_are_to_stop_while_the_driver_is_not_heard_from(tmp_path: Path) -> None:
    async def story() -> None:
        journal = Journal(str(tmp_path / "j"), silent_s=0.5)
        await journal.take(0)
        assert await journal.go_on()
        async with asyncio.timeout(30):
            while await journal.go_on():
                await asyncio.sleep(0.1)
        await journal.hear()
        assert await journal.go_on()
        await journal.stop()
        await journal.hear()
        assert not await journal.go_on()

    asyncio.run(story())


def test_where_jobs_lie_and_how_they_ended_is_kept(tmp_path: Path) -> None:
    async def story() -> None:
        journal = Journal(str(tmp_path / "j"))
        place = Place("000-job", 1, "node", "/somewhere")
        await journal.begun("w1", place)
        await journal.ended("000-job", None)
        assert await journal.places() == [place]
        assert await journal.how_ended() == {"000-job": None}
        assert await journal.present() == {"w1"}
        await journal.bye("w1")
        assert await journal.present() == set()

    asyncio.run(story())
