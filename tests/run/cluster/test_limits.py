"""What workers of a run learn of each other, without Ray."""

from __future__ import annotations

import asyncio

from whichmodel.run.cluster.limits import Limits, Opened


def test_news_whose_reply_was_lost_come_again_and_then_no_more() -> None:
    async def story() -> None:
        limits = Limits(None)
        await limits.join("w1", "own/model", 4, 1)
        number, news = await limits.news("w1", 0)
        assert len(news) == 1
        await limits.opened("w2", "own/model")
        assert await limits.news("w1", 0) == (number, news)
        later, more = await limits.news("w1", number)
        assert later == number + 1
        assert Opened("own/model") in more
        assert not set(news) & set(more)

    asyncio.run(story())
