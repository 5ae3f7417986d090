import { Problem } from "../api/client";
import { hasWord, locale, t, word } from "../words/words";
import { Said } from "./pieces";

// Failure says what went wrong, what became of the data where the caller knows it, and what
// to do next. What is no Problem is a mistake of this page.
export function Failure({ of, heading, safe }: { of: unknown; heading?: string | undefined; safe?: string }) {
  const problem = of instanceof Problem ? of : null;
  const detail = problem ? problem.detail : String(of instanceof Error ? of.message : of);
  const kind = problem?.status === 401 ? "signed-out" : problem?.status === 429 ? "slow" : problem ? problem.kind : "page";
  const title = heading ?? word("problem", kind);
  const more = detail.toLowerCase() === title.toLowerCase() ? "" : detail;
  const english = locale() === "en"; // as the node and the browser speak
  return (
    <div className="failure" role="alert">
      <strong>{title}</strong>
      {english && more && <p>{more}</p>}
      {safe && <p>{safe}</p>}
      {!safe && hasWord("next", kind) && <p>{word("next", kind)}</p>}
      {!english && <Said text={more} />}
      {problem?.id && <p className="small">{t("problem.id", { id: problem.id })}</p>}
    </div>
  );
}
