// Writes a DICOM file (PS3.10, explicit VR little endian) of an invented person: an
// ultrasound of some frames, which says that writing is in its pixels.
import { randomUUID } from "node:crypto";
import { dicom } from "./dicom";

export const size = { columns: 320, rows: 240 } as const;

const uid = (): string => `2.25.${BigInt(`0x${randomUUID().replaceAll("-", "")}`)}`;

// frame draws a bright fan. Nothing is written in it: what the file says of its pixels
// cannot be found in them, so that nobody but a person can tell.
function frame(at: number): Uint8Array {
  const { columns, rows } = size, pixels = new Uint8Array(columns * rows);
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      const far = Math.hypot(x - columns / 2, y - 30), inFan = far > 30 && far < 190 && Math.abs(x - columns / 2) < (y - 20) * .8;
      pixels[y * columns + x] = inFan ? 60 + Math.round(50 * Math.sin(far / 9 + at)) : 0;
    }
  }
  return pixels;
}

// phantom returns one file, of a study of its own.
export function phantom(frames: number): Buffer {
  const [sopClass, instance] = ["1.2.840.10008.5.1.4.1.1.3.1", uid()]; // Ultrasound Multi-frame Image Storage
  return dicom(sopClass, instance, [
    [0x00080008, "CS", "ORIGINAL\\PRIMARY"], [0x00080016, "UI", sopClass], [0x00080018, "UI", instance],
    [0x00080020, "DA", "20240229"], [0x00080030, "TM", "101500"], [0x00080050, "SH", ""], [0x00080060, "CS", "US"],
    [0x00080070, "LO", "ACME"], [0x00080090, "PN", ""], [0x00081030, "LO", "Abdomen"], [0x00081090, "LO", "Echo 1"],
    [0x00100010, "PN", "INVENTED^PERSON"], [0x00100020, "LO", "X-1"], [0x00100030, "DA", "19700101"], [0x00100040, "CS", "O"],
    [0x0020000d, "UI", uid()], [0x0020000e, "UI", uid()], [0x00200010, "SH", "1"], [0x00200011, "IS", "1"], [0x00200013, "IS", "1"],
    [0x00280002, "US", 1], [0x00280004, "CS", "MONOCHROME2"], [0x00280008, "IS", String(frames)],
    [0x00280010, "US", size.rows], [0x00280011, "US", size.columns],
    [0x00280100, "US", 8], [0x00280101, "US", 8], [0x00280102, "US", 7], [0x00280103, "US", 0], [0x00280301, "CS", "YES"],
    [0x7fe00010, "OB", Buffer.concat(Array.from({ length: frames }, (_, i) => frame(i)))],
  ]);
}
