// The import that is under way in this browser. It goes on while other pages are looked at.
import { get, list, request } from "../../api/client";
import type { UploadTotals, UploadView } from "../../api/types";
import { type Entry, Queue } from "./queue";
import { sender, type What } from "./send";
import type { Found } from "./walk";

export type Job = { batch: string; queue: Queue; what: Omit<What, "batch"> };

let job: Job | null = null;

export const current = (): Job | null => job;

// begin sends files. Those of which the node has a part, from an import that was broken
// off, go on where they were.
export function begin(files: readonly Found[], what: Omit<What, "batch">, earlier: readonly UploadView[]): Job {
  const here = new Map(earlier.map((upload) => [name(upload.name, upload.size), upload]));
  const same = job?.what.research === what.research;
  const batch = job && same && !job.queue.idle() ? job.batch : [...files].map(({ file, path }) => here.get(name(path, file.size))?.batch).find(Boolean) ?? newBatch();
  if (job && job.batch !== batch) void job.queue.pause();
  job = job?.batch === batch && same ? job : { batch, what, queue: new Queue(sender({ ...what, batch })) };
  job.queue.add(files.map(({ file, path }) => ({ file, path, upload: here.get(name(path, file.size))?.id ?? "" })));
  return job;
}

const name = (path: string, size: number): string => `${size} ${path}`;

// newBatch names an import: 128 random bits, so that it tells nobody anything.
const newBatch = (): string => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

// What one person sends must not go on in the name of the next one in this window.
globalThis.addEventListener?.("session-ended", () => {
  void job?.queue.pause();
  job = null;
});

// end forgets the import; the node goes on with what it has.
export function end(): void {
  job = null;
}

const most = 1000; // rows of one answer

// uploads lists what the node has, of one batch or of all.
export async function uploads(batch = ""): Promise<UploadView[]> {
  const all: UploadView[] = [];
  for (;;) {
    const some = await list<UploadView>(`uploads?limit=${most}&after=${all.at(-1)?.number ?? 0}${batch && `&batch=${batch}`}`);
    all.push(...some);
    if (some.length < most) return all;
  }
}

const isPart = ({ state }: UploadView): boolean => state === "receiving";

// unfinished are uploads of which a part is missing.
export const unfinished = async (): Promise<UploadView[]> => (await uploads()).filter(isPart);

// left is what earlier imports left: parts, and what is here whole and could not be taken in.
export async function left(): Promise<{ parts: UploadView[]; failed: UploadView[] }> {
  const all = await uploads();
  return { parts: all.filter(isPart), failed: all.filter(({ state }) => state === "failed") };
}

export const summary = (batch: string): Promise<UploadTotals> => get(`uploads/summary?batch=${batch}`);

// forget removes what the node has of uploads that nobody goes on with.
export async function forget(those: readonly UploadView[]): Promise<void> {
  for (const { id } of those) await request("DELETE", `uploads/${id}`, { headers: { "Tus-Resumable": "1.0.0" } });
}

// State is how one file stands, in the words "upload.state.<…>".
export type State = "queued" | "sending" | "waiting" | "taking" | "asking" | "done" | "duplicates" | "conflicts" | "quarantined" | "skipped" | "failed" | "unsent";

const told = ["quarantined", "conflicts", "skipped", "instances", "duplicates"] as const;

// stateOf is how a file stands, by this browser and by the node.
export function stateOf(entry: Pick<Entry, "phase">, upload: UploadView | undefined): State {
  if (entry.phase === "failed") return "unsent";
  if (entry.phase !== "sent") return entry.phase;
  switch (upload?.state) {
    case "failed": return "failed";
    case "taking": return "taking";
    case "asking": return "asking";
    case "done": {
      const worst = told.find((kind) => (upload.outcome?.[kind] ?? 0) > 0) ?? "skipped";
      return worst === "instances" ? "done" : worst;
    }
    default: return "waiting";
  }
}

// troubled are the states that want somebody's eye.
export const troubled: ReadonlySet<State> = new Set(["asking", "conflicts", "quarantined", "skipped", "failed", "unsent"]);

