import { useEffect, useMemo, useRef, useState } from "react";
import type { Series, Study } from "../api/types";
import { announce } from "../ui/announce";
import { Failure } from "../ui/Failure";
import { t } from "../words/words";
import { Block, Cuts } from "./cuts";
import { personName } from "./dataset";
import { Desk, type Layout } from "./desk";
import { type Feed, node } from "./feed";
import { Lru } from "./lru";
import { MarkList } from "./MarkList";
import type { Pixels } from "./pixels";
import { pictureless, SeriesList, seriesName } from "./SeriesList";
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

// Viewer shows a study. first is the series to begin with, feed where its pictures come from.
export function Viewer({ study, first, feed = node }: { study: Hung; first: string; feed?: Feed }) {
  const desk = useMemo(() => new Desk(), []);
  const all = useMemo(() => inOrder(study.seriesList ?? []), [study]);
  const stacks = useStacks(study, desk, feed);
  const [mpr, setMpr] = useState<"off" | "on" | "coming">("off");
  const block = useRef<Block | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  useSignal(desk.changed);

  const show = async (series: Series, tile: number): Promise<void> => {
    try {
      setFailure(null);
      await stacks.show(series, tile);
    } catch (error) {
      setFailure(error);
    }
  };
  useEffect(() => {
    const begin = all.findIndex((series) => series.id === first), order = begin > 0 ? [...all.slice(begin), ...all.slice(0, begin)] : all;
    desk.set({ layout: hanging(all) });
    void (async () => {
      for (const [tile] of desk.tiles.entries()) {
        const series = order[tile];
        if (series && !(tile > 0 && pictureless.has(series.modality))) await show(series, tile);
      }
    })();
    return () => {
      block.current?.close();
      block.current = null;
    };
    // eslint-disable-next-line react-hooks/exhaustive-deps -- a study is hung once
  }, [desk, all, first]);

  const toggleMpr = async (): Promise<void> => {
    const stack = desk.panes.map((pane) => pane.source).find((source) => source instanceof Stack);
    if (mpr !== "off" || !stack) {
      block.current?.close();
      block.current = null;
      setMpr("off");
      desk.set({ layout: "1x1" });
      if (stack) desk.panes[0]?.show(stack, desk.panes[3]?.index ?? 0);
      return;
    }
    setMpr("coming");
    try {
      const made = await Block.of(stack, () => {});
      if (typeof made === "string") {
        announce(t(`view.noVolume.${made}`));
        setFailure(new Error(t(`view.noVolume.${made}`)));
        setMpr("off");
        return;
      }
      block.current = made;
      layPlanes(desk, stack, made);
      setMpr("on");
    } catch (error) {
      setFailure(error);
      setMpr("off");
    }
  };
  const shown = new Set(desk.tiles.map((pane) => (pane.source?.id ?? "").split("/")[0] ?? ""));
  const drop = (id: string, tile: number): void => { const series = all.find((one) => one.id === id); if (series) void show(series, tile); };
  return (
    <div className="viewer">
      <Toolbar desk={desk} mpr={mpr} onMpr={() => void toggleMpr()} />
      {failure !== null && <Failure of={failure} />}
      <div className="viewer-body">
        <div className="viewer-side">
          <MarkList desk={desk} />
          <SeriesList feed={feed} study={study.uid ?? ""} all={all} shown={shown} onShow={(series) => void show(series, desk.active)} />
        </div>
        <div className={`tiles layout-${desk.layout}`}>
          {desk.tiles.map((pane, i) => (
            <Tile key={i} desk={desk} pane={pane} index={i} title={titleOf(pane.source, stacks.nameOf(pane.source?.id))} whose={stacks.whose(pane.source?.id)} onDropSeries={(id) => { drop(id, i); }} />
          ))}
        </div>
      </div>
    </div>
  );
}

// layPlanes puts the three directions and the series itself into four tiles, each at its
// middle.
function layPlanes(desk: Desk, stack: Stack, block: Block): void {
  const { tone } = desk.pane;
  desk.set({ layout: "2x2", active: 0, lines: true });
  (["axial", "coronal", "sagittal"] as const).forEach((direction, i) => {
    const cuts = new Cuts(block, stack, direction), pane = desk.panes[i];
    pane?.show(cuts, Math.floor(cuts.heads.length / 2));
    if (pane && tone) pane.begin(tone);
  });
  desk.panes[3]?.show(stack, Math.floor(stack.heads.length / 2));
}

type Opened = { stack: Stack; series: Series };

// useStacks opens series and keeps them as long as the study is shown.
function useStacks(study: Hung, desk: Desk, feed: Feed) {
  const opened = useRef(new Map<string, Opened>()), end = useRef(new AbortController());
  const frames = useMemo(() => new Lru<Pixels>(memory()), []);
  useEffect(() => {
    const { current } = opened;
    end.current = new AbortController();
    const { current: controller } = end;
    return () => {
      controller.abort();
      desk.close();
      for (const { stack } of current.values()) stack.close();
      current.clear();
    };
  }, [study, desk]);
  const of = (id: string | undefined): Opened | undefined => opened.current.get((id ?? "").split("/")[0] ?? "");
  return {
    async show(series: Series, tile: number): Promise<void> {
      const { current: controller } = end;
      if (!study.uid || !series.uid) return;
      let found = opened.current.get(series.id);
      if (!found) {
        const stack = await Stack.open({ study: study.uid, series: series.uid }, frames, controller.signal, series.id, feed).catch((error: unknown) => {
          if (controller.signal.aborted) return null;
          throw error;
        });
        if (!stack || controller.signal.aborted) return;
        found = opened.current.get(series.id) ?? { stack, series };
        opened.current.set(series.id, found);
      }
      const { stack } = found, pane = desk.panes[tile];
      pane?.show(stack, stack.heads.length > 8 && !stack.heads[0]?.time ? Math.floor(stack.heads.length / 2) : 0);
      desk.changed.tell();
    },
    nameOf: (id: string | undefined): string => { const found = of(id); return found ? seriesName(found.series).replace(/^\w+ · /, "") : ""; },
    whose: (id: string | undefined): string => personName(of(id)?.stack.first, "00100010"),
  };
}

