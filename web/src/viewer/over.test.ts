// What is laid over images: found by itself, laid and taken off, and nothing of it left when
// it does not come.
import { beforeEach, expect, test, vi } from "vitest";
import type { Series } from "../api/types";
import type { Dataset } from "./dataset";
import { Desk } from "./desk";
import type { Feed } from "./feed";
import { Fusion } from "./fusion";
import { Lru } from "./lru";
import { Over } from "./over";
import { Stack } from "./stack";

beforeEach(() => { vi.stubGlobal("document", { createElement: () => ({}) }); });

const value = (...Value: unknown[]) => ({ Value });
const series = (id: string, modality: string): Series => ({ id, uid: `1.${id}`, modality, instances: 1, bodyPart: "" });

// segmentation is one of a segment in three frames of 8 by 8.
const segmentation = (more: Dataset = {}): Dataset => ({
  "00080016": value("1.2.840.10008.5.1.4.1.1.66.4"), "00080018": value("1.9"), "00200052": value("1.5"), "00280010": value(8), "00280011": value(8), "00280100": value(1), "00280101": value(1), "00280102": value(0),
  "00280004": value("MONOCHROME2"), "00280008": value(3), "00620001": value("BINARY"), "00081115": value({ "0020000E": value("1.ct") }), "00620002": value({ "00620004": value(1), "00620005": value("Liver") }),
  "52009229": value({ "00209116": value({ "00200037": value(1, 0, 0, 0, 1, 0) }), "00289110": value({ "00280030": value(1, 1) }) }),
  "52009230": { Value: [0, 1, 2].map((z) => ({ "00209113": value({ "00200032": value(0, 0, z) }), "0062000A": value({ "0062000B": value(1) }) })) }, ...more,
});

// over is one whose feed has objects by the id of their series, and frames of some bytes.
function over(objects: Record<string, readonly Dataset[]>, bytes = 8) {
  const desk = new Desk(), asked: number[][] = [];
  const feed: Feed = {
    metadata: ({ series: uid }) => { const found = objects[uid.slice(2)]; return found ? Promise.resolve([...found]) : Promise.reject(new Error("gone")); },
    frames: (_, __, numbers, signal, take) => {
      asked.push([...numbers]);
      signal.throwIfAborted();
      for (const n of numbers) take(n, { bytes: new Uint8Array(bytes), photometric: "" });
      return Promise.resolve();
    },
    files: async function* () { /* none */ }, bulkData: () => Promise.reject(new Error("gone")), bulkBlob: () => Promise.reject(new Error("gone")), header: () => Promise.resolve(undefined), picture: () => "",
  };
  return { desk, asked, it: new Over(desk, feed, "1") };
}

const layers = (desk: Desk): number => (desk.panes[0]?.layers.length ?? 0) - 1; // overlay planes are always there

test("what may be laid over others is found, and what does not come is passed over", async () => {
  const { it } = over({ seg: [segmentation()], plain: [{}] });
  await it.look([series("ct", "CT"), series("gone", "SEG"), series("plain", "RTSTRUCT"), series("seg", "SEG")], new AbortController().signal);
  expect(["ct", "gone", "plain", "seg"].map((id) => it.of(series(id, "SEG")))).toEqual([undefined, undefined, undefined, ["1.ct"]]);
});

test("it is laid over all tiles with all its frames, and taken off by a second press", async () => {
  const { it, desk, asked } = over({ seg: [segmentation(), segmentation({ "00080018": value("1.10") })] });
  expect(await it.toggle(series("seg", "SEG"))).toBeUndefined();
  expect([it.state(series("seg", "SEG")), it.laid.map(({ key }) => key), layers(desk), asked]).toEqual(["on", ["1.9", "1.10"], 2, [[1, 2, 3], [1, 2, 3]]]);
  await it.toggle(series("seg", "SEG"));
  expect([it.state(series("seg", "SEG")), layers(desk)]).toEqual(["off", 0]);
});

test("frames that are too short, or do not come, leave nothing laid", async () => {
  const short = over({ seg: [segmentation()] }, 7);
  await expect(short.it.toggle(series("seg", "SEG"))).rejects.toThrow();
  expect([short.it.state(series("seg", "SEG")), layers(short.desk)]).toEqual(["off", 0]);
  const { it } = over({});
  await expect(it.toggle(series("seg", "SEG"))).rejects.toThrow("gone");
  expect(it.state(series("seg", "SEG"))).toBe("off");
});

test("what cannot be drawn says why; of several objects those that can are drawn", async () => {
  const none = over({ seg: [segmentation({ "00620002": value() })] });
  expect(await none.it.toggle(series("seg", "SEG"))).toBe("segments");
  const some = over({ seg: [segmentation({ "00620002": value() }), segmentation()] });
  expect([await some.it.toggle(series("seg", "SEG")), some.it.laid.length]).toEqual([undefined, 1]);
});

test("who leaves while it comes has nothing laid", async () => {
  const { it, desk } = over({ seg: [segmentation()] });
  const coming = it.toggle(series("seg", "SEG"));
  expect(it.state(series("seg", "SEG"))).toBe("coming");
  it.close();
  await coming;
  expect([it.state(series("seg", "SEG")), layers(desk)]).toEqual(["off", 0]);
});

test("PET of another frame of reference is not laid over, and says so", async () => {
  const image = (reference: string): Stack => new Stack({ study: "1", series: "1" }, [{ "00080018": value("1.1"), "00200052": value(reference), "00280010": value(2), "00280011": value(2), "00280100": value(16) }], new Lru(1), reference);
  const desk = new Desk(), fusion = new Fusion(desk);
  desk.panes[0]?.show(image("1.5"));
  for (const reference of ["1.6", ""]) expect(await fusion.toggle(series("pet", "PT"), () => Promise.resolve(image(reference)))).toBe("reference");
  expect(await fusion.toggle(series("pet", "PT"), () => Promise.resolve(image("1.5")))).toBe("few"); // no volume
  await expect(fusion.toggle(series("pet", "PT"), () => Promise.reject(new Error("gone")))).rejects.toThrow("gone");
  expect([fusion.state, layers(desk)]).toEqual(["off", 0]);
});
