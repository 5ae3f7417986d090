#!/usr/bin/python3
"""Makes folders to measure the speed of a de-identifier on.

    speed.py --out DIR --small N --frames N

DIR/small holds CT objects of 64 by 64 pixels, DIR/frames ultrasound of 512 by 512, each with texts.
"""

from __future__ import annotations

import argparse
import random
import sys
from pathlib import Path

import numpy as np
import pydicom

import corpus
import objects
import people
import pictures
from draft import Study, Uids
from imaging import GREY8, dress, put


def _study(seed: int) -> Study:
    rng = random.Random(seed)
    return corpus.study_of(rng, Uids(rng), people.patient(rng, seed), seed, "chest")


def small(folder: Path, count: int, rng: np.random.Generator) -> None:
    """Writes one CT header so many times, each an instance of its own with 64 by 64 pixels."""
    folder.mkdir(parents=True)
    study = _study(1)
    ds = objects.ct(study, rng, "CHEST", 1, 64)[0].ds
    ds.pop("BurnedInAnnotation", None)
    for i in range(count):
        ds.SOPInstanceUID = ds.file_meta.MediaStorageSOPInstanceUID = study.uids.new()
        ds.InstanceNumber, ds.ImagePositionPatient = i + 1, ["-210", "-210", f"{i}"]
        pydicom.dcmwrite(folder / f"{i:05d}.dcm", ds, write_like_original=False)


def large(folder: Path, count: int, rng: np.random.Generator) -> None:
    """Writes single frames of ultrasound, uncompressed."""
    folder.mkdir(parents=True)
    study = _study(2)
    series = study.uids.new()
    for i in range(count):
        d = objects.start(study, "US", pydicom.uid.UltrasoundImageStorage, series, 1, i + 1, "ORIGINAL\\PRIMARY\\ABDOMINAL")
        put(d, pictures.us(rng, 512, 512)[0][None], GREY8, rng, 4)
        d.ds.BurnedInAnnotation = "YES"
        pydicom.dcmwrite(folder / f"{i:05d}.dcm", dress(d, rng).ds, write_like_original=False)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--small", type=int, default=2000)
    parser.add_argument("--frames", type=int, default=120)
    options = parser.parse_args()
    rng = np.random.default_rng(1)
    small(options.out / "small", options.small, rng)
    large(options.out / "frames", options.frames, rng)
    return 0


if __name__ == "__main__":
    sys.exit(main())
