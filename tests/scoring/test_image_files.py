"""What a model may send as a picture: odd files are read as they look, or named and scored 0 unasked."""

from __future__ import annotations

import io
import time

import numpy as np
import pytest
from PIL import Image
from scoring.looking import Eye, bomb, encoded, judge

from whichmodel.scoring.image.picture import MAX_BYTES, SHOWN_SIDE, opened
from whichmodel.simulator import drawing

SPEC = {"include": [{"class": "cat", "count": 1}]}
SCENE = Image.effect_mandelbrot((64, 48), (-2, -1, 1, 1), 50).convert("RGB")
BANDS = Image.linear_gradient("L").convert("RGB")


def animation(form: str) -> bytes:
    return encoded(SCENE, form, save_all=True, append_images=[BANDS.resize((64, 48))], duration=100)


UNFIT = {
    "it is empty": b"",
    "does not decode (UnidentifiedImageError)": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "it is a GIF; PNG, JPEG, WEBP are read": animation("GIF"),
    "its header claims more than 32,000,000 pixels": bomb(20_000),
    "its header claims more than 32,000,000 pixels.": bomb(60_000),
    "it has 5700 x 5700 pixels, more than 32,000,000": bomb(5_700),
    "it has 2000000 x 1 pixels": bomb(2_000_000, 1),
    "it has 1 x 1 pixels; a side of under 16 shows nothing": encoded(Image.new("RGB", (1, 1), "red")),
    "it does not decode": encoded(SCENE.resize((512, 512)), "JPEG")[:700],
    "it does not decode (UnidentifiedImageError).": b"\x89PNG\r\n\x1a\n" + bytes(200),
    "more than 33,554,432": b"\0" * (MAX_BYTES + 1),
}


@pytest.mark.parametrize("reason", UNFIT)
def test_a_file_that_cannot_be_used_is_unparsed_and_says_why(reason: str) -> None:
    eye, started = Eye(), time.process_time()
    verdict = judge(SPEC, UNFIT[reason], ask=eye)
    assert (verdict.score, verdict.parsed, eye.asked) == (0.0, False, [])
    assert verdict.detail["accepted"] is False
    assert reason in verdict.detail["explanation"]
    assert time.process_time() - started < 1


def test_a_file_cut_off_at_any_place_never_scores() -> None:
    for form in ("PNG", "JPEG", "WEBP"):
        whole = encoded(SCENE, form)
        for end in range(0, len(whole) - 40, max(1, len(whole) // 12)):
            verdict = judge(SPEC, whole[:end])
            assert (verdict.score, verdict.parsed) == (0.0, False), (form, end)


@pytest.mark.parametrize("form", ["WEBP", "PNG"])
def test_of_an_animation_the_first_frame_is_read(form: str) -> None:
    picture = opened(animation(form))
    assert picture.frames == 2
    with Image.open(io.BytesIO(picture.png)) as shown:
        assert getattr(shown, "n_frames", 1) == 1
        assert shown.size == SCENE.size


def test_a_cmyk_jpeg_shows_its_colours() -> None:
    red = Image.new("RGB", (32, 32), (220, 30, 30))
    r, g, b = (int(v) for v in _at(opened(encoded(red.convert("CMYK"), "JPEG")).pixels, 5, 5))
    assert r > 180
    assert max(g, b) < 80


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_what_is_transparent_is_white(mode: str) -> None:
    clear = Image.new("RGBA", (32, 32), (0, 0, 0, 0))
    clear.paste((0, 0, 0, 255), (0, 0, 16, 32))
    picture = opened(encoded(clear.quantize(8) if mode == "P" else clear.convert(mode)))
    assert _at(picture.pixels, 24, 10) == (255, 255, 255)
    assert _at(picture.pixels, 4, 10) == (0, 0, 0)
    assert not picture.blank


def test_a_wholly_transparent_picture_is_blank() -> None:
    noise = SCENE.convert("RGBA")
    noise.putalpha(0)
    assert opened(encoded(noise)).blank


def test_sixteen_bits_are_not_clipped_to_white() -> None:
    levels = np.full((32, 32), 20_000, dtype=np.uint16)
    levels[:, :16] = 60_000
    pixels = opened(encoded(Image.fromarray(levels))).pixels
    assert _at(pixels, 4, 4)[0] in range(228, 238)
    assert _at(pixels, 24, 4)[0] in range(73, 83)


def test_a_jpeg_stands_upright_as_its_camera_says() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    assert opened(encoded(SCENE, "JPEG", exif=exif)).size == (48, 64)


def test_a_large_picture_is_measured_whole_and_shown_reduced() -> None:
    picture = opened(encoded(BANDS.resize((5_000, 2_500))))
    assert picture.size == (5_000, 2_500)
    with Image.open(io.BytesIO(picture.png)) as shown:
        assert shown.size == (SHOWN_SIDE, SHOWN_SIDE // 2)


def test_an_ordinary_png_reaches_the_vision_model_as_it_was_sent() -> None:
    sent = drawing.draw(SPEC, seed=0)
    assert opened(sent).png == sent


def _at(pixels: Image.Image, x: int, y: int) -> tuple[int, ...]:
    found = pixels.getpixel((x, y))
    assert isinstance(found, tuple)
    return found
