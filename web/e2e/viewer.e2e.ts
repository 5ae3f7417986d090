// The viewer in a real browser, on the built page of a real node: what is on the canvas is
// compared, pixel by pixel, with what dcmtk draws of the same object in the same window.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";

type Study = { id: string; uid: string; modalities: string[]; seriesList?: Series[] };
type Series = { id: string; uid: string; modality: string; instances: number };
type Picture = { width: number; height: number; samples: Uint8Array }; // RGB

// Compared is how many images were compared, of which photometric interpretations and transfer
// syntaxes, how many are two levels off dcmtk's where that is right, which are not dcmtk's, and
// which dcmtk or the page does not draw.
export type Compared = { images: number; two: number; kinds: Set<string>; wrong: string[]; left: string[] };

// viewer opens every series that the signed-in caller may see, compares its images with
// dcmtk's, and tries what a person does with the first one. It throws what is wrong.
export async function viewer(page: Page, { base, shots = "" }: { base: string; shots?: string }): Promise<Compared> {
  const studies = await get<{ items: Study[] }>(page, "/api/v1/studies");
  const found: Compared = { images: 0, two: 0, kinds: new Set(), wrong: [], left: [] };
  const folder = mkdtempSync(join(tmpdir(), "viewer-"));
  try {
    let used = "";
    for (const { id } of studies.items) {
      const study = await get<Study>(page, `/api/v1/studies/${id}`);
      for (const series of study.seriesList ?? []) {
        if (!(await drawn(page, study, series))) continue;
        await page.locator(".tile").first().focus();
        await page.keyboard.press("Home"); // a stack opens in its middle
        for (let i = 0; i < Math.min(series.instances, mostOfSeries); i++) {
          await compare(page, folder, study, series, found);
          await page.locator(".tile").first().focus(); // not the number, which the key would change
          await page.keyboard.press("ArrowDown");
        }
        if (series.instances >= 20) used = `${study.id}/${series.id}`;
      }
    }
    if (used) await useIt(page, base, used, shots);
  } finally {
    rmSync(folder, { recursive: true });
  }
  return found;
}

const get = async <T>(page: Page, path: string): Promise<T> => page.evaluate(async (p) => (await fetch(p)).json() as Promise<T>, path);

// drawn opens a series and waits for its first image; false if it has none to draw.
async function drawn(page: Page, study: Study, series: Series): Promise<boolean> {
  await page.evaluate(() => { location.hash = "#/help"; });
  await page.locator(".tile").first().waitFor({ state: "detached" }); // what was shown before
  await page.evaluate((to) => { location.hash = to; }, `#/view/${study.id}/${series.id}`);
  await page.locator("canvas[data-image], .failure").or(page.getByText("Nothing of this series can be shown here")).first().waitFor({ timeout: 5000 }).catch(() => {}); // what is no image may have none of them
  return (await page.locator("canvas[data-image]").count()) > 0;
}

const mostOfSeries = 20; // images of one series that are compared

const windows: Record<string, string> = { linear: "+Wfl", sigmoid: "+Wfs" };

// compare draws the image one to one and has dcmtk draw it in the same window.
async function compare(page: Page, folder: string, study: Study, series: Series, found: Compared): Promise<void> {
  await page.locator(".tile").first().focus();
  await page.locator('.tile[aria-busy="false"]').first().waitFor();
  const note = page.locator(".tile").first().locator(".tile-note");
  if ((await note.count()) > 0) { // this one of the series is no image, or cannot be drawn
    found.left.push(`${series.modality}: ${await note.innerText()}`);
    return;
  }
  await page.keyboard.press("o");
  const width = page.getByRole("spinbutton").nth(1);
  const canvas = page.locator(".tile canvas").first();
  const colour = (await width.count()) === 0;
  if (!colour && !(await canvas.getAttribute("data-window"))?.endsWith(",linear")) {
    const now = await width.inputValue();
    await width.fill("1"); // one by hand, which is LINEAR, as dcmtk's are
    await width.fill(String(Math.max(2, Math.round(Number(now)))));
  }
  await page.waitForTimeout(60); // two frames of the screen
  const key = (await canvas.getAttribute("data-image")) ?? "", [center, wide, voi] = ((await canvas.getAttribute("data-window")) ?? "").split(",");
  const [instance, frame] = key.split("/");
  const file = await original(page, folder, `/dicom-web/studies/${study.uid}/series/${series.uid}/instances/${instance}`, [
    "-O", "+F", frame ?? "1", ...(colour ? [] : ["+Ww", center ?? "", wide ?? "", windows[voi ?? ""] ?? ""])]);
  if (!file) {
    found.left.push(`${series.modality} ${key}: dcmtk does not draw it`);
    return;
  }
  const ours = await seen(page, file.width, file.height);
  let worst = 0, at = -1;
  for (let i = 0; i < ours.samples.length; i++) {
    const off = Math.abs((ours.samples[i] ?? 0) - (file.samples[ours.from(i)] ?? 0));
    if (off > worst) [worst, at] = [off, i];
  }
  found.images++;
  found.kinds.add(file.kind);
  // Of luminance and colour differences that are no lossy JPEG, dcmtk takes 127.5 for no colour, the standard 128
  // (PS3.3 C.7.6.3.1.2), and cuts off what is rounded here.
  const centred = worst === 2 && /^YBR_FULL (?!1\.2\.840\.10008\.1\.2\.4\.5[01])/.test(file.kind);
  if (centred) found.two++;
  else if (worst > 1) found.wrong.push(`${series.modality} ${key}, ${file.kind}, in ${center},${wide},${voi}: a sample is ${worst} grays off dcmtk's, at ${at}`);
}

