"""The ten checks on one file. Those that compare files say here what they saw, and links.py judges it.

What does not pass is either a leak (something that identifies is there) or a loss (something a reader needs is not).
"""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path

import numpy as np
import pydicom
from pydicom.dataset import FileDataset

import frames
import tree
from key import Row, text_of, unpack

RETAINED = 0.98  # of the pixels outside of the planted boxes, for pixels_retained to pass
STUDY_DATE = "00080020"
# The times of day of dates (PS3.3): Study, Series, Acquisition, Content, Structure Set, RT Plan.
TIMES = {STUDY_DATE: "00080030", "00080021": "00080031", "00080022": "00080032", "00080023": "00080033", "30060008": "30060009", "300A0006": "300A0007"}
HIDES = {"text_removed", "uid_changed", "pixels_hidden"}
LOSSY = {"1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.51", "1.2.840.10008.1.2.4.81", "1.2.840.10008.1.2.4.91"}


@dataclass
class Result:
    """How a promise went. outcome is pass, leak or loss; or "" where seen is judged with other files."""

    row: Row
    outcome: str
    why: str = ""
    share: float = 0.0
    seen: str = ""


class Pair:
    """A file before and after, decoded when it is asked for."""

    def __init__(self, before: Path, after: Path) -> None:
        self._paths = (before, after)

    @cached_property
    def before(self) -> FileDataset:
        return pydicom.dcmread(self._paths[0])

    @cached_property
    def after(self) -> FileDataset:
        return pydicom.dcmread(self._paths[1])

    @cached_property
    def text(self) -> str:
        return tree.whole(self.after, self._paths[1].read_bytes())

    @cached_property
    def old(self) -> np.ndarray:
        return frames.decode(self.before)

    @cached_property
    def new(self) -> np.ndarray:
        return frames.decode(self.after)

    @cached_property
    def tolerance(self) -> int:
        """How far decoders may differ: not at all, but for lossy frames that were written in another syntax."""
        a, b = (str(ds.file_meta.TransferSyntaxUID) for ds in (self.before, self.after))
        return 3 if a != b and a in LOSSY else 0


def check(row: Row, pair: Pair) -> Result:
    """Checks one promise about a file that was released."""
    if row.check == "pixels_hidden":
        return _hidden(row, pair)
    if row.check == "pixels_retained":
        return _retained(row, pair)
    if row.check == "text_removed":
        return _removed(row, pair)
    found = tree.element(pair.after, row.path)
    now = text_of(found.value) if found is not None and found.value is not None else ""
    if row.check in ("uid_consistent", "patid_consistent"):
        return Result(row, "" if now else "loss", "" if now else "gone", seen=now)
    if row.check == "date_shifted":
        return _date(row, now, pair)
    if row.check == "text_notnull":
        return Result(row, "pass" if now.strip() else "loss", "" if now.strip() else "empty")
    if row.check == "uid_changed":
        if row.values[0] in re.split(r"[^0-9.]+", now):
            return Result(row, "leak", "unchanged")
        valid = re.fullmatch(r"(0|[1-9][0-9]*)(\.(0|[1-9][0-9]*))+", now) and len(now) <= 64
        return Result(row, "pass" if valid else "loss", "" if valid else "no UID")
    if row.check == "tag_retained":
        same = found is not None and equal(row.values[0], now)
        return Result(row, "pass" if same else "loss", "" if same else "changed" if now else "gone")
    words, left = tree.fold(row.values[0]).split(), tree.fold(" ".join(tree.strings(found)) if found is not None else "")
    kept = f" {' '.join(words)} " in f" {left} "
    return Result(row, "pass" if kept else "loss", "" if kept else "gone", sum(w in left.split() for w in words) / max(len(words), 1))


def equal(before: str, after: str) -> bool:
    """Whether two values of an element say the same: numbers by value, text but for spaces at its ends."""
    if before.strip() == after.strip():
        return True
    a, b = before.split("\\"), after.split("\\")
    try:
        return len(a) == len(b) and all(abs(float(x) - float(y)) <= 1e-6 * max(1, abs(float(x))) for x, y in zip(a, b))
    except ValueError:
        return False


