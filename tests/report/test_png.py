"""A chart a task, at twice the size of the screen's."""

from __future__ import annotations

import io
from importlib.util import find_spec

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from report.reports import made

from whichmodel.report import png

needs_converter = pytest.mark.skipif(
    find_spec("vl_convert") is None, reason="vl-convert is not installed: pip install 'whichmodel[png]'"
)


@needs_converter
def test_each_task_with_a_score_has_a_picture_and_the_same_each_time() -> None:
    found = png.files(made())
    assert sorted(found) == [
        f"acme-charts/{name}.png" for name in ("invoices", "meetings", "technical", "tickets")
    ]
    picture = Image.open(io.BytesIO(found["acme-charts/invoices.png"]))
    assert picture.format == "PNG"
    assert picture.width >= png.SCALE * png.WIDTH
    assert len(picture.convert("RGB").getcolors(1 << 20) or []) > 10
    assert png.files(made()) == found


@given(st.lists(st.text(min_size=1, max_size=8), min_size=1, max_size=8))
def test_file_names_are_plain_and_no_two_are_the_same(tasks: list[str]) -> None:
    found = png.names(tasks)
    assert len(set(found)) == len(found) == len(tasks)
    assert all(name and not set(name) & set("/\\ \0") and name not in (".", "..") for name in found)
