import { useEffect, useMemo, useState } from "react";
import type { Series, Study } from "../api/types";
import { announce } from "../ui/announce";
import { Failure } from "../ui/Failure";
import { t } from "../words/words";
import { personName } from "./dataset";
import { Desk, type Layout } from "./desk";
import { type Feed, node } from "./feed";
import { Keeping } from "./Keeping";
import { KeyImages } from "./KeyImages";
import { Lru } from "./lru";
import { MarkList } from "./MarkList";
import { Mpr } from "./mpr";
import { type Keeping as Keeper, namesOf, Notebook } from "./notebook";
import { showOnly } from "./only";
import type { Pixels } from "./pixels";
import { pictureless, SeriesList, seriesName } from "./SeriesList";
import { type Opened, Shelf } from "./shelf";
import { useSignal } from "./signal";
import { Stack } from "./stack";
import { Tile, titleOf } from "./Tile";
import { Toolbar } from "./Toolbar";
import "./viewer.css";

// Bytes of decoded frames that are kept: a sixteenth of what the machine says it has, within
// bounds; navigator.deviceMemory is in GiB and not in every browser.
const memory = (): number => {
  const gib = "deviceMemory" in navigator && typeof navigator.deviceMemory === "number" ? navigator.deviceMemory : 4;
  return Math.min(320, Math.max(160, gib * 64)) * (1 << 20);
};

const inOrder = (all: readonly Series[]): Series[] => [...all].sort((a, b) => Number(pictureless.has(a.modality)) - Number(pictureless.has(b.modality)));

// hanging is how a study is laid out at first: images that are compared side by side are
// put so, what is scrolled through has the whole room.
function hanging(all: readonly Series[]): Layout {
  const plain = all.filter(({ modality }) => ["CR", "DX", "MG", "RG"].includes(modality)).length;
  if (innerWidth < 900 || plain < 2) return "1x1";
  return plain > 2 ? "2x2" : "1x2";
}

// Hung is what the viewer shows.
type Hung = Pick<Study, "uid" | "seriesList">;

// Viewer shows a study. first is the series to begin with, feed where its pictures come from,
// keeping files what is marked, for who may.
export function Viewer({ study, first, feed = node, keeping }: { study: Hung; first: string; feed?: Feed; keeping?: Keeper }) {
  const desk = useMemo(() => new Desk(), []), mpr = useMemo(() => new Mpr(desk), [desk]);
  const all = useMemo(() => inOrder(study.seriesList ?? []), [study]);
  const shelf = useShelf(study, desk, feed), notebook = useNotebook(study, desk, feed, keeping !== undefined);
  const [failure, setFailure] = useState<unknown>(null);
  useSignal(desk.changed);
  useSignal(mpr.changed);

  const show = async (series: Series, tile: number): Promise<void> => {
    try {
      setFailure(null);
      await shelf.show(series, tile);
    } catch (error) {
      setFailure(error);
    }
  };
  useEffect(() => {
    const begin = all.findIndex((series) => series.id === first), order = begin > 0 ? [...all.slice(begin), ...all.slice(0, begin)] : all;
    let here = true;
    desk.set({ layout: hanging(all) });
    void (async () => {
      for (const [tile] of desk.tiles.entries()) {
        const series = order[tile];
        if (here && series && !shelf.asked(tile) && !(tile > 0 && pictureless.has(series.modality))) await show(series, tile);
      }
    })();
    return () => {
      here = false;
      mpr.close();
      shelf.close();
    };
    // eslint-disable-next-line react-hooks/exhaustive-deps -- a study is hung once
  }, [shelf, mpr, all, first]);

  const toggleMpr = async (): Promise<void> => {
    showOnly(desk, false); // planes are cut through all of a series
    try {
      const none = await mpr.toggle();
      if (!none) return;
      announce(t(`view.noVolume.${none}`));
      setFailure(new Error(t(`view.noVolume.${none}`)));
    } catch (error) {
      setFailure(error);
    }
  };
  const shown = new Set(desk.tiles.map((pane) => (pane.source?.id ?? "").split("/")[0] ?? ""));
  // bring shows the series that an image is of, unless a tile has it.
  const bring = async (instance: string, uid: string): Promise<void> => {
    const here = (): boolean => desk.tiles.some(({ source }) => source?.heads.some((h) => h.instance === instance));
    if (!here()) showOnly(desk, false);
    const series = all.find((one) => one.uid === uid);
    if (instance && !here() && series) await show(series, desk.active);
  };
  const drop = (id: string, tile: number): void => { const series = all.find((one) => one.id === id); if (series) void show(series, tile); };
  return (
    <div className="viewer">
      <Toolbar desk={desk} mpr={mpr.state} onMpr={() => void toggleMpr()} />
      {failure !== null && <Failure of={failure} />}
      <div className="viewer-body">
        <div className="viewer-side">
          <Keeping desk={desk} notebook={notebook} keeping={keeping} sources={() => [...shelf.stacks(), ...desk.panes.flatMap(({ source }) => source ?? [])]} />
          <MarkList desk={desk} onFind={(mark) => void bring(mark.instance, mark.series).then(() => { desk.find(mark); })} />
          <KeyImages desk={desk} feed={feed} study={study.uid ?? ""} all={all} onFind={(key) => void bring(key.instance, key.series).then(() => { desk.look(key); })} />
          <SeriesList feed={feed} study={study.uid ?? ""} all={all} shown={shown} onShow={(series) => void show(series, desk.active)} />
        </div>
        <div className={`tiles layout-${desk.layout}`}>
          {desk.tiles.map((pane, i) => (
            <Tile key={i} desk={desk} pane={pane} index={i} title={titleOf(pane.source, nameOf(shelf.of(pane.source?.id)))} whose={personName(shelf.of(pane.source?.id)?.stack.first, "00100010")} onDropSeries={(id) => { drop(id, i); }} />
          ))}
        </div>
      </div>
    </div>
  );
}

const nameOf = (opened: Opened | undefined): string => (opened ? seriesName(opened.series).replace(/^\w+ · /, "") : "");

// useNotebook restores what is saved in a study.
function useNotebook(study: Hung, desk: Desk, feed: Feed, keeps: boolean): Notebook {
  const notebook = useMemo(() => new Notebook(), [desk]); // eslint-disable-line react-hooks/exhaustive-deps -- one a desk
  useEffect(() => {
    const stop = new AbortController();
    desk.ours = keeps ? namesOf(study.seriesList ?? []) : null;
    notebook.read(desk, study.uid ?? "", study.seriesList ?? [], feed, stop.signal).catch(() => { /* the study is left */ });
    return () => { stop.abort(); };
  }, [notebook, desk, study, feed, keeps]);
  return notebook;
}

// useShelf makes a shelf anew for another study.
const useShelf = (study: Hung, desk: Desk, feed: Feed): Shelf => useMemo(() => {
  const frames = new Lru<Pixels>(memory());
  return new Shelf(desk, async (series, signal) =>
    study.uid && series.uid ? Stack.open({ study: study.uid, series: series.uid }, frames, signal, series.id, feed) : undefined);
}, [study, desk, feed]);
