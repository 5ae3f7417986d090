"""Opens files with pydicom, reads every value of every depth, and says as JSON what it found: an error, or the
instance's name, the number of elements and the length of the pixel data."""

import json
import os
import sys
import warnings

import pydicom

warnings.simplefilter("ignore")
found = {}
for path in sys.argv[1:]:
    try:
        ds = pydicom.dcmread(path)
        ds.walk(lambda _, element: str(element))
        pixels = ds["PixelData"].value if "PixelData" in ds else b""
        found[os.path.basename(path)] = {
            "pydicom": {"uid": str(ds.get("SOPInstanceUID", "")), "elements": len(ds), "rows": int(ds.get("Rows") or 0), "pixels": len(pixels)}
        }
    except Exception as e:  # noqa: BLE001 - whatever it is
        found[os.path.basename(path)] = {"pydicom": {"error": f"{type(e).__name__}: {e}"}}
print(json.dumps(found))
