import { part } from "../api/client";
import { useSession } from "../app/session";
import { t } from "../words/words";
import { usePicture } from "./usePicture";

// Thumbnail is one picture of a study, or why there is none.
export function Thumbnail({ study, size }: { study: string; size: number }) {
  const { role } = useSession();
  const denied = role === "operator"; // who works the archive opens nothing in it
  const path = denied ? null : `studies/${part(study)}/thumbnail?size=${size}`, { frame, shown } = usePicture(path);
  const own = shown.path === path ? shown : undefined; // never another study's
  return (
    <div className="thumbnail" ref={frame}>
      {own?.url && <img src={own.url} alt={t("thumbnail.alt")} />}
      {(denied || own?.why) && <p>{denied ? t("thumbnail.denied") : own?.why}</p>}
    </div>
  );
}
