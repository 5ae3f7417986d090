import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ask, looks, type Node, openBrowser, see, stage, type Stage, visit } from "./rig";

let set: Stage, node: Node, browser: Browser;

beforeAll(async () => {
  set = await stage();
  [node, browser] = await Promise.all([set.seller(), openBrowser()]);
});

afterAll(async () => {
  await set.strike();
});

type Asset = { id: string; study: string; state: string; token: string; order: string; reason: string };

// waits makes the page see a release of the demo as one that waits for its turn, until it is
// called off.
async function waits(page: Page, node: Node): Promise<{ study: string; release: string; asked: string[] }> {
  const sold = (await ask<{ items: Asset[] }>(node, "owner", "assets")).items.find((asset) => asset.order);
  if (!sold) throw new Error("the demo has no release");
  const told = { study: sold.study, release: sold.id, asked: [] as string[] };
  await page.route("**/api/v1/assets?*", async (route) => {
    const got = await route.fetch(), said = (await got.json()) as { items: Asset[] };
    for (const asset of said.items) {
      if (asset.id === sold.id) Object.assign(asset, { token: "", tx: "", order: "", ...(told.asked.length > 0 ? { state: "refused", reason: "called-off" } : { state: "planned" }) });
    }
    await route.fulfill({ response: got, json: said });
  });
  await page.route("**/api/v1/orders?*", (route) => route.fulfill({ json: { items: [] } }));
  await page.route(`**/api/v1/assets/${sold.id}`, async (route) => {
    told.asked.push(route.request().method());
    await route.fulfill({ json: sold });
  });
  return told;
}

test("a release that waits is called off on the page of its study, once that is confirmed", async () => {
  for (const look of looks) {
    const seen = await visit(browser, node, look, "owner");
    const { page } = seen;
    const told = await waits(page, node);
    const words = look.language === "en" ? { button: "Call it off", done: "Called off: nothing of it was offered" } : { button: "撤回副本", done: "已撤回：没有任何内容被出售" };
    await page.goto(`${node.base}/#/study/${told.study}`);
    const button = page.locator(".release").getByRole("button", { name: words.button });
    await button.waitFor();
    await see(seen, "calloff-waits");
    await button.focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    await see(seen, "calloff-asks");
    expect(told.asked).toEqual([]); // not before it is confirmed
    await page.getByRole("dialog").getByRole("button", { name: words.button }).click();
    await page.getByRole("heading", { name: words.done }).waitFor();
    expect(await button.count()).toBe(0);
    expect(told.asked).toEqual(["DELETE"]);
    await see(seen, "calloff-done");
    expect(seen.complaints).toEqual([]);
    await seen.context.close();
  }
});

test("what is sold has no such button, and the node refuses it", async () => {
  const [look] = looks;
  if (!look) throw new Error("no look");
  const { page, context } = await visit(browser, node, look, "owner");
  const { study, release } = await waits(page, node);
  await page.unrouteAll({ behavior: "wait" });
  await page.goto(`${node.base}/#/study/${study}`);
  await page.locator(".release .trade").first().waitFor();
  expect(await page.getByRole("button", { name: "Call it off" }).count()).toBe(0);
  const answer = await fetch(`${node.base}/api/v1/assets/${release}`, { method: "DELETE", headers: { Authorization: `Bearer ${node.tokens.owner}` } });
  expect(answer.status).toBe(409);
  await context.close();
});
