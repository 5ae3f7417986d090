import { useState } from "react";
import { follow, part } from "../../api/client";
import type { Asset, Defaced, Done, FaceCheck, Portraits } from "../../api/types";
import { useWork } from "../../api/work";
import { useSession } from "../../app/session";
import { announce } from "../../ui/announce";
import { Facts } from "../../ui/Facts";
import { Failure } from "../../ui/Failure";
import { Progress } from "../../ui/pieces";
import { Table } from "../../ui/Table";
import { decimal, number, share, t, word } from "../../words/words";

// Faces is what a release says of each head in it: figures and checks, and pictures
// before and after for who may open the original.
export function Faces({ asset }: { asset: Asset }) {
  const { role } = useSession();
  return asset.faces.map((face) => <Face key={face.series} asset={asset.id} face={face} opens={role !== "operator"} />);
}

function Face({ asset, face, opens }: { asset: string; face: Defaced; opens: boolean }) {
  const checks = face.checks ?? [], measured = checks.length > 0;
  return (
    <section className="face stack">
      <h4>{t(face.failed ? "face.stays" : face.nothing ? "face.nothing" : "face.out")}</h4>
      {face.failed && <p>{word("faceFailed", face.failed)}</p>}
      {face.turned && <p className="note">{t("face.turned")}</p>}
      <Facts of={[
        [t("face.objects"), face.objects > 0 && number(face.objects)],
        [t("face.changed"), measured && share(face.changed)],
        [t("face.mean"), measured && t("face.mm", { n: decimal(face.meanMm) })],
      ]} />
      {measured && <Checks of={checks} />}
      {!face.failed && face.objects > 0 && opens && <BeforeAndAfter asset={asset} series={face.series} />}
    </section>
  );
}

const millimetres = (n: number): string => t("face.mm", { n: decimal(n) });

// units is in which unit each figure is told; the others are lengths.
const units = new Map<string, (n: number) => string>([
  ["inside", number], ["vault", number], ["area", (n) => t("face.cm2", { n: decimal(n) })], ["near", share],
]);

function Checks({ of }: { of: readonly FaceCheck[] }) {
  const told = (check: string, n: number): string => (units.get(check) ?? millimetres)(n);
  return (
    <Table label={t("face.checks")} captioned
      columns={[[t("face.column.what")], [t("face.column.value"), "number"], [t("face.column.bound"), "number"], [t("face.column.result")]]}>
      {of.map(({ check, value, bound, least, passed }) => (
        <tr key={check}>
          <td>{word("faceCheck", check)}</td>
          <td className="number">{told(check, value)}</td>
          <td className="number">{least ? "≥" : "≤"} {told(check, bound)}</td>
          <td><span className={passed ? "badge T1" : "badge T4"}>{t(passed ? "face.passed" : "face.failed")}</span></td>
        </tr>
      ))}
    </Table>
  );
}

const sides = ["before", "after"] as const;

// BeforeAndAfter draws both when asked to: the originals are opened for it, and the log
// says so. The pictures are kept nowhere but here.
function BeforeAndAfter({ asset, series }: { asset: string; series: string }) {
  const [drawn, setDrawn] = useState<Portraits>();
  const [progress, setProgress] = useState<Done>();
  const { busy, failure, run } = useWork();
  const show = (): Promise<void> => run(async () => {
    setProgress(undefined);
    setDrawn(await follow<Done, Portraits>(`assets/${part(asset)}/faces`, { series }, setProgress));
    announce(t("face.shown"));
  });
  return (
    <div className="stack">
      {!drawn && <button type="button" disabled={busy} onClick={() => void show()}>{t("face.show")}</button>}
      <p className="small">{t("face.once")}</p>
      {busy && <p className="loading" role="status">{progress ? t("face.progress", { done: progress.done, total: progress.total }) : t("face.opening")}</p>}
      {busy && <Progress label={t("face.opening")} of={progress} />}
      {failure !== null && <Failure of={failure} />}
      {drawn && sides.map((side) => (
        <figure key={side} className="portrait">
          <figcaption>{t(`face.${side}`)}</figcaption>
          <img src={`data:image/png;base64,${drawn[side]}`} alt={t(`face.alt.${side}`)} />
        </figure>
      ))}
    </div>
  );
}
