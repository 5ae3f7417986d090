import { useEffect, useRef, useState } from "react";
import type { Series } from "../api/types";
import { brief, t, word } from "../words/words";
import type { Feed } from "./feed";

// pictureless are the modalities of what is no image; it comes last.
export const pictureless: ReadonlySet<string> = new Set(["", "AU", "DOC", "ECG", "FID", "HD", "KO", "PLAN", "PR", "REG", "RTPLAN", "RTSTRUCT", "SEG", "SR"]);

type Props = { feed: Feed; study: string; label?: string; all: readonly Series[]; shown: ReadonlySet<string>; over: (series: Series) => string; onShow: (series: Series) => void };

// SeriesList has a picture of each series. A press or a double click brings it to the
// active tile; it can be dragged to another. A double click is one press, or what the first
// lays over the images the second would take off.
export function SeriesList({ feed, study, label, all, shown, over, onShow }: Props) {
  return (
    <ul className="series-list" aria-label={label ?? t("view.series")}>
      {all.map((series) => (
        <li key={series.id}>
          <button type="button" aria-pressed={shown.has(series.id)} draggable
            onDragStart={(event) => { event.dataTransfer.setData("text/plain", series.id); }} onClick={(event) => { if (event.detail <= 1) onShow(series); }}>
            {series.uid && !pictureless.has(series.modality) && <Small address={feed.picture({ study, series: series.uid }, side)} />}
            <span><strong translate="no">{seriesName(series)}</strong><span>{over(series) || t(pictureless.has(series.modality) ? "view.objects" : "studies.images", { n: series.instances })}</span></span>
          </button>
        </li>
      ))}
    </ul>
  );
}

export const seriesName = (series: Series): string => [series.modality, brief(series.description) || (series.bodyPart && word("bodyPart", brief(series.bodyPart)))].filter(Boolean).join(" · ");

const side = 96; // pixels

// Small is a picture of a series or of an image. It is asked for when it comes into sight:
// each is an opened original.
export function Small({ address }: { address: string }) {
  const frame = useRef<HTMLSpanElement>(null), [seen, see] = useState(false), [none, setNone] = useState(false);
  useEffect(() => {
    const sight = new IntersectionObserver((entries) => { if (entries.some((entry) => entry.isIntersecting)) see(true); });
    if (frame.current) sight.observe(frame.current);
    return () => { sight.disconnect(); };
  }, []);
  if (!address || none) return null;
  return <span className="small-picture" ref={frame}>{seen && <img src={address} alt="" width={side} height={side} draggable={false} onError={() => { setNone(true); }} />}</span>;
}
