"""What may cross the socket."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whichmodel.sandbox import wire

scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(10**300), 10**300)
    | st.floats(allow_nan=False)
    | st.text()
    | st.binary()
)
hashables = st.recursive(
    scalars | st.complex_numbers(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3).map(tuple) | st.frozensets(inner, max_size=3),
    max_leaves=6,
)
values = st.recursive(
    hashables,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(hashables, inner, max_size=4)
        | st.dictionaries(st.text(), inner, max_size=4)
        | st.sets(hashables, max_size=4)
    ),
    max_leaves=12,
)


tags = st.sampled_from(["$tuple", "$set", "$frozenset", "$dict", "$bytes", "$complex", "$other"])
documents = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | tags, inner),
)


def typed(value: Any) -> str:
    """A value's text with its types, blind to the order of sets."""
    if isinstance(value, (set, frozenset)):
        return f"{type(value).__name__}{sorted(map(typed, value))}"
    if isinstance(value, (list, tuple)):
        return f"{type(value).__name__}{list(map(typed, value))}"
    if isinstance(value, dict):
        return f"dict{[(typed(k), typed(v)) for k, v in value.items()]}"
    return f"{type(value).__name__}:{value!r}"


@given(values)
def test_every_plain_value_comes_back_as_it_was(value: Any) -> None:
    line = wire.dumps({"value": wire.encode(value)})
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert typed(wire.decode(wire.loads(line)["value"])) == typed(value)


class Sly(int):
    """An int that claims to equal everything."""

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 0


@pytest.mark.parametrize(
    "value", [Sly(3), [Sly(3)], {Sly(3): 1}, object(), (x for x in "ab"), range(3), int, len]
)
def test_only_exact_builtin_types_are_written(value: object) -> None:
    with pytest.raises(wire.WireError):
        wire.encode(value)


@given(documents)
def test_whatever_json_arrives_is_rebuilt_from_builtins_or_refused(data: Any) -> None:
    try:
        value = wire.decode(data)
    except wire.WireError:
        return
    assert typed(wire.decode(wire.encode(value))) == typed(value)


def nested(depth: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(depth):
        value = [value]
    return value


def test_depth_length_and_digits_are_capped() -> None:
    assert wire.encode(nested(wire.MAX_DEPTH - 1))
    with pytest.raises(wire.WireError, match="deeper"):
        wire.encode(nested(wire.MAX_DEPTH + 1))
    with pytest.raises(wire.WireError, match="deeper"):
        wire.decode(nested(wire.MAX_DEPTH + 1))
    with pytest.raises(wire.WireError, match="bytes"):
        wire.dumps({"value": "x" * wire.MAX_FRAME})
    with pytest.raises(wire.WireError, match="digits"):
        wire.loads(b'{"value": ' + b"9" * (wire.MAX_DIGITS + 1) + b"}")
    with pytest.raises(wire.WireError):
        wire.loads(b'{"value": ' + b"[" * 200_000 + b"]" * 200_000 + b"}")


def test_keys_that_all_have_one_hash_are_refused() -> None:
    modulus = 2**61 - 1
    keys = [i * modulus for i in range(wire.MAX_SAME_HASH + 2)]
    for data in ({"$set": keys}, {"$dict": [[key, 1] for key in keys]}):
        with pytest.raises(wire.WireError, match="same hash"):
            wire.decode(data)


@pytest.mark.parametrize(
    "line", [b"", b"\n", b"[]\n", b"7\n", b"{", b"\xff\xfe\n", json.dumps("id").encode()]
)
def test_a_line_that_is_no_object_is_refused(line: bytes) -> None:
    with pytest.raises(wire.WireError):
        wire.loads(line)