// original fetches an object as it is stored, or else uncompressed, and has dcmtk draw it.
async function original(page: Page, folder: string, path: string, args: string[]): Promise<(Picture & { kind: string }) | null> {
  let kind = "";
  for (const syntax of ["*", "1.2.840.10008.1.2.1"]) {
    const coded = await page.evaluate(async ([p, s]) => {
      const response = await fetch(p ?? "", { headers: { Accept: `application/dicom; transfer-syntax=${s}` } });
      if (!response.ok) return "";
      let text = "";
      for (const byte of new Uint8Array(await response.arrayBuffer())) text += String.fromCharCode(byte);
      return btoa(text);
    }, [path, syntax]);
    const part10 = Buffer.from(coded, "base64");
    writeFileSync(join(folder, "in.dcm"), part10);
    kind ||= kindOf(join(folder, "in.dcm"));
    for (const tool of ["dcm2pnm", "dcmj2pnm", "dcml2pnm"]) {
      try {
        execFileSync(tool, ["-q", "--write-raw-pnm", ...args.filter(Boolean), join(folder, "in.dcm"), join(folder, "out.pnm")], { stdio: "ignore" });
        return { ...pnm(readFileSync(join(folder, "out.pnm"))), kind };
      } catch { /* the next may know the syntax */ }
    }
  }
  return null;
}

// kindOf is the photometric interpretation and the transfer syntax of a file, as dcmdump reads them.
function kindOf(file: string): string {
  const said = spawnSync("dcmdump", ["-q", "-Un", "+P", "0002,0010", "+P", "0028,0004", file], { encoding: "latin1" }).stdout; // it fails on what is cut off, and says what it read
  const value = (tag: string): string => new RegExp(`\\(${tag}\\) \\S+ \\[([^\\]]*)\\]`).exec(said)?.[1]?.trim() ?? "";
  return `${value("0028,0004")} ${value("0002,0010")}`;
}

