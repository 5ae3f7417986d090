import { useEffect, useRef, useState } from "react";
import { blob, part, Problem } from "../api/client";
import { useSession } from "../app/session";
import { t, word } from "../words/words";

const known = new Set(["denied", "unsupported", "not-found"]);

// Thumbnail is one picture of a study, or why there is none. Each picture is an opened
// original and is written to the log as such, so it is asked for only when it comes into sight.
export function Thumbnail({ study, size }: { study: string; size: number }) {
  const frame = useRef<HTMLDivElement>(null);
  const [shown, show] = useState<{ url?: string; why?: string }>({});
  const { role } = useSession();
  const denied = role === "operator"; // who works the archive opens nothing in it
  useEffect(() => {
    if (denied) return undefined;
    let url = "";
    let gone = false;
    const load = async (): Promise<void> => {
      try {
        const picture = await blob(`studies/${part(study)}/thumbnail?size=${size}`);
        if (gone) return;
        url = URL.createObjectURL(picture);
        show({ url });
      } catch (error) {
        const kind = error instanceof Problem ? error.kind : "page";
        if (!gone) show({ why: known.has(kind) ? t(`thumbnail.${kind}`) : t("thumbnail.failed", { why: word("problem", kind) }) });
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
      if (url) URL.revokeObjectURL(url);
    };
  }, [study, size, denied]);
  return (
    <div className="thumbnail" ref={frame}>
      {shown.url && <img src={shown.url} alt={t("thumbnail.alt")} />}
      {(denied || shown.why) && <p>{denied ? t("thumbnail.denied") : shown.why}</p>}
    </div>
  );
}
