// What is promised of shares, by the vectors that the Go code is tested by too.
import { readFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

import { fromBase64url, Link, maxParts, partBytes, sealedBytes, ShareError, toBase64url } from "./link";
import { type Manifest, partsFor, sealManifest } from "./manifest";
import { Shared } from "./open";
import { plannedParts, seal, type SealFile } from "./seal";

type Vector = { name: string; expect: string; one: (key: string) => string; all: (key: string) => string[] };

// vectors are those of testdata/vectors/share.txt; its head says what the keys mean.
function vectors(): Vector[] {
  const file = fileURLToPath(new URL("../../../testdata/vectors/share.txt", import.meta.url));
  return readFileSync(file, "utf8").split("\n\n").flatMap((block) => {
    const pairs = block.split("\n").filter((line) => line !== "" && !line.startsWith("#")).map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon), line.slice(colon + 1).trim()] as const;
    });
    const all = (key: string) => pairs.filter(([k]) => k === key).map(([, value]) => value);
    const one = (key: string) => all(key)[0] ?? "";
    return pairs.length === 0 ? [] : [{ name: one("name"), expect: one("expect"), one, all }];
  });
}

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

// contentOf is sha256("share" ‖ i), 1,024 times each, for i = 0, 1, … (8 bytes
// big-endian), cut to size.
function contentOf(size: number): Uint8Array {
  const bytes = Buffer.alloc(size);
  for (let i = 0, at = 0; at < size; i++, at += 1024 * 32) {
    const number = Buffer.alloc(8);
    number.writeUInt32BE(i, 4);
    bytes.fill(createHash("sha256").update("share").update(number).digest(), at, Math.min(size, at + 1024 * 32));
  }
  return bytes;
}

// filled gives the files of a manifest their content: as streams in small steps.
function filled(manifest: Manifest): { series: { files: SealFile[] }[] } & Omit<Manifest, "series" | "parts"> {
  const size = manifest.series.flatMap((s) => s.files).reduce((sum, file) => sum + file.size, 0);
  const content = contentOf(size);
  let start = 0;
  const { label, note, series } = manifest;
  return {
    ...(label === undefined ? {} : { label }), ...(note === undefined ? {} : { note }),
    series: series.map((one) => ({
      ...one,
      files: one.files.map((file) => {
        const bytes = content.slice(start, (start += file.size));
        return { ...file, read: async () => steps(bytes, 77_777) };
      }),
    })),
  };
}

function steps(bytes: Uint8Array, step: number): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      if (at >= bytes.length) controller.close();
      else controller.enqueue(bytes.subarray(at, (at += step)));
    },
  });
}

async function sealed(link: Link, manifest: Manifest): Promise<Uint8Array<ArrayBuffer>[]> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  await seal(link, filled(manifest), { put: async (part, bytes) => { parts[part] = bytes.slice(); } });
  return parts;
}

async function opened(link: Link, parts: Uint8Array<ArrayBuffer>[]): Promise<Uint8Array> {
  const share = await Shared.open(link, async (part) => (parts[part] ?? new Uint8Array(0)).slice().buffer);
  const files: Uint8Array[] = [];
  for (let i = 0; i < share.files.length; i++) files.push(await share.read(i));
  return Buffer.concat(files);
}

function damage(parts: Uint8Array<ArrayBuffer>[], words: string): void {
  const [what, first, second] = words.split(" ");
  const [a, b] = [Number(first), Number(second)];
  const part = (n: number) => parts[n] ?? new Uint8Array(0);
  if (what === "flip") part(a)[b] = (part(a)[b] ?? 0) ^ 1;
  else if (what === "cut") parts[a] = part(a).slice(0, b);
  else if (what === "swap") [parts[a], parts[b]] = [part(b), part(a)];
  else if (what === "copy") parts[a] = part(b);
  else throw new Error(`a damage that this test does not know: ${words}`);
}

const kindOf = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work;
    return "success";
  } catch (error) {
    return error instanceof ShareError ? error.kind : `no ShareError: ${String(error)}`;
  }
};

const small: Manifest = { note: "看看这里", series: [{ modality: "CT", files: [{ size: 5 }, { size: 7 }] }], parts: [] };

