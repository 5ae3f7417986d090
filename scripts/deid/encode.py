"""Writing objects in the transfer syntaxes of PS3.5 Annex A.

Compression is done by gdcmconv, dcmtk and PIL, none of which is what is measured.
"""

from __future__ import annotations

import io
import subprocess
import tempfile
from pathlib import Path

import numpy as np
import pydicom
from PIL import Image
from pydicom import uid
from pydicom.encaps import encapsulate

from draft import Draft

TOOLS = {
    "rle": ["gdcmconv", "--rle"], "jpegls": ["dcmcjpls"], "jpegll": ["dcmcjpeg", "+e1", "+un"], "j2k": ["gdcmconv", "--j2k"],
}


def write(d: Draft, path: Path) -> None:
    """Writes an object to a file, in the draft's syntax."""
    ds = d.ds
    if d.syntax in TOOLS and "PixelData" in ds:
        _by_tool(d, TOOLS[d.syntax])
    elif d.syntax in ("jpeg", "j2kl") and ds.get("BitsAllocated") == 8:
        _by_pil(d, d.syntax)
    elif d.syntax == "implicit":
        ds.file_meta.TransferSyntaxUID, ds.is_implicit_VR = uid.ImplicitVRLittleEndian, True
    elif d.syntax == "big" and ds.get("BitsAllocated") == 16:
        ds.PixelData = np.frombuffer(ds.PixelData, "<u2").astype(">u2").tobytes()
        ds.file_meta.TransferSyntaxUID, ds.is_little_endian = uid.ExplicitVRBigEndian, False
    elif d.syntax == "deflated":
        ds.file_meta.TransferSyntaxUID = uid.DeflatedExplicitVRLittleEndian
    pydicom.dcmwrite(path, ds, write_like_original=False)


def _adopt(d: Draft, data: bytes, syntax: str, photometric: str) -> None:
    """Takes compressed frames, encapsulated, into an object."""
    d.ds.PixelData = data
    d.ds["PixelData"].VR = "OB"
    d.ds["PixelData"].is_undefined_length = True
    d.ds.file_meta.TransferSyntaxUID = syntax
    d.ds.PhotometricInterpretation = photometric


def _by_tool(d: Draft, command: list[str]) -> None:
    """Compresses a copy of the frames alone and takes the result, so that no tool changes another element."""
    bare = pydicom.Dataset()
    for keyword in ("SOPClassUID", "SOPInstanceUID", "SamplesPerPixel", "PhotometricInterpretation", "PlanarConfiguration", "NumberOfFrames", "Rows",
                    "Columns", "BitsAllocated", "BitsStored", "HighBit", "PixelRepresentation", "PixelData"):
        if keyword in d.ds:
            bare[keyword] = d.ds[keyword]
    bare.file_meta = pydicom.dataset.FileMetaDataset()
    bare.file_meta.TransferSyntaxUID = uid.ExplicitVRLittleEndian
    bare.is_little_endian, bare.is_implicit_VR = True, False
    with tempfile.TemporaryDirectory() as folder:
        before, after = Path(folder, "in.dcm"), Path(folder, "out.dcm")
        pydicom.dcmwrite(before, bare, write_like_original=False)
        subprocess.run([*command, str(before), str(after)], check=True, capture_output=True, timeout=60)
        made = pydicom.dcmread(after)
    _adopt(d, made.PixelData, made.file_meta.TransferSyntaxUID, made.PhotometricInterpretation)
    if "PlanarConfiguration" in made:
        d.ds.PlanarConfiguration = made.PlanarConfiguration


def _by_pil(d: Draft, kind: str) -> None:
    """Compresses 8-bit frames with loss: JPEG baseline, or irreversible JPEG 2000 as raw code streams."""
    ds = d.ds
    shape = (int(ds.get("NumberOfFrames", 1)), ds.Rows, ds.Columns, ds.SamplesPerPixel)
    size = int(np.prod(shape))
    frames, coded = np.frombuffer(ds.PixelData[:size], np.uint8).reshape(shape), []
    colour = ds.SamplesPerPixel == 3
    quality, subsampling = d.study.rng.choice((75, 85, 92)), d.study.rng.choice((0, 1)) if colour else -1
    for frame in frames:
        picture, out = Image.fromarray(frame if colour else frame[..., 0]), io.BytesIO()
        if kind == "jpeg":
            picture.save(out, "JPEG", quality=quality, subsampling=subsampling)
        else:
            picture.save(out, "JPEG2000", no_jp2=True, irreversible=True, quality_mode="rates", quality_layers=[8], mct=int(colour))
        coded.append(out.getvalue())
    lossy = ("ISO_10918_1", "YBR_FULL_422" if subsampling else "YBR_FULL", uid.JPEGBaseline8Bit) if kind == "jpeg" else ("ISO_15444_1", "YBR_ICT", uid.JPEG2000)
    ds.LossyImageCompression, ds.LossyImageCompressionRatio, ds.LossyImageCompressionMethod = "01", "8", lossy[0]
    _adopt(d, encapsulate(coded), lossy[2], lossy[1] if colour else "MONOCHROME2")
