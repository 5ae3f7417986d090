// Where a role begins: what it mostly does here, and what waits for it.
import type { ReactNode } from "react";
import { useAsked } from "../../api/ask";
import { get } from "../../api/client";
import { to } from "../../app/route";
import { type Session, useSession } from "../../app/session";
import { t } from "../../words/words";
import "./home.css";
import { tasks, waits, type Waiting } from "./tasks";

// Home is the top of a role's first page; what the role looks at most stands below.
export function Home({ children }: { children: ReactNode }) {
  const session = useSession();
  return (
    <div className="page home">
      <h1>{t(`home.title.${session.role}`)}</h1>
      <Waits session={session} />
      <nav aria-label={t("home.tasks")}>
        <ul className="tasks">
          {(tasks[session.role] ?? []).map(({ name, at, icon }) => (
            <li key={name}>
              <svg viewBox="0 0 24 24" aria-hidden="true"><path d={icon} /></svg>
              <div><a href={to(...at)}>{t(`home.task.${name}`)}</a><p className="small">{t(`home.does.${name}`)}</p></div>
            </li>
          ))}
        </ul>
      </nav>
      {children}
    </div>
  );
}

// Waits is what waits for who is signed in, with where it is done. What cannot be asked is
// left out: the page below says what is wrong.
function Waits({ session }: { session: Session }) {
  const asked = useAsked(async (signal) => {
    const found = await Promise.all((waits[session.role] ?? []).map(async (one): Promise<[Waiting, number]> => [one, one.count(await get(one.path, signal) as never)]));
    return found.filter(([, n]) => n > 0);
  }, [session.role, session.person]);
  if (!asked.data || asked.data.length === 0) return null;
  return (
    <section className="waits" aria-label={t("home.waits")}>
      <ul>{asked.data.map(([{ name, at }, n]) => <li key={name}><a href={to(...at)}>{t(`home.wait.${name}`, { n })}</a></li>)}</ul>
    </section>
  );
}
