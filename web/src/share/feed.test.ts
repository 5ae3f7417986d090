// The viewer's pictures out of a share: those that were sealed, and nothing of what is broken.
import { expect, test } from "vitest";
import { type Series, slice } from "../../e2e/drawn";
import { enclosed, film } from "../../e2e/objects";
import { Problem } from "../api/client";
import type { Dataset } from "../viewer/dataset";
import { type Coded } from "../viewer/wado";
import { SharedFeed } from "./feed";
import { attributesType, framesType } from "./gather";
import { type Bytes, Link } from "./link";
import { Shared } from "./open";
import { seal, type SealFile } from "./seal";

const drawn: Series = { study: "2.25.5", series: "2.25.5.1", name: "Drawn", slices: 3, side: 32 };
const signal = new AbortController().signal;
const at = { study: "shared", series: "0" };

const file = (content: Uint8Array, type?: string): SealFile => ({ size: content.length, ...(type ? { type } : {}), read: () => Promise.resolve(content) });
const json = (value: unknown): SealFile => file(new TextEncoder().encode(JSON.stringify(value)), attributesType);

const attributes = (uid: string, more: Record<string, unknown> = {}) => ({
  "00080018": { vr: "UI", Value: [uid] }, "00280002": { vr: "US", Value: [1] }, "00280004": { vr: "CS", Value: ["MONOCHROME2"] },
  "00280010": { vr: "US", Value: [32] }, "00280011": { vr: "US", Value: [32] }, "00280100": { vr: "US", Value: [16] }, "00280101": { vr: "US", Value: [16] }, "00280102": { vr: "US", Value: [15] }, ...more,
});

async function feedOf(files: SealFile[]): Promise<SharedFeed> {
  const link = await Link.make(), parts: Bytes[] = [];
  await seal(link, { series: [{ files }] }, { put: async (part, bytes) => { parts[part] = bytes; } });
  return new SharedFeed(await Shared.open(link, async (part) => (parts[part] ?? new Uint8Array()).slice().buffer));
}

async function frame(feed: SharedFeed, uid: string, number = 1): Promise<Coded> {
  await feed.metadata(at);
  let got: Coded | undefined;
  await feed.frames(at, uid, [number], signal, (_, coded) => { got = coded; });
  if (!got) throw new Error("no frame came");
  return got;
}

test("a frame is cut out of the file that was sealed", async () => {
  const files = [0, 1, 2].map((k) => slice(drawn, k));
  const feed = await feedOf([json([1, 2, 3].map((n) => attributes(`2.25.5.1.${n}`))), ...files.map((bytes) => file(bytes))]);
  for (const [k, bytes] of files.entries()) expect(Buffer.from((await frame(feed, `2.25.5.1.${k + 1}`)).bytes).equals(bytes.subarray(-32 * 32 * 2))).toBe(true);
  const streamed = [];
  for await (const one of feed.files(at, signal)) streamed.push(Buffer.from(one));
  expect(streamed).toEqual(files.map((bytes) => Buffer.from(bytes)));
});

test("a series says by which UID others refer to it", async () => {
  const feed = await feedOf([json([attributes("1.2", { "0020000E": { vr: "UI", Value: ["2.25.5.1"] } })]), file(slice(drawn, 0))]);
  expect([await feed.uidOf(at), await feed.uidOf({ study: "shared", series: "1" })]).toEqual(["2.25.5.1", ""]);
});

test("an image has a header of its own, another none", async () => {
  const feed = await feedOf([json([attributes("1.2"), attributes("1.3", { "00080060": { vr: "CS", Value: ["CT"] } })]), file(slice(drawn, 0)), file(slice(drawn, 1))]);
  await feed.metadata(at);
  expect([(await feed.header(at, "1.3"))?.["00080060"], await feed.header(at, "1.4")]).toEqual([{ vr: "CS", Value: ["CT"] }, undefined]);
});

