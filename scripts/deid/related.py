"""Objects that are no images of a scanner and that refer to others: RT, segmentations, reports, documents, waveforms."""

from __future__ import annotations

import numpy as np
from pydicom import uid
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from draft import Draft, Study, begin, day_of
from imaging import dress


def item(**values: object) -> Dataset:
    """An item with the elements named."""
    made = Dataset()
    for keyword, value in values.items():
        setattr(made, keyword, value)
    return made


def _code(value: str, scheme: str, meaning: str) -> Dataset:
    return item(CodeValue=value, CodingSchemeDesignator=scheme, CodeMeaning=meaning)


def _refer(d: Draft, at: tuple[str | int, ...], target: Draft, option: str = "") -> None:
    """Refers to an object from an item: its class stays, its name changes as it does there."""
    holder, _, _ = d.at(*at, "ReferencedSOPClassUID")
    holder.ReferencedSOPClassUID = target.ds.SOPClassUID
    d.keep("ReferencedSOPClassUID", below=at, option=option)
    d.uid(*at, "ReferencedSOPInstanceUID", value=target.ds.SOPInstanceUID, option=option)


def rtstruct(study: Study, rng: np.random.Generator, images: list[Draft]) -> Draft:
    """A structure set with a contour on each image of a CT series."""
    d = begin(study, "RTSTRUCT", uid.RTStructureSetStorage, study.uids.new(), 20, 1)
    ds, p = d.ds, study.patient
    ds.Manufacturer = "NORTHWIND PLANNING"
    d.gone(("StructureSetLabel",), p.person.family[:16], [p.person.family[:16]])
    d.prose(("StructureSetDescription",), study.long())
    d.date("StructureSetDate", value=day_of(study, 1))
    ds.StructureSetTime = "101500"
    series = item(SeriesInstanceUID="", ContourImageSequence=Sequence([item() for _ in images]))
    ds.ReferencedFrameOfReferenceSequence = Sequence([item(RTReferencedStudySequence=Sequence([item(
        ReferencedSOPClassUID="1.2.840.10008.3.1.2.3.1", RTReferencedSeriesSequence=Sequence([series]))]))])
    d.uid("ReferencedFrameOfReferenceSequence", 0, "FrameOfReferenceUID", value=study.frame_of_reference)
    at: tuple[str | int, ...] = ("ReferencedFrameOfReferenceSequence", 0, "RTReferencedStudySequence", 0)
    d.uid(*at, "ReferencedSOPInstanceUID", value=study.uid)
    at = (*at, "RTReferencedSeriesSequence", 0)
    d.uid(*at, "SeriesInstanceUID", value=images[0].ds.SeriesInstanceUID)
    for i, image in enumerate(images):
        _refer(d, (*at, "ContourImageSequence", i), image)
    ds.StructureSetROISequence = Sequence([item(ROINumber=1, ROIName="GTV", ROIGenerationAlgorithm="MANUAL")])
    d.uid("StructureSetROISequence", 0, "ReferencedFrameOfReferenceUID", value=study.frame_of_reference)
    d.keep("ROINumber", below=("StructureSetROISequence", 0))
    contours = []
    for image in images:
        z = image.ds.ImagePositionPatient[2]
        points = [f"{v:.1f}" for a in np.linspace(0, 6, 8) for v in (30 * np.cos(a), 20 * np.sin(a), float(z))]
        contours.append(item(ContourGeometricType="CLOSED_PLANAR", NumberOfContourPoints=8, ContourData=points, ContourImageSequence=Sequence([item()])))
    ds.ROIContourSequence = Sequence([item(ReferencedROINumber=1, ROIDisplayColor=[255, 0, 0], ContourSequence=Sequence(contours))])
    for i, image in enumerate(images):
        at = ("ROIContourSequence", 0, "ContourSequence", i)
        d.keep("ContourData", "NumberOfContourPoints", below=at)
        _refer(d, (*at, "ContourImageSequence", 0), image)
    observation = item(ObservationNumber=1, ReferencedROINumber=1, RTROIInterpretedType="GTV", ROIInterpreter="")
    ds.RTROIObservationsSequence = Sequence([observation])
    d.gone(("RTROIObservationsSequence", 0, "ROIInterpreter"), p.reader.pn, p.reader.words)
    return dress(d, rng, drawn=False)


