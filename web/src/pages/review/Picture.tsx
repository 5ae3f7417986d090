import { useEffect, useState } from "react";
import { blob, part, Problem } from "../../api/client";
import type { ReviewBox, ReviewDetail } from "../../api/types";
import { t, word } from "../../words/words";
import type { Box } from "./geometry";
import { isIn, marksOf } from "./marks";
import { useDrawing } from "./useDrawing";

type Side = "before" | "after";
const size = 2048; // pixels of the longer side, at most

// Shown is the picture of one frame, or why there is none.
type Shown = { frame: number; url?: string; why?: string };

// missing says why there is no picture of one side, if there is none: an object without
// pixels, or a head, that no copy has with its face.
function missing(item: ReviewDetail, of: Side): string {
  if (!item.columns || !item.rows) return t("thumbnail.unsupported");
  return of === "after" && item.held.some(({ reason }) => reason === "face") ? t("review.noFace") : "";
}

type Props = { item: ReviewDetail; of: Side; frame: number; drawn: readonly ReviewBox[]; light: number; onBox?: ((box: Box) => void) | undefined };

// Picture shows one side of an item; boxes that are drawn in it go to onBox, if there is one.
export function Picture(props: Props) {
  const none = missing(props.item, props.of);
  return (
    <figure>
      <figcaption>{t(`review.${props.of}`)}</figcaption>
      {none ? <div className="nothing"><p>{none}</p></div> : <Drawn {...props} />}
    </figure>
  );
}

// usePicture asks for one frame. What comes late, and is of another frame by then, is dropped.
function usePicture(item: string, of: Side, frame: number): Shown {
  const [shown, show] = useState<Shown>({ frame: -1 });
  useEffect(() => {
    let late = false;
    const load = async (): Promise<void> => {
      try {
        const picture = await blob(`reviews/${part(item)}/picture?of=${of}&frame=${frame}&size=${size}`);
        if (!late) show({ frame, url: URL.createObjectURL(picture) });
      } catch (error) {
        if (!late) show({ frame, why: t("thumbnail.failed", { why: word("problem", error instanceof Problem ? error.kind : "page") }) });
      }
    };
    void load();
    return () => { late = true; };
  }, [item, of, frame]);
  const { url } = shown;
  useEffect(() => () => { if (url) URL.revokeObjectURL(url); }, [url]);
  return shown;
}

function Drawn({ item, of, frame, drawn, light, onBox }: Props) {
  const shown = usePicture(item.id, of, frame);
  const late = shown.frame !== frame; // the picture is still that of the frame before
  const drawing = useDrawing(item, onBox && !late ? onBox : undefined);
  const marks = marksOf(item).filter((mark) => isIn(mark, frame)), mine = drawn.filter((box) => isIn(box, frame));
  return (
    <>
      <svg viewBox={`0 0 ${item.columns} ${item.rows}`} aria-label={t(`review.${of}`)} aria-busy={late} className={onBox ? "picture drawing" : "picture"}
        {...(onBox ? { role: "application", tabIndex: 0, "aria-describedby": "draw-help", ...drawing.listeners } : { role: "img" })}>
        {shown.url && <image href={shown.url} width={item.columns} height={item.rows} className={late ? "late" : ""} style={light > 1 ? { filter: `brightness(${light})` } : {}} />}
        {marks.map((mark, i) => <Rect key={i} box={mark} kind={mark.by} says={word("mark", mark.by)} />)}
        {mine.map((box, i) => <Rect key={i} box={box} kind="mine" says={t("review.mine")} />)}
        {drawing.going && <Rect box={drawing.going} kind="mine" says={t("review.mine")} />}
        {drawing.cursor && <path className="cursor" d={drawing.cursor} />}
      </svg>
      <p className="small">{late ? t("state.loading") : shown.why}</p>
    </>
  );
}

const Rect = ({ box, kind, says }: { box: Box; kind: string; says: string }) => (
  <rect className={`mark ${kind}`} x={box.x0} y={box.y0} width={box.x1 - box.x0} height={box.y1 - box.y0}><title>{says}</title></rect>
);
