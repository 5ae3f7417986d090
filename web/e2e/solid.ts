// A drawn CT of nobody, as DICOM files, whose two sides cannot be mistaken for each other: a
// body of water with a rod of bone from its feet to its head, and a ball of bone on the
// patient's left, in front and towards the head.
import type { Page } from "playwright-core";
import { dicom } from "./dicom";

export const ball = { at: [60, -40, 90], radius: 20 } as const; // mm, in the patient's coordinates
export const rod = { x: 0, y: 30, radius: 10, from: 10, to: 130 }; // mm
const trunk = { x: 105, y: 75, from: 4, to: 136 }; // mm: half axes, and from where to where
const side = 96, spacing = 2.5, thick = 4, slices = 36;

// solid returns the slices. flipped are written as a scanner does that counts columns from
// the patient's left to the right: the same body, in other rows of numbers.
export function solid(flipped = false): Buffer[] {
  return Array.from({ length: slices }, (_, k) => slice(k, flipped ? -1 : 1, flipped ? "2.25.7702" : "2.25.7701"));
}

const edge = ((side - 1) * spacing) / 2; // mm from the middle to the last voxel

function slice(k: number, way: 1 | -1, series: string): Buffer {
  const pixels = new Int16Array(side * side), z = k * thick;
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) pixels[row * side + column] = value(way * (column * spacing - edge), row * spacing - edge, z);
  }
  return dicom("1.2.840.10008.5.1.4.1.1.2", `${series}.${k + 1}`, [
    [0x00080008, "CS", "ORIGINAL\\PRIMARY\\AXIAL"], [0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.2"], [0x00080018, "UI", `${series}.${k + 1}`],
    [0x00080020, "DA", "20240117"], [0x00080060, "CS", "CT"], [0x00081030, "LO", "Drawn body"], [0x0008103e, "LO", way > 0 ? "Drawn body" : "Drawn body, other columns"],
    [0x00100010, "PN", "DRAWN^BODY"], [0x00100020, "LO", "DRAWN-3"], [0x00180015, "CS", "CHEST"], [0x00180050, "DS", String(thick)],
    [0x0020000d, "UI", "2.25.7700"], [0x0020000e, "UI", series], [0x00200011, "IS", way > 0 ? "1" : "2"], [0x00200013, "IS", String(k + 1)],
    [0x00200032, "DS", `${-way * edge}\\${-edge}\\${z}`], [0x00200037, "DS", `${way}\\0\\0\\0\\1\\0`], [0x00200052, "UI", "2.25.7703"],
    [0x00280002, "US", 1], [0x00280004, "CS", "MONOCHROME2"], [0x00280010, "US", side], [0x00280011, "US", side], [0x00280030, "DS", `${spacing}\\${spacing}`],
    [0x00280100, "US", 16], [0x00280101, "US", 16], [0x00280102, "US", 15], [0x00280103, "US", 1], [0x00281052, "DS", "0"], [0x00281053, "DS", "1"],
    [0x7fe00010, "OW", new Uint8Array(pixels.buffer)],
  ]);
}

// drawn waits until what the address asks for is on the canvas, as fine as it gets.
export const drawn = (page: Page): Promise<unknown> => page.waitForFunction(() => {
  const shown = document.querySelector<HTMLElement>(".solid-ground canvas")?.dataset.shown;
  return shown !== undefined && location.hash.endsWith(`?${shown}`) && !document.querySelector(".solid-ground[aria-busy=true]");
});

// choose takes a preset of a volume.
export async function choose(page: Page, preset: string): Promise<void> {
  await page.locator(".presets button", { has: page.locator(`.swatch-${preset}`) }).click();
  await page.waitForFunction((name) => location.hash.includes(`w=${name},`), preset);
  await drawn(page);
}

// find returns the ids of the one study and, by their UIDs, of its series.
export const find = (page: Page): Promise<{ study: string; series: Record<string, string> }> => page.evaluate(async () => {
  const ask = async (path: string): Promise<unknown> => (await fetch(`/api/v1/${path}`)).json();
  const { items } = await ask("studies") as { items: { id: string }[] }, study = items[0]?.id ?? "";
  const { seriesList } = await ask(`studies/${study}`) as { seriesList: { id: string; uid: string }[] };
  return { study, series: Object.fromEntries(seriesList.map(({ id, uid }) => [uid, id])) };
});

