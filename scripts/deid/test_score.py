"""Tests of the scorer by hand-made cases: each check, kept and broken."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import numpy as np
import pydicom
from pydicom import uid
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.sequence import Sequence

import burn
import checks
import frames
import key
import links
import score
import tree
import validity
from key import Row

TEXT = burn.stamp("DOE 12", "dejavu/DejaVuSans.ttf", 16, 0, 0) > 0.5
BOX = [10, 8, 10 + TEXT.shape[1], 8 + TEXT.shape[0]]


def picture() -> np.ndarray:
    """A noisy frame with a text in it."""
    values = np.random.default_rng(5).integers(20, 90, (64, 120)).astype(np.uint8)
    values[BOX[1] : BOX[3], BOX[0] : BOX[2]][TEXT] = 250
    return values


def blanked(share: float) -> np.ndarray:
    """The frame with so much of the box blanked, from its left."""
    values = picture()
    values[BOX[1] : BOX[3], BOX[0] : BOX[0] + int(share * (BOX[2] - BOX[0]))] = 0
    return values


def noise() -> np.ndarray:
    """The frame with the box replaced by noise."""
    values = picture()
    values[BOX[1] : BOX[3], BOX[0] : BOX[2]] = np.random.default_rng(6).integers(0, 255, TEXT.shape)
    return values


def faint() -> np.ndarray:
    """A frame whose noise is stronger than the text in it."""
    values = np.random.default_rng(7).integers(0, 200, (64, 120)).astype(np.uint8)
    values[BOX[1] : BOX[3], BOX[0] : BOX[2]][TEXT] += 30
    return values


def residue() -> np.ndarray:
    """The frame with the text blanked but for one grey level, which a window would bring back."""
    values = blanked(1)
    values[BOX[1] : BOX[3], BOX[0] : BOX[2]][TEXT] = 1
    return values


def murky() -> np.ndarray:
    """A frame of noise with a text in it that is blanked by the noise's mean, so that some values are as they were."""
    values = faint()
    values[BOX[1] : BOX[3], BOX[0] : BOX[2]] = 110
    return values


def obj(pixels: np.ndarray | None = None, **values: object) -> FileDataset:
    """A small object."""
    meta = FileMetaDataset()
    meta.TransferSyntaxUID, meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = uid.ExplicitVRLittleEndian, uid.SecondaryCaptureImageStorage, "1.2.3"
    ds = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
    ds.is_little_endian, ds.is_implicit_VR = True, False
    ds.SOPClassUID, ds.SpecificCharacterSet = uid.SecondaryCaptureImageStorage, "ISO_IR 192"
    for keyword, value in values.items():
        setattr(ds, keyword, value)
    if pixels is not None:
        ds.Rows, ds.Columns = pixels.shape
        ds.SamplesPerPixel, ds.PhotometricInterpretation, ds.BitsAllocated, ds.BitsStored, ds.HighBit, ds.PixelRepresentation = 1, "MONOCHROME2", 8, 8, 7, 0
        ds.PixelData = pixels.tobytes()
        ds["PixelData"].VR = "OB"
    return ds


def nested(value: str) -> Dataset:
    item = Dataset()
    item.PatientID = value
    return item


def private(value: str, creator: str = "ACME") -> FileDataset:
    ds = obj()
    ds.private_block(0x0009, creator, create=True).add_new(0x10, "LO", value)
    return ds


def brushed(rows: int) -> np.ndarray:
    """The frame without a text's box changed, but with rows below it set to 0."""
    values = picture()
    values[40 : 40 + rows] = 0
    return values


