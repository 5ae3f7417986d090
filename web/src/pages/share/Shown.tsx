import { useEffect, useMemo, useRef, useState } from "react";
import { useAsked } from "../../api/ask";
import { Problem } from "../../api/client";
import type { Series } from "../../api/types";
import { useWork } from "../../api/work";
import { useLook } from "../../app/look";
import { Choices } from "../../app/Shell";
import { useTitle } from "../../app/title";
import { SharedFeed } from "../../share/feed";
import { ShareError } from "../../share/link";
import { type Received, receive } from "../../share/receive";
import { zip } from "../../share/zip";
import { Failure } from "../../ui/Failure";
import { Empty, Loading } from "../../ui/pieces";
import { save } from "../../ui/save";
import { Speechless } from "../../ui/Speechless";
import { text as textOf } from "../../viewer/dataset";
import { Viewer } from "../../viewer/Viewer";
import { bytes, t, time } from "../../words/words";
import { Copies } from "../studies/Card";
import "./share.css";

// Shown is what a link shows, to whoever has it: no sign-in, and nowhere to go.
export default function Shown({ secret }: { secret: string }) {
  const { spoken, settings, failure } = useLook();
  const main = useRef<HTMLElement>(null);
  if (spoken === null) return failure ? <Speechless /> : null;
  return (
    <>
      <a className="skip" href="#main" onClick={(event) => { event.preventDefault(); main.current?.focus(); }}>{t("header.skip")}</a>
      <header className="top">
        <span className="brand"><img src="icon.svg" alt="" width="28" height="28" />SINSO</span>
        <span className="tagline">{t("share.shownBy")}</span>
        <Choices settings={settings} />
      </header>
      <main id="main" tabIndex={-1} ref={main}><Opening secret={secret} /></main>
    </>
  );
}

// nothing reports whether a link opens nothing. Why is not told apart.
const nothing = (failure: unknown): boolean => failure instanceof ShareError || (failure instanceof Problem && failure.status === 404);

function Opening({ secret }: { secret: string }) {
  const opened = useAsked((signal) => receive(secret, signal), [secret]);
  useTitle("share.shownTitle");
  if (opened.failure !== undefined && nothing(opened.failure)) return <div className="page"><h1>{t("share.shownTitle")}</h1><p className="prose nothing-here">{t("share.gone")}</p></div>;
  if (opened.failure !== undefined) return <div className="page"><h1>{t("share.shownTitle")}</h1><Failure of={opened.failure} /><button type="button" onClick={opened.again}>{t("state.again")}</button></div>;
  if (!opened.data) return <div className="page"><h1>{t("share.shownTitle")}</h1><Loading /></div>;
  return <Opened of={opened.data} />;
}

function Opened({ of: { shared, endsAt } }: { of: Received }) {
  const { manifest } = shared;
  const feed = useMemo(() => new SharedFeed(shared), [shared]);
  const study = useMemo(() => ({ uid: "shared", seriesList: seriesOf(shared, feed) }), [shared, feed]);
  const copies = useCopies(feed); // the viewer is drawn anew, too: which series is which is known then
  return (
    <div className="page viewer-page shown-page">
      <div className="row">
        <h1>{manifest.label ?? t("share.shownTitle")}</h1>
        <span className="tools"><span className="small">{t("share.shownUntil", { time: time(endsAt) })}</span><Download shared={shared} feed={feed} /></span>
      </div>
      {manifest.note && <figure className="said"><figcaption>{t("share.noteTo")}</figcaption><blockquote>{manifest.note}</blockquote></figure>}
      <Copies study={copies} />
      {study.seriesList.length > 0 ? <Viewer study={study} first="" feed={feed} /> : <Empty>{t("view.none")}</Empty>}
    </div>
  );
}

// seriesOf lists the series that have images, as the viewer names them: by their place.
function seriesOf({ manifest }: Received["shared"], feed: SharedFeed): Series[] {
  return manifest.series.flatMap(({ modality = "", label = "" }, i) => {
    const row = feed.rows[i];
    if (row?.attributes === undefined || row.items.length === 0) return [];
    return [{ id: String(i), uid: String(i), modality, description: label, bodyPart: "", instances: row.items.length }];
  });
}

// useCopies counts de-identified copies, which say so themselves (PS3.3 C.7.1.1).
function useCopies(feed: SharedFeed): { deidentified: number; instances: number } {
  const [found, set] = useState({ deidentified: 0, instances: 0 });
  useEffect(() => {
    const stop = new AbortController();
    const count = async (): Promise<void> => {
      let deidentified = 0, instances = 0;
      for (const series of feed.rows.keys()) {
        if (stop.signal.aborted) return;
        // The tile of one that fails says that it cannot be shown; the others count.
        const all = await feed.metadata({ study: "shared", series: String(series) }).catch(() => []);
        instances += all.length;
        deidentified += all.filter((d) => textOf(d, "00120062") === "YES").length;
        if (!stop.signal.aborted) set({ deidentified, instances });
      }
    };
    void count();
    return () => { stop.abort(); };
  }, [feed]);
  return found;
}

// Download hands the files over as they came, for another viewer or archive.
function Download({ shared, feed }: { shared: Received["shared"]; feed: SharedFeed }) {
  const [done, setDone] = useState(0);
  const { busy, failure, run } = useWork();
  const entries = feed.rows.flatMap(({ items }, s) => items.map(({ file }, i) => ({
    name: `S${String(s + 1).padStart(3, "0")}/I${String(i + 1).padStart(5, "0")}.dcm`, size: shared.files[file]?.size ?? 0, bytes: () => shared.read(file),
  })));
  const size = entries.reduce((sum, entry) => sum + entry.size, 0);
  const take = (): Promise<void> => run(async () => {
    setDone(0);
    save("dicom.zip", await zip(entries, setDone), "application/zip");
  });
  return (
    <>
      <button type="button" disabled={busy || entries.length === 0} onClick={() => void take()}>{busy ? t("share.packing", { n: done, all: entries.length }) : t("share.download", { size: bytes(size) })}</button>
      {failure !== null && <Failure of={failure} />}
    </>
  );
}
