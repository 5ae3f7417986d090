#!/usr/bin/python3
"""Makes a corpus to measure de-identifiers with: DICOM files of invented patients with planted identifiers, and its answer key.

    corpus.py --out DIR [--seed N] [--files N]

writes DIR/in/00001.dcm and on, and DIR/key.jsonl. The same seed and size give the same corpus. Needs numpy,
PIL and pydicom of Debian, gdcmconv, dcmtk and fonts (scripts/test-deps).
"""

from __future__ import annotations

import argparse
import random
import sys
import warnings
from datetime import date, timedelta
from pathlib import Path
from typing import Iterator

import numpy as np

import encode
import everything
import objects
import people
import prose
import real
import related
from draft import Draft, Study, Uids
from key import Row, write

# Kinds of visits, and the regions that are examined at them.
KINDS = {
    "oncology": ("CHEST", "ABDOMEN"), "brain": ("HEAD",), "abdomen": ("ABDOMEN",), "chest": ("CHEST",), "mammography": ("BREAST",), "petct": ("WHOLEBODY",),
    "bones": ("WHOLEBODY",), "cardiac": ("HEART",), "head": ("HEAD",), "ward": ("CHEST",),
}


def study_of(rng: random.Random, uids: Uids, patient: people.Patient, serial: int, kind: str) -> Study:
    """A visit on a day of its own."""
    region, day = rng.choice(KINDS[kind]), date(2012, 1, 1) + timedelta(days=rng.randrange(4000))
    accession = f"ACC{serial:04d}{rng.randrange(1000):03d}"
    return Study(patient, uids.new(), uids.new(), accession, f"S{serial:04d}{rng.randrange(10)}", day, f"{rng.randrange(7, 19):02d}{rng.randrange(60):02d}11",
                 region, prose.short(rng, patient, accession, day, region), rng, uids, serial)


def series_of(study: Study, rng: np.random.Generator, kind: str) -> list[Draft]:
    """The objects of a visit, which refer to each other."""
    if kind == "oncology":
        ct = objects.ct(study, rng, study.region, 10)
        structures = related.rtstruct(study, rng, ct)
        plan = related.rtplan(study, rng, structures)
        return [*ct, structures, plan, related.rtdose(study, rng, plan), related.seg(study, rng, ct), related.sr(study, rng, ct)]
    if kind == "brain":
        mr = objects.mr(study, rng, 8)
        return [*mr, related.sr(study, rng, mr)]
    if kind == "abdomen":
        us = objects.us(study, rng, 6)
        return [*us, *objects.sc(study, rng, 2), related.sr(study, rng, us)]
    if kind == "chest":
        cr = [*objects.radiographs(study, rng, "CR", 4), *objects.radiographs(study, rng, "DX", 4)]
        return [*cr, related.sr(study, rng, cr), related.pdf(study, rng)]
    if kind == "mammography":
        return objects.radiographs(study, rng, "MG", 6)
    if kind == "petct":
        return [*objects.ct(study, rng, "CHEST", 6), *objects.pt(study, rng, 8)]
    if kind == "bones":
        return [d for _ in range(3) for d in objects.nm(study, rng)]
    if kind == "cardiac":
        return [*objects.xa(study, rng, 3), related.ecg(study, rng), related.ecg(study, rng)]
    if kind == "head":
        return objects.ct(study, rng, "HEAD", 8, 512)
    return [*objects.sc(study, rng, 5), related.pdf(study, rng)]


def visits(seed: int) -> Iterator[list[Draft]]:
    """Visits without end: each patient has three, of different kinds."""
    rng, uids, serial = random.Random(seed), Uids(random.Random(seed + 1)), 0
    pictures = np.random.default_rng(seed)
    number = 0
    while True:
        number += 1
        patient = people.patient(rng, number)
        for _ in range(3):
            serial += 1
            kind = list(KINDS)[(serial - 1) % len(KINDS)]
            yield series_of(study_of(rng, uids, patient, serial, kind), pictures, kind)


def bases(seed: int) -> Iterator[Draft]:
    """Real objects, four to a patient, and the object with an identifier everywhere."""
    rng, uids, pictures = random.Random(seed + 2), Uids(random.Random(seed + 3)), np.random.default_rng(seed + 1)
    number, serial, study = 900, 5000, None
    for i, ds in enumerate(ds for path in real.files() if (ds := real.load(path)) is not None):
        if i % 4 == 0 or study is None:
            number, serial = number + 1, serial + 1
            patient = people.patient(rng, number)
            while patient.chinese:  # the character set of a real object is its own
                patient = people.patient(rng, number)
            study = study_of(rng, uids, patient, serial, "chest")
        if i == 0:
            full = objects.ct(study, pictures, "CHEST", 1, 64)[0]
            full.syntax = "native"
            everything.plant(full)
            yield full
        yield real.draft(study, ds, pictures)


def drafts(seed: int, files: int) -> Iterator[Draft]:
    """The objects of a corpus of at least so many files: real bases first, as a tenth at most, then whole visits."""
    count = 0
    for d in bases(seed):
        if count >= max(files // 10, 1):
            break
        count += 1
        yield d
    for made in visits(seed):
        if count >= files:
            return
        count += len(made)
        yield from made


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True, help="the folder to write")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--files", type=int, default=1000, help="make at least so many files")
    options = parser.parse_args()
    warnings.simplefilter("ignore")  # real objects have values that the standard would not
    (options.out / "in").mkdir(parents=True, exist_ok=True)
    rows: list[Row] = []
    count = 0
    for count, d in enumerate(drafts(options.seed, options.files), 1):
        name = f"{count:05d}.dcm"
        encode.write(d, options.out / "in" / name)
        for row in d.rows:
            row.file = name
        rows += d.rows
    print(f"{count} files, {write(options.out / 'key.jsonl', rows)} promises", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
