// Opens files with the parsers of the OHIF viewer, dicom-parser and dcmjs, and says as JSON
// what each of them found in each: an error, or the instance's name, the number of its
// elements and the size of its picture.
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import dicomParser from "dicom-parser";
import dcmjs from "dcmjs";

dcmjs.log.setLevel?.("silent");

function byDicomParser(bytes) {
  const set = dicomParser.parseDicom(bytes);
  return { uid: set.string("x00080018") ?? "", elements: Object.keys(set.elements).filter((tag) => tag > "x0002ffff").length,
    rows: set.uint16("x00280010") ?? 0, pixels: set.elements.x7fe00010?.length ?? 0 };
}

function byDcmjs(bytes) {
  const file = dcmjs.data.DicomMessage.readFile(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  const named = dcmjs.data.DicomMetaDictionary.naturalizeDataset(file.dict);
  return { uid: named.SOPInstanceUID ?? "", elements: Object.keys(file.dict).length, rows: named.Rows ?? 0, pixels: file.dict["7FE00010"] ? 1 : 0 };
}

function attempt(parse, bytes) {
  try {
    return parse(bytes);
  } catch (e) {
    return { error: String(e?.exception ?? e?.error ?? e?.message ?? e) };
  }
}

const found = {};
console.log = console.warn = console.error = () => {};
for (const path of process.argv.slice(2)) {
  const bytes = new Uint8Array(readFileSync(path));
  found[basename(path)] = { dicomParser: attempt(byDicomParser, bytes), dcmjs: attempt(byDcmjs, bytes) };
}
process.stdout.write(JSON.stringify(found));
