"""Finding elements by the key's paths, and identifying values in text, however it is written."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset, FileDataset
from pydicom.multival import MultiValue
from pydicom.valuerep import PersonName

CHARACTERS = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]|[^\W_\u3400-\u9fff\uf900-\ufaff]+")
ENCODINGS = ("latin-1", "utf-8", "gb18030")


def element(ds: FileDataset, path: str) -> DataElement | None:
    """Returns the element at a path of the key, or None."""
    if path.startswith("meta:"):
        return ds.file_meta.get(int(path[5:], 16))
    if ":" in path:
        group, creator, number = path.split(":")
        try:
            return ds.private_block(int(group, 16), creator).__getitem__(int(number, 16))
        except KeyError:
            return None
    item: Dataset = ds
    *above, last = path.split(".")
    for step in above:
        tag, index = step[:8], int(step[9:-1])
        held = item.get(int(tag, 16))
        if held is None or held.VR != "SQ" or index >= len(held.value):
            return None
        item = held.value[index]
    return item.get(int(last, 16))


def strings(found: DataElement) -> list[str]:
    """Returns an element's values as text, those of its items too, and bytes in each encoding."""
    value = found.value
    if found.VR == "SQ":
        return [text for item in value for inner in item for text in strings(inner)]
    if value is None:
        return []
    if isinstance(value, (MultiValue, list, tuple)):
        return [str(part) for part in value]
    if isinstance(value, bytes):
        return [value.decode(name, "ignore") for name in ENCODINGS]
    return [str(value)] + ([value.ideographic, value.phonetic] if isinstance(value, PersonName) else [])


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Returns words in lower case with one space between; each Chinese character is a word."""
    return " ".join(CHARACTERS.findall(unicodedata.normalize("NFKC", text).casefold()))


def holds(folded: str, value: str) -> bool:
    """Whether folded text holds a value: as words, or as one word if it is long; if it is long and has letters, also
    within a word; and a number also at the beginning of a longer one."""
    needle = fold(value)
    if not needle:
        return False
    if f" {needle} " in f" {folded} ":
        return True
    joined = needle.replace(" ", "")
    if joined.isascii() and len(joined) >= 6 and f" {joined}" in f" {folded}":
        return True
    return len(needle) >= 6 and not joined.isdigit() and needle in folded


def whole(ds: FileDataset, raw: bytes) -> str:
    """Returns all text of a file, folded: every element, and the bytes that are not pixels."""
    parts = [text for part in (ds.file_meta, ds) for e in part if e.tag != 0x7FE00010 for text in strings(e)]
    pixels = raw.find(b"\xe0\x7f\x10\x00")
    for piece in [raw] if pixels < 0 else [raw[:pixels], raw[-4096:] if len(raw) > pixels + 4096 else b""]:
        parts += [piece.decode(name, "ignore") for name in ENCODINGS]
    return " ".join(fold(part) for part in parts)
