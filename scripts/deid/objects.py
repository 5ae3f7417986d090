"""Series of images, one maker for each modality (PS3.3 Annex A)."""

from __future__ import annotations

import numpy as np
from pydicom import uid
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

import pictures
from draft import Draft, Study, begin, day_of
from imaging import COLOUR, GREY8, Format, candidates, dress, put

GEOMETRY = ("PixelSpacing", "ImageOrientationPatient", "ImagePositionPatient", "SliceThickness", "PatientPosition")
DEVICE = ("Manufacturer", "ManufacturerModelName", "ImageType")


def start(study: Study, modality: str, sop_class: str, series: str, number: int, instance: int, image_type: str) -> Draft:
    """Begins an image of the invented maker."""
    d = begin(study, modality, sop_class, series, number, instance)
    d.ds.Manufacturer, d.ds.ManufacturerModelName = "NORTHWIND MEDICAL", "Meridian " + modality
    d.ds.ImageType = image_type.split("\\")
    d.keep(*DEVICE)
    return d


def _geometry(d: Draft, n: int, size: float, z: float) -> None:
    """Places a square axial plane of the size, at z; millimetres."""
    ds = d.ds
    ds.PixelSpacing = [f"{size / n:.5f}"] * 2
    ds.ImageOrientationPatient = ["1", "0", "0", "0", "1", "0"]
    ds.ImagePositionPatient = [f"{-size / 2:.2f}", f"{-size / 2:.2f}", f"{z:.2f}"]
    ds.SliceThickness, ds.SliceLocation, ds.PatientPosition = "2.5", f"{z:.2f}", "HFS"
    d.keep(*GEOMETRY)
    d.uid("FrameOfReferenceUID", value=d.study.frame_of_reference)
    d.row("text_notnull", "00200052")
    d.ds.PositionReferenceIndicator = ""


def _texts(study: Study, chance: float, most: int) -> int:
    """How many texts an image of a series has; 0 in most series where the chance is small."""
    return study.rng.randint(1, most) if study.rng.random() < chance else 0


