import { useEffect, useRef, useState } from "react";
import { blob, Problem } from "../../api/client";
import type { ReviewMark } from "../../api/types";
import { t, word } from "../../words/words";

const known = new Set(["denied", "unsupported", "not-found"]);

type Shown = { url?: string; why?: string; path: string };

// Film is one picture, or why there is none. It is an opened original, which the node
// writes down, so it is asked for when it comes into sight. The last picture stays until
// the next one is there. Marks are in pixels of the picture, columns × rows.
export function Film({ path, alt, columns = 0, rows = 0, marks = [] }: { path: string; alt: string; columns?: number; rows?: number; marks?: readonly ReviewMark[] }) {
  const frame = useRef<HTMLDivElement>(null);
  const [shown, show] = useState<Shown>({ path: "" });
  useEffect(() => {
    let gone = false;
    const load = async (): Promise<void> => {
      try {
        const url = URL.createObjectURL(await blob(path));
        if (gone) URL.revokeObjectURL(url);
        else show({ url, path });
      } catch (error) {
        const kind = error instanceof Problem ? error.kind : "page";
        if (!gone) show({ why: known.has(kind) ? t(`thumbnail.${kind}`) : t("thumbnail.failed", { why: word("problem", kind) }), path });
      }
    };
    const sight = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      sight.disconnect();
      void load();
    }, { rootMargin: "100px" });
    if (frame.current) sight.observe(frame.current);
    return () => {
      gone = true;
      sight.disconnect();
    };
  }, [path]);
  useEffect(() => () => { if (shown.url) URL.revokeObjectURL(shown.url); }, [shown.url]);
  return (
    <div className="film" ref={frame} aria-busy={shown.path !== path}>
      {shown.url && <img src={shown.url} alt={alt} />}
      {shown.url && marks.length > 0 && (
        <svg viewBox={`0 0 ${columns} ${rows}`} preserveAspectRatio="none" aria-hidden="true">
          {marks.map((m) => <rect key={`${m.by} ${m.frame} ${m.x0} ${m.y0} ${m.x1} ${m.y1}`} className={m.by} x={m.x0} y={m.y0} width={m.x1 - m.x0} height={m.y1 - m.y0} />)}
        </svg>
      )}
      {shown.why && <p>{shown.why}</p>}
    </div>
  );
}
