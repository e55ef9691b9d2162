"""The items of two compared models: a list to page through, and one of them with both answers."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from whichmodel.analyse.compare import Answered
from whichmodel.leaderboard import address, compared, elements, side_by_side
from whichmodel.leaderboard.elements import Column, Line, TableCell, TableRow
from whichmodel.views import verdict, words
from whichmodel.views.board import View
from whichmodel.views.comparison import BUCKETS, Bucket, Pair, Row
from whichmodel.views.source import Source

PAGE = 20
"""Items of one page of the list."""
PERMALINK = (
    "The address of this page names both models, the task, the list and the item: "
    "who opens it sees the same. It is the link to pass on."
)


def show(source: Source, view: View, pair: Pair) -> None:
    """The list, and below it the item that is chosen."""
    c = pair.found
    st.header("Item by item", anchor=False)
    buckets = tuple(BUCKETS)
    shown = address.segments("show", "Items", buckets, title=lambda name: _titled(pair, name), hidden=True)
    bucket: Bucket = next(name for name in buckets if name == shown)
    listed = pair.bucket(bucket)
    address.depend((c.task, c.a, c.b, bucket), "at")
    known = set(pair.items)
    item = address.held("item", "Item", lambda name: name in known)
    if listed:
        _list(source, view, pair, listed, item)
    else:
        st.info(f"No item of {view.title(c.task)} is in the list “{BUCKETS[bucket]}”. The figures behind it:")
        st.code(f"bench compare {c.a} {c.b} --task {c.task}", language=None)
    if item:
        _item(source, view, pair, listed, item, bucket)


def _titled(pair: Pair, name: str) -> str:
    bucket = next(each for each in BUCKETS if each == name)
    return f"{BUCKETS[bucket]} {pair.count(bucket):,}"


def _page_of(listed: Sequence[str], item: str) -> int:
    """On which page of the list an item stands, from 1; the first where it is not in it."""
    return listed.index(item) // PAGE + 1 if item in listed else 1


def _choose(listed: Sequence[str], item: str) -> None:
    address.choose("item", item)
    address.choose("at", str(_page_of(listed, item)))


LIST = (
    Column("Item", width="26%"),
    Column("A: score", end=True),
    Column("B: score", end=True),
    Column("A: cost", end=True),
    Column("B: cost", end=True),
    Column("A: latency", end=True),
    Column("B: latency", end=True),
)


def _list(source: Source, view: View, pair: Pair, listed: Sequence[str], item: str) -> None:
    pages = -(-len(listed) // PAGE)
    at = _pager(pages, _page_of(listed, item))
    ids = tuple(listed[(at - 1) * PAGE : at * PAGE])
    c = pair.found
    read = compared.rows(source, view, pair, ids)

    def chosen(picked: str) -> None:
        _choose(listed, picked)

    elements.table(
        "items",
        f"Items of {view.title(c.task)}; A is {c.a}, B is {c.b}",
        LIST,
        [TableRow(_cells(row), row.item == item) for row in read],
        on_choose=chosen,
    )


def _pager(pages: int, usual: int) -> int:
    """The page of the list; buttons and a choice where there are several."""
    numbers = [str(number) for number in range(1, pages + 1)]
    if pages == 1:
        return 1
    at = int(address.current("at", numbers, str(usual)))
    back, choice, forth = st.columns([1, 2, 1], vertical_alignment="bottom")
    with choice:
        address.selectbox(
            "at", "Page", numbers, title=lambda number: f"{number} of {pages:,}", default=str(usual)
        )
    with back:
        _step("earlier", "Previous page", at > 1, "at", str(at - 1))
    with forth:
        _step("later", "Next page", at < pages, "at", str(at + 1))
    return at


def _step(key: str, label: str, possible: bool, name: str, value: str) -> None:
    st.button(
        label,
        key=key,
        disabled=not possible,
        on_click=address.choose,
        args=(name, value),
        width="stretch",
    )


def _cells(row: Row) -> tuple[TableCell, ...]:
    cluster = "" if row.cluster == row.item else f"with {row.cluster}"
    return (
        TableCell(row.item, cluster, action=row.item, hint="Show both answers"),
        *(TableCell(words.score(each.score), verdict.ended(each)) for each in (row.a, row.b)),
        *(TableCell(verdict.money(each)) for each in (row.a, row.b)),
        *(TableCell(verdict.latency(each)) for each in (row.a, row.b)),
    )


def _item(source: Source, view: View, pair: Pair, listed: Sequence[str], item: str, bucket: Bucket) -> None:
    c = pair.found
    place = listed.index(item) if item in listed else None
    before = listed[place - 1] if place else None
    after = listed[(place if place is not None else -1) + 1 :][:1]
    with st.container(border=True, key="chosen_item"):
        where = f"not in the list “{BUCKETS[bucket]}”"
        if place is not None:
            where = f"{place + 1:,} of {len(listed):,} in “{BUCKETS[bucket]}”"
        [row] = compared.rows(source, view, pair, (item,))
        elements.prose(
            "item_head",
            Line(f"{view.title(c.task)}: {item}", "title"),
            Line(f"{_told('A', c.a, row.a)}. {_told('B', c.b, row.b)}."),
            Line(f"{where[0].upper()}{where[1:]}. {PERMALINK}", "muted"),
            reveal=item,
        )
        left, right = st.columns(2)
        with left:
            _walk("item_before", "Previous item", listed, before)
        with right:
            _walk("item_after", "Next item", listed, after[0] if after else None)
        side_by_side.show(source, view, c.task, item, c.a, c.b)


def _walk(key: str, label: str, listed: Sequence[str], item: str | None) -> None:
    st.button(
        label, key=key, disabled=item is None, on_click=_choose, args=(listed, item or ""), width="stretch"
    )


def _told(letter: str, model: str, answer: Answered) -> str:
    ended = verdict.ended(answer)
    score = "no score" if answer.score is None else f"score {words.score(answer.score)}"
    return f"{letter}, {model}: {', '.join(filter(None, (score, ended)))}"
