"""Burning text into frames with PIL: varied places, sizes, contrasts, angles, fonts and scripts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

TRUETYPE = Path("/usr/share/fonts/truetype")
LATIN = (
    "dejavu/DejaVuSans.ttf", "dejavu/DejaVuSansMono.ttf", "dejavu/DejaVuSerif-Bold.ttf", "liberation/LiberationSans-Regular.ttf",
    "liberation/LiberationSerif-Italic.ttf", "freefont/FreeMono.ttf", "freefont/FreeSansBold.ttf",
)
CHINESE = ("wqy/wqy-zenhei.ttc",)
STYLES = ("bright", "bright", "grey", "dark", "outlined", "boxed", "translucent")
PLACES = ("corner", "corner", "corner", "border", "anywhere")
# A reader must be able to see the text: its mean stands off the ground around it by this
# share of the range shown, and by this many deviations of that ground.
LEAST_CONTRAST, LEAST_DEVIATIONS = 0.12, 1.5


@dataclass(frozen=True)
class Mark:
    """A text in a frame: its box (left, top, right, bottom; half open) and its ink inside the box."""

    box: list[int]
    ink: np.ndarray  # of booleans, rows by columns of the box
    plate: list[int]  # the box or, where a plate lies behind the text, the plate
    style: str


@lru_cache(maxsize=256)
def font(name: str, size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """A font by its path below TRUETYPE, or PIL's own bitmap font."""
    return ImageFont.truetype(str(TRUETYPE / name), size) if name else ImageFont.load_default()


def stamp(text: str, name: str, size: int, stroke: int, angle: float) -> np.ndarray:
    """The opacity of a text from 0 to 1, cut to its ink; stroke pixels wider all around."""
    face = font(name, size)
    left, top, right, bottom = face.getbbox(text, stroke_width=stroke) if name else face.getbbox(text)
    picture = Image.new("L", (right - left + 4, bottom - top + 4), 0)
    more = {"stroke_width": stroke} if name and stroke else {}
    ImageDraw.Draw(picture).text((2 - left, 2 - top), text, fill=255, font=face, **more)
    if angle:
        picture = picture.rotate(angle, expand=True, resample=Image.Resampling.BICUBIC)
    return np.asarray(picture, float) / 255


def _place(rng: np.random.Generator, shape: tuple[int, int], size: tuple[int, int]) -> tuple[int, int]:
    """Where a stamp goes: row and column of its top left."""
    free = (shape[0] - size[0], shape[1] - size[1])
    place, near = rng.choice(PLACES), rng.integers(0, 6, 2)
    top, left = (int(rng.integers(0, f + 1)) for f in free)
    if place == "corner":
        top, left = rng.choice((near[0], free[0] - near[0])), rng.choice((near[1], free[1] - near[1]))
    elif place == "border":
        if rng.random() < 0.5:
            top = rng.choice((near[0], free[0] - near[0]))
        else:
            left = rng.choice((near[1], free[1] - near[1]))
    return int(np.clip(top, 0, free[0])), int(np.clip(left, 0, free[1]))


def _blend(frame: np.ndarray, at: tuple[slice, slice], opacity: np.ndarray, value: np.ndarray | float) -> None:
    part = frame[at]
    weight = opacity[..., None] if frame.ndim == 3 else opacity
    frame[at] = part * (1 - weight) + np.asarray(value, float) * weight


def _apart(frame: np.ndarray, at: tuple[slice, slice], ink: np.ndarray) -> tuple[float, float]:
    """How far ink and ground are apart in mean, and the deviation of the ground."""
    part = frame[at].mean(axis=2) if frame.ndim == 3 else frame[at]
    ground = part[~ink]
    return (abs(part[ink].mean() - ground.mean()), float(ground.std())) if ink.any() and ground.size else (0.0, 1.0)