def rtplan(study: Study, rng: np.random.Generator, structures: Draft) -> Draft:
    """A plan with one beam for a structure set."""
    d = begin(study, "RTPLAN", uid.RTPlanStorage, study.uids.new(), 21, 1)
    ds, p = d.ds, study.patient
    d.gone(("RTPlanLabel",), p.person.family[:16], [p.person.family[:16]])
    d.gone(("RTPlanName",), "PLAN " + p.number, [p.number])
    d.date("RTPlanDate", value=day_of(study, 2))
    ds.RTPlanTime, ds.RTPlanGeometry = "120000", "PATIENT"
    d.uid("FrameOfReferenceUID", value=study.frame_of_reference)
    ds.ReferencedStructureSetSequence = Sequence([item()])
    _refer(d, ("ReferencedStructureSetSequence", 0), structures)
    ds.FractionGroupSequence = Sequence([item(FractionGroupNumber=1, NumberOfFractionsPlanned=30, NumberOfBeams=1, NumberOfBrachyApplicationSetups=0)])
    ds.BeamSequence = Sequence([item(BeamNumber=1, BeamType="STATIC", RadiationType="PHOTON", TreatmentDeliveryType="TREATMENT", NumberOfControlPoints=2)])
    d.keep("NumberOfFractionsPlanned", below=("FractionGroupSequence", 0))
    d.keep("RadiationType", "NumberOfControlPoints", below=("BeamSequence", 0))
    d.gone(("BeamSequence", 0, "TreatmentMachineName"), "LINAC-" + p.other[2:6], ["LINAC-" + p.other[2:6]])
    return dress(d, rng, drawn=False)


def rtdose(study: Study, rng: np.random.Generator, plan: Draft) -> Draft:
    """A dose grid of a plan."""
    d = begin(study, "RTDOSE", uid.RTDoseStorage, study.uids.new(), 22, 1)
    ds = d.ds
    d.uid("FrameOfReferenceUID", value=study.frame_of_reference)
    ds.DoseUnits, ds.DoseType, ds.DoseSummationType, ds.DoseGridScaling = "GY", "PHYSICAL", "PLAN", "0.001"
    ds.GridFrameOffsetVector, ds.FrameIncrementPointer = ["0", "3", "6"], 0x3004000C
    ds.ImagePositionPatient, ds.ImageOrientationPatient, ds.PixelSpacing = ["0", "0", "0"], ["1", "0", "0", "0", "1", "0"], ["3", "3"]
    ds.Rows, ds.Columns, ds.NumberOfFrames, ds.SamplesPerPixel, ds.PhotometricInterpretation = 32, 32, 3, 1, "MONOCHROME2"
    ds.BitsAllocated, ds.BitsStored, ds.HighBit, ds.PixelRepresentation = 16, 16, 15, 0
    y, x = np.mgrid[-1 : 1 : 32j, -1 : 1 : 32j]
    field = 50000 / (1 + np.exp(14 * (np.hypot(y, x) - 0.5)))  # flat within a target, and falling off around it
    ds.PixelData = (field + rng.integers(0, 200, (3, 32, 32))).astype("<u2").tobytes()
    ds["PixelData"].VR = "OW"
    d.keep("DoseUnits", "DoseType", "DoseGridScaling", "GridFrameOffsetVector", "ImagePositionPatient")
    d.row("pixels_retained", "pixels", option="pixels")
    d.prose(("DoseComment",), study.short())
    ds.ReferencedRTPlanSequence = Sequence([item()])
    _refer(d, ("ReferencedRTPlanSequence", 0), plan)
    return dress(d, rng, drawn=False)


