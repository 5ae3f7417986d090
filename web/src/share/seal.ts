// Sealing what a link shows, in the owner's browser: the node gets ciphertext alone.
import { type Bytes, type Link, PartBuffer, partBytes, ShareError, toBase64url } from "./link";
import { type About, type FileEntry, filesOf, partsFor, sealManifest, sizeOf } from "./manifest";

// Content is the bytes of a file, or a stream of them.
export type Content = ReadableStream<Uint8Array> | ArrayBuffer | Uint8Array;

// SealFile is a file to be shown; read is called once, when its turn comes.
export type SealFile = FileEntry & { read: () => Promise<Content> };

export type SealOptions = {
  // put takes each sealed part once; part 0, the manifest, last.
  put: (part: number, sealed: Bytes) => Promise<void>;
  // has says that a part was put before, by an upload that was cut: the same files give
  // the same parts, so that it need not be put again.
  has?: (part: number) => Promise<boolean>;
  progress?: (bytes: number, of: number) => void;
  signal?: AbortSignal;
};

// plannedParts is how many parts a share has besides its manifest.
export function plannedParts(about: About): number {
  return partsFor(sizeOf(about));
}

// seal seals files and says what they are. It holds one part in memory at a time. A file
// that has more or fewer bytes than it says is a ShareError.
export async function seal(link: Link, about: About<SealFile>, options: SealOptions): Promise<void> {
  const size = sizeOf(about);
  const bytes = chunks(filesOf(about));
  const buffer = new PartBuffer(partBytes);
  const synthetic: string[] = [];
  let left: Uint8Array = new Uint8Array(0);
  let done = 0;
  for (let part = 1; part <= partsFor(size); part++) {
    options.signal?.throwIfAborted();
    const plain = buffer.plain.fill(0);
    const wanted = Math.min(partBytes, size - done);
    for (let filled = 0; filled < wanted;) {
      if (left.length === 0) left = await next(bytes);
      const taken = left.subarray(0, wanted - filled);
      plain.set(taken, filled);
      filled += taken.length;
      left = left.subarray(taken.length);
    }
    const value = await link.synthetic(buffer.numbered(part));
    synthetic.push(toBase64url(value));
    if (!(await options.has?.(part))) await options.put(part, await link.seal(part, value, plain));
    done += wanted;
    options.progress?.(done, size);
  }
  if (left.length > 0 || !(await bytes.next()).done) throw new ShareError("invalid", "there is more than the files say");
  options.signal?.throwIfAborted();
  await options.put(0, await sealManifest(link, about, synthetic));
}

async function next(bytes: AsyncGenerator<Uint8Array, void>): Promise<Uint8Array> {
  const { value, done } = await bytes.next();
  if (done) throw new ShareError("invalid", "there is less than the files say");
  return value;
}

// chunks are the bytes of all files, one after the other, each as long as it says.
async function* chunks(files: SealFile[]): AsyncGenerator<Uint8Array, void> {
  for (const file of files) {
    let left = file.size;
    for await (const chunk of pieces(await file.read())) {
      left -= chunk.length;
      if (left < 0) break;
      if (chunk.length > 0) yield chunk;
    }
    if (left !== 0) throw new ShareError("invalid", "a file has another length than it says");
  }
}

async function* pieces(content: Content): AsyncGenerator<Uint8Array, void> {
  if (content instanceof ReadableStream) {
    const reader = content.getReader();
    try {
      for (let step = await reader.read(); !step.done; step = await reader.read()) yield step.value;
    } finally {
      await reader.cancel().catch(() => undefined); // nobody reads the rest
    }
    return;
  }
  yield content instanceof Uint8Array ? content : new Uint8Array(content);
}