describe("the vectors that Go is tested by", () => {
  const all = vectors();

  it("are there", () => {
    expect(all.length).toBeGreaterThan(15);
  });

  for (const v of all) {
    it(v.name, async () => {
      const link = await Link.parse(v.one("secret"));
      expect(link.id).toBe(v.one("id"));
      expect(link.authorization()).toBe(`Sinso-Share ${toBase64url(Buffer.from(v.one("proof"), "hex"))}`);
      expect(link.verifier).toBe(toBase64url(Buffer.from(v.one("verifier"), "hex")));
      const manifest = JSON.parse(v.one("manifest")) as Manifest;
      const parts = await sealed(link, manifest);
      expect(parts.map(sha256)).toEqual(v.all("part"));
      for (const words of v.all("damage")) damage(parts, words);
      const other = v.one("opened-with");
      const opener = other === "" ? link : await Link.parse(other);
      if (v.expect === "success") {
        const size = manifest.series.flatMap((s) => s.files).reduce((sum, file) => sum + file.size, 0);
        expect(sha256(await opened(opener, parts))).toBe(sha256(contentOf(size)));
      } else {
        expect(await kindOf(opened(opener, parts))).toBe(v.expect);
      }
    });
  }
});

describe("a link", () => {
  it("is random, and its text leads back to it", async () => {
    const [a, b] = [await Link.make(), await Link.make()];
    expect(a.id).not.toBe(b.id);
    const text = a.address("https://node.example").replace("https://node.example/#/shared/", "");
    expect((await Link.parse(text)).id).toBe(a.id);
  });

  it("has one text", async () => {
    const text = (await Link.make()).address("").slice("/#/shared/".length);
    const last = text.charCodeAt(42);
    for (const bad of ["", text.slice(1), `${text}A`, `${text}=`, ` ${text}`, text.slice(0, 42) + String.fromCharCode(last + 1), "!".repeat(43)]) {
      expect(await kindOf(Link.parse(bad)), bad).toBe("invalid");
    }
    expect(fromBase64url("AB", 1)).toBeUndefined();
  });

  it("does not print its secret", async () => {
    const link = await Link.make();
    const secret = link.address("").slice("/#/shared/".length);
    expect(`${String(link)}${JSON.stringify({ link })}`).not.toContain(secret);
  });
});

describe("sealing", () => {
  it("goes on where it was cut, with the same parts", async () => {
    const link = await Link.make();
    const manifest: Manifest = { series: [{ files: [{ size: 2 * partBytes + 9 }] }], parts: [] };
    const first = await sealed(link, manifest);
    const put: number[] = [];
    await seal(link, filled(manifest), {
      has: async (part) => part !== 2,
      put: async (part, bytes) => {
        put.push(part);
        expect(sha256(bytes)).toBe(sha256(first[part] ?? new Uint8Array(0)));
      },
    });
    expect(put).toEqual([2, 0]);
  });

  it("tells how far it is, and ends when it is told to", async () => {
    const link = await Link.make();
    const manifest: Manifest = { series: [{ files: [{ size: partBytes + 1 }] }], parts: [] };
    const told: number[][] = [];
    const stop = new AbortController();
    const work = seal(link, filled(manifest), {
      put: async () => undefined, signal: stop.signal,
      progress: (bytes, of) => { told.push([bytes, of]); stop.abort(new Error("enough")); },
    });
    await expect(work).rejects.toThrow("enough");
    expect(told).toEqual([[partBytes, partBytes + 1]]);
  });

  it("refuses files of another length, and what is too much", async () => {
    const link = await Link.make();
    const of = (size: number, content: Uint8Array) => ({ series: [{ files: [{ size, read: async () => content }, { size: 1, read: async () => new Uint8Array(1) }] }] });
    const put = async () => undefined;
    for (const [size, bytes] of [[5, 4], [5, 6], [1, 0], [1, partBytes * 2]] as const) {
      expect(await kindOf(seal(link, of(size, new Uint8Array(bytes)), { put })), `${String(size)} ${String(bytes)}`).toBe("invalid");
    }
    for (const size of [0, -1, 1.5, maxParts * partBytes, Number.NaN]) {
      expect(await kindOf(seal(link, of(size, new Uint8Array(0)), { put })), String(size)).toBe("invalid");
    }
    expect(await kindOf(seal(link, { note: "x".repeat(5 << 20), ...of(1, new Uint8Array(1)) }, { put }))).toBe("invalid");
    expect(await kindOf(seal(link, { series: [] }, { put }))).toBe("invalid");
  });

  it("pads to few numbers of parts, by an eighth at most", () => {
    const numbers = new Set<number>();
    for (let n = 1; n <= maxParts; n++) {
      const parts = partsFor(n * partBytes);
      if (parts < n || (parts - n) * 8 > n || parts > maxParts || partsFor(n * partBytes - 1) !== parts) throw new Error(`${String(n)} is padded to ${String(parts)}`);
      numbers.add(parts);
    }
    expect(numbers.size).toBeLessThan(100);
    expect(plannedParts(small)).toBe(1);
  });
});

