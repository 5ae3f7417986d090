// The files of one import on their way to the node, some at a time.

// Phase is how far a file is on its way from this browser. What the node then makes of it
// is asked of the node.
export type Phase = "queued" | "sending" | "sent" | "failed";

export type Entry = {
  readonly file: File;
  readonly path: string; // with its folders, as it was dropped
  sent: number; // bytes that the node has
  phase: Phase;
  failure: unknown; // of one that failed
  upload: string; // the node's id of it, "" before there is one
};

// Sending is one file that is being sent.
export type Sending = { stop: () => Promise<void> };

// Told is what a sender tells of a file.
export type Told = { progress: (sent: number) => void; begun: (upload: string) => void; done: () => void; failed: (error: unknown) => void };

// Sender begins to send a file, or goes on with one that has an upload already.
export type Sender = (entry: Entry, told: Told) => Sending;

export type Totals = { files: number; bytes: number; sent: number; arrived: number; failed: number; sending: number };

// Queue sends files through some lanes. Listeners hear of changes at most once in beat
// milliseconds, however many files there are: a page that is drawn for each of 2,000
// files would not answer its buttons.
export class Queue {
  readonly entries: Entry[] = [];
  private readonly under = new Map<Entry, Sending>();
  private readonly listeners = new Set<() => void>();
  private next = 0;
  private timer: ReturnType<typeof setTimeout> | null = null;
  paused = false;
  version = 0; // of what there is to be seen

  constructor(private readonly send: Sender, private readonly lanes = 4, private readonly beat = 250) {}

  // add puts files at the end. An entry may have an upload that it goes on with.
  add(files: readonly Pick<Entry, "file" | "path" | "upload">[]): void {
    for (const { file, path, upload } of files) this.entries.push({ file, path, upload, sent: 0, phase: "queued", failure: null });
    this.fill();
    this.changed();
  }

  async pause(): Promise<void> {
    this.paused = true;
    const under = [...this.under];
    this.under.clear();
    for (const [entry] of under) if (entry.phase === "sending") entry.phase = "queued";
    this.next = Math.max(0, this.entries.findIndex((entry) => entry.phase === "queued"));
    this.changed();
    await Promise.all(under.map(([, sending]) => sending.stop()));
  }

  go(): void {
    this.paused = false;
    this.fill();
    this.changed();
  }

  // again sends once more what failed.
  again(): void {
    for (const entry of this.entries) {
      if (entry.phase === "failed") Object.assign(entry, { phase: "queued", failure: null });
    }
    this.next = 0;
    this.go();
  }

  totals(): Totals {
    const t: Totals = { files: this.entries.length, bytes: 0, sent: 0, arrived: 0, failed: 0, sending: 0 };
    for (const entry of this.entries) {
      t.bytes += entry.file.size;
      t.sent += entry.phase === "sent" ? entry.file.size : entry.sent;
      if (entry.phase === "sent") t.arrived++;
      if (entry.phase === "failed") t.failed++;
      if (entry.phase === "sending") t.sending++;
    }
    return t;
  }

  // idle reports whether nothing is left that could be sent.
  idle(): boolean {
    return this.under.size === 0 && !this.entries.some((entry) => entry.phase === "queued");
  }

  listen(fn: () => void): () => void {
    this.listeners.add(fn);
    return () => { this.listeners.delete(fn); };
  }

  private fill(): void {
    while (!this.paused && this.under.size < this.lanes && this.next < this.entries.length) {
      const entry = this.entries[this.next++];
      if (entry?.phase === "queued") this.begin(entry);
    }
  }

  private begin(entry: Entry): void {
    entry.phase = "sending";
    // What is told of a file that was stopped meanwhile counts no more.
    const current = (): boolean => this.under.get(entry) === sending;
    const end = (phase: Phase, failure: unknown = null): void => {
      if (!current()) return;
      this.under.delete(entry);
      Object.assign(entry, { phase, failure });
      this.fill();
      this.changed();
    };
    const sending = this.send(entry, {
      progress: (sent) => { if (current()) { entry.sent = sent; this.changed(); } },
      begun: (upload) => { entry.upload = upload; },
      done: () => { end("sent"); },
      failed: (error) => { end("failed", error); },
    });
    this.under.set(entry, sending);
  }

  private changed(): void {
    this.timer ??= setTimeout(() => {
      this.timer = null;
      this.version++;
      for (const fn of this.listeners) fn();
    }, this.beat);
  }
}
