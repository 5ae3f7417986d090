import type { ReactNode } from "react";
import { Problem } from "../api/client";
import type { Asked } from "../api/ask";
import { to } from "../app/route";
import { t } from "../words/words";
import { Failure } from "./Failure";
import { Loading } from "./pieces";

const final = new Set(["denied", "not-found", "unsupported"]);

// Answer shows what was asked for: that it is on its way, the answer, or why there is none.
// title heads the page until the answer is there, where the answer is all of the page.
export function Answer<T>({ to: asked, title, children }: { to: Asked<T>; title?: string; children: (data: T) => ReactNode }) {
  if (asked.failure === undefined && asked.data !== undefined) return <>{children(asked.data)}</>;
  const yet = asked.failure === undefined ? <Loading /> : <None of={asked.failure} again={asked.again} whole={title !== undefined} />;
  return title === undefined ? yet : <div className="page"><h1>{title}</h1>{yet}</div>;
}

// None says why there is no answer, and what can be done.
function None({ of, again, whole }: { of: unknown; again: () => void; whole: boolean }) {
  const hopeless = of instanceof Problem && final.has(of.kind);
  return (
    <div className="stack">
      <Failure of={of} />
      {!hopeless && <button type="button" onClick={again}>{t("state.again")}</button>}
      {hopeless && whole && <a className="button" href={to()}>{t("state.home")}</a>}
    </div>
  );
}
