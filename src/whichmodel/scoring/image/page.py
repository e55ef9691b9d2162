"""The picture as a sheet -> demands that need no judge: its format, its size, its colours, its background.

`spec["format"]`: `{ratio: [across, down], longest?: pixels}`. `spec["palette"]`: a list of `{name, hex}`,
each to be seen on at least SHARE of the picture. `spec["background"]`: `{name, hex}`, along the edges.
`spec["scene"]`: where it plays, such as "in a kitchen": the one question here for the vision model.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from whichmodel.domain import Json
from whichmodel.scoring.image.demand import YES_NO, Demand, YesNo
from whichmodel.scoring.image.look import Look

if TYPE_CHECKING:
    from PIL.Image import Image

Floats = NDArray[np.float64]

SHEET = ("format", "palette", "background", "scene")
"""The keys of a spec that are read here."""
RATIO_TOLERANCE = 0.03
"""Relative difference of two aspect ratios that counts as none: 1344 x 768 is 16:9."""
SHARE = 0.03
"""Share of the pixels that a brand colour must cover."""
NEAR = 20.0
"""Distance in CIELAB (CIE 1976) up to which a pixel has a colour: light and shade move it that far."""
EDGE = 0.04
"""Width of the edge in which a background is looked for, as a share of the shorter side."""
PLAIN = 0.7
"""Share of the edge that a plain background must cover."""
SAMPLED_SIDE = 256
"""Longest side in pixels to which a picture is thinned out before its colours are counted."""


def sheet(spec: Mapping[str, Json]) -> list[Demand]:
    """The demands on the sheet. Raises KeyError, TypeError or ValueError for what cannot be read."""
    made = []
    if "format" in spec:
        across, down = (float(side) for side in spec["format"]["ratio"])
        if not (across > 0 and down > 0):
            raise ValueError(f"a format of {across:g}:{down:g}")
        made.append(Demand(f"format: {across:g}:{down:g}", HasRatio(across / down)))
        if longest := spec["format"].get("longest"):
            made.append(Demand(f"size: {longest} pixels or more", HasSide(int(longest))))
    for colour in spec.get("palette") or ():
        lab(colour["hex"])
        made.append(Demand(f"brand colour: {colour['name']} {colour['hex']}", ShowsColour(colour["hex"])))
    if "background" in spec:
        ground = spec["background"]
        lab(ground["hex"])
        made.append(Demand(f"background: {ground['name']} {ground['hex']}", HasGround(ground["hex"])))
    if "scene" in spec:
        asked = f"Is the scene of the image {spec['scene']}?{YES_NO}"
        made.append(Demand(f"scene: {spec['scene']}", YesNo(asked)))
    return made


@dataclass(frozen=True, slots=True)
class HasRatio:
    """Width to height, within RATIO_TOLERANCE."""

    ratio: float

    async def met(self, look: Look) -> bool:
        """Whether the picture has it."""
        width, height = look.picture.size
        return abs(width / height / self.ratio - 1) <= RATIO_TOLERANCE


@dataclass(frozen=True, slots=True)
class HasSide:
    """The longer side has at least so many pixels."""

    pixels: int

    async def met(self, look: Look) -> bool:
        """Whether it has."""
        return max(look.picture.size) >= self.pixels


@dataclass(frozen=True, slots=True)
class ShowsColour:
    """A colour covers SHARE of the picture."""

    code: str

    async def met(self, look: Look) -> bool:
        """Whether it does."""
        return bool((_distances(_thinned(look.picture.pixels), self.code) <= NEAR).mean() >= SHARE)


@dataclass(frozen=True, slots=True)
class HasGround:
    """A colour covers PLAIN of the edge."""

    code: str

    async def met(self, look: Look) -> bool:
        """Whether it does."""
        near = _distances(_thinned(look.picture.pixels), self.code) <= NEAR
        width = max(1, round(EDGE * min(near.shape)))
        inner = np.zeros(near.shape, dtype=bool)
        inner[width:-width, width:-width] = True
        return bool(near[~inner].mean() >= PLAIN)


def _thinned(pixels: Image) -> Floats:
    """Height x width x 3 of CIELAB; pixels are left out, not mixed."""
    from PIL.Image import Resampling

    scale = max(1.0, max(pixels.size) / SAMPLED_SIDE)
    size = (max(3, round(pixels.width / scale)), max(3, round(pixels.height / scale)))
    return _lab(np.asarray(pixels.resize(size, Resampling.NEAREST), dtype=np.float64))


def _distances(seen: Floats, code: str) -> Floats:
    return np.asarray(np.sqrt(((seen - lab(code)) ** 2).sum(axis=-1)))


@lru_cache(maxsize=256)
def lab(code: str) -> Floats:
    """CIELAB (D65) of a colour such as `#0F7173`. Raises ValueError for another form."""
    if len(code) != 7 or code[0] != "#":
        raise ValueError(f"{code!r} is no colour of the form #RRGGBB")
    return _lab(np.array([int(code[n : n + 2], 16) for n in (1, 3, 5)], dtype=np.float64))


def _lab(rgb: Floats) -> Floats:
    """sRGB of 0..255 (IEC 61966-2-1) -> CIELAB (CIE 15), white point D65."""
    share = rgb / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    matrix = np.array(
        [
            [0.4124564, 0.3575761, 0.1804375],
            [0.2126729, 0.7151522, 0.0721750],
            [0.0193339, 0.1191920, 0.9503041],
        ]
    )
    xyz = linear @ matrix.T / np.array([0.95047, 1.0, 1.08883])
    root = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    x, y, z = root[..., 0], root[..., 1], root[..., 2]
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)
