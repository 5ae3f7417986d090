"""The answer key: what was planted where, and what must hold of it afterwards.

One row is one promise about one file, written as a line of JSON. The ten checks are
those of the MIDI-B challenge on de-identification of medical images.
"""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Iterable, Iterator

import numpy as np

CHECKS = (
    "tag_retained", "text_notnull", "text_removed", "text_retained", "date_shifted",
    "uid_changed", "uid_consistent", "patid_consistent", "pixels_hidden", "pixels_retained",
)

# The option of PS3.15 Annex E without which the promise is not made; "" is the Basic Profile.
OPTIONS = ("", "dates", "descriptors", "patient", "private", "structured", "pixels")


@dataclass
class Row:
    """One promise.

    path names an element: keywords of hexadecimal digits joined by dots, with the number
    of the item in brackets ("00400275[0].00400007"); a private element carries its creator
    ("0009:ACME 1.1:10"); "*" is the whole file, its meta information and raw bytes
    included; "pixels" the frames.

    values are what was planted: strings that must be gone (any of them left is a miss),
    the one that must be there, the date or the UID that was there.

    box is (left, top, right, bottom) in pixels, half open, on the frames listed; mask the
    pixels inside it where the ink of the text is at least half as opaque as where it is most. For pixels_retained boxes are
    all planted boxes of the file, and inside, where it is given, the part that must stay.
    """

    file: str
    check: str
    path: str
    values: list[str] = field(default_factory=list)
    modality: str = ""
    patient: str = ""
    option: str = ""
    note: str = ""
    frames: list[int] = field(default_factory=list)
    box: list[int] = field(default_factory=list)
    mask: str = ""
    boxes: list[list[int]] = field(default_factory=list)
    inside: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.check not in CHECKS:
            raise ValueError(f"no check is called {self.check}")
        if self.option not in OPTIONS:
            raise ValueError(f"no option is called {self.option}")


def pack(mask: np.ndarray) -> str:
    """Returns a mask of booleans as text."""
    return base64.b64encode(zlib.compress(np.packbits(mask).tobytes(), 9)).decode()


def unpack(text: str, box: list[int]) -> np.ndarray:
    """Returns the mask of a box, rows by columns, as booleans."""
    rows, columns = box[3] - box[1], box[2] - box[0]
    bits = np.unpackbits(np.frombuffer(zlib.decompress(base64.b64decode(text)), np.uint8))
    return bits[: rows * columns].reshape(rows, columns).astype(bool)


def text_of(value: object) -> str:
    """A value as the key writes it: the parts of a list joined by a backslash, bytes by their digest."""
    if isinstance(value, bytes):
        return "sha256:" + hashlib.sha256(value).hexdigest()
    if isinstance(value, (list, tuple)) or type(value).__name__ == "MultiValue":
        return "\\".join(str(part) for part in value)  # type: ignore[union-attr]
    return str(value)


def write(path: Path, rows: Iterable[Row]) -> int:
    """Writes rows as JSON lines, empty fields left out, and returns how many."""
    count = 0
    with open(path, "w", encoding="utf-8") as out:
        for row in rows:
            out.write(json.dumps({k: v for k, v in asdict(row).items() if v}, ensure_ascii=False) + "\n")
            count += 1
    return count


def read(path: Path) -> Iterator[Row]:
    """Reads the rows of a key."""
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                fields = json.loads(line)
                yield Row(fields.pop("file"), fields.pop("check"), fields.pop("path"), **fields)