def _shapes(rng: np.random.Generator, text: str, limit: tuple[int, int]) -> tuple[np.ndarray, np.ndarray, str] | None:
    """Opacity of the ink and of its outline, and the font's size and angle in words, or None if it does not fit."""
    latin = text.isascii()
    name = str(rng.choice(LATIN if latin else CHINESE))
    if latin and rng.random() < 0.08:
        name = ""
    size = int(np.clip(rng.lognormal(2.8, 0.45), 8 if latin else 12, 60))
    angle = float(rng.choice((0, 0, 0, 0, 0, 0, 90, 180, 270))) or (float(rng.uniform(-8, 8)) if rng.random() < 0.1 else 0.0)
    ink, outline = stamp(text, name, size, 0, angle), stamp(text, name, size, 2, angle)
    if outline.shape[0] >= limit[0] - 2 or outline.shape[1] >= limit[1] - 2:
        return None
    pad = [(outline.shape[i] - ink.shape[i]) // 2 for i in (0, 1)]
    same = np.zeros_like(outline)
    same[pad[0] : pad[0] + ink.shape[0], pad[1] : pad[1] + ink.shape[1]] = ink[: outline.shape[0], : outline.shape[1]]
    return same, outline, f"{name or 'bitmap'} {size} px, {angle:.0f} degrees"


def _paint(rng: np.random.Generator, frame: np.ndarray, at: tuple[slice, slice], ink: np.ndarray, outline: np.ndarray,
           low: float, high: float) -> str:
    """Draws in one of the styles, which it names."""
    style = str(rng.choice(STYLES))
    at_share = lambda share: low + share * (high - low)  # noqa: E731
    if style == "boxed":
        dark = rng.random() < 0.5
        frame[at] = at_share(0.0 if dark else 1.0)
        _blend(frame, at, ink, at_share(1.0 if dark else 0.0))
    elif style == "dark":
        _blend(frame, at, ink, low)
    elif style == "outlined":
        _blend(frame, at, outline, low)
        _blend(frame, at, ink, high)
    elif style == "translucent":
        _blend(frame, at, ink * rng.uniform(0.5, 0.8), high)
    else:
        value: np.ndarray | float = at_share(1.0 if style == "bright" else rng.uniform(0.55, 0.85))
        if frame.ndim == 3 and rng.random() < 0.4:
            value = np.array([(high, high, low), (low, high, high), (high, at_share(0.6), low)][rng.integers(3)])
        _blend(frame, at, ink, value)
    return style


def burn(rng: np.random.Generator, frame: np.ndarray, text: str, low: float, high: float,
         taken: list[list[int]]) -> tuple[np.ndarray, Mark] | None:
    """Burns a text into a copy of a frame so that a reader sees it, clear of the boxes taken.

    frame is rows by columns, by samples if it has colour; low and high are the values shown
    darkest and brightest. Returns None where no try succeeded.
    """
    for _ in range(40):
        shapes = _shapes(rng, text, frame.shape[:2])
        if shapes is None:
            continue
        ink, outline, how = shapes
        top, left = _place(rng, frame.shape[:2], ink.shape)
        plate = [left, top, left + ink.shape[1], top + ink.shape[0]]
        if any(plate[0] < b[2] + 3 and b[0] < plate[2] + 3 and plate[1] < b[3] + 3 and b[1] < plate[3] + 3 for b in taken):
            continue
        drawn, at = frame.copy(), np.s_[top : plate[3], left : plate[2]]
        style = _paint(rng, drawn, at, ink, outline, low, high)
        solid = ink > 0.5
        distance, deviation = _apart(drawn, at, solid)
        if solid.sum() < 12 or distance < LEAST_CONTRAST * abs(high - low) or distance < LEAST_DEVIATIONS * deviation and style != "outlined":
            continue
        solid = ink > min(ink.max() / 2, 0.5)  # strokes of less than a pixel are nowhere opaque, and are read all the same
        rows, columns = np.flatnonzero(solid.any(1)), np.flatnonzero(solid.any(0))
        box = [left + int(columns[0]), top + int(rows[0]), left + int(columns[-1]) + 1, top + int(rows[-1]) + 1]
        tight = solid[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        return drawn, Mark(box, tight, plate, f"{style}, {how}")
    return None


def column(rng: np.random.Generator, frame: np.ndarray, texts: list[str], low: float, high: float) -> tuple[np.ndarray, list[Mark]]:
    """Burns texts below each other into a pane of a copy of a frame, as reports and lists of measurements are:
    of one font, size and value, at the same distance; the pane is their plate. Those that have no room are left out."""
    latin = all(t.isascii() for t in texts)
    name, size = str(rng.choice(LATIN if latin else CHINESE)), int(rng.integers(9 if latin else 13, 19))
    if latin and rng.random() < 0.25:
        name, size = "", 11  # PIL's own, of dots, as on the screens of older scanners
    step = int(np.ceil(size * rng.uniform(1.15, 1.8)))
    inks = [stamp(t, name, size, 0, 0) for t in texts]
    inks = [i for i in inks if i.shape[1] < frame.shape[1] - 12][: (frame.shape[0] - 12) // step]
    tall, wide = step * len(inks) + 8, max((i.shape[1] for i in inks), default=0) + 8
    top, left = (int(rng.integers(0, max(1, frame.shape[i] - n))) for i, n in enumerate((tall, wide)))
    dark = rng.random() < 0.7
    shown = [low + (high - low) * share for share in ((0.1, rng.uniform(0.5, 1)) if dark else (0.9, rng.uniform(0, 0.5)))]
    drawn, marks = frame.copy(), []
    drawn[top : top + tall, left : left + wide] = shown[0]
    for i, ink in enumerate(inks):
        y, x = top + 4 + i * step, left + 4
        at = np.s_[y : y + ink.shape[0], x : x + ink.shape[1]]
        ink = ink[: drawn[at].shape[0]]
        _blend(drawn, at, ink, shown[1])
        solid = ink > min(ink.max() / 2, 0.5)
        rows, columns = np.flatnonzero(solid.any(1)), np.flatnonzero(solid.any(0))
        box = [x + int(columns[0]), y + int(rows[0]), x + int(columns[-1]) + 1, y + int(rows[-1]) + 1]
        tight = solid[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        plate = [left, y - 4, left + wide, min(y + step + 4, top + tall)]
        marks.append(Mark(box, tight, plate, f"of {len(inks)} lines, {name or 'bitmap'} {size} px, {step} apart"))
    return drawn, marks
