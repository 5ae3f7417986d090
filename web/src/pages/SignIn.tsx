import { type FormEvent, useRef, useState } from "react";
import { post, Problem } from "../api/client";
import type { Session } from "../app/session";
import { Failure } from "../ui/Failure";
import { t } from "../words/words";

// SignIn trades a token for a session.
export function SignIn({ ended, onSignedIn }: { ended: boolean; onSignedIn: (session: Session) => void }) {
  const token = useRef<HTMLInputElement>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setFailure(null);
    try {
      onSignedIn(await post<Session>("session", { token: token.current?.value.trim() }));
    } catch (error) {
      setFailure(error);
      token.current?.select();
    }
  };
  const wrong = failure instanceof Problem && failure.status === 401 ? t("signIn.wrong") : undefined;
  return (
    <section className="panel sign-in">
      <h1>{t("signIn.title")}</h1>
      <p>{t("signIn.what")}</p>
      <form onSubmit={(event) => void submit(event)}>
        <label htmlFor="token">{t("signIn.token")}</label>
        <input id="token" ref={token} type="password" required autoComplete="off" spellCheck={false} placeholder="sinso_…" aria-describedby="token-help" />
        {ended && failure === null && <p className="failure" role="alert">{t("problem.signed-out")}</p>}
        {failure !== null && <Failure of={failure} heading={wrong} />}
        <button className="primary">{t("signIn.button")}</button>
      </form>
      <p className="small" id="token-help">{t("signIn.where")}</p>
      <pre tabIndex={0}><code>sinso token create --role owner --person …</code></pre>
      <p className="small">{t("signIn.kept")}</p>
    </section>
  );
}
