// A press on a series: laid over, or shown, and never in place of what was asked for since.
import { beforeEach, expect, test, vi } from "vitest";
import type { Series } from "../api/types";
import { choose } from "./choose";
import type { Dataset } from "./dataset";
import { Desk } from "./desk";
import { type Feed, node } from "./feed";
import { Over } from "./over";

beforeEach(() => { vi.stubGlobal("document", { createElement: () => ({}) }); });

const value = (...Value: unknown[]) => ({ Value });
const series = (id: string, modality: string, instances = 1): Series => ({ id, uid: `1.${id}`, modality, instances, bodyPart: "" });
const [ct, other, seg] = [series("ct", "CT"), series("other", "CT"), series("seg", "SEG")];

// masks is a segmentation of the CT, which cannot be drawn: it does not say where it lies.
const masks: Dataset = { "00080016": value("1.2.840.10008.5.1.4.1.1.66.4"), "00080018": value("1.9"), "00081115": value({ "0020000E": value("1.ct") }) };
const structures: Dataset = { "00080016": value("1.2.840.10008.5.1.4.1.1.481.3"), "00080018": value("1.8"), "30060020": value({ "30060022": value(1), "30060026": value("Liver") }),
  "30060039": value({ "30060084": value(1), "30060040": value({ "30060042": value("CLOSED_PLANAR"), "30060050": value(0, 0, 5, 9, 0, 5, 9, 9, 5) }) }), "30060010": value({ "30060012": value({ "30060014": value({ "0020000E": value("1.ct") }) }) }) };

// viewing is a viewer of one tile whose answers come when they are let.
function viewing(objects: Record<string, readonly Dataset[]>) {
  const waiting: (() => void)[] = [], shown: string[] = [];
  const metadata = (({ series: uid }) => new Promise((done, fail) => {
    waiting.push(() => { const found = objects[uid.slice(2)]; if (found) done([...found]); else fail(new Error("gone")); });
  })) as Feed["metadata"];
  const over = new Over(new Desk(), { ...node, metadata }, "1");
  const show = (one: Series): Promise<void> => { shown.push(one.id); return Promise.resolve(); };
  const come = async (): Promise<void> => { // all that is asked for, and what is asked for then
    for (let i = 0; i < 20; i++) {
      waiting.splice(0).forEach((one) => { one(); });
      await Promise.resolve();
    }
  };
  const press = (one: Series) => choose(one, 0, { over, shelf: { asks: () => shown.length }, seriesOf: (uid) => [ct, other, seg].find((one) => one.uid === uid), shown: () => new Set(shown.slice(-1)), show });
  return { over, press, come, shown, asked: () => waiting.length };
}

test("masks that cannot be drawn are shown, but not in place of what was asked for since", async () => {
  const first = viewing({ seg: [masks] }), why = first.press(seg);
  await first.come();
  expect([await why, first.shown]).toEqual(["planes", ["ct", "seg"]]);
  const second = viewing({ seg: [masks] }), late = second.press(seg);
  await second.press(other);
  await second.come();
  expect([await late, second.shown]).toEqual(["planes", ["other"]]);
});

test("masks whose images are not here are shown by themselves, over nothing", async () => {
  const { over, press, come, shown } = viewing({ seg: [{ ...masks, "00081115": value({ "0020000E": value("1.elsewhere") }) }] });
  for (const _ of [1, 2]) { // and again
    const why = press(seg);
    await come();
    expect([await why, over.state(seg)]).toEqual([undefined, "off"]);
  }
  expect(shown).toEqual(["seg", "seg"]);
});

test("what is no segmentation after all is not shown in place of what was asked for since", async () => {
  const { press, come, shown } = viewing({ seg: [{}] }), late = press(seg);
  await press(other);
  await come();
  expect([await late, shown]).toEqual([undefined, ["other"]]);
});

test("one that is pressed before anything is known of it is laid over, and by a second press not taken off", async () => {
  const set = series("set", "RTSTRUCT"), { over, press, come, asked } = viewing({ set: [structures] }), presses = [press(set), press(set)];
  expect(asked()).toBe(1);
  await come();
  await Promise.all(presses);
  expect([over.of(set), over.state(set), asked()]).toEqual([["1.ct"], "on", 0]);
});

test("what has many objects is looked at when it is pressed, not before", async () => {
  const many = series("seg", "SEG", 33), { over, press, come, asked } = viewing({ seg: [masks] });
  await over.look([many], new AbortController().signal);
  expect([asked(), over.of(many)]).toEqual([0, undefined]);
  const why = press(many);
  await come();
  expect([await why, over.of(many)]).toEqual(["planes", ["1.ct"]]);
});
