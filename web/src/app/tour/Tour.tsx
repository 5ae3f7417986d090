import { useEffect, useRef, useState } from "react";
import { useAsked } from "../../api/ask";
import { list } from "../../api/client";
import type { Study } from "../../api/types";
import { t } from "../../words/words";
import { useSession } from "../session";
import { stepsOf } from "./steps";
import "./tour.css";

// Tour leads over the pages, step by step, each when it is asked for: nothing moves by
// itself, and the page stays usable. Escape leaves it.
export default function Tour({ onLeave }: { onLeave: () => void }) {
  const { role } = useSession();
  const [n, go] = useState(0);
  const studies = useAsked((signal) => (role === "buyer" || role === "auditor" || role === "member" ? Promise.resolve([]) : list<Study>("studies", signal)), [role]);
  const [begun] = useState(() => location.hash || "#/");
  const told = useRef<HTMLDivElement>(null);
  const over = studies.data ? stepsOf(role, studies.data[0]?.id) : [];
  const steps = over.length > 0 ? [{ name: "welcome", at: begun, points: "main h1" }, ...over] : []; // it begins where one is
  const step = steps[n];
  const box = useFound(step?.at, step?.points);
  const ready = box !== undefined;
  useEffect(() => {
    if (!ready) return undefined;
    const tell = (): void => { told.current?.focus({ preventScroll: true }); };
    // A page that is gone to takes the focus when it comes, which may be later; what a
    // person does with the focus stays.
    const taken = (event: FocusEvent): void => { if (event.target instanceof HTMLElement && event.target.id === "main") tell(); };
    const stop = (): void => { for (const kind of hands) removeEventListener(kind, stop); removeEventListener("focusin", taken); };
    tell();
    addEventListener("focusin", taken);
    for (const kind of hands) addEventListener(kind, stop);
    return stop;
  }, [ready, step?.name]);
  const none = studies.failure !== undefined || studies.data !== undefined && steps.length === 0;
  useEffect(() => { if (none) onLeave(); }, [none, onLeave]);
  useEffect(() => {
    const key = (event: KeyboardEvent): void => { if (event.key === "Escape" && !document.querySelector("dialog[open]")) onLeave(); };
    addEventListener("keydown", key);
    return () => { removeEventListener("keydown", key); };
  }, [onLeave]);
  if (!step) return null;
  const last = n === steps.length - 1, low = box && box.top + box.height / 2 > innerHeight / 2;
  return (
    <>
      {box && <div className="tour-mark" aria-hidden="true" style={{ top: box.top - 6, left: box.left - 6, width: box.width + 12, height: box.height + 12 }} />}
      <div className={low ? "tour above" : "tour"} role="dialog" aria-labelledby="tour-title" aria-describedby="tour-says" tabIndex={-1} ref={told}>
        <p className="small">{t("tour.step", { n: n + 1, of: steps.length })}</p>
        <h2 id="tour-title">{t(`tour.${step.name}`)}</h2>
        <p id="tour-says">{t(`tour.${step.name}.says`)}</p>
        <div className="row">
          <button type="button" onClick={onLeave}>{t(last ? "tour.end" : "tour.leave")}</button>
          <span className="tools">
            {n > 0 && <button type="button" onClick={() => { go(n - 1); }}>{t("tour.back")}</button>}
            {!last && <button type="button" className="primary" onClick={() => { go(n + 1); }}>{t("tour.next")}</button>}
          </span>
        </div>
      </div>
    </>
  );
}

const hands = ["keydown", "pointerdown"] as const;

type Box = { top: number; left: number; width: number; height: number };

const patience = 4000; // ms for a page to show what is pointed at
const settles = 100; // ms in which a page that is gone to takes the focus

// useFound goes to a page, and returns where on the screen what is pointed at stands:
// undefined as long as it is looked for, null if it is not there.
function useFound(at: string | undefined, points: string | undefined): Box | null | undefined {
  const [seen, set] = useState<{ of: string; box: Box | null } | undefined>(undefined);
  const of = `${at} ${points}`;
  useEffect(() => {
    if (at === undefined || points === undefined) return undefined;
    const put = (box: Box | null): void => { set((was) => (was?.of === of && JSON.stringify(was.box) === JSON.stringify(box) ? was : { of, box })); };
    if ((location.hash || "#/") !== at) location.hash = at;
    const began = Date.now();
    let shown: Element | null = null, next = 0;
    const look = (): void => {
      const found = Date.now() - began > settles ? document.querySelector(points) : null;
      if (found && found !== shown) {
        shown = found;
        found.scrollIntoView({ block: "center", behavior: "instant" });
      }
      if (found) {
        const { top, left, width, height } = found.getBoundingClientRect();
        put({ top, left, width, height });
      } else if (Date.now() - began > patience) put(null);
      next = requestAnimationFrame(look);
    };
    next = requestAnimationFrame(look);
    return () => { cancelAnimationFrame(next); };
  }, [at, points, of]);
  return seen?.of === of ? seen.box : undefined; // where the last thing stood is not where this one does
}