def seg(study: Study, rng: np.random.Generator, images: list[Draft]) -> Draft:
    """A binary segmentation of a CT series."""
    d = begin(study, "SEG", uid.SegmentationStorage, study.uids.new(), 23, 1)
    ds, n = d.ds, images[0].ds.Rows
    ds.ImageType, ds.SegmentationType, ds.ContentLabel = ["DERIVED", "PRIMARY"], "BINARY", "LESION"
    d.gone(("ContentCreatorName",), study.patient.reader.pn, study.patient.reader.words)
    d.prose(("ContentDescription",), study.short())
    d.uid("FrameOfReferenceUID", value=study.frame_of_reference)
    ds.SegmentSequence = Sequence([item(SegmentNumber=1, SegmentLabel="Lesion", SegmentAlgorithmType="MANUAL",
                                        SegmentedPropertyTypeCodeSequence=Sequence([_code("52988006", "SCT", "Lesion")]))])
    d.keep("SegmentNumber", "SegmentAlgorithmType", below=("SegmentSequence", 0))
    d.keep("CodeValue", "CodeMeaning", below=("SegmentSequence", 0, "SegmentedPropertyTypeCodeSequence", 0))
    ds.ReferencedSeriesSequence = Sequence([item(ReferencedInstanceSequence=Sequence([item() for _ in images]))])
    d.uid("ReferencedSeriesSequence", 0, "SeriesInstanceUID", value=images[0].ds.SeriesInstanceUID)
    for i, image in enumerate(images):
        _refer(d, ("ReferencedSeriesSequence", 0, "ReferencedInstanceSequence", i), image)
    y, x = np.mgrid[-1 : 1 : n * 1j, -1 : 1 : n * 1j]
    bits = np.stack([(np.hypot(y, x) < 0.1 + 0.01 * i) for i in range(len(images))])
    ds.Rows = ds.Columns = n
    ds.NumberOfFrames, ds.SamplesPerPixel, ds.PhotometricInterpretation = len(images), 1, "MONOCHROME2"
    ds.BitsAllocated, ds.BitsStored, ds.HighBit, ds.PixelRepresentation, ds.LossyImageCompression = 1, 1, 0, 0, "00"
    data = np.packbits(bits.ravel(), bitorder="little").tobytes()
    ds.PixelData = data + b"\0" * (len(data) % 2)
    ds["PixelData"].VR = "OB"
    d.keep("Rows", "NumberOfFrames", "SegmentationType")
    d.row("pixels_retained", "pixels", option="pixels")
    return dress(d, rng, drawn=False)


def sr(study: Study, rng: np.random.Generator, images: list[Draft]) -> Draft:
    """A report whose text speaks of the patient, who verified it, and the image that it describes."""
    d = begin(study, "SR", uid.ComprehensiveSRStorage, study.uids.new(), 24, 1)
    ds, p = d.ds, study.patient
    ds.CompletionFlag, ds.VerificationFlag, ds.ValueType, ds.ContinuityOfContent = "COMPLETE", "VERIFIED", "CONTAINER", "SEPARATE"
    ds.ContentTime = study.time
    ds.ConceptNameCodeSequence = Sequence([_code("18748-4", "LN", "Diagnostic imaging report")])
    ds.VerifyingObserverSequence = Sequence([item(VerificationDateTime=day_of(study) + "150000")])
    at: tuple[str | int, ...] = ("VerifyingObserverSequence", 0)
    d.gone((*at, "VerifyingObserverName"), p.reader.pn, p.reader.words)
    d.gone((*at, "VerifyingOrganization"), p.hospital, [p.hospital])
    observer = item(RelationshipType="HAS OBS CONTEXT", ValueType="PNAME", ConceptNameCodeSequence=Sequence([_code("121008", "DCM", "Person Observer Name")]))
    texts = [item(RelationshipType="CONTAINS", ValueType="TEXT", ConceptNameCodeSequence=Sequence([_code(*name)]))
             for name in (("121071", "DCM", "Finding"), ("121073", "DCM", "Impression"), ("121060", "DCM", "History"))]
    numeric = item(RelationshipType="CONTAINS", ValueType="NUM", ConceptNameCodeSequence=Sequence([_code("103339001", "SCT", "Long axis")]),
                   MeasuredValueSequence=Sequence([item(NumericValue="14.2", MeasurementUnitsCodeSequence=Sequence([_code("mm", "UCUM", "millimeter")]))]))
    image = item(RelationshipType="CONTAINS", ValueType="IMAGE", ReferencedSOPSequence=Sequence([item()]))
    ds.ContentSequence = Sequence([observer, *texts, numeric, image])
    d.gone(("ContentSequence", 0, "PersonName"), p.reader.pn, p.reader.words, "structured content")
    for i in range(1, 4):
        d.prose(("ContentSequence", i, "TextValue"), study.long(), "structured")
    d.keep("CodeValue", "CodeMeaning", below=("ContentSequence", 1, "ConceptNameCodeSequence", 0), option="structured")
    d.keep("NumericValue", below=("ContentSequence", 4, "MeasuredValueSequence", 0), option="structured")
    ds.CurrentRequestedProcedureEvidenceSequence = Sequence([item(ReferencedSeriesSequence=Sequence([item(ReferencedSOPSequence=Sequence([item()]))]))])
    at = ("CurrentRequestedProcedureEvidenceSequence", 0)
    d.uid(*at, "StudyInstanceUID", value=study.uid)
    at = (*at, "ReferencedSeriesSequence", 0)
    d.uid(*at, "SeriesInstanceUID", value=images[0].ds.SeriesInstanceUID)
    _refer(d, (*at, "ReferencedSOPSequence", 0), images[0])
    _refer(d, ("ContentSequence", 5, "ReferencedSOPSequence", 0), images[0], "structured")
    return dress(d, rng, drawn=False)


