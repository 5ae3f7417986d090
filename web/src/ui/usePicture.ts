import { useEffect, useRef, useState } from "react";
import { blob, Problem } from "../api/client";
import { t, word } from "../words/words";

const known = new Set(["denied", "unsupported", "not-found"]);

// why says why there is no picture.
function why(error: unknown): string {
  const kind = error instanceof Problem ? error.kind : "page";
  return known.has(kind) ? t(`thumbnail.${kind}`) : t("thumbnail.failed", { why: word("problem", kind) });
}

// Shown is a picture, or why there is none, and of which path it is.
type Shown = { url?: string; why?: string; path: string };

// usePicture asks for a picture when frame comes into sight: it is an opened original,
// which the node writes down. The last picture stays until the next one is there. A path
// that is null is not asked for.
export function usePicture(path: string | null) {
  const frame = useRef<HTMLDivElement>(null);
  const [shown, show] = useState<Shown>({ path: "" });
  useEffect(() => {
    if (path === null) return undefined;
    let gone = false;
    const load = async (): Promise<void> => {
      try {
        const url = URL.createObjectURL(await blob(path));
        if (gone) URL.revokeObjectURL(url);
        else show({ url, path });
      } catch (error) {
        if (!gone) show({ why: why(error), path });
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
  return { frame, shown };
}
