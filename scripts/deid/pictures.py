"""Pictures of nobody: frames that look like those of each modality, drawn from chance.

Each maker takes a generator and returns stored values. Lengths are in pixels.
"""

from __future__ import annotations

import io
import tarfile
from functools import lru_cache
from pathlib import Path

import numpy as np

CRANIUM = Path("/usr/share/doc/invesalius-examples/examples/Cranium.inv3")


def smooth(rng: np.random.Generator, rows: int, columns: int, sigma: float) -> np.ndarray:
    """Noise of mean 0 and deviation 1 whose grains are about sigma pixels wide."""
    fy, fx = np.fft.fftfreq(rows)[:, None], np.fft.rfftfreq(columns)[None, :]
    low_pass = np.exp(-2 * (np.pi * sigma) ** 2 * (fy**2 + fx**2))
    noise = np.fft.irfft2(np.fft.rfft2(rng.standard_normal((rows, columns))) * low_pass, (rows, columns))
    return noise / (noise.std() + 1e-12)


def grid(rows: int, columns: int) -> tuple[np.ndarray, np.ndarray]:
    """Coordinates from -1 to 1, y then x."""
    return np.meshgrid(np.linspace(-1, 1, rows), np.linspace(-1, 1, columns), indexing="ij")


def ellipse(y: np.ndarray, x: np.ndarray, cy: float, cx: float, ry: float, rx: float) -> np.ndarray:
    """Where an ellipse is."""
    return ((y - cy) / ry) ** 2 + ((x - cx) / rx) ** 2 < 1


@lru_cache(maxsize=1)
def cranium() -> np.ndarray | None:
    """The head CT of Debian's invesalius-examples in Hounsfield units, feet first, or None without it."""
    if not CRANIUM.exists():
        return None
    with tarfile.open(CRANIUM) as archive:
        for member in archive:
            if member.name.endswith("matrix.dat"):
                raw = io.BytesIO(archive.extractfile(member).read()).getvalue()  # type: ignore[union-attr]
                return np.frombuffer(raw, "<i2").reshape(108, 256, 256)
    return None


def ct_head(rng: np.random.Generator, n: int, z: float) -> np.ndarray:
    """An axial slice of a head, Hounsfield units; z from 0 (jaw) to 1 (vertex)."""
    volume = cranium()
    if volume is not None:
        index = np.linspace(0, 255, n).round().astype(int)
        plane = volume[int(z * 107)][np.ix_(index, index)].astype(float)
        return np.clip(plane, -1024, 3071) + rng.normal(0, 8, (n, n))
    y, x = grid(n, n)
    hu, wide = np.full((n, n), -1000.0), 0.95 - 0.4 * max(0.0, z - 0.6)
    for ry, rx, value in ((0.88, 0.72, 40), (0.84, 0.68, 900), (0.78, 0.62, 35), (0.26, 0.1, 8)):
        hu[ellipse(y, x, 0, 0, ry * wide, rx * wide)] = value
    return hu + rng.normal(0, 12, (n, n))


def ct_body(rng: np.random.Generator, n: int, z: float, chest: bool) -> np.ndarray:
    """An axial slice of a trunk with ribs, spine, table, and lungs or bowel; Hounsfield units."""
    y, x = grid(n, n)
    hu = np.full((n, n), -1000.0)
    hu[ellipse(y, x, 0, 0, 0.62, 0.86)] = -90
    hu[ellipse(y, x, 0.01, 0, 0.55, 0.78)] = 45
    texture = smooth(rng, n, n, n / 90)
    if chest:
        for side in (-1, 1):
            lung = ellipse(y, x, -0.03, 0.38 * side, 0.38 - 0.1 * z, 0.27)
            hu[lung] = np.where(texture[lung] > 1.6, 20, -860 + 40 * texture[lung])
        hu[ellipse(y, x, -0.1, -0.08, 0.22, 0.2)] = 60
    else:
        hu[ellipse(y, x, -0.1, 0.35, 0.32, 0.36)] = 62
        for cy, cx in rng.uniform(-0.35, 0.3, (5, 2)):
            hu[ellipse(y, x, cy, cx - 0.15, 0.08, 0.07)] = rng.choice((-700, 20, 180))
    for angle in np.linspace(0.3, 2 * np.pi, 16):
        hu[ellipse(y, x, 0.5 * np.sin(angle + z), 0.72 * np.cos(angle + z), 0.04, 0.05)] = 650
    hu[ellipse(y, x, 0.36, 0, 0.12, 0.11)] = 480 + 90 * texture[ellipse(y, x, 0.36, 0, 0.12, 0.11)]
    hu[(y > 0.7) & (y < 0.73) & (abs(x) < 0.8)] = 120
    return hu + rng.normal(0, 14, (n, n))


def mr(rng: np.random.Generator, n: int, z: float) -> np.ndarray:
    """A slice of a brain by MR, 0 to about 900."""
    y, x = grid(n, n)
    size = 1 - 0.5 * abs(z - 0.4)
    picture = np.zeros((n, n))
    for ry, rx, value in ((0.86, 0.7, 620), (0.8, 0.64, 40), (0.76, 0.6, 330)):
        picture[ellipse(y, x, 0, 0, ry * size, rx * size)] = value
    brain = ellipse(y, x, 0, 0, 0.76 * size, 0.6 * size)
    picture[brain] += 90 * np.sign(smooth(rng, n, n, n / 40))[brain]
    picture[ellipse(y, x, -0.05, 0.1, 0.22, 0.06) | ellipse(y, x, -0.05, -0.1, 0.22, 0.06)] = 800
    picture += 25 * smooth(rng, n, n, n / 4)
    return np.clip(np.hypot(picture + rng.normal(0, 14, (n, n)), rng.normal(0, 14, (n, n))), 0, 1500)


