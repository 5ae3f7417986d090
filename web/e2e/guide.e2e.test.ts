// Takes the pictures of the guides anew, and compares them loosely with those that the
// guides show. GUIDE=FOLDER writes them there instead: `make guide`.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type About, grays, pictures, prepared, take } from "./guide";
import { type Node, openBrowser, stage, type Stage } from "./rig";

const most = 60_000; // bytes of a picture
const shown = resolve(import.meta.dirname, "../../docs/img/guide");

let set: Stage, seller: Node, buyer: Node, browser: Browser, about: About;

beforeAll(async () => {
  set = await stage();
  [seller, buyer, browser] = await Promise.all([set.seller(), set.buyer(), openBrowser()]);
  about = await prepared(seller);
});

afterAll(async () => {
  await set.strike();
});

test.each(pictures)("the guides show the page as it is: $name", async (one) => {
  const picture = await take(browser, one.role === "buyer" ? buyer : seller, about, one);
  expect(picture.length, "bytes").toBeLessThanOrEqual(most);
  const page = await browser.newPage();
  const now = await grays(page, picture);
  expect(Math.max(...now) - Math.min(...now), "something is seen").toBeGreaterThan(10);
  if (process.env.GUIDE) {
    await mkdir(process.env.GUIDE, { recursive: true });
    await writeFile(join(process.env.GUIDE, `${one.name}.webp`), picture);
  } else {
    const then = await grays(page, await readFile(join(shown, `${one.name}.webp`)));
    const apart = now.reduce((sum, value, i) => sum + Math.abs(value - (then[i] ?? 0)), 0) / now.length;
    expect(apart, "it looks otherwise now; make guide takes it anew").toBeLessThan(6);
  }
  await page.close();
}, 15_000);
