import { expect, test } from "vitest";
import { readGlb } from "./glb";

// glb writes a file of one triangle: corners at the patient's left, head and front.
function glb(change: { corner?: number; length?: number; x?: number } = {}): ArrayBuffer {
  const places = [change.x ?? 0.1, 0, 0, 0, 0.2, 0, 0, 0, 0.3], normals = [1, 0, 0, 0, 1, 0, 0, 0, 1], corners = [0, 1, change.corner ?? 2];
  let text = JSON.stringify({
    meshes: [{ primitives: [{ attributes: { POSITION: 0, NORMAL: 1 }, indices: 2 }] }],
    accessors: [{ bufferView: 0, componentType: 5126, count: 3, type: "VEC3" }, { bufferView: 1, componentType: 5126, count: 3, type: "VEC3" }, { bufferView: 2, componentType: 5125, count: 3, type: "SCALAR" }],
    bufferViews: [{ byteOffset: 0, byteLength: 36 }, { byteOffset: 36, byteLength: 36 }, { byteOffset: 72, byteLength: 12 }],
  });
  text += " ".repeat((4 - (text.length % 4)) % 4);
  const file = new ArrayBuffer(28 + text.length + 84), view = new DataView(file);
  [0x46546c67, 2, change.length ?? file.byteLength, text.length, 0x4e4f534a].forEach((word, i) => { view.setUint32(4 * i, word, true); });
  new Uint8Array(file, 20).set(new TextEncoder().encode(text));
  const at = 20 + text.length;
  view.setUint32(at, 84, true);
  view.setUint32(at + 4, 0x004e4942, true);
  [...places, ...normals].forEach((value, i) => { view.setFloat32(at + 8 + 4 * i, value, true); });
  corners.forEach((value, i) => { view.setUint32(at + 80 + 4 * i, value, true); });
  return file;
}

test("a file is read in millimetres and the patient's axes, and not mirrored", () => {
  const { points, normals, corners, low, high } = readGlb(glb());
  expect([...points].map((n) => Math.round(n) + 0)).toEqual([100, 0, 0, 0, 0, 200, 0, -300, 0]); // left, head, front
  expect([...normals].map((n) => n + 0)).toEqual([1, 0, 0, 0, 0, 1, 0, -1, 0]);
  expect([...corners]).toEqual([0, 1, 2]);
  expect([low, high].map((corner) => corner.map((n) => Math.round(n) + 0))).toEqual([[0, -300, 0], [100, 0, 200]]);
});

test("what is not whole is refused", () => {
  const whole = glb();
  for (let cut = 0; cut < whole.byteLength; cut += 7) expect(() => readGlb(whole.slice(0, cut))).toThrow();
  for (const change of [{ corner: 3 }, { corner: -1 }, { length: 5 }, { x: NaN }]) expect(() => readGlb(glb(change))).toThrow();
  expect(() => readGlb(new ArrayBuffer(64))).toThrow();
});
