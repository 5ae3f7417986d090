import { type ComponentProps, lazy, Suspense, useEffect, useMemo, useState } from "react";
import type { Series, Study } from "../api/types";
import { announce } from "../ui/announce";
import { Failure } from "../ui/Failure";
import { date, t } from "../words/words";
import { personName, text } from "./dataset";
import { CalibrationForm } from "./CalibrationForm";
import { choose } from "./choose";
import { Compare } from "./Compare";
import { matching } from "./earlier";
import { Desk, type Layout } from "./desk";
import { type Feed, node } from "./feed";
import { Fusion } from "./fusion";
import { FusionTools } from "./FusionTools";
import { Keeping } from "./Keeping";
import { KeyImages } from "./KeyImages";
import { Lru } from "./lru";
import { MarkList } from "./MarkList";
import { Mpr } from "./mpr";
import { useSeriesOf } from "./named";
import { type Keeping as Keeper, namesOf, Notebook } from "./notebook";
import { showOnly } from "./only";
import { Over, overs } from "./over";
import { OverList } from "./OverList";
import type { Pixels } from "./pixels";
import { pictureless, SeriesList, seriesName } from "./SeriesList";
import { type Opened, Shelf } from "./shelf";
import { useSignal } from "./signal";
import { Stack } from "./stack";
import { Tile, titleOf } from "./Tile";
import { Toolbar } from "./Toolbar";
import "./viewer.css";

const PaperTile = lazy(() => import("./PaperTile")), Tags = lazy(() => import("./Tags"));

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
type Hung = Pick<Study, "uid" | "seriesList"> & Partial<Pick<Study, "id" | "person" | "date">>;

// Viewer shows a study. first is the series to begin with, feed where its pictures come from,
// keeping files what is marked, for who may.
export function Viewer({ study, first, feed = node, keeping }: { study: Hung; first: string; feed?: Feed; keeping?: Keeper }) {
  const desk = useMemo(() => new Desk(), []), mpr = useMemo(() => new Mpr(desk), [desk]);
  const all = useMemo(() => inOrder(study.seriesList ?? []), [study]);
  const [beside, setBeside] = useState<Study | null>(null); // another study of the person
  const { shelf, studies } = useShelf(study, desk, feed), notebook = useNotebook(study, desk, feed, keeping !== undefined);
  const over = useMemo(() => new Over(desk, feed, study.uid ?? ""), [desk, feed, study]);
  const fusion = useMemo(() => new Fusion(desk), [desk]), seriesOf = useSeriesOf(feed, study.uid ?? "", all);
  const [failure, setFailure] = useState<unknown>(null);
  useSignal(desk.changed);
  useSignal(mpr.changed);
  useSignal(over.changed);

  const show = async (series: Series, tile: number): Promise<void> => {
    try {
      setFailure(null);
      await shelf.show(series, tile);
    } catch (error) {
      setFailure(error);
    }
  };
  const press = async (series: Series, tile: number): Promise<void> => {
    try {
      const why = await choose(series, tile, { over, shelf, seriesOf, shown: () => shownIn(desk), show });
      if (why) say(setFailure, t(`view.overWhy.${why}`));
    } catch (error) {
      setFailure(error);
    }
  };
  useEffect(() => {
    const at = all.findIndex((series) => series.id === first), wanted = all[at], laid = wanted && overs.has(wanted.modality);
    const begin = laid ? 0 : at, order = begin > 0 ? [...all.slice(begin), ...all.slice(0, begin)] : all;
    let here = true;
    const stop = new AbortController(), asks = shelf.asks(0);
    desk.set({ layout: hanging(all) });
    void (async () => {
      for (const [tile] of desk.tiles.entries()) {
        const series = order[tile];
        if (here && series && !shelf.asked(tile) && !(tile > 0 && pictureless.has(series.modality))) await show(series, tile);
      }
      await over.look(all, stop.signal);
      if (here && laid && shelf.asks(0) <= asks + 1) await press(wanted, 0); // nothing but what is hung was asked for
    })();
    return () => {
      here = false;
      stop.abort();
      over.close();
      fusion.close();
      mpr.close();
      shelf.close();
    };
    // eslint-disable-next-line react-hooks/exhaustive-deps -- a study is hung once
  }, [shelf, mpr, over, fusion, all, first]);

  const toggleMpr = async (): Promise<void> => {
    showOnly(desk, false); // planes are cut through all of a series
    try {
      const none = await mpr.toggle();
      if (none) say(setFailure, t(`view.noVolume.${none}`));
    } catch (error) {
      setFailure(error);
    }
  };
  const fuse = async (series: Series): Promise<void> => {
    try {
      const why = await fusion.toggle(series, async (signal) => (await shelf.open(series, signal))?.stack);
      if (why) say(setFailure, t(why === "reference" ? "view.fusionReference" : `view.noVolume.${why}`));
    } catch (error) {
      setFailure(error);
    }
  };
  const compare = async (other: Study | null): Promise<void> => {
    if (mpr.state !== "off") await mpr.toggle();
    setBeside(other);
    const own = shelf.of(desk.pane.source?.id)?.series, like = own && all.includes(own) ? own : all[0];
    for (const { id } of other?.seriesList ?? []) studies.set(id, other?.uid ?? "");
    if (!other) {
      for (const pane of desk.panes) if (pane.source?.study && pane.source.study !== study.uid) pane.show(null);
      desk.set({ layout: "1x1", active: 0 });
    } else desk.set({ layout: "1x2", active: 0 });
    const found = other && matching(other, like), asks = shelf.asks(1);
    if (like && desk.panes[0]?.source?.id !== like.id) await show(like, 0);
    if (found && shelf.asks(1) === asks) await show(found, 1);
    desk.align();
  };
  const dated = new Set(desk.tiles.flatMap(({ source }) => source?.study ?? [])).size > 1;
  const shown = new Set([...shownIn(desk), ...over.laid.map(({ series }) => series.id)]);
  // bring shows the series that an image is of, unless a tile has it.
  const bring = async (instance: string, uid: string): Promise<void> => {
    const here = (): boolean => desk.tiles.some(({ source }) => source?.heads.some((h) => h.instance === instance));
    if (!here()) showOnly(desk, false);
    const series = seriesOf(uid);
    if (instance && !here() && series) await show(series, desk.active);
  };
  const drop = (id: string, tile: number): void => { const series = [...all, ...(beside?.seriesList ?? [])].find((one) => one.id === id); if (series) void press(series, tile); };
  return (
    <div className="viewer">
      <Toolbar desk={desk} mpr={mpr.state} onMpr={() => void toggleMpr()} />
      {failure !== null && <Failure of={failure} />}
      <div className="viewer-body">
        <div className="viewer-side">
          <CalibrationForm desk={desk} />
          <Keeping desk={desk} notebook={notebook} keeping={keeping} sources={() => [...shelf.stacks(), ...desk.panes.flatMap(({ source }) => source ?? [])]} />
          <MarkList desk={desk} onFind={(mark) => void bring(mark.instance, mark.series).then(() => { desk.find(mark); })} />
          <KeyImages desk={desk} feed={feed} study={study.uid ?? ""} seriesOf={seriesOf} onFind={(key) => void bring(key.instance, key.series).then(() => { desk.look(key); })} />
          <FusionTools fusion={fusion} all={all} onToggle={(series) => void fuse(series)} />
          <OverList desk={desk} over={over} />
          <SeriesList feed={feed} study={study.uid ?? ""} all={all} shown={shown} over={(series) => overWhat(over.of(series), seriesOf)} onShow={(series) => void press(series, desk.active)} />
          {study.person && study.id && <Compare person={study.person} own={{ id: study.id, ...(study.date ? { date: study.date } : {}) }} series={shelf.of(desk.pane.source?.id)?.series} beside={beside} onChoose={(other) => void compare(other)} />}
          {beside?.uid && (
            <>
              <h2 className="beside">{dateOf(beside.date)}</h2>
              <SeriesList feed={feed} study={beside.uid} label={t("view.besideSeries", { date: dateOf(beside.date) })} all={inOrder(beside.seriesList ?? [])} shown={shown} over={() => ""} onShow={(series) => void show(series, desk.active)} />
            </>
          )}
        </div>
        <div className={`tiles layout-${desk.layout}`}>
          {desk.tiles.map((pane, i) => {
            const { source } = pane, opened = shelf.of(source?.id), first = opened?.stack.first;
            const about = { title: titleOf(source, nameOf(opened)), whose: personName(first, "00100010"), when: dated && source ? dateOf(text(first, "00080020")) : "" };
            return <Frame key={i} desk={desk} pane={pane} index={i} {...about} paperTitle={opened ? seriesName(opened.series) : ""} onDropSeries={(id) => { drop(id, i); }} />;
          })}
        </div>
      </div>
      {desk.tags && <Suspense><Tags desk={desk} /></Suspense>}
    </div>
  );
}

