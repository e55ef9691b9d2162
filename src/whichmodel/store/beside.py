"""What outcomes name beside the database: folders of logs, and images."""

from __future__ import annotations

from whichmodel.store.database import Store


def named(store: Store) -> dict[str, frozenset[str]]:
    """Task -> folders of logs and images that its outcomes name, relative to the results folder.

    Imported outcomes lie in the file they came from, and name nothing here.
    """
    with store.opened() as connection:
        rows = connection.execute(
            "SELECT task, list(DISTINCT split_part(log_ref, '#', 1)), list(DISTINCT output_ref) "
            "FROM outcomes WHERE imported_from IS NULL AND (log_ref IS NOT NULL OR output_ref IS NOT NULL) "
            "GROUP BY task"
        ).fetchall()
    return {task: frozenset(name for name in [*logs, *images] if name) for task, logs, images in rows}
