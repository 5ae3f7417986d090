import { expect, test } from "vitest";
import type { BoughtRecord } from "../../api/types";
import type { Coded } from "../../viewer/wado";
import { BoughtFeed } from "./feed";

// part10 is an object of Explicit VR Little Endian with some pixels.
function part10(photometric: string, pixels: readonly number[]): Uint8Array {
  const element = (tag: number, vr: string, value: Uint8Array): number[] => {
    const long = vr === "OW";
    const head = [tag >> 16 & 255, tag >> 24 & 255, tag & 255, tag >> 8 & 255, ...new TextEncoder().encode(vr)];
    return [...head, ...(long ? [0, 0, value.length, 0, 0, 0] : [value.length, 0]), ...value];
  };
  return Uint8Array.from([...new Uint8Array(128), 0x44, 0x49, 0x43, 0x4d,
    ...element(0x00280004, "CS", new TextEncoder().encode(photometric)), ...element(0x7fe00010, "OW", Uint8Array.from(pixels))]);
}

const of = (number: number, series: string, instance: string, more: object = {}): BoughtRecord => ({
  number, size: 100,
  attributes: { "0020000D": { Value: ["1.2"] }, "0020000E": { Value: [series] }, "00080018": { Value: [instance] }, "00080060": { Value: ["CT"] }, "00120062": { Value: ["YES"] }, ...more },
});

const at = (series: string) => ({ study: "1.2", series });

async function framesOf(feed: BoughtFeed, series: string, instance: string, numbers: number[]): Promise<[number, Coded][]> {
  const got: [number, Coded][] = [];
  await feed.frames(at(series), instance, numbers, new AbortController().signal, (number, coded) => { got.push([number, coded]); });
  return got;
}

test("series are told apart, and what is no dataset is left out", async () => {
  const feed = new BoughtFeed([of(1, "a", "1"), of(2, "b", "2"), of(3, "a", "3"), { number: 4, size: 1, attributes: null }, { number: 5, size: 1, attributes: [] }], () => Promise.reject(new Error()));
  expect(feed.series.map(({ uid, instances, modality }) => [uid, instances, modality])).toEqual([["a", 2, "CT"], ["b", 1, "CT"]]);
  expect(feed.study).toBe("1.2");
  expect(feed.deidentified).toBe(3);
  expect((await feed.metadata(at("a"))).length).toBe(2);
  expect(await feed.metadata(at("none"))).toEqual([]);
  expect([await feed.header(at("a"), "3") !== undefined, await feed.header(at("b"), "3")]).toEqual([true, undefined]);
});

test("frames are cut out of an object that is fetched once", async () => {
  const asked: number[] = [];
  const feed = new BoughtFeed([of(1, "a", "x", { "00280008": { Value: [3] }, "00280004": { Value: ["MONOCHROME2"] } })], (number) => {
    asked.push(number);
    return Promise.resolve(part10("MONOCHROME2 ", [1, 2, 3, 4, 5, 6]));
  });
  const got = await framesOf(feed, "a", "x", [1, 3]);
  expect(got.map(([n, { bytes, photometric }]) => [n, [...bytes], photometric])).toEqual([[1, [1, 2], ""], [3, [5, 6], ""]]);
  await framesOf(feed, "a", "x", [2]);
  expect(asked).toEqual([1]);
  await expect(framesOf(feed, "a", "x", [4])).rejects.toMatchObject({ kind: "corrupt" });
  await expect(framesOf(feed, "a", "y", [1])).rejects.toMatchObject({ kind: "not-found" });
});

test("colours that the node has changed are told", async () => {
  const feed = new BoughtFeed([of(1, "a", "x", { "00280004": { Value: ["YBR_FULL_422"] } })], () => Promise.resolve(part10("RGB ", [1, 2, 3, 0])));
  expect((await framesOf(feed, "a", "x", [1]))[0]?.[1].photometric).toBe("RGB");
});

test("an object that is too large is not asked for, and one that failed is asked for again", async () => {
  let tries = 0;
  const feed = new BoughtFeed([{ ...of(1, "a", "x"), size: 2 ** 31 }, of(2, "a", "y")], () => {
    tries++;
    return tries === 1 ? Promise.reject(new Error("cut off")) : Promise.resolve(part10("RGB ", [1, 2]));
  });
  await expect(framesOf(feed, "a", "x", [1])).rejects.toMatchObject({ kind: "unsupported" });
  expect(tries).toBe(0);
  await expect(framesOf(feed, "a", "y", [1])).rejects.toThrow("cut off");
  await new Promise((done) => { setTimeout(done); });
  expect(await framesOf(feed, "a", "y", [1])).toHaveLength(1);
});
