"""Data files -> rows: Parquet, JSON lines, JSON, CSV and TSV, the last four packed by gzip too."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from whichmodel.domain import Json
from whichmodel.errors import TaskError

KINDS = ("parquet", "jsonl", "ndjson", "json", "csv", "tsv")
"""Endings that are read, the preferred ones first."""
_HUGGINGFACE = b"huggingface"
"""Key of a Parquet schema's metadata under which `datasets` writes the names of classes."""


class Rows(Protocol):
    """The rows of a split, read as far as they are needed."""

    @property
    def names(self) -> Mapping[str, Sequence[str]]:
        """Column -> names of its classes, where the files tell them."""

    def __len__(self) -> int: ...

    def take(self, places: Sequence[int]) -> list[dict[str, Json]]:
        """Rows at these places, as values that JSON can hold."""


@dataclass(frozen=True, slots=True)
class _Listed:
    rows: list[dict[str, Json]]
    names: Mapping[str, Sequence[str]]

    def __len__(self) -> int:
        return len(self.rows)

    def take(self, places: Sequence[int]) -> list[dict[str, Json]]:
        return [self.rows[place] for place in places]


@dataclass(frozen=True, slots=True)
class _Columns:
    table: Any
    names: Mapping[str, Sequence[str]]

    def __len__(self) -> int:
        return int(self.table.num_rows)

    def take(self, places: Sequence[int]) -> list[dict[str, Json]]:
        return [_plain(row) for row in self.table.take(list(places)).to_pylist()]


def kind(name: str) -> str | None:
    """What a file's name says it is: one of KINDS. None = it holds no rows that can be read."""
    ending = name.removesuffix(".gz").rpartition(".")[2].lower()
    if ending not in KINDS or (ending == "parquet" and name.endswith(".gz")):
        return None
    return ending


def read(files: Sequence[Path], wanted: Iterable[str] | None = None) -> Rows:
    """The rows of files of one kind, in their order. wanted: the columns that will do, None = all.

    Raises TaskError naming the file that cannot be read.
    """
    try:
        if all(kind(file.name) == "parquet" for file in files):
            return _parquet(files, wanted)
        return _Listed([row for file in files for row in _text_rows(file)], {})
    except TaskError:
        raise
    except Exception as error:  # pyarrow, csv and json each have a tree of errors of their own.
        raise TaskError(
            f"The data cannot be read: {type(error).__name__}: {error}.",
            where=", ".join(str(file) for file in files[:3]),
        ) from error


def _parquet(files: Sequence[Path], wanted: Iterable[str] | None) -> Rows:
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pq.read_schema(files[0])
    # Where one is not there, it may be made of others, or be misspelt: then all of them are of use.
    known = None if wanted is None else set(wanted)
    columns = sorted(known) if known and known <= set(schema.names) else None
    tables = [pq.read_table(file, columns=columns) for file in files]
    return _Columns(pa.concat_tables(tables, promote_options="permissive"), _names(schema.metadata))


def _names(metadata: Mapping[bytes, bytes] | None) -> dict[str, list[str]]:
    """Names of classes by column, from what `datasets` writes into a Parquet schema."""
    try:
        features = json.loads((metadata or {})[_HUGGINGFACE])["info"]["features"]
    except (KeyError, ValueError, TypeError):
        return {}
    found = {}
    for column, feature in features.items():
        inner = feature[0] if isinstance(feature, list) and feature else feature
        while isinstance(inner, Mapping) and isinstance(inner.get("feature"), Mapping):
            inner = inner["feature"]
        if isinstance(inner, Mapping) and isinstance(inner.get("names"), list):
            found[column] = [str(name) for name in inner["names"]]
    return found


def _plain(row: Mapping[str, Any]) -> dict[str, Json]:
    """A row as JSON holds it: dates and exact numbers as text."""
    plain: dict[str, Json] = json.loads(json.dumps(row, default=str, ensure_ascii=False))
    return plain


def _text_rows(file: Path) -> Iterable[dict[str, Json]]:
    data = gzip.decompress(file.read_bytes()) if file.name.endswith(".gz") else file.read_bytes()
    text = _decoded(data, file)
    found = kind(file.name)
    if found in ("csv", "tsv"):
        csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
        mark = "\t" if found == "tsv" else _separator(text)
        yield from csv.DictReader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
        return
    rows = _json_rows(json.loads(text)) if found == "json" and not _is_lines(text) else _lines(text)
    for number, row in enumerate(rows):
        if not isinstance(row, dict):
            raise TaskError(f"Row {number} is no JSON object.", where=str(file))
        yield row


def _decoded(data: bytes, file: Path) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise TaskError(
            f"It is not UTF-8: line {line} holds the byte 0x{data[error.start]:02x}.",
            where=str(file),
            remedy="It may be Latin-1 or Windows-1252; save it as UTF-8: `iconv -f WINDOWS-1252 -t UTF-8`.",
        ) from error


def _separator(text: str) -> str:
    """What stands between the names of the first line: a comma, or the semicolon or tab of other programs."""
    head = re.sub(r'"(?:[^"]|"")*"', "", text[:100_000]).partition("\n")[0]
    return max(",;\t", key=head.count)


def _is_lines(text: str) -> bool:
    """Many sets call JSON lines `.json`."""
    first = text.lstrip().partition("\n")[0]
    try:
        return isinstance(json.loads(first), dict) and "\n{" in text.strip()
    except ValueError:
        return False


def _lines(text: str) -> list[Json]:
    # Not splitlines(): a JSON text may hold U+2028 as it is.
    return [json.loads(line) for line in text.split("\n") if line.strip()]


def _json_rows(value: Json) -> list[Json]:
    """A list of rows, or the one list of rows that an object holds."""
    if isinstance(value, dict):
        lists = [part for part in value.values() if isinstance(part, list)]
        if len(lists) != 1:
            raise ValueError("a JSON object is a data file only where it holds one list of rows")
        return lists[0]
    if not isinstance(value, list):
        raise ValueError("it holds no list of rows")
    return value
