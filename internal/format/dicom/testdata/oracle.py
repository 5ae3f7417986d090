"""Prints what pydicom reads from the folders given, one JSON line a file."""
import hashlib
import json
import os
import sys
import warnings

warnings.simplefilter("ignore")
import pydicom
from pydicom.dataelem import RawDataElement
from pydicom.errors import InvalidDicomError


def read(path):
    try:
        return pydicom.dcmread(path), False
    except InvalidDicomError:
        return pydicom.dcmread(path, force=True), True


def root(elements):
    """Rows of tag, VR (null if implicit), kind, bytes or items, sha256."""
    rows = []
    for tag, e in sorted(elements.items()):
        if isinstance(e, RawDataElement):
            value = e.value or b""
            vr = None if e.is_implicit_VR else str(e.VR)
            rows.append([int(tag), vr, "bytes", len(value), hashlib.sha256(value).hexdigest()])
        elif e.VR == "SQ":
            rows.append([int(tag), "SQ", "items", len(e.value), ""])
        else:  # pydicom needed the value itself and has dropped its bytes
            rows.append([int(tag), None, "seen", 0, ""])
    return rows


def text(ds):
    found = {}
    for tag in [0x00100010, 0x00100020, 0x00080080, 0x00081030, 0x0008103E, 0x00104000, 0x00324000, 0x00081048, 0x00280008, 0x00280010, 0x00280030]:
        try:
            e = ds.get(tag)
        except Exception:
            continue
        if e is None or e.value is None:
            continue
        values = e.value if e.VM > 1 else [e.value]
        if e.VM > 0:
            found["%08X" % tag] = "\\".join(str(v) for v in values)
    return found


for folder in sys.argv[1:]:
    for path, _, names in sorted(os.walk(folder)):
        for name in sorted(names):
            if name.endswith((".txt", ".json", ".dump", ".gz", ".py", ".pyc")):
                continue
            path_of = os.path.join(path, name)
            line = {"path": path_of}
            try:
                ds, forced = read(path_of)
                line["forced"] = forced
                line["meta"] = root(dict(ds.file_meta._dict))
                line["root"] = root(dict(ds._dict))
                line["text"] = text(ds)
            except Exception as e:
                line["error"] = repr(e)
            print(json.dumps(line))
