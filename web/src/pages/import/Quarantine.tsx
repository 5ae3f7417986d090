import { useState } from "react";
import { list, part, post } from "../../api/client";
import { useAsked } from "../../api/ask";
import type { RefusedFile, Retried } from "../../api/types";
import { useWork } from "../../api/work";
import { useSession } from "../../app/session";
import { Answer } from "../../ui/Answer";
import { Failure } from "../../ui/Failure";
import { Panel } from "../../ui/Panel";
import { Said } from "../../ui/pieces";
import { Table } from "../../ui/Table";
import { bytes, t, time, word } from "../../words/words";
import { refused } from "./refused";

// Quarantine lists what was refused and is kept, for who works the archive, with the reason.
export function Quarantine({ again, answered }: { again: boolean; answered: number }) {
  const { role } = useSession();
  const asked = useAsked((signal) => (role === "operator" ? list<RefusedFile>("quarantine", signal) : Promise.resolve([])), [again, answered]);
  if (role !== "operator" || asked.data?.length === 0) return null;
  return (
    <Panel title={t("quarantine.title")}>
      <p>{t("quarantine.what")}</p>
      <Answer to={asked}>
        {(files) => (
          <Table label={t("quarantine.title")} columns={[[t("quarantine.reason")], [t("upload.size"), "number"], [t("quarantine.since")], [t("quarantine.do")]]}>
            {files.map((file) => <Refused key={file.cid} of={file} />)}
          </Table>
        )}
      </Answer>
    </Panel>
  );
}

function Refused({ of: file }: { of: RefusedFile }) {
  const { busy, failure, run } = useWork();
  const [became, set] = useState<Retried | null>(null);
  const [person, setPerson] = useState("");
  return (
    <tr>
      <td>{refused(file.reason)}<Said text={file.detail} /></td>
      <td className="number">{bytes(file.size)}</td>
      <td>{time(file.at)}</td>
      <td>
        {became ? <span className="success">{word("outcome", became.outcome)}</span>
          : (
            <div className="retry">
              {file.reason.startsWith("whose-") && <input aria-label={t("quarantine.person")} placeholder={t("quarantine.person")} value={person} onChange={(event) => { setPerson(event.target.value.trim()); }} />}
              <button type="button" disabled={busy} onClick={() => void run(async () => { set(await post<Retried>(`quarantine/${part(file.cid)}/retry`, person ? { person } : {})); })}>{t("quarantine.retry")}</button>
            </div>
          )}
        {failure !== null && <Failure of={failure} />}
      </td>
    </tr>
  );
}
