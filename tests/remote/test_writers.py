"""Several writers at once without a lock, some killed: nothing is lost, nothing is there twice."""

from __future__ import annotations

from pathlib import Path

from remote.places import Desk, objects
from remote.writers import Crowd, whole

from whichmodel.config import SharedStore
from whichmodel.remote import commit
from whichmodel.remote.pull import pull
from whichmodel.remote.verify import verify

WRITERS, OUTCOMES, KILLS = 10, 1_000, 3


def test_ten_writers_at_once_and_three_kills_lose_nothing_and_double_nothing(
    tmp_path: Path, bucket: SharedStore
) -> None:
    Crowd(tmp_path, bucket, WRITERS, OUTCOMES, pushes=4).all_done(KILLS)
    reader = Desk(tmp_path / "reader", bucket)
    assert pull(reader.place).faults == []
    with reader.store.opened() as connection:
        query = "SELECT model, count(*) FROM outcomes GROUP BY model"
        assert whole(connection.execute(query).fetchall(), WRITERS, OUTCOMES)
        [(twice,)] = connection.execute("SELECT count(*) - count(DISTINCT key) FROM outcomes").fetchall()
    assert twice == 0
    for number in range(0, WRITERS, 4):
        writer = Desk(tmp_path / f"writer-{number}", bucket)
        pull(writer.place)
        assert verify(writer.place).equal
        assert writer.rows() == reader.rows()
    client = objects(bucket)
    found = commit.head(client, "public")
    assert commit.versions(client, "public") == list(range(1, found.version + 1))
