"""Frames become the Image Pixel module of an object, with or without burned-in text."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

import burn
import plant
from draft import Draft
from key import pack


@dataclass(frozen=True)
class Format:
    """How values are stored: bits, sign, photometric interpretation, and those shown darkest and brightest."""

    bits: int
    signed: bool
    photometric: str
    darkest: float
    brightest: float


GREY8 = Format(8, False, "MONOCHROME2", 0, 255)
COLOUR = Format(8, False, "RGB", 0, 255)


def candidates(d: Draft) -> list[str]:
    """What scanners and people write into pictures."""
    s, p = d.study, d.study.patient
    name = p.person.ideographic or f"{p.person.family}, {p.person.given}"
    return [
        name, name.upper(), p.number, f"{p.born:%d.%m.%Y}", s.day.isoformat(), p.hospital[:22], s.accession, p.phone,
        ("医师" + p.physician.ideographic) if p.chinese else "Dr. " + p.physician.family, f"{p.born.year}", p.number[-4:],
    ]


def put(d: Draft, frames: np.ndarray, form: Format, rng: np.random.Generator, texts: int, lines: tuple[str, ...] = ()) -> None:
    """Sets the pixels of an object from frames (frames by rows by columns, by samples if it has colour), with
    lines below each other and so many texts burned into each, and promises that all that goes and that the rest stays."""
    frames = frames.astype(float)
    words = [str(t) for t in rng.choice(candidates(d), size=min(texts, 6), replace=False)] if texts else []
    seed = int(rng.integers(2**32))
    for number in range(len(frames)):
        taken: list[list[int]] = []
        chance = np.random.default_rng(seed)  # so that the frames of a run carry the same text at the same place
        if lines:
            frames[number], marks = burn.column(chance, frames[number], list(lines), form.darkest, form.brightest)
            for mark in marks:
                _promise(d, number, mark, taken)
        for word in words:
            made = burn.burn(chance, frames[number], word, form.darkest, form.brightest, taken)
            if made is None:
                continue
            frames[number], mark = made
            _promise(d, number, mark, taken, "" if word.isascii() else "中文 ")
    _declare(d, bool(d.boxes), rng)
    _store(d, frames, form)
    retained = d.row("pixels_retained", "pixels", option="pixels")
    retained.boxes, retained.inside = d.boxes, d.inside


def _promise(d: Draft, number: int, mark: burn.Mark, taken: list[list[int]], script: str = "") -> None:
    """Notes a text of a frame: that it goes, and that its place is taken."""
    taken.append(mark.plate)
    row = d.row("pixels_hidden", "pixels", option="pixels", note=script + mark.style)
    row.frames, row.box, row.mask = [number], mark.box, pack(mark.ink)
    d.boxes.append([number, *mark.plate])


def _declare(d: Draft, text: bool, rng: np.random.Generator) -> None:
    """Says, or not, or falsely, that there is text in the pixels."""
    word = str(rng.choice(("", "", "NO", "NO", "YES"))) if text else str(rng.choice(("", "", "NO")))
    if word:
        d.ds.BurnedInAnnotation = word


def _store(d: Draft, frames: np.ndarray, form: Format) -> None:
    ds = d.ds
    ds.SamplesPerPixel = 3 if frames.ndim == 4 else 1
    ds.PhotometricInterpretation = form.photometric
    if frames.ndim == 4:
        ds.PlanarConfiguration = 0
    ds.Rows, ds.Columns = frames.shape[1:3]
    if len(frames) > 1 or d.modality in ("NM", "XA"):
        ds.NumberOfFrames = len(frames)
    ds.BitsAllocated = 8 if form.bits <= 8 else 16
    ds.BitsStored, ds.HighBit, ds.PixelRepresentation = form.bits, form.bits - 1, int(form.signed)
    least = -(2 ** (form.bits - 1)) if form.signed else 0
    values = np.clip(np.rint(frames), least, least + 2**form.bits - 1)
    kind = "u1" if form.bits <= 8 else "<i2" if form.signed else "<u2"
    data = values.astype(kind).tobytes()
    ds.PixelData = data + b"\0" * (len(data) % 2)
    ds["PixelData"].VR = "OB" if form.bits <= 8 else "OW"
    d.keep("Rows", "Columns", "BitsAllocated", "BitsStored", "PixelRepresentation", "SamplesPerPixel", "NumberOfFrames")


def dress(d: Draft, rng: np.random.Generator, drawn: bool = True) -> Draft:
    """Plants what every object may carry and returns it; drawn says that it has frames."""
    plant.identity(d)
    plant.text(d)
    plant.private(d)
    plant.hidden_corners(d)
    if drawn and d.study.rng.random() < 0.05:
        plant.graphics(d, rng)
    return d