// pnm reads a binary PGM or PPM of 8 bits.
function pnm(file: Buffer): Picture {
  const head = /^(P[56])\s(?:#[^\n]*\n)*\s*(\d+)\s+(\d+)\s+255\s/.exec(file.subarray(0, 512).toString("latin1"));
  if (!head) throw new Error("dcmtk wrote no picture of 8 bits");
  const width = Number(head[2]), height = Number(head[3]), data = file.subarray(head[0].length), samples = new Uint8Array(width * height * 3);
  for (let i = 0; i < samples.length; i++) samples[i] = (head[1] === "P5" ? data[Math.floor(i / 3)] : data[i]) ?? 0;
  return { width, height, samples };
}

// seen reads the canvas where the image is, as far as it is on the screen. from tells where
// in the whole image a sample is.
async function seen(page: Page, width: number, height: number): Promise<{ samples: Uint8Array; from: (i: number) => number }> {
  const got = await page.locator(".tile canvas").first().evaluate((element, [w, h]) => {
    const canvas = element as HTMLCanvasElement, context = canvas.getContext("2d");
    const x = Math.round((canvas.width - (w ?? 0)) / 2), y = Math.round((canvas.height - (h ?? 0)) / 2);
    const left = Math.max(0, x), top = Math.max(0, y), right = Math.min(canvas.width, x + (w ?? 0)), bottom = Math.min(canvas.height, y + (h ?? 0));
    const data = context?.getImageData(left, top, right - left, bottom - top).data ?? new Uint8ClampedArray();
    let text = "";
    for (let i = 0; i < data.length; i++) if (i % 4 < 3) text += String.fromCharCode(data[i] ?? 0);
    return { text: btoa(text), left: left - x, top: top - y, wide: right - left };
  }, [width, height] as const);
  const samples = Uint8Array.from(Buffer.from(got.text, "base64")), row = got.wide * 3;
  return { samples, from: (i) => ((Math.floor(i / row) + got.top) * width + got.left) * 3 + (i % row) };
}

// useIt scrolls, sets windows, measures, cuts planes, and reads what is said of it all.
async function useIt(page: Page, base: string, at: string, shots: string): Promise<void> {
  await page.goto(`${base}/#/view/${at}`);
  await page.reload();
  const tile = page.locator(".tile").first(), canvas = tile.locator("canvas");
  await page.locator("canvas[data-image]").waitFor();
  await tile.focus();
  await page.keyboard.press("Home");
  await page.locator('.tile[aria-busy="false"] canvas[data-image]').waitFor();
  const first = await canvas.getAttribute("data-image");
  if (!first) throw new Error("the image went while it was looked at");
  for (const [key, want] of [["ArrowDown", "2"], ["PageDown", "12"], ["ArrowUp", "11"], ["Home", "1"]] as const) {
    await page.keyboard.press(key);
    await page.locator(".slice", { hasText: new RegExp(`(^|\\D)${want}\\D`) }).first().waitFor();
  }
  await page.waitForFunction(([k]) => document.querySelector(".tile canvas")?.getAttribute("data-image") === k, [first]);
  const letters = async (): Promise<string> => (await tile.locator(".edge").allTextContents()).join("");
  const before = await letters();
  await page.keyboard.press("f");
  await page.keyboard.press("r");
  if ((await letters()) === before || before.length < 4) throw new Error(`the letters at the edges stay ${before} when the image is turned`);
  await page.keyboard.press("0");
  if (shots) await page.screenshot({ path: join(shots, "viewer.png") });
  await measure(page);
  await planes(page, shots);
}

// measure draws a line with the pointer and moves its end by keyboard.
async function measure(page: Page): Promise<void> {
  await page.getByRole("toolbar").getByRole("button").nth(4).click(); // length
  const box = await page.locator(".tile").first().boundingBox();
  if (!box) throw new Error("the tile has no place");
  await page.mouse.move(box.x + box.width / 2 - 60, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2 + 60, box.y + box.height / 2, { steps: 4 });
  await page.mouse.up();
  const says = page.locator(".mark-list li").first();
  const was = await says.innerText();
  if (!/\d mm/.test(was)) throw new Error(`a line measures ${was}`);
  await page.locator(".handle").last().focus();
  await page.keyboard.press("Shift+ArrowRight");
  if ((await says.innerText()) === was) throw new Error("a point that was moved by keyboard measures as before");
  await page.keyboard.press("Delete");
  if ((await page.locator(".mark-list li").count()) !== 0) throw new Error("a measurement that was removed is there");
}

// locate double-clicks on the patient's left in the axial plane: the sagittal one goes there.
async function locate(page: Page): Promise<void> {
  const number = async (): Promise<number> => Number(/\d+/.exec(await page.locator(".tile").nth(2).locator(".slice").innerText())?.[0]);
  const before = await number(), box = await page.locator(".tile").first().boundingBox();
  if (!box) throw new Error("the tile has no place");
  await page.getByRole("toolbar").getByRole("button").first().click(); // scroll: a click draws nothing
  await page.mouse.dblclick(box.x + box.width * 0.6, box.y + box.height / 2);
  await page.waitForFunction((was) => Number(/\d+/.exec(document.querySelectorAll(".tile")[2]?.querySelector(".slice")?.textContent ?? "")?.[0]) !== was, before, { timeout: 5000 }).catch(() => {});
  const after = await number(); // from the right to the left
  if (after <= before) throw new Error(`a place to the patient's left is sagittal image ${after}, the middle ${before}`);
}

// planes cuts the series in three directions and looks that each has a picture.
async function planes(page: Page, shots: string): Promise<void> {
  await page.getByRole("button", { name: /MPR/ }).click();
  await page.locator(".layout-2x2 .tile").nth(3).waitFor();
  await page.waitForFunction(() => document.querySelectorAll(".tile canvas[data-image]").length === 4, undefined, { timeout: 60_000 });
  await page.waitForTimeout(200);
  for (const [i, letters] of ["RLAP", "RLHF", "APHF"].entries()) {
    const tile = page.locator(".tile").nth(i), shown = (await tile.locator(".edge").allTextContents()).join("");
    if (shown !== letters) throw new Error(`plane ${i} has the letters ${shown}, want ${letters}`);
    const grays = await tile.locator("canvas").evaluate((element) => {
      const canvas = element as HTMLCanvasElement, data = canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height).data ?? new Uint8ClampedArray();
      return new Set(data).size;
    });
    if (grays < 20) throw new Error(`plane ${i} has ${grays} grays: nothing is drawn`);
  }
  await locate(page);
  if (shots) await page.screenshot({ path: join(shots, "viewer-planes.png") });
}
