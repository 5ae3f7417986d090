// What is measured and marked, and what becomes of it.
import { save } from "../display";
import { click, downloads, drag, type Feature, loop } from "./hands";
import * as ours from "./ours";
import { button, hand, marks, tile } from "./ours";
import { acting, dialog, measures, pick, port, reads, report, tracked } from "./theirs";

export const measuring: readonly Feature[] = [
  { name: "value at a point", sort: "ct", ohif: measures("Probe", [[0.5, 0.5]], /HU/), ours: marks(/^Value$/, /HU/) },
  { name: "length", sort: "ct", ohif: measures("Length", "drag", /mm/), ours: marks(/^Length$/, /mm/) },
  { name: "two axes", sort: "ct", ohif: measures("Bidirectional", "drag", /mm/), ours: marks(/^Two axes$/, /mm.*mm/) },
  { name: "angle", sort: "ct", ohif: measures("Angle", [[0.45, 0.45], [0.55, 0.5], [0.5, 0.6]], /°/), ours: marks(/^Angle$/, /°/) },
  { name: "ellipse", sort: "ct", ohif: measures("EllipticalROI", "drag", /mm²/), ours: marks(/^Ellipse$/, /mm²/) },
  { name: "rectangle", sort: "ct", ohif: measures("RectangleROI", "drag", /mm²/), ours: marks(/^Rectangle$/, /mm²/) },
  { name: "circle", sort: "ct", ohif: measures("CircleROI", "drag", /mm²/), ours: marks(/^Circle$/, /mm²/) },
  {
    name: "Cobb angle", sort: "ct", ohif: measures("CobbAngle", [[0.45, 0.4], [0.55, 0.42], [0.45, 0.55], [0.55, 0.6]], /°/),
    async ours(page) {
      await hand(page, /Cobb angle/);
      await drag(page, tile(page), [0.45, 0.4], [0.55, 0.42]);
      await drag(page, tile(page), [0.45, 0.55], [0.55, 0.6]);
      return ours.reads(page, /°/);
    },
  },
  {
    name: "freehand region", sort: "ct",
    async ohif(page) {
      await pick(page, "PlanarFreehandROI");
      await loop(page, port(page));
      return reads(page, /mm²/);
    },
    async ours(page) {
      await hand(page, /Freehand/);
      await loop(page, tile(page));
      return ours.reads(page, /mm²/);
    },
  },
  { name: "spline region", sort: "ct", ohif: measures("SplineROI", [[0.45, 0.45], [0.55, 0.45], [0.55, 0.55], [0.45, 0.55], [0.45, 0.45]], /mm²/) },
  {
    name: "livewire region", sort: "ct",
    ohif: acting(async (page) => {
      await pick(page, "LivewireContour");
      await click(page, port(page), [[0.45, 0.45], [0.55, 0.45], [0.5, 0.55], [0.45, 0.45]]);
    }),
  },
  {
    name: "arrow with words", sort: "ct",
    async ohif(page) {
      await pick(page, "ArrowAnnotate");
      await drag(page, port(page), [0.45, 0.45], [0.58, 0.55]);
      await dialog(page).locator("input").first().fill("nodule");
      await page.getByText("Save", { exact: true }).last().click();
      return reads(page, /nodule/);
    },
    async ours(page) {
      await hand(page, /^Note$/);
      await drag(page, tile(page), [0.45, 0.45], [0.58, 0.55]);
      await page.locator(".words").fill("nodule");
      return ours.reads(page, /nodule/);
    },
  },
  {
    name: "calibration line", sort: "sc",
    async ohif(page) {
      await pick(page, "CalibrationLine");
      await drag(page, port(page), [0.45, 0.45], [0.58, 0.55]);
      await dialog(page).waitFor({ timeout: 3000 });
      return true;
    },
    async ours(page) {
      await hand(page, /calibrat/i);
      await drag(page, tile(page), [0.45, 0.45], [0.58, 0.55]);
      await page.locator(".calibration input").fill("40");
      await page.keyboard.press("Enter");
      return ours.reads(page, /40 mm/);
    },
  },
  { name: "length on ultrasound regions", sort: "us", ohif: measures("Length", "drag", /[cm]m/), ours: marks(/^Length$/, /mm/) },
  {
    name: "list of measurements", sort: "ct",
    async ohif(page) {
      await tracked(page);
      return await page.locator('[data-cy="data-row"]').count() === 1;
    },
    async ours(page) {
      await marks(/^Length$/, /mm/)(page);
      return await page.locator(".mark-list li").count() === 1;
    },
  },
  {
    name: "measurements as CSV", sort: "ct",
    async ohif(page) {
      await tracked(page);
      return downloads(page, () => page.getByText("CSV").first().click());
    },
    async ours(page) {
      await marks(/^Length$/, /mm/)(page);
      return downloads(page, () => button(page, /CSV/).click());
    },
  },
  {
    name: "saved as SR and there again", sort: "little", own: "marked",
    async ohif(page) {
      await tracked(page);
      await page.getByText("Create SR").first().click();
      await dialog(page).locator("input").first().fill("Bench");
      const [stored] = await Promise.all([page.waitForResponse((r) => r.request().method() === "POST"), dialog(page).getByText("Save", { exact: true }).click()]);
      await page.waitForTimeout(1500);
      await page.reload();
      await page.locator("canvas").first().waitFor();
      await page.waitForTimeout(2500);
      await report(page);
      return stored.ok() && reads(page, /mm/);
    },
    async ours(page) {
      await marks(/^Length$/, /\d/)(page);
      await save(page);
      await page.reload();
      await page.locator(".mark-list li").first().waitFor();
      return ours.reads(page, /\d/);
    },
  },
  {
    name: "SR of the other viewer", sort: "marked", own: "little",
    async ohif(page) {
      await report(page);
      return reads(page, /\d/);
    },
    async ours(page) {
      await page.locator(".mark-list li button").first().click(); // it goes to the image
      return ours.reads(page, /mm/);
    },
  },
  {
    name: "key images", sort: "ct",
    async ohif(page) { // no control has such a name, and no list of them is there
      return await page.getByRole("button", { name: /key.?image/i }).or(page.locator("[data-cy*=ey][data-cy*=mage]")).count() > 0;
    },
    async ours(page) {
      await tile(page).press("k");
      return await page.locator(".key-images li").count() === 1;
    },
  },
  {
    name: "a mark by keyboard alone", sort: "ct",
    ohif: acting(async (page) => {
      await pick(page, "Length");
      await port(page).focus();
      await page.keyboard.press("Enter");
    }),
    async ours(page) {
      await hand(page, /^Length$/);
      await tile(page).press("Enter");
      return await page.locator(".mark").count() === 1;
    },
  },
];
