import type { Series } from "../api/types";
import { number, t } from "../words/words";
import type { Desk } from "./desk";
import { type Feed, uidIn } from "./feed";
import { markKey } from "./keys";
import { isOnly, showOnly } from "./only";
import type { Key } from "./saved";
import { seriesName, Small } from "./SeriesList";
import { useSignal } from "./signal";

type Props = { desk: Desk; feed: Feed; study: string; all: readonly Series[]; onFind: (key: Key) => void };

const side = 96; // pixels

// KeyImages lists the images of interest with a small picture of each, to be gone to.
export function KeyImages({ desk, feed, study, all, onFind }: Props) {
  useSignal(desk.changed);
  useSignal(desk.pane.changed);
  if (desk.keys.size === 0) return null;
  const now = desk.pane.shown?.head.key;
  return (
    <section className="key-images" aria-label={t("view.keyImages")}>
      <h2>{t("view.keyImages")}</h2>
      <label className="choice small"><input type="checkbox" checked={isOnly(desk)} onChange={(event) => { showOnly(desk, event.target.checked); }} />{t("view.onlyKeys")}</label>
      <ol>
        {[...desk.keys].map(([id, key]) => (
          <li key={id}>
            <button type="button" aria-current={id === now} onClick={() => { onFind(key); }}>
              <Small address={feed.small?.({ study, series: key.series }, key.instance, key.frame, side) ?? ""} />
              <span>{nameOf(desk, feed, all, key)}</span>
              {!key.own && <span className="small">{key.by}</span>}
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}

// nameOf names a key image by its series and, once that is here, its place in it.
function nameOf(desk: Desk, feed: Feed, all: readonly Series[], { instance, frame, series }: Key): string {
  const found = all.find((one) => uidIn(feed, one) === series), heads = desk.panes.find(({ source }) => source?.heads.some((h) => h.instance === instance))?.source?.heads ?? [];
  const at = heads.findIndex((h) => h.instance === instance && h.frame === frame);
  return [found && seriesName(found), at >= 0 && t("view.slice", { k: number(at + 1), all: number(heads.length) })].filter(Boolean).join(" · ");
}

// KeyMark is the press that makes what the active tile shows a key image, or no longer.
export function KeyMark({ desk }: { desk: Desk }) {
  useSignal(desk.changed);
  useSignal(desk.pane.changed);
  const { head } = desk.pane.shown ?? {};
  return <button type="button" aria-pressed={head !== undefined && desk.keys.has(head.key)} disabled={!head || head.instance === ""} onClick={() => { markKey(desk.pane, desk); }}>{t("view.key.key")}</button>;
}