test("decoded frames stand for a file that a page cannot cut, and say their colours", async () => {
  const frames = Uint8Array.from({ length: 3 * 32 * 32 * 2 }, (_, i) => i);
  const feed = await feedOf([json([attributes("1.2", { "00280008": { vr: "IS", Value: [3] } })]), file(Uint8Array.of(1, 2, 3)), file(frames, `${framesType};photometric=RGB`)]);
  expect(await frame(feed, "1.2", 2)).toEqual({ bytes: frames.slice(2048, 4096), photometric: "RGB" });
  for await (const _ of feed.files(at, signal)) expect.unreachable("it has its frames");
});

test("what is not in the attributes is cut out of its file, when it is looked at", async () => {
  const letter = enclosed({ study: "2.25.5", series: "2.25.5.4", description: "Letter" }, "%PDF-1.4"), moving = film({ study: "2.25.5", series: "2.25.5.5", description: "Film" }, Buffer.alloc(500, 3), 25);
  const feed = await feedOf([json([{ "00080016": { vr: "UI", Value: ["1.2.840.10008.5.1.4.1.1.104.1"] } }, attributes("2.25.5.5.1", { "00280008": { vr: "IS", Value: [25] }, "00280004": { vr: "CS", Value: ["YBR_PARTIAL_420"] } })]), file(letter), file(moving)]);
  const [document, video] = await feed.metadata(at), uri = (d: Dataset | undefined, tag: string): string => d?.[tag]?.BulkDataURI ?? "";
  expect(Buffer.from(await feed.bulkData(uri(document, "00420011"), signal)).toString()).toBe("%PDF-1.4");
  expect((await feed.bulkBlob(uri(video, "7FE00010"), signal)).size).toBe(500);
  await expect(frame(feed, "2.25.5.5.1")).rejects.toMatchObject({ status: 406 }); // as from the node: it may be a film
  for (const other of ["", "share:", "share:1/00420011/", "share:9/00420011", "https://example.org/", "share:1/54000100/00/5/00420011"]) await expect(feed.bulkBlob(other, signal)).rejects.toThrow();
});

const one = slice(drawn, 0);
test.each<[string, SealFile[]]>([
  ["attributes that are no list", [json({}), file(one)]],
  ["fewer attributes than files", [json([]), file(one)]],
  ["more attributes than files", [json([attributes("1"), attributes("2")]), file(one)]],
  ["attributes that are no JSON", [file(Uint8Array.of(0x7b), attributesType), file(one)]],
  ["no attributes", [file(one)]],
  ["attributes of no object", [json([null]), file(one)]],
  ["a file that is none", [json([attributes("1")]), file(Uint8Array.of(1, 2, 3))]],
  ["a file that was cut", [json([attributes("1")]), file(one.subarray(0, -1))]],
  ["frames that do not divide", [json([attributes("1", { "00280008": { vr: "IS", Value: [2] } })]), file(one), file(new Uint8Array(3), framesType)]],
  ["pixels fewer than the attributes say", [json([attributes("1", { "00280010": { vr: "US", Value: [65535] } })]), file(one)]],
  ["more frames than there are", [json([attributes("1", { "00280008": { vr: "IS", Value: [1e9] } })]), file(one), file(new Uint8Array(2048), framesType)]],
])("%s: no picture, and an error", async (_, files) => {
  await expect(feedOf(files).then((feed) => frame(feed, "1"))).rejects.toThrow();
});

test("what says that it is larger than a page can hold is not read", async () => {
  const feed = await feedOf([json([attributes("1")]), file(one)]);
  const large = feed["shared"].files[1];
  if (large) large.size = 2 ** 33;
  await expect(frame(feed, "1")).rejects.toEqual(expect.objectContaining({ kind: "too-large" }));
  await expect(frame(feed, "1")).rejects.toBeInstanceOf(Problem);
  await expect(feed.bulkBlob("share:1/00420011", signal)).rejects.toMatchObject({ kind: "too-large" });
});
