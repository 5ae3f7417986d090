// Reads a surface from binary glTF 2.0 as the node writes it: one mesh of positions,
// normals and indices, in metres, Y up, the patient's left at +X.
import type { Vec } from "../viewer/geometry";

// Surface is one of triangles, in patient coordinates (mm; x to the left, y to the back, z
// to the head). corners are places in points, against the clock as seen from outside.
export type Surface = { points: Float32Array; normals: Float32Array; corners: Uint32Array; low: Vec; high: Vec };

type Accessor = { bufferView: number; byteOffset?: number; componentType: number; count: number; type: string };
type View = { byteOffset?: number; byteLength: number };
type Gltf = { meshes: { primitives: { attributes: Record<string, number>; indices: number }[] }[]; accessors: Accessor[]; bufferViews: View[] };

const magic = 0x46546c67, json = 0x4e4f534a, binary = 0x004e4942; // glTF 2.0 §4.4
const float = 5126, uint = 5125;

export const broken = "the model that came is not whole";

// readGlb throws what is no such file. It holds the points a second time, in mm.
export function readGlb(file: ArrayBuffer): Surface {
  const head = new DataView(file);
  if (file.byteLength < 28 || head.getUint32(0, true) !== magic || head.getUint32(8, true) !== file.byteLength || head.getUint32(16, true) !== json) throw new Error(broken);
  const size = head.getUint32(12, true), at = 20 + size;
  if (at + 8 > file.byteLength || head.getUint32(at + 4, true) !== binary || at + 8 + head.getUint32(at, true) > file.byteLength) throw new Error(broken);
  const told = JSON.parse(new TextDecoder().decode(new Uint8Array(file, 20, size))) as Gltf, part = told.meshes[0]?.primitives[0];
  const values = (of: number | undefined, type: string, component: number): [number, number] => {
    const accessor = told.accessors[of ?? -1], view = told.bufferViews[accessor?.bufferView ?? -1];
    const from = at + 8 + (view?.byteOffset ?? 0) + (accessor?.byteOffset ?? 0), count = (accessor?.count ?? 0) * (type === "VEC3" ? 3 : 1);
    if (!accessor || accessor.type !== type || accessor.componentType !== component || !(count > 0) || from % 4 || from + 4 * count > file.byteLength) throw new Error(broken);
    return [from, count];
  };
  const points = upright(new Float32Array(file, ...values(part?.attributes.POSITION, "VEC3", float)), 1000);
  const normals = upright(new Float32Array(file, ...values(part?.attributes.NORMAL, "VEC3", float)), 1);
  const corners = new Uint32Array(file, ...values(part?.indices, "SCALAR", uint));
  if (normals.length !== points.length || corners.some((corner) => 3 * corner >= points.length)) throw new Error(broken);
  return { points, normals, corners, ...boundsOf(points) };
}

// upright turns glTF's axes into the patient's: x stays the left, what was up is to the
// head, what was the front is away from the back. It is a turn, no mirror.
function upright(values: Float32Array, times: number): Float32Array {
  const out = new Float32Array(values.length);
  for (let i = 0; i < values.length; i += 3) {
    out[i] = (values[i] ?? 0) * times;
    out[i + 1] = -(values[i + 2] ?? 0) * times;
    out[i + 2] = (values[i + 1] ?? 0) * times;
  }
  return out;
}

function boundsOf(points: Float32Array): { low: Vec; high: Vec } {
  const low: [number, number, number] = [Infinity, Infinity, Infinity], high: [number, number, number] = [-Infinity, -Infinity, -Infinity];
  for (const [i, value] of points.entries()) {
    const axis = (i % 3) as 0 | 1 | 2;
    if (!Number.isFinite(value)) throw new Error(broken);
    low[axis] = Math.min(low[axis], value);
    high[axis] = Math.max(high[axis], value);
  }
  return { low, high };
}