HIDDEN = Row("a", "pixels_hidden", "pixels", frames=[0], box=BOX, mask=key.pack(TEXT))
KEPT = Row("a", "pixels_retained", "pixels", boxes=[[0, *BOX]])
BEFORE = obj(picture())
# Check, what is promised, the object before, the one after, and how it goes.
CASES: list[tuple[str, Row, FileDataset, FileDataset, str]] = [
    ("same text", Row("a", "tag_retained", "00080060", ["CT"]), obj(), obj(Modality="CT"), "pass"),
    ("same number", Row("a", "tag_retained", "00180050", ["2.50"]), obj(), obj(SliceThickness="2.5"), "pass"),
    ("other text", Row("a", "tag_retained", "00080060", ["CT"]), obj(), obj(Modality="MR"), "loss"),
    ("other number", Row("a", "tag_retained", "00180050", ["2.50"]), obj(), obj(SliceThickness="2.6"), "loss"),
    ("no element", Row("a", "tag_retained", "00080060", ["CT"]), obj(), obj(), "loss"),
    ("private element", Row("a", "tag_retained", "0009:ACME:10", ["1.5"]), obj(), private("1.5"), "pass"),
    ("private element of another", Row("a", "tag_retained", "0009:ACME:10", ["1.5"]), obj(), private("1.5", "OTHER"), "loss"),
    ("a value", Row("a", "text_notnull", "00080018"), obj(), obj(SOPInstanceUID="1.2"), "pass"),
    ("an empty value", Row("a", "text_notnull", "00080018"), obj(), obj(SOPInstanceUID=""), "loss"),
    ("no element to be filled", Row("a", "text_notnull", "00080018"), obj(), obj(), "loss"),
    ("name replaced", Row("a", "text_removed", "00100010", ["Doe"]), obj(), obj(PatientName="ANON^X"), "pass"),
    ("name in another word", Row("a", "text_removed", "00104000", ["Doe"]), obj(), obj(PatientComments="she does well"), "pass"),
    ("name left", Row("a", "text_removed", "00100010", ["Doe"]), obj(), obj(PatientName="DOE^J"), "leak"),
    ("one of two values left", Row("a", "text_removed", "00104000", ["Roe", "MRN 77-1"]), obj(), obj(PatientComments="mrn 77 1"), "leak"),
    ("Chinese name left", Row("a", "text_removed", "00104000", ["王小明"]), obj(), obj(PatientComments="患者王小明复查"), "leak"),
    ("name left in full width", Row("a", "text_removed", "00104000", ["Doe"]), obj(), obj(PatientComments="ＤＯＥ"), "leak"),
    ("name elsewhere", Row("a", "text_removed", "*", ["Harrowgate"]), obj(), obj(OtherPatientIDsSequence=Sequence([nested("xHarrowgate1")])), "leak"),
    ("name nowhere", Row("a", "text_removed", "*", ["Harrowgate"]), obj(), obj(OtherPatientIDsSequence=Sequence([nested("x")])), "pass"),
    ("number left in one piece", Row("a", "text_removed", "*", ["901-7284-K"]), obj(), obj(PatientComments="see 9017284k"), "leak"),
    ("day left in one piece", Row("a", "text_removed", "00104000", ["2020-01-10"]), obj(), obj(PatientComments="on 20200110"), "leak"),
    ("number in a longer one", Row("a", "text_removed", "00104000", ["901-7284-1"]), obj(), obj(PatientComments="2.25.3390172841"), "pass"),
    ("nested name left", Row("a", "text_removed", "00101002[0].00100020", ["K77"]), obj(), obj(OtherPatientIDsSequence=Sequence([nested("K77")])), "leak"),
    ("finding left", Row("a", "text_retained", "00104000", ["No fracture seen"]), obj(), obj(PatientComments="[removed]. No fracture  seen."), "pass"),
    ("finding cut", Row("a", "text_retained", "00104000", ["No fracture seen"]), obj(), obj(PatientComments="fracture seen"), "loss"),
    ("finding gone", Row("a", "text_retained", "00104000", ["No fracture seen"]), obj(), obj(), "loss"),
    ("date moved", Row("a", "date_shifted", "00080020", ["20200110"], patient="P"), obj(), obj(StudyDate="20191231"), "pass"),
    ("date and time moved", Row("a", "date_shifted", "0008002A", ["20200110101010"], patient="P"), obj(), obj(AcquisitionDateTime="20191231"), "pass"),
    ("date left", Row("a", "date_shifted", "00080020", ["20200110"], patient="P"), obj(), obj(StudyDate="20200110"), "leak"),
    ("date gone", Row("a", "date_shifted", "00080020", ["20200110"], patient="P"), obj(), obj(StudyDate=""), "loss"),
    ("no date", Row("a", "date_shifted", "00080020", ["20200110"], patient="P"), obj(), obj(StudyDate="20201399"), "loss"),
    ("UID changed", Row("a", "uid_changed", "00080018", ["1.2.3"]), obj(), obj(SOPInstanceUID="2.25.4"), "pass"),
    ("UID left", Row("a", "uid_changed", "00080018", ["1.2.3"]), obj(), obj(SOPInstanceUID="1.2.3"), "leak"),
    ("UID is none", Row("a", "uid_changed", "00080018", ["1.2.3"]), obj(), obj(SOPInstanceUID="1..3"), "loss"),
    ("UID gone", Row("a", "uid_changed", "00080018", ["1.2.3"]), obj(), obj(), "loss"),
    ("one UID", Row("a", "uid_consistent", "00080018", ["1.2.3"]), obj(), obj(SOPInstanceUID="2.25.4"), "pass"),
    ("UID to compare gone", Row("a", "uid_consistent", "00080018", ["1.2.3"]), obj(), obj(), "loss"),
    ("one pseudonym", Row("a", "patid_consistent", "00100020", ["P"], patient="P"), obj(), obj(PatientID="X"), "pass"),
    ("Patient ID left", Row("a", "patid_consistent", "00100020", ["P"], patient="P"), obj(), obj(PatientID="P"), "leak"),
    ("no pseudonym", Row("a", "patid_consistent", "00100020", ["P"], patient="P"), obj(), obj(PatientID=""), "loss"),
    ("text blanked", HIDDEN, BEFORE, obj(blanked(1)), "pass"),
    ("text replaced by noise", HIDDEN, BEFORE, obj(noise()), "pass"),
    ("no frames left", HIDDEN, BEFORE, obj(), "pass"),
    ("text there", HIDDEN, BEFORE, obj(picture()), "leak"),
    ("text fainter than the noise there", HIDDEN, obj(faint()), obj(faint()), "leak"),
    ("text fainter than the noise blanked", HIDDEN, obj(faint()), obj(murky()), "pass"),
    ("a trace of the text left", HIDDEN, BEFORE, obj(residue()), "leak"),
    ("half of the text blanked", HIDDEN, BEFORE, obj(blanked(0.5)), "leak"),
    ("all but a character blanked", HIDDEN, BEFORE, obj(blanked(0.8)), "leak"),
    ("text in other grey", HIDDEN, BEFORE, obj(255 - picture() // 2), "leak"),
    ("frame of another shape", HIDDEN, BEFORE, obj(picture()[:40]), "leak"),
    ("nothing else changed", KEPT, BEFORE, obj(blanked(1)), "pass"),
    ("one row of 64 changed", KEPT, BEFORE, obj(brushed(1)), "pass"),
    ("four rows of 64 changed", KEPT, BEFORE, obj(brushed(4)), "loss"),
    ("frames gone", KEPT, BEFORE, obj(), "loss"),
]


def outcome(row: Row, before: FileDataset, after: FileDataset) -> str:
    """Scores one case from files."""
    with tempfile.TemporaryDirectory() as folder:
        paths = Path(folder, "before"), Path(folder, "after")
        for path, ds in zip(paths, (before, after)):
            pydicom.dcmwrite(path, ds, write_like_original=False)
        results = checks.file(*paths, [row])
    links.judge(results)
    return results[0].outcome


def wrong() -> list[str]:
    """The names of the cases that are not judged as they should be."""
    return [f"{row.check}: {name}" for name, row, before, after, want in CASES if outcome(row, before, after) != want]


class Cases(unittest.TestCase):
    def test_every_case_is_judged_as_it_should_be(self) -> None:
        self.assertEqual([], wrong())

    def test_every_check_has_cases_that_pass_and_that_do_not(self) -> None:
        for check in key.CHECKS:
            self.assertEqual({True, False}, {want == "pass" for _, row, _, _, want in CASES if row.check == check}, check)

    def test_a_scorer_that_always_says_the_same_is_noticed(self) -> None:
        for always in ("pass", "leak", "loss"):
            with mock.patch.object(checks, "check", lambda row, _, always=always: checks.Result(row, always)):
                self.assertEqual(set(key.CHECKS), {name.split(":")[0] for name in wrong()}, always)

    def test_each_threshold_of_the_pixels_matters(self) -> None:
        for name, value in (("SAME_SHARE", 1.1), ("SAME_SHARE", -1), ("CORRELATION", 1.1), ("CORRELATION", -1), ("FLAT", 1.1)):
            with mock.patch.object(frames, name, value):
                self.assertTrue(wrong(), name)


class Links(unittest.TestCase):
    def judged(self, check: str, path: str, seen: list[tuple[str, str, str]]) -> list[str]:
        """Judges what was seen of (original, patient, now)."""
        results = [checks.Result(Row("f", check, path, [was], patient=who), "", seen=now) for was, who, now in seen]
        links.judge(results)
        return [r.outcome for r in results]

    def test_a_uid_is_the_same_wherever_it_stands(self) -> None:
        self.assertEqual(["pass", "pass", "loss"], self.judged("uid_consistent", "", [("1.2", "P", "2.1"), ("1.2", "P", "2.1"), ("1.2", "P", "2.9")]))

    def test_two_uids_do_not_become_one(self) -> None:
        self.assertEqual(["loss", "loss", "pass"], self.judged("uid_consistent", "", [("1.2", "P", "2.1"), ("1.3", "P", "2.1"), ("1.4", "P", "2.2")]))

    def test_a_patient_has_one_pseudonym_and_no_other_has_it(self) -> None:
        self.assertEqual(["pass", "pass", "loss"], self.judged("patid_consistent", "", [("P", "P", "A"), ("P", "P", "A"), ("P", "P", "B")]))
        self.assertEqual(["loss", "loss"], self.judged("patid_consistent", "", [("P", "P", "A"), ("Q", "Q", "A")]))

    def test_the_dates_of_a_patient_move_by_as_many_days(self) -> None:
        self.assertEqual(["pass", "pass", "loss", "pass"], self.judged("date_shifted", "", [("d", "P", "9"), ("d", "P", "9"), ("d", "P", "8"), ("d", "Q", "9")]))


class Dates(unittest.TestCase):
    BEFORE = obj(StudyDate="20200110", StudyTime="180000", ContentDate="20200110", SeriesDate="20200110", SeriesTime="040000.5", AcquisitionDateTime="20200110040000")

    def judged(self, **after: str) -> list[str]:
        """Scores the study's date, its content's, its series' and its acquisition's."""
        rows = [Row("a", "date_shifted", path, ["20200110"], patient="P") for path in ("00080020", "00080023", "00080021", "0008002A")]
        with tempfile.TemporaryDirectory() as folder:
            paths = Path(folder, "before"), Path(folder, "after")
            for path, ds in zip(paths, (self.BEFORE, obj(StudyDate="20200103", ContentDate="20200103", **after))):
                pydicom.dcmwrite(path, ds, write_like_original=False)
            results = checks.file(*paths, rows)
        links.judge(results)
        return [r.outcome for r in results]

    def test_a_date_moves_with_its_time_of_day_as_far_as_the_study(self) -> None:
        earlier = {"SeriesDate": "20200102", "SeriesTime": "220000", "AcquisitionDateTime": "20200102220000"}
        self.assertEqual(["pass"] * 4, self.judged(StudyTime="120000", **earlier))
        self.assertEqual(["pass", "pass", "loss", "loss"], self.judged(StudyTime="120001", **earlier), "a second makes the interval another")
        self.assertEqual(["pass", "pass", "loss", "loss"], self.judged(**earlier), "no time of day to tell")
        self.assertEqual(["pass", "pass", "loss", "loss"], self.judged(StudyTime="180000", SeriesDate="20200102", SeriesTime="040000", AcquisitionDateTime="20200102040000"))

    def test_a_date_in_an_item_is_judged_too(self) -> None:
        def of(day: str) -> FileDataset:
            item = Dataset()
            item.VerificationDateTime = day + "150000"
            return obj(StudyDate=day, VerifyingObserverSequence=Sequence([item]))
        for after, want in (("20200103", "pass"), ("20200110", "leak")):
            self.assertEqual(want, outcome(Row("a", "date_shifted", "0040A073[0].0040A030", ["20200110150000"], patient="P"), of("20200110"), of(after)))

    def test_without_times_of_day_each_date_moves_by_as_many_days(self) -> None:
        self.assertEqual(["pass"] * 4, self.judged(SeriesDate="20200103", AcquisitionDateTime="20200103"))
        self.assertEqual(["pass", "pass", "loss", "pass"], self.judged(SeriesDate="20200104", AcquisitionDateTime="20200103"))


class Validity(unittest.TestCase):
    def kinds(self, *lines: str) -> list[str]:
        return list(validity.kinds("\n".join(lines)).elements())

    def test_values_make_no_new_error_and_names_do(self) -> None:
        base = "Error - Missing attribute Type 1 Required Element=<PatientID> Module=<Patient>"
        for same, a, b in (
            (True, 'Error - Illegal root for UID - "9.8.7.6" in (0x0008,0x1155) UID', 'Error - Illegal root for UID - "9.8" in (0x0008,0x1155) UID'),
            (True, "Error - Not listed but have IMAGE ReferencedSOPInstanceUID 0", "Error - Not listed but have IMAGE ReferencedSOPInstanceUID 2.25.12"),
            (True, "Error - Value invalid for this VR - (0x0008,0x1150) UI X UI [1] = <0> - zero", "Error - Value invalid for this VR - (0x0008,0x1150) UI X UI [1] = <0.0> - zero"),
            (True, "Error - Unrecognized enumerated value <A> for value 1 of attribute <Type>", "Error - Unrecognized enumerated value <B> for value 1 of attribute <Type>"),
            (True, "Error - X DA [1] = <31> - Character invalid for this VR = '3' (0x33)", "Error - X DA [1] = <0> - Character invalid for this VR = '0' (0x30)"),
            (False, base, base.replace("PatientID", "PatientName")),
            (False, base, base.replace("<Patient>", "<Study>")),
            (False, "Error - Value invalid for this VR - (0x0008,0x1150) UI X", "Error - Value invalid for this VR - (0x0008,0x1155) UI X"),
        ):
            self.assertEqual(same, self.kinds(a) == self.kinds(b), a)

    def test_an_error_counts_as_often_as_it_is_there_and_wherever_in_a_line(self) -> None:
        line = "(0x0009,0x1011)  ?  - Error - Bad Value Length - not a multiple of 2"
        self.assertEqual(2, len(self.kinds(line, "Warning - odd", line)))

    def test_an_object_that_lost_an_element_has_a_new_error(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            paths = [Path(folder, name) for name in ("before", "after", "deflated")]
            full = obj(picture(), ConversionType="WSD", InstanceNumber=1, Modality="OT", PatientName="A", PatientID="")
            pydicom.dcmwrite(paths[0], full, write_like_original=False)
            full.file_meta.TransferSyntaxUID = uid.DeflatedExplicitVRLittleEndian
            pydicom.dcmwrite(paths[2], full, write_like_original=False)
            del full.ConversionType
            full.file_meta.TransferSyntaxUID = uid.ExplicitVRLittleEndian
            pydicom.dcmwrite(paths[1], full, write_like_original=False)
            self.assertEqual([], validity.new_faults(paths[0], paths[0]))
            self.assertTrue(any("ConversionType" in fault for fault in validity.new_faults(paths[0], paths[1])))
            self.assertEqual([], validity.new_faults(paths[0], paths[2]))


class Scores(unittest.TestCase):
    def run_score(self, outputs: dict[str, str | None], folder: Path) -> dict[str, object]:
        rows = [Row(name, "tag_retained", "00080060", ["CT"], modality="CT") for name in ("a", "b", "c", "d")]
        key.write(folder / "key.jsonl", rows)
        (folder / "map.json").write_text(json.dumps(outputs), "utf-8")
        done = subprocess.run([sys.executable, str(Path(score.__file__)), "--key", str(folder / "key.jsonl"), "--map", str(folder / "map.json"),
                               "--in", str(folder), "--json", "--misses", str(folder / "misses")], capture_output=True, check=True)
        return json.loads(done.stdout)

    def test_withheld_is_never_passed_and_each_miss_is_listed(self) -> None:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            for file, modality in (("a", "CT"), ("b", "MR")):
                pydicom.dcmwrite(folder / file, obj(Modality=modality), write_like_original=False)
            (folder / "d").write_bytes(b"no object")
            got = self.run_score({"a": str(folder / "a"), "b": str(folder / "b"), "c": None, "d": str(folder / "d")}, folder)
            misses = [json.loads(line)["file"] for line in (folder / "misses").read_text("utf-8").splitlines()]
        self.assertEqual(["b", "d"], misses)
        self.assertEqual((4, 3, 1), (got["files"], got["released"], got["withheld"]))
        total = got["total"]
        self.assertEqual((1, 1 / 4, 1 / 3), (total["passed"], total["of_all"], total["of_released"]))  # type: ignore[index]

    def test_an_input_that_the_map_does_not_name_is_not_passed(self) -> None:
        with tempfile.TemporaryDirectory() as name:
            got = self.run_score({}, Path(name))
        self.assertEqual((4, 0), (got["withheld"], got["total"]["passed"]))  # type: ignore[index]


class Folding(unittest.TestCase):
    def test_a_number_is_found_at_the_beginning_of_a_longer_one_only(self) -> None:
        self.assertTrue(tree.holds(tree.fold("19550304101500"), "19550304"))
        self.assertFalse(tree.holds(tree.fold("2.25.7719550304"), "19550304"))

    def test_what_cannot_be_read_is_not_known_to_be_gone(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "after")
            path.write_bytes(b"DOE^JANE")
            rows = [Row("a", "text_removed", "*", ["Doe"]), Row("a", "tag_retained", "00080060", ["CT"])]
            self.assertEqual(["leak", "loss"], [r.outcome for r in checks.file(path, path, rows)])


if __name__ == "__main__":
    unittest.main()
