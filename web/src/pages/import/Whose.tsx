// Whose the files are: who sent them is asked about each patient who is new or in doubt, and
// told of the others. Nothing is filed by a guess.
import { type ReactNode, useEffect, useId } from "react";
import { list, part, post } from "../../api/client";
import { type Asked, useAsked } from "../../api/ask";
import type { AnsweredPatient, PatientStudy, PatientView } from "../../api/types";
import { useWork } from "../../api/work";
import { type Session, useSession } from "../../app/session";
import { announce } from "../../ui/announce";
import { Failure } from "../../ui/Failure";
import { Facts } from "../../ui/Facts";
import { Panel } from "../../ui/Panel";
import { Table } from "../../ui/Table";
import { useConfirm } from "../../ui/useConfirm";
import { usePicture } from "../../ui/usePicture";
import { date, t, word } from "../../words/words";
import { written } from "./name";
import { refused } from "./refused";

const pause = 2000; // ms between two questions to the node
const most = 6; // studies of one patient that are listed
const atOnce = 25; // patients who are asked about at a time; the others come when these are answered

type Said = { patient: string; as: "person" | "another" | "kept" | "unknown"; person?: string };
type Telling = { patient: PatientView; onSaid: () => void };

// Whose is there while something is asked, or was answered in the last days. While files
// come it asks again by itself.
export function Whose({ going, onSaid }: { going: boolean; onSaid: () => void }) {
  const asked = useAsked((signal) => list<PatientView>("uploads/patients", signal), [going]);
  const all = asked.data ?? [], open = all.filter(({ state }) => state === "asks");
  useAgain(asked, going || open.length > 0);
  const said = (): void => { asked.again(); onSaid(); };
  useEffect(() => { if (open.length > 0) announce(t("whose.open", { n: open.length })); }, [open.length]);
  if (asked.failure !== undefined && all.length === 0) return <Panel title={t("whose.title")}><Failure of={asked.failure} /></Panel>;
  return (
    <>
      {open.length > 0 && (
        <Panel title={t("whose.title")}>
          <p>{t("state.both", { first: t("whose.open", { n: open.length }), second: t("whose.waits") })}</p>
          <ul className="patients">{open.slice(0, atOnce).map((patient) => <Open key={patient.patient} patient={patient} onSaid={said} />)}</ul>
          {open.length > atOnce && <p>{t("whose.more", { n: open.length - atOnce })}</p>}
        </Panel>
      )}
      {all.length > open.length && <Told of={all.filter(({ state }) => state !== "asks")} unfolded={going && open.length === 0} onSaid={said} />}
    </>
  );
}

// useAgain asks again in a while, as long as something may change.
function useAgain({ again, data, failure }: Asked<PatientView[]>, changing: boolean): void {
  useEffect(() => {
    if (!changing) return undefined;
    const timer = setTimeout(again, pause);
    return () => { clearTimeout(timer); };
  }, [again, data, failure, changing]);
}

// Open is a patient of whom somebody has to say whose the files are.
function Open({ patient, onSaid }: Telling) {
  const session = useSession(), heading = useId(), { busy, failure, run } = useWork();
  const say = (said: Omit<Said, "patient">) => () => void run(async () => { await answer({ patient: patient.patient, ...said }); onSaid(); });
  return (
    <li>
      <div className="patient" role="group" aria-labelledby={heading}>
        <h3 id={heading}><Name of={patient} hidden={session.role === "operator"} /></h3>
        {patient.picture && <Picture of={patient.patient} />}
        <Facts of={[
          [t("whose.birth"), date(patient.birth) || patient.birth],
          [t("whose.id"), patient.id && <bdi className="path">{patient.issuer ? `${patient.id} (${patient.issuer})` : patient.id}</bdi>],
          [t("whose.files"), t("whose.filesIn", { files: t("upload.count.files", { n: patient.objects }), studies: t("upload.count.studies", { n: patient.studies.length }) })],
          [t("whose.studies"), patient.studies.length > 0 && <Studies of={patient.studies} />],
        ]} />
        <p>{why(patient, session)}</p>
        <div className="tools">{choices(patient, session).map(([text, said]) => <button key={text} type="button" disabled={busy} onClick={say(said)}>{text}</button>)}</div>
        {failure !== null && <Failure of={failure} safe={t("whose.safe")} />}
      </div>
    </li>
  );
}

// Picture is the first image of theirs that can be drawn: by it one can be told who has no name.
function Picture({ of }: { of: string }) {
  const { frame, shown } = usePicture(`uploads/patients/${part(of)}/thumbnail`);
  return (
    <div className="thumbnail" ref={frame} aria-busy={shown.path === ""}>
      {shown.url && <img src={shown.url} alt={t("whose.picture")} />}
      {shown.why && <p>{shown.why}</p>}
    </div>
  );
}