def _removed(row: Row, pair: Pair) -> Result:
    if row.path == "*":
        folded = pair.text
    else:
        found = tree.element(pair.after, row.path)
        folded = " ".join(tree.fold(text) for text in tree.strings(found)) if found is not None else ""
    left = sum(tree.holds(folded, value) for value in row.values)
    return Result(row, "leak" if left else "pass", f"{left} of {len(row.values)} values are there" if left else "")


def _date(row: Row, now: str, pair: Pair) -> Result:
    if now[:8] == row.values[0][:8]:
        return Result(row, "leak", "unchanged")
    try:
        moved = _day(now) - _day(row.values[0])
    except ValueError:
        return Result(row, "loss", "no date" if now else "gone")
    if _as_the_study(row.path, pair):
        moved = _day(text_of(pair.after.StudyDate)) - _day(text_of(pair.before.StudyDate))
    return Result(row, "", seen=str(moved.days))


def _as_the_study(path: str, pair: Pair) -> bool:
    """Whether a date and its time of day moved, as one moment, to the second as far as the study's did. Where times of day
    move too, midnight lies elsewhere, so that a date may move by a day more or less than others: the intervals are true."""
    distances = []
    for of in (path, STUDY_DATE):
        before, after = (_moment(ds, of) for ds in (pair.before, pair.after))
        if before is None or after is None:
            return False
        distances.append(after - before)
    return distances[0] == distances[1]


def _day(text: str) -> date:
    """Reads the date of a DA or DT. Raises ValueError if there is none."""
    return date(int(text[:4]), int(text[4:6]), int(text[6:8]))


def _moment(ds: FileDataset, path: str) -> datetime | None:
    """Returns a date with its time of day, in whole seconds; None if it has none."""
    def word(place: str) -> str:
        found = tree.element(ds, place)
        return text_of(found.value) if found is not None and found.value is not None else ""

    text = word(path)
    if path[-8:] in TIMES and len(text) == 8:
        text += word(path[:-8] + TIMES[path[-8:]])
    try:
        return datetime.strptime(text.partition(".")[0], "%Y%m%d%H%M%S")
    except ValueError:
        return None


def _hidden(row: Row, pair: Pair) -> Result:
    try:
        if row.path == "pixels":
            if "PixelData" not in pair.after:
                return Result(row, "pass", "no pixels")
            old, new = pair.old, pair.new
        else:
            if int(row.path, 16) not in pair.after:
                return Result(row, "pass", "no overlay")
            old, new = (frames.overlay(ds, int(row.path[:4], 16)) for ds in (pair.before, pair.after))
    except Exception:  # noqa: BLE001 - whatever a tool wrote: what cannot be read is not known to be hidden
        return Result(row, "leak", "frames cannot be decoded")
    if old.shape != new.shape:
        return Result(row, "leak", "frames of another shape")
    left, top, right, bottom = row.box
    span = float(np.ptp(old)) or 1.0
    for number in row.frames:
        box = np.s_[number, top:bottom, left:right]
        if frames.shows(old[box], new[box], unpack(row.mask, row.box), span):
            return Result(row, "leak", f"shows in frame {number}")
    return Result(row, "pass")


def _retained(row: Row, pair: Pair) -> Result:
    try:
        old, new = pair.old, pair.new
    except Exception:  # noqa: BLE001 - as above
        return Result(row, "loss", "frames cannot be decoded")
    if old.shape != new.shape:
        return Result(row, "loss", "frames of another shape")
    share = frames.retained(old, new, row.boxes, row.inside, pair.tolerance)
    return Result(row, "pass" if share >= RETAINED else "loss", "" if share >= RETAINED else f"{share:.4f} of the pixels", share)


def file(before: Path, after: Path, rows: list[Row]) -> list[Result]:
    """Checks all promises about one file. An output that cannot be read keeps none: what is in it is not known to be gone."""
    pair = Pair(before, after)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            pair.after.walk(lambda *_: None)
        except Exception:  # noqa: BLE001 - as above
            return [Result(row, "leak" if row.check in HIDES else "loss", "unreadable") for row in rows]
        return [check(row, pair) for row in rows]
