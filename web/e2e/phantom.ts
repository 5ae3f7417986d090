// A drawn series as DICOM files (PS3.10, Explicit VR Little Endian): no person, and each
// picture says which slice it is, so that a test can read it from the screen.

export type Series = { study: string; series: string; name: string; slices: number; side: number };

// Slice is what is drawn: a bright body, a second spot on the patient's left, and the
// number of the slice in a row of ten squares at the top (see code).
export function slice(of: Series, k: number): Uint8Array {
  const meta = group([
    [0x00020001, "OB", new Uint8Array([0, 1])], [0x00020002, "UI", "1.2.840.10008.5.1.4.1.1.2"], [0x00020003, "UI", `${of.series}.${k + 1}`],
    [0x00020010, "UI", "1.2.840.10008.1.2.1"], [0x00020012, "UI", "2.25.1"],
  ]);
  const pixels = draw(of, k);
  const body = group([
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
  const length = element(0x00020000, "UL", new Uint8Array(new Uint32Array([meta.length]).buffer));
  const preamble = new Uint8Array(132);
  preamble.set(new TextEncoder().encode("DICM"), 128);
  return join([preamble, length, meta, body]);
}

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

type Element = [tag: number, vr: string, value: string | number | Uint8Array];

const group = (elements: Element[]): Uint8Array => join(elements.map(([tag, vr, value]) => element(tag, vr, bytesOf(vr, value))));

function bytesOf(vr: string, value: string | number | Uint8Array): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (typeof value === "number") return new Uint8Array(new Uint16Array([value]).buffer);
  return new TextEncoder().encode(value.length % 2 ? value + (vr === "UI" ? "\0" : " ") : value);
}

function element(tag: number, vr: string, value: Uint8Array): Uint8Array {
  const long = vr === "OB" || vr === "OW";
  const head = new DataView(new ArrayBuffer(long ? 12 : 8));
  head.setUint16(0, tag >>> 16, true);
  head.setUint16(2, tag & 0xffff, true);
  head.setUint8(4, vr.charCodeAt(0));
  head.setUint8(5, vr.charCodeAt(1));
  if (long) head.setUint32(8, value.length, true);
  else head.setUint16(6, value.length, true);
  return join([new Uint8Array(head.buffer), value]);
}

function join(parts: Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((n, part) => n + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
