"""A DICOM object in the making, with the promises made about it."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta

from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.datadict import tag_for_keyword
from pydicom.uid import ExplicitVRLittleEndian

import prose
from key import Row, text_of
from people import Patient
from prose import Prose


class Uids:
    """Makes UIDs of random UUIDs (PS3.5 §B.2), the same for a seed."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng

    def new(self) -> str:
        return f"2.25.{self._rng.getrandbits(122) | 1 << 121}"


@dataclass
class Study:
    """One visit of a patient."""

    patient: Patient
    uid: str
    frame_of_reference: str
    accession: str
    number: str  # Study ID
    day: date
    time: str
    region: str  # what is examined, as prose names it
    description: Prose
    rng: random.Random
    uids: Uids
    serial: int = 0

    def short(self) -> Prose:
        """A description for one line."""
        return prose.short(self.rng, self.patient, self.accession, self.day, self.region)

    def long(self) -> Prose:
        """A comment of some sentences."""
        return prose.long(self.rng, self.patient, self.accession, self.day)

    def age(self) -> int:
        """The patient's age at the visit, years."""
        return (self.day - self.patient.born).days // 365


@dataclass
class Draft:
    """An object with its rows. Elements are named by keyword, nested ones by ("Sequence", 0, "Keyword")."""

    study: Study
    modality: str
    ds: FileDataset
    rows: list[Row] = field(default_factory=list)
    boxes: list[list[int]] = field(default_factory=list)
    inside: list[int] = field(default_factory=list)  # what of the frame must stay if the rest may be defaced
    syntax: str = ""
    name: str = ""  # of the file below the corpus

    def row(self, check: str, path: str, values: list[str] | None = None, option: str = "", note: str = "") -> Row:
        """Adds a promise about a path and returns it."""
        made = Row("", check, path, values or [], self.modality, self.study.patient.number, option, note)
        self.rows.append(made)
        return made

    def at(self, *steps: str | int) -> tuple[Dataset, str, str]:
        """Returns the item that holds an element, the element's keyword, and its path."""
        item: Dataset = self.ds
        path = ""
        for i in range(0, len(steps) - 1, 2):
            item = item[str(steps[i])].value[int(steps[i + 1])]
            path += f"{tag_for_keyword(str(steps[i])):08X}[{steps[i + 1]}]."
        return item, str(steps[-1]), path + f"{tag_for_keyword(str(steps[-1])):08X}"

    def keep(self, *keywords: str, option: str = "", below: tuple[str | int, ...] = ()) -> None:
        """Promises that elements which are there stay as they are."""
        for keyword in keywords:
            item, _, path = self.at(*below, keyword)
            if keyword in item and item[keyword].value not in (None, "", []):
                self.row("tag_retained", path, [text_of(item[keyword].value)], option)

    def gone(self, steps: tuple[str | int, ...], value: object, planted: list[str], note: str = "") -> None:
        """Sets an element and promises that what it identifies is gone."""
        item, keyword, path = self.at(*steps)
        setattr(item, keyword, value)
        self.row("text_removed", path, [p for p in planted if p], note=note)

    def prose(self, steps: tuple[str | int, ...], text: Prose, option: str = "descriptors") -> None:
        """Sets free text and promises for its parts."""
        self.gone(steps, text.text, text.planted, "free text")
        _, _, path = self.at(*steps)
        for phrase in text.kept:
            self.row("text_retained", path, [phrase], option)

    def date(self, *steps: str | int, value: str) -> None:
        """Sets a date or date and time and promises that it moves with the patient's others."""
        item, keyword, path = self.at(*steps)
        setattr(item, keyword, value)
        self.row("date_shifted", path, [value], "dates")

    def uid(self, *steps: str | int, value: str, option: str = "") -> None:
        """Sets a UID and promises that it changes, the same wherever it stands."""
        item, keyword, path = self.at(*steps)
        setattr(item, keyword, value)
        self.row("uid_changed", path, [value], option)
        self.row("uid_consistent", path, [value], option)


def begin(study: Study, modality: str, sop_class: str, series: str, number: int, instance: int) -> Draft:
    """Begins an object: file meta information, the patient, the study and the series."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = sop_class
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.ImplementationClassUID = "2.25.74839201746553"
    ds = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
    ds.is_little_endian, ds.is_implicit_VR = True, False
    draft = Draft(study, modality, ds)
    ds.SpecificCharacterSet = study.rng.choice(("ISO_IR 192", "GB18030")) if study.patient.chinese else "ISO_IR 100"
    ds.SOPClassUID, ds.Modality = sop_class, modality
    ds.SeriesNumber, ds.InstanceNumber = number, instance
    draft.keep("SOPClassUID", "Modality", "SeriesNumber", "InstanceNumber")
    instance_uid = study.uids.new()
    meta.MediaStorageSOPInstanceUID = instance_uid
    draft.uid("SOPInstanceUID", value=instance_uid)
    draft.row("uid_changed", "meta:00020003", [instance_uid])
    draft.uid("StudyInstanceUID", value=study.uid)
    draft.uid("SeriesInstanceUID", value=series)
    for path in ("00080018", "0020000D", "0020000E"):
        draft.row("text_notnull", path)
    return draft


def day_of(study: Study, days: int = 0) -> str:
    """A day near the visit as DA."""
    return (study.day + timedelta(days=days)).strftime("%Y%m%d")
