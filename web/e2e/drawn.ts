// A drawn series as DICOM files: no person, and each
// picture says which slice it is, so that a test can read it from the screen.
import { dicom } from "./dicom";

export type Series = { study: string; series: string; name: string; slices: number; side: number };

// Slice is what is drawn: a bright body, a second spot on the patient's left, and the
// number of the slice in a row of ten squares at the top (see code).
export function slice(of: Series, k: number): Buffer {
  const pixels = draw(of, k);
  return dicom("1.2.840.10008.5.1.4.1.1.2", `${of.series}.${k + 1}`, [
    [0x00080008, "CS", "ORIGINAL\\PRIMARY\\AXIAL"], [0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.2"], [0x00080018, "UI", `${of.series}.${k + 1}`],
    [0x00080020, "DA", "20240117"], [0x00080060, "CS", "CT"], [0x00081030, "LO", "Drawn study"], [0x0008103e, "LO", of.name],
    [0x00100010, "PN", "DRAWN^FIGURE"], [0x00100020, "LO", "DRAWN"], [0x00180015, "CS", "CHEST"], [0x00180050, "DS", "1"], [0x00185100, "CS", "HFS"],
    [0x0020000d, "UI", of.study], [0x0020000e, "UI", of.series], [0x00200011, "IS", of.series.split(".").at(-1) ?? "1"], [0x00200013, "IS", String(k + 1)],
    [0x00200032, "DS", `-150\\-150\\${k}`], [0x00200037, "DS", "1\\0\\0\\0\\1\\0"], [0x00200052, "UI", `${of.study}.9`],
    [0x00280002, "US", 1], [0x00280004, "CS", "MONOCHROME2"], [0x00280010, "US", of.side], [0x00280011, "US", of.side],
    [0x00280030, "DS", `${(300 / of.side).toFixed(6)}\\${(300 / of.side).toFixed(6)}`], [0x00280100, "US", 16], [0x00280101, "US", 16], [0x00280102, "US", 15], [0x00280103, "US", 1],
    [0x00281050, "DS", "40"], [0x00281051, "DS", "400"], [0x00281052, "DS", "0"], [0x00281053, "DS", "1"],
    [0x7fe00010, "OW", new Uint8Array(pixels.buffer)],
  ]);
}

export const slicesOf = (of: Series): Buffer[] => Array.from({ length: of.slices }, (_, k) => slice(of, k));

export const digits = 10; // of the slice's number, in base two

// draw returns HU, row by row. The code is in the upper tenth; noise keeps slices apart.
function draw({ side }: Series, k: number): Int16Array<ArrayBuffer> {
  const out = new Int16Array(side * side).fill(-1000);
  let seed = k + 1;
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const u = (x / side - 0.5) * 2, v = (y / side - 0.5) * 2;
      if (v < -0.8) {
        const digit = Math.floor((x / side) * digits);
        out[y * side + x] = (k >> (digits - 1 - digit)) & 1 ? 1000 : -1000;
      } else if (u * u / 0.64 + v * v / 0.36 < 1) {
        seed = (seed * 1103515245 + 12345) & 0x7fffffff;
        out[y * side + x] = 40 + (seed % 40) - 20;
        if ((u - 0.45) ** 2 + v ** 2 < 0.01) out[y * side + x] = 700; // on the patient's left: larger x
      }
    }
  }
  return out;
}
