// Writes a DICOM file (PS3.10, explicit VR little endian) from its elements, in ascending order of tags.

export type Element = readonly [tag: number, vr: string, value: string | number | Uint8Array | readonly (readonly Element[])[]];

const long = new Set(["OB", "OW", "SQ", "UN"]); // VRs whose length has four bytes (PS3.5 §7.1.2)

// dicom returns a file of one object.
export function dicom(sopClass: string, instance: string, elements: readonly Element[], syntax = "1.2.840.10008.1.2.1"): Buffer {
  const meta = written([
    [0x00020001, "OB", new Uint8Array([0, 1])], [0x00020002, "UI", sopClass], [0x00020003, "UI", instance],
    [0x00020010, "UI", syntax], [0x00020012, "UI", "2.25.1"],
  ]);
  return Buffer.concat([new Uint8Array(128), Buffer.from("DICM"), write([0x00020000, "UL", meta.length]), meta, written(elements)]);
}

// items are the value of a sequence (PS3.5 §7.5), to be written as VR SQ.
export function items(...all: (readonly Element[])[]): Buffer {
  return Buffer.concat(all.flatMap((elements) => {
    const content = written(elements), head = Buffer.from([0xfe, 0xff, 0x00, 0xe0, 0, 0, 0, 0]);
    head.writeUInt32LE(content.length, 4);
    return [head, content];
  }));
}

const written = (elements: readonly Element[]): Buffer => Buffer.concat(elements.map(write));

function write([tag, vr, value]: Element): Buffer {
  const content = bytesOf(vr, value), head = Buffer.alloc(long.has(vr) ? 12 : 8);
  head.writeUInt16LE(tag >>> 16, 0);
  head.writeUInt16LE(tag & 0xffff, 2);
  head.write(vr, 4, "ascii");
  if (long.has(vr)) head.writeUInt32LE(content.length, 8);
  else head.writeUInt16LE(content.length, 6);
  return Buffer.concat([head, content]);
}

// item writes one of a sequence (PS3.5 §7.5).
function item(elements: readonly Element[]): Buffer {
  const body = written(elements), head = Buffer.from([0xfe, 0xff, 0x00, 0xe0, 0, 0, 0, 0]);
  head.writeUInt32LE(body.length, 4);
  return Buffer.concat([head, body]);
}

function bytesOf(vr: string, value: Element[2]): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (typeof value === "object") return Buffer.concat(value.map(item));
  if (typeof value === "number") {
    const out = Buffer.alloc(vr === "US" ? 2 : 4);
    if (vr === "US") out.writeUInt16LE(value);
    else out.writeUInt32LE(value);
    return out;
  }
  return Buffer.from(value.length % 2 ? value + (vr === "UI" ? "\0" : " ") : value);
}
