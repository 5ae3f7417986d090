import { expect, test } from "vitest";
import { type Entry, Queue, type Told } from "./queue";

const file = (name: string, size = 10): Pick<Entry, "file" | "path" | "upload"> => ({ file: new File([new Uint8Array(size)], name), path: name, upload: "" });

// hand lets a test say what becomes of each file, in its own order.
function hand(lanes = 2) {
  const told = new Map<string, Told>(), stopped: string[] = [];
  const queue = new Queue((entry, tell) => {
    told.set(entry.path, tell);
    return { stop: async () => { stopped.push(entry.path); } };
  }, lanes, 0);
  return { queue, told, stopped };
}

const phases = (queue: Queue): string => queue.entries.map((entry) => entry.phase).join(" ");

test("no more files are on their way than there are lanes", () => {
  const { queue, told } = hand();
  queue.add([file("a"), file("b"), file("c")]);
  expect(phases(queue)).toBe("sending sending queued");
  told.get("a")?.done();
  expect(phases(queue)).toBe("sent sending sending");
  told.get("b")?.failed(new Error("the node does not answer"));
  told.get("c")?.done();
  expect(phases(queue)).toBe("sent failed sent");
  expect(queue.idle()).toBe(true);
  expect(queue.totals()).toMatchObject({ files: 3, arrived: 2, failed: 1, sending: 0, bytes: 30, sent: 20 });
});

test("what was paused goes on with the upload that it had", async () => {
  const { queue, told, stopped } = hand(1);
  queue.add([file("a"), file("b")]);
  const before = told.get("a");
  before?.begun("u_1");
  before?.progress(4);
  await queue.pause();
  expect(stopped).toEqual(["a"]);
  expect(phases(queue)).toBe("queued queued");
  before?.done(); // too late: it was stopped
  expect(phases(queue)).toBe("queued queued");
  queue.go();
  expect(phases(queue)).toBe("sending queued");
  expect(queue.entries[0]?.upload).toBe("u_1");
});

test("what failed is sent again, and only that", () => {
  const { queue, told } = hand(3);
  queue.add([file("a"), file("b"), file("c")]);
  for (const name of ["a", "c"]) told.get(name)?.failed(new Error());
  told.get("b")?.done();
  queue.again();
  expect(phases(queue)).toBe("sending sent sending");
});

test("a sender that is done at once does not end the queue", () => {
  const queue = new Queue((_, tell) => { queueMicrotask(() => { tell.done(); }); return { stop: async () => {} }; }, 3, 0);
  queue.add(Array.from({ length: 2000 }, (_, i) => file(String(i), 1)));
  return new Promise<void>((ended) => {
    const stop = queue.listen(() => {
      if (!queue.idle()) return;
      expect(queue.totals().arrived).toBe(2000);
      stop();
      ended();
    });
  });
});
