// What a study has to be drawn over its images: segmentations and structure sets.
import { Problem } from "../api/client";
import type { Series } from "../api/types";
import { type Dataset, text } from "./dataset";
import type { Desk } from "./desk";
import type { Feed } from "./feed";
import { bytesOf } from "./head";
import { Contours, type Regions, Segments } from "./regions";
import { seriesIn, structuresOf, structureSetClass } from "./rtstruct";
import { cellsIn, type NoOver, readSeg, type Seg, segmentationClasses, seriesOf } from "./seg";
import { Signal } from "./signal";

// Laid is one object that lies over the images.
export type Laid = { key: string; series: Series; name: string; layer: Regions };

const mostLooked = 16; // series of a study whose objects are looked at by themselves
const mostObjects = 32; // of one series
const batch = 8 << 20; // bytes of one request
const mostAtOnce = 200; // frames of one request
export const overs: ReadonlySet<string> = new Set(["SEG", "RTSTRUCT"]);

const classOf = (d: Dataset): string => text(d, "00080016");

const isOver = (d: Dataset): boolean => segmentationClasses.has(classOf(d)) || classOf(d) === structureSetClass;

// refersTo lists the series that the objects of one are of.
const refersTo = (all: readonly Dataset[]): string[] => [...new Set(all.slice(0, mostObjects).flatMap((d) => (classOf(d) === structureSetClass ? seriesIn(d) : seriesOf(d))))];

// Over finds what may be laid over the images, and lays it there.
export class Over {
  readonly changed = new Signal();
  laid: readonly Laid[] = [];
  readonly #desk: Desk;
  readonly #feed: Feed;
  readonly #study: string;
  readonly #refers = new Map<string, readonly string[]>(); // by a series' id: the UIDs of those that it is of
  readonly #coming = new Map<string, AbortController>(); // by a series' id
  readonly #finding = new Set<string>(); // ids of series that are looked at because they were chosen
  #end = new AbortController();

  constructor(desk: Desk, feed: Feed, study: string) {
    this.#desk = desk;
    this.#feed = feed;
    this.#study = study;
  }

  // look finds out of which series the segmentations and structure sets of a study are. It
  // leaves those that are much to ask for until they are chosen.
  async look(all: readonly Series[], signal: AbortSignal): Promise<void> {
    await this.#look(all.filter(({ modality, uid, instances }) => overs.has(modality) && uid && instances <= mostObjects).slice(0, mostLooked), signal);
  }

  // find is of, for a series that may not have been looked at.
  async find(series: Series): Promise<readonly string[] | undefined> {
    if (this.of(series)) return this.of(series);
    this.#finding.add(series.id);
    await this.#look([series], this.#end.signal);
    this.#finding.delete(series.id);
    return this.of(series);
  }

  finding(series: Series): boolean { return this.#finding.has(series.id); }

  async #look(all: readonly Series[], signal: AbortSignal): Promise<void> {
    for (const series of all) {
      try {
        const objects = await this.#feed.metadata({ study: this.#study, series: series.uid ?? "" }, signal);
        if (objects.some(isOver)) this.#refers.set(series.id, refersTo(objects));
      } catch {
        if (signal.aborted) return;
        continue; // who chooses it is told why
      }
      this.changed.tell();
    }
  }

  // of returns which series one is of, by UID; undefined for one that is not laid over others.
  of(series: Series): readonly string[] | undefined { return this.#refers.get(series.id); }

  state(series: Series): "off" | "coming" | "on" {
    if (this.#coming.has(series.id)) return "coming";
    return this.laid.some((one) => one.series.id === series.id) ? "on" : "off";
  }

  // toggle lays the objects of a series over the images, or takes them off. It returns why
  // none of them can be drawn, if so, and rejects if they do not come.
  async toggle(series: Series): Promise<NoOver | undefined> {
    if (this.state(series) !== "off") {
      this.remove(series);
      return undefined;
    }
    const stop = new AbortController(), { signal } = stop, place = { study: this.#study, series: series.uid ?? "" };
    this.#coming.set(series.id, stop);
    this.changed.tell();
    try {
      let why: NoOver | undefined = "kind";
      for (const d of (await this.#feed.metadata(place, signal)).slice(0, mostObjects)) {
        signal.throwIfAborted();
        const found = segmentationClasses.has(classOf(d)) ? readSeg(d) : classOf(d) === structureSetClass ? structuresOf(d) : "kind";
        if (typeof found === "string") {
          if (why) why = found;
          continue;
        }
        why = undefined;
        const layer = "rois" in found ? new Contours(found) : new Segments(found), name = text(d, "30060002") || text(d, "00700080") || series.description || series.modality;
        this.#set([...this.laid, { key: text(d, "00080018"), series, name, layer }]);
        if (layer instanceof Segments && !("rois" in found)) await this.#fetch(place, found, layer, signal);
      }
      return why;
    } catch (error) {
      if (signal.aborted) return undefined;
      this.remove(series);
      throw error;
    } finally {
      if (this.#coming.get(series.id) === stop) this.#coming.delete(series.id);
      this.changed.tell();
    }
  }

  remove(series: Series): void {
    this.#coming.get(series.id)?.abort();
    this.#coming.delete(series.id);
    this.#set(this.laid.filter((one) => one.series.id !== series.id));
  }

  close(): void {
    for (const stop of this.#coming.values()) stop.abort();
    this.#coming.clear();
    this.#end.abort();
    this.#end = new AbortController();
    this.#set([]);
  }

  #set(laid: readonly Laid[]): void {
    this.laid = laid;
    this.#desk.cover("regions", laid.map(({ layer }) => layer));
    this.changed.tell();
  }

  // fetch brings the frames of a segmentation, some at a time. One that is too short is
  // damaged, and so may be the others.
  async #fetch(place: { study: string; series: string }, seg: Seg, layer: Segments, signal: AbortSignal): Promise<void> {
    const size = Math.max(1, Math.min(mostAtOnce, Math.floor(batch / bytesOf(seg.head))));
    for (let i = 0; i < seg.frames.length; i += size) {
      await this.#feed.frames(place, seg.instance, seg.frames.slice(i, i + size), signal, (frame, { bytes }) => {
        const cells = cellsIn(seg, bytes);
        if (!cells) throw new Problem({ class: "corrupt" });
        layer.take(frame, cells);
      });
      layer.tell();
    }
  }
}