// Name is what the files call a patient, by itself: letters that run the other way move
// nothing around it.
function Name({ of, hidden }: { of: PatientView; hidden: boolean }): ReactNode {
  const text = written(of.name ?? "");
  return text ? <bdi className="path">{text}</bdi> : hidden ? t("whose.hidden") : t("whose.unnamed");
}

function Studies({ of: studies }: { of: readonly PatientStudy[] }) {
  return (
    <ul className="reasons">
      {studies.slice(0, most).map((study, i) => <li key={i}>{[date(study.date), study.modalities.join(", "), t("upload.count.files", { n: study.objects })].filter(Boolean).join(" · ")}</li>)}
      {studies.length > most && <li>{t("whose.more", { n: studies.length - most })}</li>}
    </ul>
  );
}

const differing = ({ differs }: PatientView): string => differs.map((one) => word("whose.differs", one)).join(", ");

// why says why somebody is asked.
function why(patient: PatientView, { role }: Session): string {
  if (patient.why === "new") return t("whose.new");
  const differs = differing(patient);
  if (role === "owner") return t("whose.conflictMine", { differs });
  return patient.person ? t("whose.conflict", { differs, person: patient.label ?? patient.person }) : t("whose.conflictNew", { differs });
}

// choices are what somebody may say, by their role.
function choices({ person: taken }: PatientView, { role, person }: Session): (readonly [string, Omit<Said, "patient">])[] {
  const unknown = [t("whose.unknown"), { as: "unknown" }] as const;
  if (role === "owner") return [[t("whose.me"), { as: "person", person: person ?? "" }], [t("whose.kept"), { as: "kept" }], unknown];
  return [...(taken ? [[t("whose.same"), { as: "person", person: taken }] as const] : []), [t("whose.another"), { as: "another" }], unknown];
}

// answer sends what somebody said, and says what followed.
async function answer(said: Said): Promise<void> {
  const { waiting, filed, refused, moved } = await post<AnsweredPatient>("uploads/patients", said);
  const texts = [
    waiting > 0 && t("whose.goesOn"), filed > 0 && t("whose.takenBack", { n: filed }),
    refused > 0 && t("whose.refused", { n: refused }), moved > 0 && t("whose.moved", { n: moved }),
  ].filter((text) => text !== false);
  announce(texts.join(" ") || t("whose.noted"));
}

// Told lists whose the files of the last days are, with what can still be said otherwise.
function Told({ of: patients, unfolded, onSaid }: { of: readonly PatientView[]; unfolded: boolean; onSaid: () => void }) {
  return (
    <Panel title={t("whose.told")}>
      <details open={unfolded || undefined}>
        <summary>{t("whose.toldCount", { n: patients.length })}</summary>
        <Table label={t("whose.told")} columns={[[t("whose.patient")], [t("whose.person")], [t("whose.by")], [t("whose.files"), "number"], [t("upload.state")], [t("quarantine.do")]]}>
          {patients.map((patient) => <Row key={patient.patient + patient.state} patient={patient} onSaid={onSaid} />)}
        </Table>
      </details>
    </Panel>
  );
}

function Row({ patient, onSaid }: Telling) {
  const session = useSession(), { busy, failure, run } = useWork(), [ask, dialog] = useConfirm();
  const aside = patient.state === "aside", me = session.person !== undefined && patient.person === session.person;
  const other: Said | null = !patient.said ? null
    : session.role === "owner" ? (aside ? { patient: patient.patient, as: "person", person: session.person ?? "" } : { patient: patient.patient, as: "unknown" })
      : aside ? { patient: patient.patient, as: "another" } : null;
  const words = session.role !== "owner" ? t("whose.another") : aside ? t("whose.mineAfterAll") : t("whose.notMine");
  const change = async (said: Said): Promise<void> => {
    if (!aside && !await ask({ title: t("whose.notMine"), points: [t("whose.notMineWhat"), t("whose.notMineOnce")], action: words })) return;
    await answer(said);
    onSaid();
  };
  return (
    <tr>
      <td>{patient.name ? <Name of={patient} hidden={false} /> : "—"}</td>
      <td>{me ? t("whose.you") : patient.person ? <bdi className="path">{written(patient.label ?? "") || patient.person}</bdi> : t("whose.nobody")}</td>
      <td>{patient.said || patient.name ? t("whose.bySaying") : word("whose.by", patient.by)}</td>
      <td className="number">{patient.objects}</td>
      <td><span className={`badge ${aside ? "T4" : "T1"}`}>{aside ? t("whose.aside") : patient.new ? t("whose.newPerson") : t("whose.filed")}</span>{aside && <span className="small"> {refused(patient.aside ?? "")}</span>}</td>
      <td>
        {other && <button type="button" disabled={busy} aria-label={patient.name ? `${words}: ${written(patient.name)}` : words} onClick={() => void run(() => change(other))}>{words}</button>}
        {failure !== null && <Failure of={failure} safe={t("whose.safe")} />}
        {dialog}
      </td>
    </tr>
  );
}
