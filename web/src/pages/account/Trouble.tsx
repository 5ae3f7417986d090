import { Problem } from "../../api/client";
import { SignInError } from "../../signin/bytes";
import { Failure } from "../../ui/Failure";
import { t } from "../../words/words";

// Trouble says why a ceremony did not end well, and what to do next. Who signs in is told
// the same of what the node does not know and of what is wrong.
export function Trouble({ of, signingIn = false }: { of: unknown; signingIn?: boolean }) {
  if (of instanceof SignInError) return <Sentence title={t(`signIn.why.${of.reason}`)} next={t(`signIn.next.${of.reason}`)} />;
  if (signingIn && of instanceof Problem && of.status === 401) return <Sentence title={t("signIn.unknown")} next={t("signIn.unknownNext")} />;
  if (of instanceof Problem && of.status === 403) return <Failure of={of} heading={t("signIn.refused")} safe={t("signIn.refusedNext")} />;
  return <Failure of={of} />;
}

const Sentence = ({ title, next }: { title: string; next: string }) => (
  <div className="failure" role="alert"><strong>{title}</strong><p>{next}</p></div>
);
