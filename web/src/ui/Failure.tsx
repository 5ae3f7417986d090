import { Problem } from "../api/client";
import { hasWord, t, word } from "../words/words";

// Failure says what went wrong, what became of the data where the caller knows it, and what
// to do next. What is no Problem is a mistake of this page.
export function Failure({ of, heading, safe }: { of: unknown; heading?: string | undefined; safe?: string }) {
  const problem = of instanceof Problem ? of : null;
  const detail = problem ? problem.detail : String(of instanceof Error ? of.message : of);
  const kind = problem?.status === 401 ? "signed-out" : problem?.status === 429 ? "slow" : problem ? problem.kind : "page";
  return (
    <div className="failure" role="alert">
      <strong>{heading ?? word("problem", kind)}</strong>
      {detail && <p lang="en">{detail}</p>}
      {safe && <p>{safe}</p>}
      {!safe && hasWord("next", kind) && <p>{word("next", kind)}</p>}
      {problem?.id && <p className="small">{t("problem.id", { id: problem.id })}</p>}
    </div>
  );
}
