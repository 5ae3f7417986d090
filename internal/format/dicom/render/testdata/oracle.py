"""Draws the DICOM files of a folder with pydicom: prints for each a line of JSON with its samples from 0 to 255.

A file name ends in how it is drawn: -N.dcm the window or VOI LUT N, -palette.dcm, -ybr.dcm.
"""

import json
import pathlib
import sys

import numpy
import pydicom
from pydicom.pixel_data_handlers import util


def window(ds, values, index):
    """Samples through a window, which pydicom spreads over the range of the stored values."""
    out = util.apply_windowing(values, ds, index)
    low, high = 0, 2**ds.BitsStored - 1
    if ds.PixelRepresentation == 1:
        low, high = -(2 ** (ds.BitsStored - 1)), 2 ** (ds.BitsStored - 1) - 1
    if "RescaleSlope" in ds:
        low, high = (float(ds.RescaleSlope) * v + float(ds.RescaleIntercept) for v in (low, high))
    return (out - low) / (high - low) * 255


def draw(path):
    ds = pydicom.dcmread(path)
    how = path.stem.rsplit("-", 1)[1]
    if how == "palette":
        out = util.apply_color_lut(ds.pixel_array, ds)
        return out >> 8 if out.dtype == numpy.uint16 else out
    if how == "ybr":
        return util.convert_color_space(ds.pixel_array, "YBR_FULL", "RGB")
    values = util.apply_modality_lut(ds.pixel_array, ds)
    if "VOILUTSequence" in ds:
        bits = ds.VOILUTSequence[int(how)].LUTDescriptor[2]
        return util.apply_voi(values, ds, int(how)) / (2**bits - 1) * 255
    return window(ds, values, int(how))


for file in sorted(pathlib.Path(sys.argv[1]).glob("*.dcm")):
    print(json.dumps({"Name": file.name, "Samples": numpy.asarray(draw(file), dtype=float).ravel().tolist()}))
