import type { ReactNode } from "react";
import { Problem } from "../api/client";
import type { Asked } from "../api/ask";
import { t } from "../words/words";
import { Failure } from "./Failure";
import { Loading } from "./pieces";

const final = new Set(["denied", "not-found", "unsupported"]);

// Answer shows what was asked for: that it is on its way, the answer, or why there is none.
export function Answer<T>({ to, children }: { to: Asked<T>; children: (data: T) => ReactNode }) {
  if (to.failure !== undefined) {
    const hopeless = to.failure instanceof Problem && final.has(to.failure.kind);
    return (
      <div className="stack">
        <Failure of={to.failure} />
        {!hopeless && <button type="button" onClick={to.again}>{t("state.again")}</button>}
      </div>
    );
  }
  if (to.data === undefined) return <Loading />;
  return <>{children(to.data)}</>;
}