// withoutWebGL has a browser that cannot draw solids, once its page is loaded anew.
export const withoutWebGL = (page: Page): Promise<unknown> => page.addInitScript(() => {
  const given = HTMLCanvasElement.prototype.getContext;
  HTMLCanvasElement.prototype.getContext = function (this: HTMLCanvasElement, kind: string, ...more: unknown[]) { return kind.startsWith("webgl") ? null : given.call(this, kind as "2d", ...more as []); } as typeof given;
});

const box = { low: [-80, -20, 40], high: [-40, 20, 80] } as const; // mm: a segment, on the patient's right

// outlined returns a segmentation of the slices that are not flipped, whose segment is the box.
export function outlined(): Buffer {
  const within = [...Array(slices).keys()].filter((k) => k * thick >= box.low[2] && k * thick <= box.high[2]);
  const bits = new Uint8Array(2 * Math.ceil((within.length * side * side) / 16));
  within.forEach((_, frame) => {
    for (let i = 0; i < side * side; i++) {
      const x = (i % side) * spacing - edge, y = Math.floor(i / side) * spacing - edge, at = frame * side * side + i;
      if (x >= box.low[0] && x <= box.high[0] && y >= box.low[1] && y <= box.high[1]) bits[at >> 3] = (bits[at >> 3] ?? 0) | (1 << (at & 7));
    }
  });
  const [sopClass, instance] = ["1.2.840.10008.5.1.4.1.1.66.4", "2.25.7705.1"];
  return dicom(sopClass, instance, [
    [0x00080008, "CS", "DERIVED\\PRIMARY"], [0x00080016, "UI", sopClass], [0x00080018, "UI", instance], [0x00080020, "DA", "20240117"], [0x00080060, "CS", "SEG"], [0x0008103e, "LO", "Outlines"],
    [0x00081115, "SQ", [[[0x0020000e, "UI", "2.25.7701"]]]],
    [0x00100010, "PN", "DRAWN^BODY"], [0x00100020, "LO", "DRAWN-3"], [0x0020000d, "UI", "2.25.7700"], [0x0020000e, "UI", "2.25.7705"], [0x00200011, "IS", "3"], [0x00200013, "IS", "1"], [0x00200052, "UI", "2.25.7703"],
    [0x00280002, "US", 1], [0x00280004, "CS", "MONOCHROME2"], [0x00280008, "IS", String(within.length)], [0x00280010, "US", side], [0x00280011, "US", side],
    [0x00280100, "US", 1], [0x00280101, "US", 1], [0x00280102, "US", 0], [0x00280103, "US", 0], [0x00620001, "CS", "BINARY"],
    [0x00620002, "SQ", [[[0x00620004, "US", 1], [0x00620005, "LO", "Box at the right"], [0x00620008, "CS", "MANUAL"]]]],
    [0x52009229, "SQ", [[[0x00209116, "SQ", [[[0x00200037, "DS", "1\\0\\0\\0\\1\\0"]]]], [0x00289110, "SQ", [[[0x00280030, "DS", `${spacing}\\${spacing}`]]]]]]],
    [0x52009230, "SQ", within.map((k) => [[0x00209113, "SQ", [[[0x00200032, "DS", `${-edge}\\${-edge}\\${k * thick}`]]]], [0x0062000a, "SQ", [[[0x0062000b, "US", 1]]]]])],
    [0x7fe00010, "OB", bits],
  ]);
}

// value is the HU at a place of the patient, in mm.
function value(x: number, y: number, z: number): number {
  if (Math.hypot(x - ball.at[0], y - ball.at[1], z - ball.at[2]) < ball.radius) return 800;
  if (Math.hypot(x - rod.x, y - rod.y) < rod.radius && z >= rod.from && z <= rod.to) return 800;
  return (x / trunk.x) ** 2 + (y / trunk.y) ** 2 < 1 && z >= trunk.from && z <= trunk.to ? 20 : -1000;
}