def ct(study: Study, rng: np.random.Generator, part: str, count: int, n: int = 256) -> list[Draft]:
    """An axial CT series."""
    series, texts, made = study.uids.new(), _texts(study, 0.3, 3), []
    syntax = study.rng.choice(("native", "native", "native", "implicit", "big", "rle", "jpegls", "j2k", "jpegll", "deflated"))
    for i in range(count):
        d = start(study, "CT", uid.CTImageStorage, series, 2, i + 1, "ORIGINAL\\PRIMARY\\AXIAL")
        d.syntax, ds, z = syntax, d.ds, i / max(count - 1, 1)
        ds.BodyPartExamined = part
        ds.KVP, ds.XRayTubeCurrent, ds.ConvolutionKernel, ds.AcquisitionNumber = "120", "210", "B30f", 1
        ds.RescaleIntercept, ds.RescaleSlope, ds.RescaleType = "-1024", "1", "HU"
        ds.WindowCenter, ds.WindowWidth = "40", "400"
        d.keep("KVP", "XRayTubeCurrent", "ConvolutionKernel", "RescaleIntercept", "RescaleSlope", "WindowCenter", "WindowWidth", "BodyPartExamined")
        _geometry(d, n, 256 if part == "HEAD" else 420, 2.5 * i)
        d.date("AcquisitionDate", value=day_of(study))
        if part == "HEAD":
            plane, d.inside = pictures.ct_head(rng, n, 0.45 + 0.35 * z), [n * 2 // 5, n * 3 // 8, n * 3 // 5, n // 2]
        else:
            plane = pictures.ct_body(rng, n, z, part == "CHEST")
        top = study.rng.choice((3000, 4095)) if study.serial % 2 else 1800
        put(d, (plane + 1024)[None], Format(12, False, "MONOCHROME2", 0, top), rng, texts)
        made.append(dress(d, rng))
    return made


def mr(study: Study, rng: np.random.Generator, count: int, n: int = 192) -> list[Draft]:
    """An axial MR series of a head."""
    series, texts, made = study.uids.new(), _texts(study, 0.3, 2), []
    syntax = study.rng.choice(("native", "native", "implicit", "rle", "j2k", "jpegls"))
    for i in range(count):
        d = start(study, "MR", uid.MRImageStorage, series, 3, i + 1, "ORIGINAL\\PRIMARY\\M\\ND")
        d.syntax, ds = syntax, d.ds
        ds.BodyPartExamined, ds.ScanningSequence, ds.SequenceVariant, ds.ScanOptions, ds.MRAcquisitionType = "BRAIN", "SE", "SK", "", "2D"
        ds.RepetitionTime, ds.EchoTime, ds.EchoTrainLength, ds.MagneticFieldStrength, ds.FlipAngle = "4200", "92", "13", "1.5", "150"
        ds.WindowCenter, ds.WindowWidth = "450", "900"
        d.keep("BodyPartExamined", "ScanningSequence", "RepetitionTime", "EchoTime", "MagneticFieldStrength", "FlipAngle", "WindowCenter", "WindowWidth")
        _geometry(d, n, 230, 5.0 * i)
        d.date("AcquisitionDate", value=day_of(study))
        d.inside = [n * 2 // 5, n * 3 // 8, n * 3 // 5, n // 2]
        put(d, pictures.mr(rng, n, i / count)[None], Format(12, False, "MONOCHROME2", 0, 1400), rng, texts)
        made.append(dress(d, rng))
    return made


def pt(study: Study, rng: np.random.Generator, count: int, n: int = 128) -> list[Draft]:
    """A PET series with what a standardised uptake value needs."""
    series, texts, made = study.uids.new(), _texts(study, 0.3, 2), []
    for i in range(count):
        d = start(study, "PT", uid.PositronEmissionTomographyImageStorage, series, 4, i + 1, "ORIGINAL\\PRIMARY")
        d.syntax, ds = study.rng.choice(("native", "implicit", "rle")), d.ds
        ds.Units, ds.CountsSource, ds.DecayCorrection, ds.DecayFactor = "BQML", "EMISSION", "START", "1.0312"
        ds.SeriesType, ds.CorrectedImage, ds.ActualFrameDuration, ds.ImageIndex = ["STATIC", "IMAGE"], ["DECY", "ATTN"], "120000", i + 1
        ds.RescaleIntercept, ds.RescaleSlope, ds.NumberOfSlices = "0", "1.731", count
        drug = Dataset()
        drug.RadionuclideTotalDose, drug.RadionuclideHalfLife, drug.RadiopharmaceuticalVolume = "3.7e+08", "6586.2", "2.5"
        ds.RadiopharmaceuticalInformationSequence = Sequence([drug])
        d.keep("Units", "DecayCorrection", "DecayFactor", "RescaleSlope", "RescaleIntercept", "SeriesType", "ActualFrameDuration")
        d.keep("RadionuclideTotalDose", "RadionuclideHalfLife", below=("RadiopharmaceuticalInformationSequence", 0))
        d.date("RadiopharmaceuticalInformationSequence", 0, "RadiopharmaceuticalStartDateTime", value=day_of(study) + "081500.000000")
        d.date("AcquisitionDate", value=day_of(study))
        _geometry(d, n, 600, 4.0 * i)
        put(d, pictures.counts(rng, n, n, 900)[None], Format(16, True, "MONOCHROME2", 0, 1500), rng, texts)
        made.append(dress(d, rng))
    return made


def us(study: Study, rng: np.random.Generator, count: int) -> list[Draft]:
    """Ultrasound with calibrated regions; single frames and a cine."""
    series, made = study.uids.new(), []
    for i in range(count):
        cine = i == 0
        d = start(study, "US", uid.UltrasoundMultiFrameImageStorage if cine else uid.UltrasoundImageStorage, series, 5, i + 1, "ORIGINAL\\PRIMARY\\ABDOMINAL")
        d.syntax = study.rng.choice(("native", "native", "rle", "jpeg", "jpeg", "j2k", "j2kl", "jpegls"))
        rows, columns = ((240, 320) if cine else ((480, 640), (512, 512), (600, 800))[int(rng.integers(3))])
        run = [pictures.us(rng, rows, columns) for _ in range(4 if cine else 1)]
        region = Dataset()
        (region.RegionLocationMinX0, region.RegionLocationMinY0, region.RegionLocationMaxX1, region.RegionLocationMaxY1) = run[0][1]
        region.RegionSpatialFormat, region.RegionDataType, region.RegionFlags = 1, 1, 0
        region.PhysicalUnitsXDirection = region.PhysicalUnitsYDirection = 3
        region.PhysicalDeltaX = region.PhysicalDeltaY = 0.031
        d.ds.SequenceOfUltrasoundRegions = Sequence([region])
        d.keep("PhysicalDeltaX", "RegionLocationMinX0", "RegionLocationMaxY1", below=("SequenceOfUltrasoundRegions", 0))
        if cine:
            d.ds.FrameTime, d.ds.FrameIncrementPointer = "40", 0x00181063
            d.keep("FrameTime")
        frames = np.stack([picture for picture, _ in run])
        colour = study.rng.random() < 0.6
        put(d, np.repeat(frames[..., None], 3, 3) if colour else frames, COLOUR if colour else GREY8, rng, _texts(study, 0.9, 5))
        made.append(dress(d, rng))
    return made


def radiographs(study: Study, rng: np.random.Generator, modality: str, count: int) -> list[Draft]:
    """Projections: CR (MONOCHROME1 at times), DX, or MG."""
    classes = {"CR": uid.ComputedRadiographyImageStorage, "DX": uid.DigitalXRayImageStorageForPresentation, "MG": uid.DigitalMammographyXRayImageStorageForPresentation}
    series, made = study.uids.new(), []
    for i in range(count):
        d = start(study, modality, classes[modality], series, 6, i + 1, "ORIGINAL\\PRIMARY\\")
        d.syntax, ds = study.rng.choice(("native", "implicit", "jpegll", "jpegls", "j2k", "rle")), d.ds
        ds.BodyPartExamined, ds.ViewPosition, ds.KVP = ("BREAST", ("CC", "MLO")[i // 2 % 2], "28") if modality == "MG" else ("CHEST", ("PA", "LL")[i % 2], "110")
        ds.ImageLaterality, ds.PatientOrientation = "LR"[i % 2], ["P", "F"]
        ds.WindowCenter, ds.WindowWidth = "1700", "3000"
        d.keep("BodyPartExamined", "ViewPosition", "KVP", "ImageLaterality", "WindowCenter", "WindowWidth")
        d.date("AcquisitionDate", value=day_of(study))
        rows, columns = (640, 512) if modality == "MG" else (600, 512)
        picture = (pictures.breast if modality == "MG" else pictures.radiograph)(rng, rows, columns)
        form = Format(12, False, "MONOCHROME2", 0, 4095)
        if modality == "CR" and study.rng.random() < 0.5:
            picture, form = 4095 - picture, Format(12, False, "MONOCHROME1", 4095, 0)
        ds.PresentationLUTShape = "INVERSE" if form.photometric == "MONOCHROME1" else "IDENTITY"
        put(d, picture[None], form, rng, _texts(study, 0.45, 3))
        made.append(dress(d, rng))
    return made


def nm(study: Study, rng: np.random.Generator) -> list[Draft]:
    """A whole body bone scan, front and back."""
    d = start(study, "NM", uid.NuclearMedicineImageStorage, study.uids.new(), 7, 1, "ORIGINAL\\PRIMARY\\WHOLE BODY\\EMISSION")
    d.syntax = study.rng.choice(("native", "rle", "j2k"))
    d.ds.FrameIncrementPointer, d.ds.CountsAccumulated, d.ds.ActualFrameDuration = [0x00540010, 0x00540020], "1200000", "900000"
    d.ds.EnergyWindowVector, d.ds.DetectorVector, d.ds.NumberOfEnergyWindows, d.ds.NumberOfDetectors = [1, 1], [1, 2], 1, 2
    d.keep("CountsAccumulated", "ActualFrameDuration", "DetectorVector")
    frames = np.stack([pictures.counts(rng, 512, 160, 60) for _ in range(2)])
    put(d, frames, Format(16, False, "MONOCHROME2", 0, 120), rng, _texts(study, 0.3, 2))
    return [dress(d, rng)]


def xa(study: Study, rng: np.random.Generator, count: int) -> list[Draft]:
    """Runs of a coronary angiography."""
    series, made = study.uids.new(), []
    for i in range(count):
        d = start(study, "XA", uid.XRayAngiographicImageStorage, series, 8, i + 1, "ORIGINAL\\PRIMARY\\SINGLE PLANE")
        d.syntax, ds = study.rng.choice(("native", "jpeg", "jpegll", "rle", "j2kl")), d.ds
        ds.FrameTime, ds.FrameIncrementPointer, ds.KVP, ds.PixelIntensityRelationship = "66", 0x00181063, "74", "LIN"
        ds.PositionerPrimaryAngle, ds.PositionerSecondaryAngle = f"{-30 + 20 * i}", "20"
        d.keep("FrameTime", "KVP", "PositionerPrimaryAngle", "PositionerSecondaryAngle")
        put(d, pictures.angiogram(rng, 384, 5), GREY8, rng, _texts(study, 0.5, 3))
        made.append(dress(d, rng))
    return made


REPORTED = (("Total DLP", "mGy cm"), ("CTDIvol", "mGy"), ("Scan length", "mm"), ("Voltage", "kV"), ("LV diameter", "mm"), ("Ejection", "%"),
            ("Heart rate", "/min"), ("V max", "cm/s"), ("Phantom 32 cm", "mGy"), ("Delay", "s"))


def report(study: Study, d: Draft) -> tuple[str, ...]:
    """The lines of a report of dose or measurements: who and when, then values."""
    rng, who = study.rng, list(candidates(d))
    rng.shuffle(who)
    lines = [str(w) for w in who[: rng.randint(1, 6)]]
    return (*lines, *(f"{n} {rng.uniform(1, 900):.1f} {u}" for n, u in rng.choices(REPORTED, k=rng.randint(3, 14))))


def sc(study: Study, rng: np.random.Generator, count: int) -> list[Draft]:
    """Secondary captures: screens with text, and pictures without."""
    series, made = study.uids.new(), []
    for i in range(count):
        d = start(study, study.rng.choice(("OT", "CT")), uid.SecondaryCaptureImageStorage, series, 9, i + 1, "DERIVED\\SECONDARY")
        d.syntax, d.ds.ConversionType = study.rng.choice(("native", "rle", "jpeg", "j2k", "j2kl", "jpegls")), "WSD"
        d.modality = "SC"
        for row in d.rows:
            row.modality = "SC"
        d.keep("ConversionType")
        if study.rng.random() < 0.25:
            put(d, pictures.screenshot(rng, 480, 640)[None], COLOUR, rng, 0, report(study, d))
        elif study.rng.random() < 0.5:
            put(d, pictures.screenshot(rng, 480, 640)[None], COLOUR, rng, _texts(study, 0.85, 6))
        else:
            picture = np.clip(pictures.ct_body(rng, 512, 0.5, True) / 5 + 200, 0, 255)
            put(d, picture[None], GREY8, rng, _texts(study, 0.85, 4))
        made.append(dress(d, rng))
    return made
