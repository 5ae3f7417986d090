"""Planting identifiers that any object may carry: in standard and private elements, text and graphics."""

from __future__ import annotations

import numpy as np
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

import burn
from draft import Draft, day_of
from key import pack

# Private elements that PS3.15 Table E.3.10-1 knows to be safe: group, creator, element, VR, value.
SAFE = {
    "PT": ((0x7053, "Philips PET Private Group", 0x00, "DS", "0.000551"), (0x7053, "Philips PET Private Group", 0x09, "DS", "1.73")),
    "CT": ((0x00E1, "ELSCINT1", 0x21, "DS", "412.7"), (0x01F1, "ELSCINT1", 0x26, "DS", "1.2"), (0x0019, "GEMS_ACQU_01", 0x23, "DS", "39.375"), (0x0043, "GEMS_PARM_01", 0x27, "SH", "0.984:1")),
    "MR": ((0x0019, "SIEMENS MR HEADER", 0x0C, "IS", "1000"), (0x2001, "Philips Imaging DD 001", 0x03, "FL", 800.0), (0x2005, "Philips MR Imaging DD 001", 0x0E, "FL", 0.25)),
}


def identity(d: Draft) -> None:
    """Plants who the patient is and who cared, where and when."""
    s, p, rng = d.study, d.study.patient, d.study.rng
    d.gone(("PatientName",), p.person.pn, p.person.words)
    d.gone(("PatientID",), p.number, [p.number])
    d.row("patid_consistent", "00100020", [p.number])
    d.gone(("PatientBirthDate",), f"{p.born:%Y%m%d}", [f"{p.born:%Y%m%d}"])
    d.gone(("AccessionNumber",), s.accession, [s.accession])
    d.gone(("ReferringPhysicianName",), p.physician.pn, p.physician.words)
    d.gone(("StudyID",), s.number, [s.number])
    d.ds.StudyTime = s.time
    for keyword in ("StudyDate", "SeriesDate", "ContentDate"):
        d.date(keyword, value=day_of(s))
    d.prose(("StudyDescription",), s.description)
    optional = {
        "InstitutionName": (p.hospital, [p.hospital]), "PatientAddress": (f"{p.street}, {p.town}", [p.street, p.town]),
        "PatientTelephoneNumbers": (p.phone, [p.phone]), "OperatorsName": (p.operator.pn, p.operator.words),
        "NameOfPhysiciansReadingStudy": (p.reader.pn, p.reader.words), "PerformingPhysicianName": (p.reader.pn, p.reader.words),
        "StationName": ("CTRM" + p.number[-4:], ["CTRM" + p.number[-4:]]), "InstitutionAddress": (p.town, [p.town]),
        "OtherPatientNames": (p.person.pn, p.person.words), "RequestingPhysician": (p.physician.pn, p.physician.words),
        "PatientBirthName": (p.person.pn, p.person.words), "PerformedProcedureStepID": ("PPS" + s.accession, [s.accession]),
        "DeviceSerialNumber": ("SN" + p.other[2:], ["SN" + p.other[2:]]), "IssuerOfPatientID": (p.hospital, [p.hospital]),
        "CountryOfResidence": (p.town, [p.town]), "ResponsiblePerson": (p.physician.pn, p.physician.words),
    }
    for keyword in rng.sample(sorted(optional), 7):
        value, planted = optional[keyword]
        d.gone((keyword,), value[:64], planted)
    _nested(d)
    _demographics(d)
    d.row("text_removed", "*", [*p.person.words, p.number, p.national, s.accession], note="anywhere")


def _demographics(d: Draft) -> None:
    """Characteristics that may stay, but for an age that few reach (PS3.15 §E.3.3 and HIPAA's 89 years)."""
    s, rng = d.study, d.study.rng
    d.ds.PatientSex, d.ds.PatientWeight, d.ds.PatientSize = s.patient.sex, str(rng.randrange(45, 110)), f"1.{rng.randrange(50, 95)}"
    d.keep("PatientSex", "PatientWeight", "PatientSize", option="patient")
    if s.age() > 90:  # 90 itself is what all of them become
        d.gone(("PatientAge",), f"{s.age():03d}Y", [f"{s.age():03d}Y"], "an age above 89 years")
    elif s.age() < 90:
        d.ds.PatientAge = f"{s.age():03d}Y"
        d.keep("PatientAge", option="patient")


def _nested(d: Draft) -> None:
    """Identifiers inside sequences."""
    s, p, rng = d.study, d.study.patient, d.study.rng
    if rng.random() < 0.6:
        d.ds.OtherPatientIDsSequence = Sequence([Dataset()])
        d.gone(("OtherPatientIDsSequence", 0, "PatientID"), p.other, [p.other])
        d.gone(("OtherPatientIDsSequence", 0, "IssuerOfPatientID"), p.hospital, [p.hospital])
    if rng.random() < 0.6:
        d.ds.RequestAttributesSequence = Sequence([Dataset()])
        at = ("RequestAttributesSequence", 0)
        d.gone((*at, "RequestedProcedureID"), "RP" + s.accession, [s.accession])
        d.gone((*at, "ScheduledProcedureStepID"), "SP" + s.accession, [s.accession])
        d.prose((*at, "RequestedProcedureDescription"), s.short())
    if rng.random() < 0.4:
        d.ds.ReferencedStudySequence = Sequence([Dataset()])
        d.ds.ReferencedStudySequence[0].ReferencedSOPClassUID = "1.2.840.10008.3.1.2.3.1"
        # The whole sequence may go, so that nothing but the UID's absence is promised.
        d.gone(("ReferencedStudySequence", 0, "ReferencedSOPInstanceUID"), s.uid, [s.uid])