def pdf(study: Study, rng: np.random.Generator) -> Draft:
    """A letter about the patient as an encapsulated PDF."""
    d = begin(study, "DOC", uid.EncapsulatedPDFStorage, study.uids.new(), 25, 1)
    p = study.patient
    d.ds.MIMETypeOfEncapsulatedDocument, d.ds.BurnedInAnnotation, d.ds.ConversionType = "application/pdf", "YES", "WSD"
    d.gone(("DocumentTitle",), "Letter about " + p.person.family, [p.person.family])
    words = f"{p.person.given} {p.person.family} {p.number} {p.phone}".encode("ascii", "replace").replace(b"(", b"").replace(b")", b"")
    page = b"BT /F1 12 Tf 72 720 Td (" + words + b") Tj ET"
    parts = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
             b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
             b"<< /Length %d >>\nstream\n%s\nendstream" % (len(page), page), b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    data, offsets = b"%PDF-1.4\n", []
    for i, part in enumerate(parts):
        offsets.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (i + 1, part)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    data += b"xref\n0 6\n0000000000 65535 f \n" + table + b"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(data)
    d.ds.EncapsulatedDocument = data + b"\0" * (len(data) % 2)
    d.row("text_removed", "00420011", [p.person.family, p.number], note="document")
    return dress(d, rng, drawn=False)


def ecg(study: Study, rng: np.random.Generator) -> Draft:
    """An ECG of four leads with an annotation."""
    d = begin(study, "ECG", uid.GeneralECGWaveformStorage, study.uids.new(), 26, 1)
    beat = 900 * np.exp(-(((np.arange(2000) % 400) - 200) / 9.0) ** 2)
    samples = (np.outer(beat, (1, 0.7, -0.4, 0.5)) + rng.normal(0, 9, (2000, 4))).astype("<i2")
    channels = [item(ChannelSourceSequence=Sequence([_code(f"2:{i + 1}", "MDC", f"Lead {i + 1}")]), ChannelSensitivity="1", WaveformBitsStored=16) for i in range(4)]
    d.ds.WaveformSequence = Sequence([item(WaveformOriginality="ORIGINAL", NumberOfWaveformChannels=4, NumberOfWaveformSamples=2000, SamplingFrequency="500",
                                           ChannelDefinitionSequence=Sequence(channels), WaveformBitsAllocated=16, WaveformSampleInterpretation="SS", WaveformData=samples.tobytes())])
    d.ds.WaveformSequence[0]["WaveformData"].VR = "OW"
    d.keep("NumberOfWaveformChannels", "NumberOfWaveformSamples", "SamplingFrequency", "WaveformData", below=("WaveformSequence", 0))
    d.ds.WaveformAnnotationSequence = Sequence([item(AnnotationGroupNumber=0, ReferencedWaveformChannels=[1, 0])])
    d.prose(("WaveformAnnotationSequence", 0, "UnformattedTextValue"), study.long())
    d.date("AcquisitionDateTime", value=day_of(study) + "093000")
    return dress(d, rng, drawn=False)
