import { expect, test } from "vitest";
import { walk } from "./walk";

const file = (name: string) => ({ name, isFile: true, isDirectory: false, file: (found: (f: File) => void) => { found(new File([], name)); } });

// folder gives its entries out two at a time, as a browser gives a hundred.
function folder(...children: object[]) {
  const rest = [...children];
  return { name: "f", isFile: false, isDirectory: true, createReader: () => ({ readEntries: (found: (some: object[]) => void) => { found(rest.splice(0, 2)); } }) };
}

const names = async (entry: object): Promise<string[]> => (await walk(entry as FileSystemEntry)).map(({ path }) => path);

test("all files of a folder are found, at every depth and after the first pieces", async () => {
  expect(await names(folder(file("a"), folder(file("b"), folder(), file("c")), file("d"), file("e")))).toEqual(["f/a", "f/f/b", "f/f/c", "f/d", "f/e"]);
  expect(await names(file("one"))).toEqual(["one"]);
});

test("a file that cannot be read fails the whole, and is not left out without a word", async () => {
  const broken = { name: "b", isFile: true, isDirectory: false, file: (_: unknown, failed: (why: Error) => void) => { failed(new Error("gone")); } };
  await expect(names(folder(file("a"), broken))).rejects.toThrow("gone");
});
