"""Prints pydicom's DICOM JSON, one line a file.

oracle.py write FOLDER...   what pydicom writes for the DICOM files in the folders
oracle.py read FOLDER       what pydicom writes again of the JSON files in the folder
"""
import json
import os
import sys
import warnings

warnings.simplefilter("ignore")
import pydicom
from pydicom.dataset import Dataset
from pydicom.errors import InvalidDicomError

PIXELS = [0x7FE00008, 0x7FE00009, 0x7FE00010]


def write(path):
    try:
        ds = pydicom.dcmread(path)
    except InvalidDicomError:
        ds = pydicom.dcmread(path, force=True)
    for tag in PIXELS:
        if tag in ds:
            del ds[tag]
    return ds.to_json_dict(bulk_data_threshold=1 << 40)


def read(path):
    with open(path, encoding="utf-8") as f:
        return Dataset.from_json(f.read(), lambda tag, vr, uri: None).to_json_dict(bulk_data_threshold=1 << 40)


for folder in sys.argv[2:]:
    for path, _, names in sorted(os.walk(folder)):
        for name in sorted(names):
            if sys.argv[1] == "write" and name.endswith((".txt", ".json", ".dump", ".gz", ".py", ".pyc")):
                continue
            line = {"path": os.path.join(path, name)}
            try:
                line["json"] = {"write": write, "read": read}[sys.argv[1]](line["path"])
                text = json.dumps(line)
            except Exception as e:
                text = json.dumps({"path": line["path"], "error": repr(e)})
            print(text)
