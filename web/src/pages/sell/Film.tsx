import type { ReviewMark } from "../../api/types";
import { usePicture } from "../../ui/usePicture";

// Film is one picture, or why there is none. Marks are in pixels of the picture,
// columns × rows.
export function Film({ path, alt, columns = 0, rows = 0, marks = [] }: { path: string; alt: string; columns?: number; rows?: number; marks?: readonly ReviewMark[] }) {
  const { frame, shown } = usePicture(path);
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
