import { Problem } from "../api/client";
import { t, word } from "../words/words";

// Failure says what went wrong, and what became of the data where the caller knows it.
// What is no Problem is a mistake of this page.
export function Failure({ of, heading, safe }: { of: unknown; heading?: string | undefined; safe?: string }) {
  const problem = of instanceof Problem ? of : null;
  const detail = problem ? problem.detail : String(of instanceof Error ? of.message : of);
  const title = problem?.status === 401 ? t("problem.signed-out") : problem?.status === 429 ? t("problem.slow") : word("problem", problem ? problem.kind : "page");
  return (
    <div className="failure" role="alert">
      <strong>{heading ?? title}</strong>
      {detail && <p lang="en">{detail}</p>}
      {safe && <p>{safe}</p>}
      {problem?.id && <p className="small">{t("problem.id", { id: problem.id })}</p>}
    </div>
  );
}