def us(rng: np.random.Generator, rows: int, columns: int) -> tuple[np.ndarray, tuple[int, int, int, int]]:
    """A sector of ultrasound, 0 to 255, and the region it lies in (left, top, right, bottom)."""
    y, x = np.mgrid[0:rows, 0:columns].astype(float)
    cy, cx = rows * 0.06, columns / 2
    depth, angle = np.hypot(y - cy, x - cx), np.arctan2(x - cx, y - cy)
    sector = (abs(angle) < 0.62) & (depth > rows * 0.08) & (depth < rows * 0.86)
    speckle = np.hypot(smooth(rng, rows, columns, 1.4), smooth(rng, rows, columns, 1.4))
    tissue = 60 + 25 * smooth(rng, rows, columns, 14) - 40 * depth / rows
    for _ in range(4):
        r, a = rng.uniform(0.25, 0.75) * rows, rng.uniform(-0.4, 0.4)
        blob = np.hypot(y - cy - r * np.cos(a), x - cx - r * np.sin(a)) < rng.uniform(10, 45)
        tissue[blob] = rng.choice((4, 110))
    picture = np.where(sector, np.clip(tissue * speckle, 0, 235), 0)
    left = int(cx - rows * 0.86 * np.sin(0.62))
    return picture, (max(left, 0), int(cy), min(columns - left, columns), int(rows * 0.93))


def radiograph(rng: np.random.Generator, rows: int, columns: int) -> np.ndarray:
    """A chest radiograph with collimated edges, 0 to about 3000."""
    y, x = grid(rows, columns)
    picture = 1500 + 300 * smooth(rng, rows, columns, columns / 6)
    for side in (-1, 1):
        picture[ellipse(y, x, -0.05, 0.4 * side, 0.6, 0.3)] -= 800
    for k in range(9):
        rib = abs(y - (-0.6 + 0.15 * k) - 0.25 * x**2) < 0.02
        picture[rib & (abs(x) < 0.85)] += 320
    picture[abs(x) < 0.09] += 700
    picture[ellipse(y, x, 0.25, 0.12, 0.3, 0.25)] += 600
    picture[(abs(x) > 0.96) | (abs(y) > 0.97)] = 60
    return np.clip(picture + rng.normal(0, 25, (rows, columns)), 0, 4095)


def breast(rng: np.random.Generator, rows: int, columns: int) -> np.ndarray:
    """A mammogram, chest wall at the left, 0 to about 3500."""
    y, x = np.mgrid[0:rows, 0:columns].astype(float)
    shape = (x / (columns * 0.72)) ** 2 + ((y - rows / 2) / (rows * 0.42)) ** 2
    tissue = 1700 + 380 * smooth(rng, rows, columns, 10) + 250 * smooth(rng, rows, columns, 2)
    tissue = tissue * np.sqrt(np.clip(1.15 - shape, 0, 1))
    for cy, cx in rng.uniform(0.3, 0.6, (12, 2)):
        tissue[int(cy * rows), int(cx * columns)] = 3600
    return np.clip(np.where(shape < 1, tissue, 20) + rng.normal(0, 12, (rows, columns)), 0, 4095)


def counts(rng: np.random.Generator, rows: int, columns: int, peak: float) -> np.ndarray:
    """Counts of a gamma camera or of a PET slice: a body with hot spots."""
    y, x = grid(rows, columns)
    rate = 0.02 * peak + 0.15 * peak * ellipse(y, x, 0, 0, 0.85, 0.55)
    for cy, cx in rng.uniform(-0.5, 0.5, (6, 2)):
        rate = rate + peak * rng.uniform(0.2, 1) * np.exp(-(((y - cy) / 0.07) ** 2 + ((x - cx) / 0.07) ** 2))
    return rng.poisson(np.clip(rate, 0, None)).astype(float)


def angiogram(rng: np.random.Generator, n: int, frames: int) -> np.ndarray:
    """A run of angiography: dark vessels that fill on a grey ground; frames by rows by columns, 0 to 255."""
    y, x = grid(n, n)
    ground = 150 + 18 * smooth(rng, n, n, n / 8)
    vessels = np.zeros((n, n))
    for _ in range(7):
        phase, bend, slope = rng.uniform(-0.6, 0.6, 3)
        line = abs(y - slope * x - phase - 0.15 * np.sin(6 * x + 9 * bend))
        vessels = np.maximum(vessels, np.clip(1.3 - line / rng.uniform(0.01, 0.03), 0, 1))
    fill = np.linspace(0.1, 1, frames)
    run = [ground - 90 * f * vessels * (x < 2 * f - 1 + 0.4) + rng.normal(0, 6, (n, n)) for f in fill]
    return np.clip(np.stack(run), 0, 255)


def screenshot(rng: np.random.Generator, rows: int, columns: int) -> np.ndarray:
    """A screen of a workstation with panes and a curve but no text; rows by columns by RGB."""
    picture = np.full((rows, columns, 3), rng.integers(20, 60, 3), float)
    for _ in range(4):
        top, left = rng.integers(0, rows // 2), rng.integers(0, columns // 2)
        pane = np.s_[top + 10 : top + rows // 3, left + 10 : left + columns // 3]
        picture[pane] = rng.integers(40, 240, 3)
    for column in range(columns):
        row = int(rows * (0.8 + 0.1 * np.sin(column / 17)))
        picture[row : row + 2, column] = (60, 220, 90)
    return picture