def text(d: Draft) -> None:
    """Free text of the series, the image and the patient."""
    s, rng = d.study, d.study.rng
    d.prose(("SeriesDescription",), s.short())
    for keyword, chance, short in (
        ("ImageComments", 0.4, False), ("PatientComments", 0.3, False), ("AdditionalPatientHistory", 0.3, False),
        ("ProtocolName", 0.3, True), ("PerformedProcedureStepDescription", 0.3, True), ("AdmittingDiagnosesDescription", 0.2, True),
        ("DerivationDescription", 0.15, False), ("RequestedProcedureDescription", 0.15, True),
    ):
        if rng.random() < chance:
            d.prose((keyword,), s.short() if short else s.long())


def private(d: Draft) -> None:
    """Private elements: ones that name the patient, and ones that are known to be harmless."""
    p, rng = d.study.patient, d.study.rng
    if rng.random() < 0.5:
        block = d.ds.private_block(0x0009, "ACME IMAGING 1.1", create=True)
        block.add_new(0x10, "LO", p.number + " " + p.person.family)
        d.row("text_removed", "0009:ACME IMAGING 1.1:10", [p.number, p.person.family], note="private")
        owner = b"OWNER=" + p.person.family.encode()
        block.add_new(0x11, "UN", owner + b"\0" * (len(owner) % 2))
        d.row("text_removed", "0009:ACME IMAGING 1.1:11", [p.person.family], note="private, of unknown representation")
    if rng.random() < 0.3:
        inner = Dataset()
        inner.PatientName = p.person.pn
        block = d.ds.private_block(0x0029, "NORTHWIND SCANNER", create=True)
        block.add_new(0x20, "SQ", Sequence([inner]))
        d.row("text_removed", "0029:NORTHWIND SCANNER:20", p.person.words, note="private sequence")
    for group, creator, element, vr, value in SAFE.get(d.modality, ()):
        if rng.random() < 0.4:
            d.ds.private_block(group, creator, create=True).add_new(element, vr, value)
            d.row("tag_retained", f"{group:04X}:{creator}:{element:02X}", [str(value)], "private", "safe private")


def hidden_corners(d: Draft) -> None:
    """Places outside of the elements that people look at: the preamble and the padding at the end."""
    words, rng = d.study.patient.person.family.encode("ascii", "replace"), d.study.rng
    if rng.random() < 0.06:
        d.ds.preamble = words.ljust(128, b"\0")
        d.row("text_removed", "*", [words.decode()], note="preamble")
    if rng.random() < 0.06:
        d.ds.add_new(0xFFFCFFFC, "OB", words + b"\0" * (len(words) % 2))
        d.row("text_removed", "FFFCFFFC", [words.decode()], note="padding")


def graphics(d: Draft, rng: np.random.Generator) -> None:
    """An overlay that spells the patient's name and a curve that is called by it (groups 60xx and 50xx)."""
    p = d.study.patient
    if rng.random() < 0.5:
        plane = np.zeros((d.ds.Rows, d.ds.Columns))
        made = burn.burn(rng, plane, p.person.family + " " + p.number, 0, 1, [])
        if made is not None:
            bits = made[0] > made[0].max() / 2  # a plane has no greys: what is drawn faintly is drawn
            for element, vr, value in ((0x10, "US", d.ds.Rows), (0x11, "US", d.ds.Columns), (0x40, "CS", "G"), (0x50, "SS", [1, 1]), (0x100, "US", 1), (0x102, "US", 0)):
                d.ds.add_new(0x60000000 + element, vr, value)
            packed = np.packbits(bits.ravel(), bitorder="little").tobytes()
            d.ds.add_new(0x60003000, "OW", packed + b"\0" * (len(packed) % 2))
            row = d.row("pixels_hidden", "60003000", option="pixels", note="overlay")
            row.box, row.mask, row.frames = made[1].box, pack(made[1].ink), [0]
    d.ds.add_new(0x60000022, "LO", "Marks of " + p.reader.family)
    d.row("text_removed", "60000022", [p.reader.family], note="overlay description")
    if rng.random() < 0.5:
        for element, vr, value in ((0x05, "US", 1), (0x10, "US", 8), (0x20, "CS", "ROI"), (0x103, "US", 0)):
            d.ds.add_new(0x50000000 + element, vr, value)
        d.ds.add_new(0x50000022, "LO", "Curve of " + p.person.family)
        d.ds.add_new(0x50003000, "OW", p.person.family.encode("ascii", "replace").ljust(16, b" ")[:16])
        d.row("text_removed", "50000022", [p.person.family], note="curve description")
        d.row("text_removed", "50003000", [p.person.family[:16]], note="curve data")
