// Values cut out of files: those that are there, and nothing of what is broken.
import { expect, test } from "vitest";
import { dicom, type Element, items } from "../../e2e/dicom";
import { film } from "../../e2e/objects";
import { type Path, valueIn } from "./value";

const signal = new AbortController().signal, document = 0x00420011, sequence = 0x54000100, samples = 0x54001010;
const read = async (file: Uint8Array, path: Path): Promise<Buffer> => Buffer.from(await (await valueIn(new Blob([file.slice()]), path, signal)).arrayBuffer());
const made = (elements: readonly Element[]): Buffer => dicom("1.2.3", "1.2.3.4", elements);
const text = (value: string): Buffer => Buffer.from(value.padEnd(value.length + (value.length % 2)));

test("a document is cut out, behind sequences and beyond what is read at once", async () => {
  const large = Buffer.alloc(200_000, 7);
  const file = made([[0x00081115, "SQ", items([[0x0020000e, "UI", "1.2"]])], [0x00400555, "SQ", items([[document, "OB", text("another")]])], [0x00420010, "ST", "Title"], [document, "OB", large]]);
  expect((await read(file, [document])).equals(large)).toBe(true);
});

test("samples are those of their group", async () => {
  const file = made([[sequence, "SQ", items([[samples, "OW", text("first ")]], [[0x003a0005, "US", 1], [samples, "OW", text("second")]])]]);
  expect(String(await read(file, [sequence, 1, samples]))).toBe("second");
  await expect(read(file, [sequence, 2, samples])).rejects.toMatchObject({ kind: "not-found" });
});

test("a film is put together of its fragments", async () => {
  const whole = film({ study: "1", series: "1.1", description: "" }, Buffer.from("streamed"), 1);
  expect(String(await read(whole, [0x7fe00010]))).toBe("streamed");
  const end = whole.length - 8, more = Buffer.concat([whole.subarray(0, end), Buffer.from([0xfe, 0xff, 0, 0xe0, 2, 0, 0, 0, 0x21, 0x21]), whole.subarray(end)]);
  expect(String(await read(more, [0x7fe00010]))).toBe("streamed!!");
});

// implicit is a file of PS3.5 §A.1, with a sequence and an item of no stated length.
function implicit(): Buffer {
  const element = (tag: number, value: Buffer, length = value.length): Buffer => {
    const head = Buffer.alloc(8);
    head.writeUInt16LE(tag >>> 16, 0);
    head.writeUInt16LE(tag & 0xffff, 2);
    head.writeUInt32LE(length, 4);
    return Buffer.concat([head, value]);
  };
  const inner = element(0xfffee000, Buffer.concat([element(samples, text("within")), element(0xfffee00d, Buffer.alloc(0))]), 0xffffffff);
  const set = [element(document, text("a document")), element(sequence, Buffer.concat([inner, element(0xfffee0dd, Buffer.alloc(0))]), 0xffffffff)];
  const head = dicom("1.2.3", "1.2.3.4", [], "1.2.840.10008.1.2");
  return Buffer.concat([head, ...set]);
}

test("files of implicit value representations are read", async () => {
  expect(String(await read(implicit(), [document]))).toBe("a document");
  expect(String(await read(implicit(), [sequence, 0, samples]))).toBe("within");
});

const good = made([[document, "OB", Buffer.alloc(64, 1)]]), long = good.length;
const wrong = (at: number, ...bytes: number[]): Buffer => { const out = Buffer.from(good); bytes.forEach((byte, i) => { out[at + i] = byte; }); return out; };
const nested = Buffer.concat(Array.from({ length: 20_000 }, () => Buffer.from([0x40, 0, 0x55, 5, 0x53, 0x51, 0, 0, 255, 255, 255, 255, 0xfe, 0xff, 0, 0xe0, 255, 255, 255, 255])));
test.each<[string, Uint8Array, Path]>([
  ["a file of nothing", new Uint8Array(), [document]],
  ["a file that is none", new Uint8Array(400), [document]],
  ["a file that was cut", good.subarray(0, -1), [document]],
  ["a file that ends in a head", good.subarray(0, long - 70), [document]],
  ["a value longer than its file", wrong(long - 68, 255, 255, 255, 127), [document]],
  ["fragments that are none", wrong(long - 68, 255, 255, 255, 255), [document]],
  ["no such value", good, [0x7fe00010]],
  ["a sequence that is none", good, [document, 0, samples]],
  ["sequences in sequences without end", Buffer.concat([made([]), nested]), [document]],
  ["a form that is not read", dicom("1.2.3", "1.2.3.4", [[document, "OB", text("x")]], "1.2.840.10008.1.2.1.99"), [document]],
])("%s: no value, and an error", async (_, file, path) => {
  await expect(read(file, path)).rejects.toThrow();
});

test("who leaves ends it", async () => {
  await expect(valueIn(new Blob([good.slice()]), [document], AbortSignal.abort())).rejects.toThrow();
});
