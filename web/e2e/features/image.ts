// What is done with an image, with planes and with two images over each other.
import type { Page } from "playwright-core";
import { placed } from "../display";
import { alters, drag, type Feature } from "./hands";
import * as ours from "./ours";
import { button, hand, key, planes, tile, tool } from "./ours";
import { acting, brush, cy, dragged, laid, pick, port, ports, pressed } from "./theirs";

export const image: readonly Feature[] = [
  { name: "window by dragging", sort: "ct", ohif: dragged("WindowLevel"), ours: tool(/^Window$/) },
  {
    name: "window by preset", sort: "ct", ours: key("2"),
    ohif: acting(async (page) => {
      await port(page).click();
      await page.keyboard.press("2");
    }),
  },
  { name: "invert", sort: "ct", ohif: pressed("invert"), ours: key("i") },
  { name: "zoom", sort: "ct", ohif: dragged("Zoom"), ours: tool(/^Zoom$/) },
  { name: "pan", sort: "ct", ohif: dragged("Pan"), ours: tool(/^Move$/) },
  { name: "rotate", sort: "ct", ohif: pressed("rotate-right"), ours: key("r") },
  { name: "flip", sort: "ct", ohif: pressed("flipHorizontal"), ours: key("f") },
  {
    name: "side letters follow a flip", sort: "ct",
    async ohif(page) {
      await pick(page, "flipHorizontal");
      await page.waitForTimeout(800);
      return /\bL\b/.test(await port(page).innerText());
    },
    async ours(page) {
      await tile(page).press("f");
      return await page.locator(".edge-left").first().innerText() === "L";
    },
  },
  {
    name: "reset", sort: "ct",
    async ohif(page) {
      await pick(page, "rotate-right");
      return alters(page, port(page), () => pick(page, "Reset"));
    },
    async ours(page) {
      await tile(page).press("r");
      return alters(page, tile(page), () => page.keyboard.press("0"));
    },
  },
  {
    name: "magnifying glass", sort: "ct",
    async ohif(page) {
      await pick(page, "Magnify");
      await page.mouse.move(...await placed(port(page), [0.5, 0.5]));
      const before = await port(page).screenshot();
      await page.mouse.down();
      await page.mouse.move(...await placed(port(page), [0.52, 0.5]), { steps: 4 });
      await page.waitForTimeout(500);
      const magnified = await port(page).screenshot();
      await page.mouse.up();
      return !before.equals(magnified);
    },
    async ours(page) {
      const before = await tile(page).screenshot();
      await hand(page, /magnif/i);
      await page.mouse.move(...await placed(tile(page), [0.5, 0.5]));
      await page.mouse.down();
      await page.mouse.move(...await placed(tile(page), [0.52, 0.5]), { steps: 4 });
      await page.waitForTimeout(500);
      const magnified = await tile(page).screenshot();
      await page.mouse.up();
      return !before.equals(magnified);
    },
  },
  {
    name: "scroll by wheel", sort: "ct",
    ohif: acting((page) => wheel(page, port(page))),
    ours: ours.acting((page) => wheel(page, tile(page))),
  },
  {
    name: "scroll by keys", sort: "ct", ours: key("ArrowDown"),
    ohif: acting(async (page) => {
      await port(page).click();
      await page.keyboard.press("ArrowDown");
    }),
  },
  {
    name: "scroll by a bar", sort: "ct",
    ohif: acting(async (page) => {
      const { x, y, width, height } = await port(page).boundingBox() ?? { x: 0, y: 0, width: 0, height: 0 };
      await page.mouse.click(x + width - 13, y + height * 0.7);
    }),
    ours: ours.acting(async (page) => page.mouse.click(...await placed(page.locator(".tile .scrubber").first(), [0.5, 0.7]))),
  },
  {
    name: "film (XA)", sort: "xa",
    async ohif(page) {
      await pick(page, "Cine");
      const number = async (): Promise<string | undefined> => /\((\d+)\/12\)/.exec(await port(page).innerText())?.[1], numbers = new Set<string | undefined>();
      await cy(page, "cine-player-play-pause").click({ timeout: 5000 });
      for (let i = 0; i < 10; i++) numbers.add(await page.waitForTimeout(170).then(number));
      return numbers.size > 2;
    },
    async ours(page) {
      const number = (): Promise<string> => page.locator(".slice").first().innerText(), numbers = new Set<string>();
      await tile(page).press(" ");
      for (let i = 0; i < 10; i++) numbers.add(await page.waitForTimeout(170).then(number));
      return numbers.size > 2;
    },
  },
  {
    name: "reference lines", sort: "ct",
    async ohif(page) {
      await laid("MPR")(page);
      await pick(page, "ReferenceLines");
      await page.waitForTimeout(1500);
      return await page.locator("svg.svg-layer line").count() > 0;
    },
    async ours(page) {
      await planes(page);
      return await page.locator(".reference").count() > 0;
    },
  },
  {
    name: "crosshairs", sort: "ct",
    async ohif(page) {
      await laid("MPR")(page);
      await pick(page, "Crosshairs");
      await page.waitForTimeout(1500);
      return alters(page, ports(page).nth(1), () => drag(page, port(page), [0.5, 0.3], [0.7, 0.3]));
    },
    async ours(page) {
      await planes(page);
      return alters(page, tile(page, 2), async () => page.mouse.dblclick(...await placed(tile(page), [0.62, 0.5])));
    },
  },
  {
    name: "slab of planes", sort: "ct",
    async ohif(page) { // its crosshairs have handles on a line that the hand rests on
      await laid("MPR")(page);
      await pick(page, "Crosshairs");
      await page.waitForTimeout(1500);
      await page.mouse.move(...await placed(port(page), [0.5035, 0.666]));
      const handle = port(page).locator("svg.svg-layer rect").first();
      await handle.waitFor({ timeout: 4000 });
      const dragged = await alters(page, ports(page).nth(1), () => drag(page, handle, [0.5, 0.5], [-9, 0.5]));
      return dragged && "yes, MIP, by dragging";
    },
    async ours(page) {
      await planes(page);
      await page.getByLabel("Slab", { exact: true }).selectOption("20");
      for (const kind of ["max", "min"]) if (!await alters(page, tile(page, 1), async () => { await page.getByLabel("How a slab is shown").selectOption(kind); })) return false;
      return "yes, mean, MIP and MinIP";
    },
  },
  {
    name: "PET over CT", sort: "pet", mode: "tmtv",
    ohif: async (page) => `${await ports(page).count()} tiles`,
    ours: ours.acting(async (page) => {
      await button(page, /Lay over: PT/).click();
      await page.locator(".over-list").waitFor();
    }),
  },
  {
    name: "figures of tumour volume (TMTV)", sort: "pet", mode: "tmtv",
    async ohif(page) {
      const pet = ports(page).nth(3);
      await pet.click();
      await brush(page, pet);
      return /TMTV:\s*\d[\d.]* mL/.test(await page.locator("body").innerText());
    },
  },
  {
    name: "overlay planes (60xx)", sort: "marked", ohif: pressed("ImageOverlayViewer"),
    ours: ours.acting(async (page) => { await page.getByLabel("Overlays").uncheck(); }),
  },
];

async function wheel(page: Page, where: ReturnType<typeof port>): Promise<void> {
  await page.mouse.move(...await placed(where, [0.5, 0.5]));
  await page.mouse.wheel(0, 100);
}
