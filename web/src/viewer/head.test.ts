// What is read of a frame: where it lies, what its values are.
import { expect, test } from "vitest";
import type { Dataset } from "./dataset";
import { headsOf } from "./head";

const value = (...Value: unknown[]) => ({ Value });

// image is an object of some frames, axial at z = 100 unless more says other.
const image = (frames: number, more: Dataset): Dataset => ({
  "00080018": value("1.2.3"), "00280008": value(frames), "00280010": value(2), "00280011": value(2), "00280100": value(16), "00280101": value(16),
  "00280004": value("MONOCHROME2"), "00280030": value(2, 2), "00200032": value(-10, -20, 100), "00200037": value(1, 0, 0, 0, 1, 0), ...more,
});

const origins = (d: Dataset) => headsOf(d).map(({ plane }) => plane?.origin.map((v) => v + 0));

test("each frame of a dose grid lies where its offset says", () => {
  const grid = (...offsets: number[]): Dataset => ({ "3004000C": value(...offsets) });
  expect(origins(image(3, grid(0, 3, 6)))).toEqual([[-10, -20, 100], [-10, -20, 103], [-10, -20, 106]]);
  expect(origins(image(3, grid(0, -3, -6)))).toEqual([[-10, -20, 100], [-10, -20, 97], [-10, -20, 94]]);
  const coronal = { "00200037": value(1, 0, 0, 0, 0, -1) }; // its normal is to the back
  expect(origins(image(2, { ...grid(0, 3), ...coronal }))).toEqual([[-10, -20, 100], [-10, -17, 100]]);
  expect(origins(image(2, grid(100, 104)))).toEqual([[-10, -20, 100], [-10, -20, 104]]); // z in the patient
});

test("a frame of a dose grid that is placed nowhere has no plane", () => {
  expect(origins(image(3, { "3004000C": value(0, 3) }))[2]).toBeUndefined();
  expect(origins(image(2, { "3004000C": value(50, 53) }))[1]).toBeUndefined(); // neither relative nor of this place
  expect(origins(image(2, { "3004000C": value(100, 103), "00200037": value(1, 0, 0, 0, 0, -1) }))[1]).toBeUndefined();
});

test("each frame of an enhanced object lies where its own group says, else where the shared one does", () => {
  const { "00200032": _, "00200037": __, "00280030": ___, ...bare } = image(3, {});
  const at = (z: number) => ({ "00209113": value({ "00200032": value(0, 0, z) }) });
  const lies = { "00209116": value({ "00200037": value(1, 0, 0, 0, 1, 0) }), "00289110": value({ "00280030": value(1, 1) }) };
  const sagittal = { "00209116": value({ "00200037": value(0, 1, 0, 0, 0, -1) }) };
  const heads = headsOf({ ...bare, "52009229": value({ ...lies, ...at(7) }), "52009230": value(at(1), { ...at(2), ...sagittal }, null) });
  expect(heads.map(({ plane }) => plane?.origin[2])).toEqual([1, 2, 7]);
  expect(heads.map(({ axis }) => axis)).toEqual(["axial", "sagittal", "axial"]);
  const shifted = headsOf({ ...bare, "52009229": value(lies), "52009230": value(null, at(2), at(3)) });
  expect(shifted.map(({ plane }) => plane?.origin[2])).toEqual([undefined, 2, 3]); // an empty group is a frame's too
});

test("HU is said where the file says so, or of an original CT image that names nothing else", () => {
  const rescale = { "00281052": value(-1024), "00281053": value(1) };
  const ct = { "00080060": value("CT"), "00080016": value("1.2.840.10008.5.1.4.1.1.2"), "00080008": value("ORIGINAL", "PRIMARY", "AXIAL"), ...rescale };
  const unit = (more: Dataset): string | undefined => headsOf(image(1, more))[0]?.unit;
  expect(unit(ct)).toBe("HU");
  expect(unit({ "00080060": value("CT"), ...rescale, "00281054": value("HU") })).toBe("HU");
  expect(unit({ ...ct, "00281053": value() })).toBe("");
  expect(unit({ ...ct, "00080008": value("ORIGINAL", "PRIMARY", "LOCALIZER") })).toBe("");
  expect(unit({ ...ct, "00080008": value("DERIVED", "SECONDARY", "AXIAL") })).toBe("");
  expect(unit({ ...ct, "00080016": value("1.2.840.10008.5.1.4.1.1.7") })).toBe(""); // a capture
  expect(unit({ ...ct, "00189361": value("YES") })).toBe(""); // of several energies
  expect(unit({ ...ct, "00281054": value("US") })).toBe("");
  expect(unit({ ...ct, "00281054": value("Z_EFF") })).toBe("Z_EFF");
  expect(unit({ "00080060": value("MR"), ...rescale })).toBe("");
  expect(unit({ "00080060": value("CT"), "00283000": value({ "00283004": value("HU") }) })).toBe("HU");
  const { "00281052": _, "00281053": __, ...enhanced } = { ...ct, "00080016": value("1.2.840.10008.5.1.4.1.1.2.1") };
  expect(unit({ ...enhanced, "52009229": value({ "00289145": value({ ...rescale, "00281054": value("HU") }) }) })).toBe("HU");
  expect(unit({ ...enhanced, "52009229": value({ "00289145": value({ ...rescale, "00281054": value("ED") }) }) })).toBe("ED");
});
