import type { Browser } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { flaws } from "./flaws";
import { openBrowser } from "./rig";

let browser: Browser;
beforeAll(async () => { browser = await openBrowser(); });

// found are the flaws of a page of one language with something in it.
async function found(lang: string, content: string): Promise<string[]> {
  const page = await browser.newPage({ viewport: { width: 390, height: 600 } });
  await page.setContent(`<!doctype html><html lang="${lang}"><body style="margin:0">${content}</body></html>`);
  const all = await flaws(page);
  await page.close();
  return all;
}

const narrow = (how: string): string => `<p style="width:60px;overflow:hidden;white-space:nowrap;${how}">a text that is longer than its place</p>`;

test("what is too wide, cut off or in the other language is found, and nothing else", async () => {
  expect(await found("en", '<p style="width:500px">wide</p>')).toEqual(["wide: 500 px in a window of 390"]);
  expect(await found("en", narrow(""))).toEqual(["cut: a text that is longer than its place"]);
  expect(await found("en", narrow("text-overflow:ellipsis") + narrow("overflow:auto") + narrow("clip-path:inset(50%)"))).toEqual([]);
  expect(await found("zh-Hans", "<p>Sign out</p><p>Jan 17, 2024</p>")).toEqual(["language: Sign out", "language: Jan 17, 2024"]);
  expect(await found("zh-Hans", '<p>退出登录</p><p>CT · Chest</p><p lang="en">Sign out</p><p translate="no">Key images</p>')).toEqual([]);
  expect(await found("en", "<p>退出登录</p><p>2024年1月17日</p>")).toEqual(["language: 退出登录", "language: 2024年1月17日"]);
  expect(await found("en", "<p>Sign out</p><p>WANG XIAODONG · 王 小东</p>")).toEqual([]);
});
