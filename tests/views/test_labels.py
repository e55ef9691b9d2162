"""Names on a plot: none covers another, a mark or the edge, at any width from that of the placing up."""

from __future__ import annotations

import math
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ImageFont

from whichmodel.views.labels import SIZE, Anchor, Box, Label, Segment, place, short_names, text_width

HEIGHT = 360.0
Rectangle = tuple[float, float, float, float]


@st.composite
def crowds(draw: st.DrawFn) -> tuple[Anchor, ...]:
    share = st.floats(0.02, 0.98)
    return tuple(
        Anchor(
            f"m{n}",
            draw(share),
            HEIGHT * draw(share),
            draw(st.sampled_from((6.0, 14.0))),
            (f"model-{'long-' * draw(st.integers(0, 4))}{n}", str(n)),
        )
        for n in range(draw(st.integers(6, 40)))
    )


def rectangle(box: Box, width: float) -> Rectangle:
    at = box.x * width
    return at + box.left, box.top, at + box.right, box.bottom


def overlap(a: Rectangle, b: Rectangle) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def mark(anchor: Anchor, width: float) -> Rectangle:
    x, r = anchor.x * width, anchor.radius
    return x - r, anchor.y - r, x + r, anchor.y + r


def reach(box: Rectangle, anchor: Anchor, width: float) -> float:
    """From the middle of a mark to the nearest point of a box."""
    x, y = anchor.x * width, anchor.y
    return math.hypot(max(box[0] - x, 0, x - box[2]), max(box[1] - y, 0, y - box[3]))


def holds(labels: tuple[Label, ...], anchors: tuple[Anchor, ...], width: float) -> None:
    boxes = [rectangle(label.box, width) for label in labels]
    for n, box in enumerate(boxes):
        assert box[0] >= 0
        assert box[2] <= width
        assert box[1] >= 0
        assert box[3] <= HEIGHT
        assert not any(overlap(box, other) for other in boxes[:n])
        for anchor in anchors:
            own = anchor.key == labels[n].key
            assert (
                reach(box, anchor, width) >= anchor.radius if own else not overlap(box, mark(anchor, width))
            )


@settings(max_examples=40, deadline=None)
@given(crowds(), st.floats(240, 1200), st.floats(1, 4))
def test_no_two_labels_overlap_and_none_leaves_the_plot(
    anchors: tuple[Anchor, ...], width: float, wider: float
) -> None:
    labels = place(anchors, width, HEIGHT)
    assert len({label.key for label in labels}) == len(labels)
    holds(labels, anchors, width)
    holds(labels, anchors, width * wider)


def test_the_most_wanted_keeps_its_name_and_others_fall_back_to_a_number_or_nothing() -> None:
    crowd = tuple(
        Anchor(f"m{n}", 0.3 + 0.08 * (n % 6), 60 + 45 * (n // 6), 6, (f"a-rather-long-name-{n}", str(n)))
        for n in range(30)
    )
    labels = {label.key: label.text for label in place(crowd, 320, HEIGHT)}
    assert labels["m0"] == "a-rather-long-name-0"
    assert any(text.isdigit() for text in labels.values())


def test_a_name_stands_beside_lines_where_it_can() -> None:
    anchor = Anchor("m", 0.5, 100, 6, ("name",))
    [free] = place((anchor,), 600, HEIGHT)
    [moved] = place((anchor,), 600, HEIGHT, (Segment(0.0, 100, 1.0, 100),))
    assert (free.dy, free.align) == (0, "left")
    assert moved.dy != 0


def test_what_has_no_text_is_only_in_the_way() -> None:
    anchor = Anchor("m", 0.5, 100, 6, ("name",))
    [label] = place((anchor, Anchor("wall", 0.52, 100, 6)), 600, HEIGHT)
    assert label.key == "m"
    assert label.align != "left"
    assert place((replace(anchor, texts=()),), 600, HEIGHT) == ()


def test_widths_are_not_guessed_too_small() -> None:
    font = ImageFont.load_default(SIZE)
    for name in ("gemini-3.5-flash-lite", "Qwen3-Next-80B-A3B-Instruct", "MMM-wide-WWW", "17", "floor 0.90"):
        assert font.getlength(name) <= text_width(name)


def test_a_short_name_names_one_model() -> None:
    names = short_names(["openai/gpt-oss", "groq/gpt-oss", "aurora/lite", "plain"])
    assert names == {
        "openai/gpt-oss": "openai/gpt-oss",
        "groq/gpt-oss": "groq/gpt-oss",
        "aurora/lite": "lite",
        "plain": "plain",
    }
