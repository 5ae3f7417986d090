// Opening what a link shows, in the browser of whoever has it.
import { type Bytes, type Link, partBytes, sealedBytes, ShareError } from "./link";
import { type FileEntry, filesOf, type Manifest, openManifest } from "./manifest";

// GetPart brings a sealed part.
export type GetPart = (part: number, signal?: AbortSignal) => Promise<ArrayBuffer>;

export type ReadOptions = { progress?: (bytes: number, of: number) => void; signal?: AbortSignal };

// Shared is an opened share. It keeps the part that was read last, for the file that
// begins in it, and nothing else.
export class Shared {
  readonly files: FileEntry[];
  private readonly starts: number[] = [0];
  private last: { part: number; plain: Promise<Bytes> } | undefined;

  private constructor(
    private readonly link: Link,
    private readonly get: GetPart,
    readonly manifest: Manifest,
    private readonly synthetic: Bytes[],
  ) {
    this.files = filesOf(manifest);
    let at = 0;
    for (const file of this.files) this.starts.push((at += file.size));
  }

  // open fetches and opens the manifest. A share that another link sealed, or that was
  // changed, is a ShareError.
  static async open(link: Link, get: GetPart, signal?: AbortSignal): Promise<Shared> {
    const { manifest, synthetic } = await openManifest(link, new Uint8Array(await get(0, signal)));
    return new Shared(link, get, manifest, synthetic);
  }

  // read returns the bytes of a file, by its place in files.
  async read(index: number, options: ReadOptions = {}): Promise<Bytes> {
    const file = this.file(index);
    const bytes = new Uint8Array(file.size);
    let at = 0;
    for await (const piece of this.pieces(index, options)) {
      bytes.set(piece, at);
      at += piece.length;
    }
    return bytes;
  }

  // blob returns the bytes of a file, one part of it in memory at a time: the browser may
  // keep what is done elsewhere.
  async blob(index: number, options: ReadOptions = {}): Promise<Blob> {
    const done: Blob[] = [];
    for await (const piece of this.pieces(index, options)) done.push(new Blob([piece]));
    return new Blob(done);
  }

  // stream gives the bytes of a file as they come: one part in memory at a time.
  stream(index: number, options: ReadOptions = {}): ReadableStream<Bytes> {
    const pieces = this.pieces(index, options);
    return new ReadableStream<Bytes>({
      async pull(controller) {
        const { value, done } = await pieces.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      async cancel() {
        await pieces.return();
      },
    }, { highWaterMark: 0 });
  }

  private file(index: number): FileEntry {
    const file = this.files[index];
    if (file === undefined) throw new ShareError("invalid", "there is no such file");
    return file;
  }

  private async *pieces(index: number, { progress, signal }: ReadOptions): AsyncGenerator<Bytes, void> {
    const { size } = this.file(index);
    const start = this.starts[index] ?? 0;
    for (let done = 0; done < size;) {
      signal?.throwIfAborted();
      const part = Math.floor((start + done) / partBytes) + 1;
      const from = start + done - (part - 1) * partBytes;
      const plain = await this.part(part, signal);
      const piece = plain.slice(from, Math.min(partBytes, from + size - done));
      done += piece.length;
      progress?.(done, size);
      yield piece;
    }
  }

  // part fetches and opens one part. One that failed is fetched again when it is asked
  // for again.
  private async part(part: number, signal?: AbortSignal): Promise<Bytes> {
    if (this.last?.part === part) return this.last.plain;
    const plain = this.fetchPart(part, signal);
    const mine = { part, plain };
    this.last = mine;
    try {
      return await plain;
    } catch (error) {
      if (this.last === mine) this.last = undefined;
      throw error;
    }
  }

  private async fetchPart(part: number, signal?: AbortSignal): Promise<Bytes> {
    const synthetic = this.synthetic[part - 1];
    const sealed = await this.get(part, signal);
    if (synthetic === undefined || sealed.byteLength !== sealedBytes) {
      throw new ShareError("corrupt", `part ${String(part)} has another length`);
    }
    return this.link.open(part, synthetic, sealed);
  }
}
