import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { crc32, type Entry, zip } from "./zip";

const entry = (name: string, bytes: Uint8Array<ArrayBuffer>): Entry => ({ name, size: bytes.length, bytes: () => Promise.resolve(bytes) });

test("the check value of CRC-32", () => {
  const bytes = new TextEncoder().encode("123456789");
  expect(crc32(bytes)).toBe(0xcbf43926);
  expect(crc32(bytes.subarray(4), crc32(bytes.subarray(0, 4)))).toBe(0xcbf43926);
});

test("Python's zipfile reads it and finds nothing wrong", async () => {
  const folder = mkdtempSync(join(tmpdir(), "zip-"));
  try {
    const content: Uint8Array<ArrayBuffer>[] = [new Uint8Array(0), Uint8Array.from({ length: 70_000 }, (_, i) => i * 31)];
    const told: number[] = [];
    const made = await zip(content.map((bytes, i) => entry(`S001/I0000${i + 1}.dcm`, bytes)), (n) => { told.push(n); });
    writeFileSync(join(folder, "a.zip"), new Uint8Array(await made.arrayBuffer()));
    expect(execFileSync("python3", ["-m", "zipfile", "-t", "a.zip"], { cwd: folder }).toString()).toContain("Done testing");
    execFileSync("python3", ["-m", "zipfile", "-e", "a.zip", "."], { cwd: folder });
    for (const [i, bytes] of content.entries()) expect(readFileSync(join(folder, `S001/I0000${i + 1}.dcm`)).equals(bytes)).toBe(true);
    expect(told).toEqual([1, 2]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("more than a ZIP file takes is refused before anything is read", async () => {
  const large: Entry = { name: "a", size: 2 ** 32, bytes: () => Promise.reject(new Error("it was read")) };
  await expect(zip([large], () => {})).rejects.toThrow("more than one ZIP file takes");
});
