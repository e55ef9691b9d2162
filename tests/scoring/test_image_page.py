"""The sheet of a picture: format, size, brand colours and background are measured, not asked."""

from __future__ import annotations

from typing import Any

import pytest
from PIL import Image, ImageDraw, ImageFilter
from scoring.looking import Eye, encoded, judge

from whichmodel.errors import ScoringFailed
from whichmodel.scoring.image.page import lab
from whichmodel.simulator import drawing

TEAL, CORAL, SAND = "#0F7173", "#F05D5E", "#E8DCC4"
BRIEF: dict[str, Any] = {
    "include": [{"class": "bottle", "count": 1, "color": "white"}],
    "exclude": [{"class": "person", "count": 1}],
    "texts": [{"text": "NORVELIS Silk", "on": "bottle"}],
    "format": {"ratio": [3, 2], "longest": 1024},
    "palette": [{"name": "teal", "hex": TEAL}, {"name": "coral", "hex": CORAL}],
    "background": {"name": "sand", "hex": SAND},
    "scene": "on a marble shelf",
}


def sheet(**spec: Any) -> dict[str, Any]:
    return {"include": [], **spec}


def picture(size: tuple[int, int], ground: str, spots: dict[str, float], *, soft: bool = False) -> bytes:
    """A ground with a band for each colour that covers this share of it, clear of the edges."""
    image = Image.new("RGB", size, ground)
    pen, top = ImageDraw.Draw(image), 0.1
    for colour, share in spots.items():
        pen.rectangle(
            (0.1 * size[0], top * size[1], 0.9 * size[0], (top + share / 0.8) * size[1]), fill=colour
        )
        top += share / 0.8 + 0.02
    return encoded(image.filter(ImageFilter.GaussianBlur(3)) if soft else image, "PNG")


def failed(spec: dict[str, Any], shown: bytes) -> list[str]:
    return [name for name, holds in judge(spec, shown).detail["demands"] if not holds]


def test_a_brief_drawn_right_scores_one_and_each_flaw_costs() -> None:
    assert judge(BRIEF, drawing.draw(BRIEF, seed=0)).score == 1.0
    assert {"format", "palette", "background", "scene", "forbidden"} < set(drawing.flaws(BRIEF))
    for flaw in drawing.flaws(BRIEF):
        assert 0 < judge(BRIEF, drawing.draw(BRIEF, seed=0, correct=flaw)).score < 1, flaw


def test_the_flaws_of_the_sheet_fail_their_own_demand_alone() -> None:
    assert failed(BRIEF, drawing.draw(BRIEF, seed=0, correct="format")) == ["format: 3:2"]
    assert failed(BRIEF, drawing.draw(BRIEF, seed=0, correct="background")) == [f"background: sand {SAND}"]
    assert failed(BRIEF, drawing.draw(BRIEF, seed=0, correct="scene")) == ["scene: on a marble shelf"]
    assert len(failed(BRIEF, drawing.draw(BRIEF, seed=0, correct="palette"))) == 1


@pytest.mark.parametrize(
    ("size", "ratio", "met"),
    [
        ((1344, 768), [16, 9], True),
        ((1536, 1024), [3, 2], True),
        ((1024, 1536), [3, 2], False),
        ((1024, 1024), [1, 1], True),
        ((1024, 1024), [4, 5], False),
        ((1024, 960), [1, 1], False),
    ],
)
def test_an_aspect_ratio_is_met_within_three_percent(
    size: tuple[int, int], ratio: list[int], met: bool
) -> None:
    shown = picture(size, "#FFFFFF", {TEAL: 0.2})
    assert (failed(sheet(format={"ratio": ratio}), shown) == []) is met


def test_a_size_is_the_longer_side() -> None:
    spec = sheet(format={"ratio": [3, 2], "longest": 1024})
    assert failed(spec, picture((1536, 1024), "#FFFFFF", {TEAL: 0.2})) == []
    assert failed(spec, picture((768, 512), "#FFFFFF", {TEAL: 0.2})) == ["size: 1024 pixels or more"]


@pytest.mark.parametrize(
    ("shown", "share", "met"),
    [
        (TEAL, 0.05, True),
        (TEAL, 0.01, False),
        ("#1A8082", 0.05, True),
        (CORAL, 0.05, False),
        ("#14213D", 0.2, False),
    ],
)
def test_a_brand_colour_is_seen_near_its_value_on_three_percent(shown: str, share: float, met: bool) -> None:
    spec = sheet(palette=[{"name": "teal", "hex": TEAL}])
    for soft in (False, True):
        assert (failed(spec, picture((640, 480), "#FFFFFF", {shown: share}, soft=soft)) == []) is met


def test_a_background_is_looked_for_along_the_edges() -> None:
    spec = sheet(background={"name": "sand", "hex": SAND})
    assert failed(spec, picture((640, 480), SAND, {TEAL: 0.6})) == []
    assert failed(spec, picture((640, 480), TEAL, {SAND: 0.6})) != []


def test_what_is_measured_asks_nobody() -> None:
    eye = Eye()
    spec = sheet(**{key: BRIEF[key] for key in ("format", "palette", "background")})
    assert judge(spec, drawing.draw(spec, seed=0), ask=eye).score == 1.0
    assert eye.asked == []


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("#FFFFFF", (100.0, 0.0, 0.0)),
        ("#000000", (0.0, 0.0, 0.0)),
        ("#FF0000", (53.24, 80.09, 67.20)),
        ("#0000FF", (32.30, 79.19, -107.86)),
        ("#808080", (53.59, 0.0, 0.0)),
    ],
)
def test_cielab_is_that_of_the_standard(code: str, expected: tuple[float, float, float]) -> None:
    assert lab(code) == pytest.approx(expected, abs=0.02)


@pytest.mark.parametrize(
    "spec",
    [
        sheet(palette=[{"name": "teal", "hex": "teal"}]),
        sheet(palette=[{"hex": "#0F7173"}]),
        sheet(background={"name": "x", "hex": "#12345Z"}),
        sheet(format={"ratio": [3]}),
        sheet(format={"ratio": [3, 0]}),
        sheet(texts=[{"text": " "}]),
        sheet(texts=[{"text": "A", "on": "mug"}]),
    ],
)
def test_a_brief_that_cannot_be_read_is_a_failure(spec: dict[str, Any]) -> None:
    with pytest.raises(ScoringFailed, match="cannot be read"):
        judge(spec, drawing.draw({"include": [{"class": "cat", "count": 1}]}, seed=0))