// Frame is a tile: of images, or of what is none.
function Frame({ paperTitle, ...props }: ComponentProps<typeof Tile> & { paperTitle: string }) {
  useSignal(props.pane.changed);
  const { source } = props.pane;
  if (!(source instanceof Stack) || source.papers.length === 0) return <Tile {...props} />;
  return <Suspense><PaperTile key={source.id} desk={props.desk} index={props.index} stack={source} title={paperTitle} when={props.when} whose={props.whose} onDropSeries={props.onDropSeries} /></Suspense>;
}

const dateOf = (da: string | undefined): string => date(da) || t("view.noDate");

const shownIn = (desk: Desk): ReadonlySet<string> => new Set(desk.tiles.map((pane) => (pane.source?.id ?? "").split("/")[0] ?? ""));

// say tells why something cannot be done.
function say(setFailure: (failure: unknown) => void, why: string): void {
  announce(why);
  setFailure(new Error(why));
}

// overWhat names the series that one lies over, "" for one that lies over none.
function overWhat(of: readonly string[] | undefined, seriesOf: (uid: string) => Series | undefined): string {
  if (!of) return "";
  const names = of.flatMap((uid) => seriesOf(uid) ?? []).map(seriesName);
  return t("view.over", { names: names.length > 0 ? names.join(t("view.comma")) : t("view.overOther") });
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

// useShelf makes a shelf anew for another study. studies are the UIDs of other studies, by
// the id of a series of theirs.
const useShelf = (study: Hung, desk: Desk, feed: Feed): { shelf: Shelf; studies: Map<string, string> } => useMemo(() => {
  const frames = new Lru<Pixels>(memory()), studies = new Map<string, string>();
  const shelf = new Shelf(desk, async (series, signal) => {
    const uid = studies.get(series.id) ?? study.uid;
    return uid && series.uid ? Stack.open({ study: uid, series: series.uid }, frames, signal, series.id, feed) : undefined;
  });
  return { shelf, studies };
}, [study, desk, feed]);
