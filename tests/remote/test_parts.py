"""Parts: the same rows are the same part, and a torn one is seen before a row of it is taken."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rows import FAILED, outcome

from whichmodel.remote import parts
from whichmodel.remote.parts import Unreadable
from whichmodel.store import schema

ROWS = [outcome(n, task="invoices" if n % 2 else "receipts") for n in range(40)]
ROWS += [outcome(n, attempt=1, **FAILED) for n in range(5)]
PART, DATA = parts.made("outcomes", schema.arrow(ROWS))


def test_a_part_holds_its_rows_as_they_were() -> None:
    found = pa.Table.from_batches(parts.read(PART, DATA, "here"))
    assert found == schema.arrow(sorted(ROWS, key=lambda row: row.key)).combine_chunks()
    assert (PART.rows, PART.bytes, PART.tasks) == (45, len(DATA), ("invoices", "receipts"))
    assert PART.first == min(row.started_at for row in ROWS)
    assert PART.last == max(row.started_at for row in ROWS)


@given(st.permutations(ROWS))
@settings(max_examples=20, deadline=None)
def test_the_same_rows_in_any_order_are_the_same_part(rows: list[object]) -> None:
    assert parts.made("outcomes", schema.arrow(rows))[0] == PART  # type: ignore[arg-type]


def test_other_rows_are_another_part() -> None:
    assert parts.made("outcomes", schema.arrow(ROWS[1:]))[0].key != PART.key


@given(st.integers(0, len(DATA) - 1), st.booleans())
@settings(max_examples=60, deadline=None)
def test_a_part_torn_or_changed_anywhere_is_not_taken(place: int, cut: bool) -> None:
    torn = DATA[:place] if cut else DATA[:place] + bytes([DATA[place] ^ 1]) + DATA[place + 1 :]
    with pytest.raises(Unreadable, match="damaged"):
        list(parts.read(PART, torn, "here"))


def test_a_part_of_a_newer_program_is_named_as_such() -> None:
    with pytest.raises(Unreadable, match="newer whichmodel"):
        list(parts.read(replace(PART, schema=99), DATA, "here"))


def test_a_part_without_a_younger_column_is_read_with_that_column_unknown() -> None:
    import hashlib

    sink = pa.BufferOutputStream()
    pq.write_table(schema.arrow(ROWS).drop_columns(["from_cache", "megapixels"]), sink)
    data = sink.getvalue().to_pybytes()
    old = replace(PART, bytes=len(data), digest=hashlib.sha256(data).hexdigest())
    found = pa.Table.from_batches(parts.read(old, data, "here"))
    assert found.schema == schema.arrow_schema()
    assert set(found["from_cache"].to_pylist()) == {False}
    assert found["megapixels"].null_count == len(ROWS)