describe("opening", () => {
  it("reads a file from the parts it lies in, each once", async () => {
    const link = await Link.make();
    const manifest: Manifest = { series: [{ files: [{ size: 10 }, { size: partBytes }, { size: 3 }] }], parts: [] };
    const parts = await sealed(link, manifest);
    const asked: number[] = [];
    const share = await Shared.open(link, async (part) => { asked.push(part); return (parts[part] ?? new Uint8Array(0)).slice().buffer; });
    const content = contentOf(partBytes + 13);
    expect(sha256(await share.read(0))).toBe(sha256(content.slice(0, 10)));
    const pieces: Uint8Array[] = [];
    for await (const piece of share.stream(1)) pieces.push(piece);
    expect(sha256(Buffer.concat(pieces))).toBe(sha256(content.slice(10, 10 + partBytes)));
    expect(sha256(await share.read(2))).toBe(sha256(content.slice(10 + partBytes)));
    expect(asked).toEqual([0, 1, 2]);
    expect(await kindOf(share.read(3))).toBe("invalid");
  });

  it("asks again for a part that did not come", async () => {
    const link = await Link.make();
    const parts = await sealed(link, small);
    let fails = true;
    const share = await Shared.open(link, async (part) => {
      if (part === 1 && fails) throw new Error("the network");
      return (parts[part] ?? new Uint8Array(0)).slice().buffer;
    });
    await expect(share.read(0)).rejects.toThrow("the network");
    fails = false;
    expect(sha256(await share.read(0))).toBe(sha256(contentOf(12).slice(0, 5)));
  });

  it("takes no manifest of another shape, whoever sealed it", async () => {
    const link = await Link.make();
    const value = toBase64url(new Uint8Array(32));
    const wrong: unknown[] = [
      { series: [] }, { series: "x" }, { series: [{ files: [{ size: "5" }] }] }, { series: [{ files: [{ size: 5, rows: {} }] }] },
      { series: [{ files: [{ size: 5 }], label: 5 }] }, { series: [[]] }, { series: [{ files: [null] }] },
      { series: [{ files: [{ size: 9e15 }] }] }, { series: [{ files: [{ size: 2 * partBytes }] }] }, { series: [{ files: [{ size: 2 ** 53 }, { size: 2 ** 53 }] }] },
    ];
    for (const about of wrong) {
      const text = JSON.stringify({ ...(about as object), parts: [value] });
      const sealedText = await sealText(link, text);
      expect(await kindOf(Shared.open(link, async () => sealedText.slice().buffer)), text).toBe("corrupt");
    }
    for (const text of ["", "null", "[]", "{", "\ufeff{}", `{"series":[{"files":[{"size":5}]}],"parts":["AAAA"]}`, `{"series":[{"files":[{"size":5}]}],"parts":[]}`]) {
      const sealedText = await sealText(link, text);
      expect(await kindOf(Shared.open(link, async () => sealedText.slice().buffer)), text).toBe("corrupt");
    }
    const good = await sealManifest(link, small, [value]);
    expect(await kindOf(Shared.open(link, async () => good.slice().buffer))).toBe("success");
    expect(good.length).toBe(4096 + 49);
    expect(sealedBytes).toBe(partBytes + 16);
  });
});

// sealText seals any text as a manifest, as somebody with the link can.
async function sealText(link: Link, text: string): Promise<Uint8Array> {
  const plain = new Uint8Array(4096).fill(0x20);
  plain.set(new TextEncoder().encode(text));
  const numbered = new Uint8Array(4 + plain.length);
  numbered.set(plain, 4);
  const synthetic = await link.synthetic(numbered);
  return Buffer.concat([new Uint8Array([1]), synthetic, await link.seal(0, synthetic, plain)]);
}
