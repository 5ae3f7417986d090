import { readFileSync } from "node:fs";
import { beforeEach, expect, test } from "vitest";
import { about, amount, coins, toWei } from "./money";
import { bytes, date, speak, t, word } from "./words";

// The words are written for a browser; all that they need of one is the root's language.
beforeEach(() => { Object.assign(globalThis, { document: { documentElement: { lang: "en" } } }); });

test("a key without words is shown as it is, and values are filled in", async () => {
  await speak("en");
  expect(t("no.such.key")).toBe("no.such.key");
  expect(t("studies.images", { n: "7" })).toContain("7");
  expect(word("tier", "T9")).toBe("T9");
});

test("a count has the form that the language has for it", async () => {
  await speak("en");
  expect([0, 1, 2, 1000].map((n) => t("studies.images", { n }))).toEqual(["0 images", "1 image", "2 images", "1,000 images"]);
  expect(t("studies.images", { n: "7" })).toBe("7 images");
  await speak("zh");
  expect([1, 2].map((n) => t("studies.images", { n }))).toEqual(["1 幅图像", "2 幅图像"]);
});

test("dates of DICOM have no time zone, and what is none is empty", async () => {
  await speak("en");
  expect(date("20240229")).toBe("Feb 29, 2024");
  expect(date("2024")).toBe("");
  expect(date(undefined)).toBe("");
  await speak("zh");
  expect(date("20240229")).toBe("2024年2月29日");
});

test("sizes are in steps of a thousand", async () => {
  await speak("en");
  expect(bytes(1)).toBe("1 byte");
  expect(bytes(1_500)).toBe("1.5 kB");
  expect(bytes(2_000_000_000)).toBe("2 GB");
});

test("money is exact to the wei", async () => {
  await speak("en");
  expect(toWei("0.02")).toBe("20000000000000000");
  expect(toWei("123456789.000000000000000001")).toBe("123456789000000000000000001");
  for (const wrong of ["", "-1", "1,5", "1e3", "0x1", ".5", "1234567890"]) expect(toWei(wrong)).toBeNull();
  expect(coins("20000000000000000")).toContain("0.02");
  expect(coins("1")).toContain("0.000000000000000001");
  expect(coins("1000000000000000000")).toBe("1 play coin");
  expect(coins("2000000000000000000")).toBe("2 play coins");
  expect(about("58999999999999664")).toBe("0.058999 play coins"); // down: nobody has more than is said
  expect(about("999999999999")).toBe(coins("999999999999"));
});

test("an amount of a token is exact, and never without the token's address", async () => {
  await speak("en");
  const currency = "0x00ab";
  expect(amount("1500000", { currency, symbol: "TOK", decimals: 6 })).toBe("1.5 TOK (the token at 0x00ab)");
  expect(amount("1", { currency, symbol: "TOK", decimals: 6 })).toContain("0.000001 TOK");
  expect(amount("70", { currency, symbol: "TOK", decimals: 0 })).toContain("70 TOK");
  expect(amount("1500", { currency })).toBe("1,500 of the smallest unit of the token at 0x00ab");
  expect(amount("20000000000000000")).toBe(coins("20000000000000000"));
});

test("no key stands twice in a language's words: the first would never be shown", () => {
  for (const language of ["en", "zh"]) {
    const text = readFileSync(new URL(`./${language}.json`, import.meta.url), "utf8");
    const keys = [...text.matchAll(/^\s*"([^"]+)": "/gm)].map(([, key]) => key);
    expect(keys.length).toBeGreaterThan(500);
    expect(keys.filter((key, i) => keys.indexOf(key) !== i), language).toEqual([]);
  }
});
