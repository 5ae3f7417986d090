"""Whether what comes out is as good a DICOM file as what went in: by dciodvfy, dcmdump and pydicom."""

from __future__ import annotations

import re
import subprocess
from functools import lru_cache
from pathlib import Path

import pydicom


@lru_cache(maxsize=8192)
def faults(path: Path) -> frozenset[str]:
    """Returns the errors that dciodvfy finds, without the values it quotes."""
    done = subprocess.run(["dciodvfy", str(path)], capture_output=True, timeout=120, check=False)
    lines = (done.stdout + done.stderr).decode("latin-1").splitlines()
    return frozenset(re.sub(r"<[^<>]*/>|<[^<>]*>|=.*$|[0-9]{5,}[0-9.]*", "", line).strip() for line in lines if line.startswith("Error"))


def new_faults(before: Path, after: Path) -> list[str]:
    """Returns the errors of a file that the one it was made of had not."""
    return sorted(faults(after) - faults(before))


def readable(path: Path) -> tuple[bool, bool]:
    """Whether pydicom reads every element, and dcmdump ends well."""
    try:
        pydicom.dcmread(path).walk(lambda *_: None)
        python = True
    except Exception:  # noqa: BLE001 - whatever is wrong
        python = False
    return python, subprocess.run(["dcmdump", "-q", str(path)], capture_output=True, timeout=120, check=False).returncode == 0
