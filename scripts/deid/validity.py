"""Whether what comes out is as good a DICOM file as what went in: by dciodvfy, dcmdump and pydicom."""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections import Counter
from functools import lru_cache
from pathlib import Path

import pydicom

# Values that a message quotes: two messages that differ in them alone are of one error. The names of
# elements and modules, which stand in <> too, are no values.
_VALUES = re.compile(r"""= <[^<>]*>|= '[^']*' \(0x[0-9a-f]+\)|\bvalue <[^<>]*>|"[^"]*"|(?<=UID )[0-9.]+|(?<=is |be )0x[0-9a-f]+|(?<![x0-9.])[0-9]{4,}[0-9.]*""")


def kinds(messages: str) -> Counter[str]:
    """Counts the errors among dciodvfy's messages, without the values that they quote."""
    return Counter(" ".join(_VALUES.sub("", line).split()) for line in messages.splitlines() if re.search(r"(^|\W)Error - ", line))


@lru_cache(maxsize=8192)
def faults(path: Path) -> Counter[str]:
    """Counts the errors that dciodvfy finds in a file. It does not read deflated ones: they are inflated for it."""
    with tempfile.TemporaryDirectory() as folder:
        inflated = Path(folder, "inflated.dcm")
        if b"1.2.840.10008.1.2.1.99" in path.read_bytes()[:1024]:
            subprocess.run(["dcmconv", "+te", str(path), str(inflated)], capture_output=True, timeout=120, check=False)
        done = subprocess.run(["dciodvfy", str(inflated if inflated.exists() else path)], capture_output=True, timeout=120, check=False)
    return kinds((done.stdout + done.stderr).decode("latin-1"))


def new_faults(before: Path, after: Path) -> list[str]:
    """Returns the errors of a file that the one it was made of had not, or had less often."""
    return sorted((faults(after) - faults(before)).elements())


def readable(path: Path) -> tuple[bool, bool]:
    """Whether pydicom reads every element, and dcmdump ends well."""
    try:
        pydicom.dcmread(path).walk(lambda *_: None)
        python = True
    except Exception:  # noqa: BLE001 - whatever is wrong
        python = False
    return python, subprocess.run(["dcmdump", "-q", str(path)], capture_output=True, timeout=120, check=False).returncode == 0
