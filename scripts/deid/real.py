"""Real objects of other programs' test files as a base: their elements and pixels, with an invented patient planted."""

from __future__ import annotations

import os
import subprocess
import warnings
from pathlib import Path

import numpy as np
import pydicom
from pydicom.dataset import FileDataset

from draft import Draft, Study
from imaging import dress

PYDICOM = Path(pydicom.__file__).parent / "data"
# Elements whose values a reader needs, kept where a file has them.
TECHNICAL = (
    "Rows", "Columns", "BitsStored", "PixelRepresentation", "SamplesPerPixel", "NumberOfFrames", "PixelSpacing", "ImageOrientationPatient",
    "ImagePositionPatient", "SliceThickness", "RescaleSlope", "RescaleIntercept", "WindowCenter", "WindowWidth", "KVP", "RepetitionTime", "EchoTime",
    "ImageType", "DoseGridScaling", "Modality", "SOPClassUID",
)


def files() -> list[Path]:
    """Test files of pydicom, and of the Go module that reads DICOM where it was downloaded."""
    found = sorted([*(PYDICOM / "test_files").glob("*.dcm"), *(PYDICOM / "charset_files").glob("*.dcm")])
    try:
        cache = subprocess.run(["go", "env", "GOMODCACHE"], capture_output=True, text=True, timeout=30, check=True).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return found
    return found + sorted(Path(cache).glob("github.com/suyashkumar/dicom@*/testdata/*.dcm"))


def load(path: Path) -> FileDataset | None:
    """Reads a file if it is an object whose frames, if it has any, decode: a broken file is no base."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            ds = pydicom.dcmread(path)
            if "SOPClassUID" not in ds or "TransferSyntaxUID" not in ds.file_meta or os.path.getsize(path) > 4 << 20:
                return None
            if "PixelData" in ds:
                np.asarray(ds.pixel_array)
            ds.walk(lambda _, element: None)
        except Exception:  # noqa: BLE001 - whatever is wrong with it
            return None
    return ds


def draft(study: Study, ds: FileDataset, rng: np.random.Generator) -> Draft:
    """Plants a patient in a real object."""
    d = Draft(study, str(ds.get("Modality") or "OT"), ds)
    ds.SpecificCharacterSet = ds.get("SpecificCharacterSet") or "ISO_IR 100"
    ds.preamble = b"\0" * 128
    instance = study.uids.new()
    ds.file_meta.MediaStorageSOPInstanceUID = instance
    ds.file_meta.MediaStorageSOPClassUID = ds.SOPClassUID
    d.uid("SOPInstanceUID", value=instance)
    d.row("uid_changed", "meta:00020003", [instance])
    d.uid("StudyInstanceUID", value=study.uid)
    d.uid("SeriesInstanceUID", value=study.uids.new())
    d.keep(*TECHNICAL)
    dress(d, rng, drawn=False)
    if "PixelData" in ds:
        d.row("pixels_retained", "pixels", option="pixels")
    return d
