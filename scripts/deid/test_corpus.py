"""Tests of the corpus: what is planted is there, and the same seed plants the same."""

from __future__ import annotations

import hashlib
import random
import subprocess
import sys
import tempfile
import unittest
from collections import Counter
from pathlib import Path

import numpy as np

import checks
import corpus
import everything
import frames
import key
import links
import objects
import people
import plant

FILES, FEW = 100, 20  # enough for one visit of each kind; for what costs time
GONE = ("text_removed", "date_shifted", "uid_changed", "patid_consistent", "pixels_hidden")


def make(folder: Path, seed: int, files: int) -> str:
    """Makes a corpus and returns a digest of all its bytes."""
    subprocess.run([sys.executable, str(Path(corpus.__file__)), "--out", str(folder), "--files", str(files), "--seed", str(seed)], check=True, capture_output=True)
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


class Corpus(unittest.TestCase):
    folder: tempfile.TemporaryDirectory[str]

    @classmethod
    def setUpClass(cls) -> None:
        cls.folder = tempfile.TemporaryDirectory()
        make(Path(cls.folder.name), 7, FILES)
        cls.rows = list(key.read(Path(cls.folder.name, "key.jsonl")))

    @classmethod
    def tearDownClass(cls) -> None:
        cls.folder.cleanup()

    def test_a_seed_makes_one_corpus_and_another_seed_another(self) -> None:
        digests = []
        for seed in (7, 7, 8):
            with tempfile.TemporaryDirectory() as folder:
                digests.append(make(Path(folder), seed, FEW))
        self.assertEqual(digests[0], digests[1])
        self.assertNotEqual(digests[0], digests[2])

    def test_a_copy_hides_nothing_and_loses_nothing(self) -> None:
        by_file: dict[str, list[key.Row]] = {}
        for row in self.rows:
            by_file.setdefault(row.file, []).append(row)
        results = [r for name, rows in by_file.items() for r in checks.file(Path(self.folder.name, "in", name), Path(self.folder.name, "in", name), rows)]
        links.judge(results)
        odd = [(r.row.file, r.row.check, r.row.path, r.row.note) for r in results if r.outcome != ("leak" if r.row.check in GONE else "pass")]
        self.assertEqual([], odd)

    def test_every_check_and_every_modality_is_there(self) -> None:
        self.assertEqual(set(key.CHECKS), {row.check for row in self.rows})
        want = {"CT", "MR", "US", "CR", "DX", "MG", "PT", "NM", "SC", "XA", "SR", "RTSTRUCT", "RTPLAN", "RTDOSE", "SEG", "DOC", "ECG"}
        self.assertEqual(set(), want - {row.modality for row in self.rows})

    def test_texts_of_the_pixels_vary(self) -> None:
        notes = Counter(row.note.split(",")[0].split()[-1] for row in self.rows if row.check == "pixels_hidden")
        self.assertEqual(set(), {"bright", "grey", "outlined", "boxed", "translucent"} - set(notes))
        self.assertTrue(any("中文" in row.note for row in self.rows))
        self.assertTrue(any(" lines, " in row.note for row in self.rows), "no report of many lines")

    def test_every_text_of_an_overlay_shows(self) -> None:
        rng, seen = np.random.default_rng(3), 0
        for number in range(16):
            patient = people.patient(random.Random(number), number)
            study = corpus.study_of(random.Random(number), corpus.Uids(random.Random(number)), patient, number, "chest")
            d = objects.ct(study, rng, "CHEST", 1, 128)[0]
            d.rows = []
            plant.graphics(d, rng)
            for row in (r for r in d.rows if r.check == "pixels_hidden"):
                left, top, right, bottom = row.box
                part, ink = frames.overlay(d.ds, 0x6000)[0, top:bottom, left:right], key.unpack(row.mask, row.box).sum()
                self.assertGreaterEqual(max(part.sum(), part.size - part.sum()), ink, row.box)
                self.assertGreaterEqual(min(part.sum(), part.size - part.sum()), 12, row.box)
                seen += 1
        self.assertGreater(seen, 4)

    def test_one_object_has_an_identifier_in_every_attribute(self) -> None:
        planted = [row for row in self.rows if row.note.startswith("everything")]
        self.assertGreaterEqual(len(planted), 1233)
        self.assertEqual(len(planted), len({row.values[0] for row in planted}), "each has a value of its own")
        self.assertTrue(all(f"everything: nested {name}" in {row.note for row in planted} for name in everything.attributes()[:20]))


if __name__ == "__main__":
    unittest.main()
