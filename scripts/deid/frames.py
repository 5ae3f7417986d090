"""Reading the frames of an object, to compare them, and telling whether a text still shows in them."""

from __future__ import annotations

import numpy as np
from pydicom.dataset import Dataset
from pydicom.pixel_data_handlers.util import convert_color_space

MOST_VALUES = 1 << 28  # values of one object that are decoded at most
# A window shows a text if its values follow the ink as closely as this, however faintly; or if so much of its
# ink and of the ground around the ink is as it was, and it is not flat: a share of the frame's range.
CORRELATION, SAME_SHARE, FLAT = 0.5, 0.10, 0.01


def decode(ds: Dataset) -> np.ndarray:
    """Returns the stored values, frames by rows by columns by samples; colour as RGB.

    Raises ValueError if there are none, or more than MOST_VALUES.
    """
    count = int(ds.get("NumberOfFrames") or 1) * int(ds.get("Rows") or 0) * int(ds.get("Columns") or 0) * int(ds.get("SamplesPerPixel") or 1)
    if not 0 < count <= MOST_VALUES or "PixelData" not in ds:
        raise ValueError("no frames, or too many")
    values = ds.pixel_array
    if ds.SamplesPerPixel == 3 and ds.PhotometricInterpretation.startswith("YBR_FULL"):
        values = convert_color_space(values, ds.PhotometricInterpretation, "RGB")
    return values.reshape(int(ds.get("NumberOfFrames") or 1), ds.Rows, ds.Columns, ds.SamplesPerPixel)


def overlay(ds: Dataset, group: int) -> np.ndarray:
    """Returns an overlay's bits as one frame (PS3.3 §C.9.2)."""
    rows, columns = int(ds[group, 0x0010].value), int(ds[group, 0x0011].value)
    if not 0 < rows * columns <= MOST_VALUES:
        raise ValueError("no overlay plane")
    bits = np.unpackbits(np.frombuffer(ds[group, 0x3000].value, np.uint8), bitorder="little")
    return bits[: rows * columns].reshape(1, rows, columns, 1)


def _correlation(values: np.ndarray, ink: np.ndarray) -> float:
    """Of values and ink, from 0 to 1."""
    a, b = values - values.mean(), ink - ink.mean()
    scale = np.sqrt((a * a).sum() * (b * b).sum())
    return float(abs((a * b).sum()) / scale) if scale > 0 else 0.0


def _around(ink: np.ndarray) -> np.ndarray:
    """The ground within one pixel of ink."""
    wide = np.pad(ink, 1)
    rows, columns = ink.shape
    near = np.zeros_like(ink)
    for dy in range(3):
        for dx in range(3):
            near |= wide[dy : dy + rows, dx : dx + columns]
    return near & ~ink


def shows(before: np.ndarray, after: np.ndarray, ink: np.ndarray, span: float) -> bool:
    """Whether any part of a text still shows in its box.

    before and after are the box's values, rows by columns by samples, ink is where the text
    stands, span the range of the frame's values. The box is looked at as a whole and in square windows, as high as
    the line of text and half over each other. A window shows the text if a sample's values correlate with the ink by
    CORRELATION or more, or if it is not flat and more than SAME_SHARE of the ink, and also of the ground next to it, has
    the value it had (within 2 % of span). A window of one value shows nothing.
    """
    same = (np.abs(after.astype(float) - before.astype(float)) <= 0.02 * span).all(axis=2)
    ground = _around(ink)
    return any(_window_shows(after[part], same[part], ink[part], ground[part], span) for part in _windows(ink))


def _windows(ink: np.ndarray) -> list[tuple[slice, slice]]:
    """The windows that have some ink, and the whole box."""
    side, made = max(min(ink.shape), 8), [np.s_[0 : ink.shape[0], 0 : ink.shape[1]]]
    for top in range(0, max(ink.shape[0] - side // 2, 1), side // 2):
        for left in range(0, max(ink.shape[1] - side // 2, 1), side // 2):
            part = np.s_[top : top + side, left : left + side]
            if ink[part].sum() >= 6:
                made.append(part)
    return made


def _window_shows(after: np.ndarray, same: np.ndarray, ink: np.ndarray, ground: np.ndarray, span: float) -> bool:
    values = after.astype(float)
    if max(_correlation(values[..., s], ink.astype(float)) for s in range(values.shape[2])) >= CORRELATION:
        return True
    flat = (np.ptp(values, axis=(0, 1)) <= FLAT * span).all()
    return not flat and min(same[ink].mean(), same[ground].mean() if ground.any() else 0) > SAME_SHARE


def retained(before: np.ndarray, after: np.ndarray, boxes: list[list[int]], inside: list[int], tolerance: int) -> float:
    """Returns the share of pixels outside of the boxes (frame, left, top, right, bottom), and within inside if it
    is given, whose values are as they were, within the tolerance."""
    same = (np.abs(after.astype(np.int64) - before.astype(np.int64)) <= tolerance).all(axis=3)
    asked = np.ones(same.shape, bool)
    if inside:
        asked[:] = False
        asked[:, inside[1] : inside[3], inside[0] : inside[2]] = True
    for frame, left, top, right, bottom in boxes:
        asked[frame, top:bottom, left:right] = False
    return float(same[asked].mean()) if asked.any() else 1.0
