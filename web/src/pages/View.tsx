import { get, part, post } from "../api/client";
import { useAsked } from "../api/ask";
import type { FiledDocument, Study } from "../api/types";
import { useSession } from "../app/session";
import { to, useRoute } from "../app/route";
import { Answer } from "../ui/Answer";
import { Empty } from "../ui/pieces";
import type { Keeping } from "../viewer/notebook";
import { Viewer } from "../viewer/Viewer";
import { date, t } from "../words/words";
import { Copies, nameOf } from "./studies/Card";
import { solids } from "./study/solid";

// View is the viewer of one study: #/view/STUDY, or #/view/STUDY/SERIES to begin with one.
export default function View({ id }: { id: string }) {
  const series = useRoute()[2] ?? "", { role } = useSession();
  const study = useAsked((signal) => get<Study>(`studies/${part(id)}`, signal), [id]);
  return (
    <Answer to={study} title={t("view.title")}>
      {(found) => (
        <div className="page viewer-page">
          <div className="row">
            <h1>{nameOf(found)}</h1>
            <span className="tools"><span className="small">{date(found.date)}</span>{solids(found).length > 0 && <a className="button" href={to("model", found.id)}>{t("model.door")}</a>}<a className="button" href={to("study", found.id)}>{t("view.study")}</a></span>
          </div>
          <Copies study={found} />
          {found.uid && (found.seriesList ?? []).length > 0 ? <Viewer key={found.id} study={found} first={series} {...(mayMark.has(role) && found.deidentified === 0 ? { keeping: keepingIn(found.id) } : {})} /> : <Empty>{t("view.none")}</Empty>}
        </div>
      )}
    </Answer>
  );
}

const mayMark: ReadonlySet<string> = new Set(["owner", "clinician"]); // the node decides

// keepingIn files what is marked in a study.
const keepingIn = (study: string): Keeping => ({
  report: (all) => post<FiledDocument>(`studies/${part(study)}/reports`, all),
  keyImages: (all) => post<FiledDocument>(`studies/${part(study)}/keyimages`, all),
});
