// Bodies of several parts (RFC 2046 §5.1), as they come.

// boundaryOf reads the boundary out of a Content-Type; undefined if there is none.
export function boundaryOf(contentType: string | null): string | undefined {
  const found = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;]{1,70}))/i.exec(contentType ?? "");
  return found?.[1] ?? found?.[2];
}

const maxPart = 2 ** 31; // bytes
const ascii = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0) & 0xff);

// find returns where needle begins in the first end bytes of hay, from a place on; -1 if
// it does not.
export function find(hay: Uint8Array, needle: Uint8Array, from: number, end: number): number {
  const first = needle[0] ?? 0, last = end - needle.length;
  for (let i = hay.indexOf(first, from); i >= 0 && i <= last; i = hay.indexOf(first, i + 1)) {
    let k = 1;
    while (k < needle.length && hay[i + k] === needle[k]) k++;
    if (k === needle.length) return i;
  }
  return -1;
}

// Parts cuts what is pushed into the bodies of its parts, each a copy of its own.
export class Parts {
  readonly #mark: Uint8Array;
  #buffer = new Uint8Array(1 << 20);
  #end = 0; // of what was pushed
  #start = 0; // of what was not cut yet
  #seen = 0; // up to where there is no mark
  #inside = false; // a part has begun
  ended = false;

  constructor(boundary: string) {
    this.#mark = ascii(`\r\n--${boundary}`);
    this.#append(ascii("\r\n")); // the first mark may stand at the very beginning
  }

  push(chunk: Uint8Array): Uint8Array[] {
    this.#append(chunk);
    const bodies: Uint8Array[] = [];
    while (!this.ended) {
      const at = find(this.#buffer, this.#mark, Math.max(this.#seen, this.#start), this.#end);
      if (at < 0) {
        this.#seen = Math.max(this.#start, this.#end - this.#mark.length);
        return bodies;
      }
      const next = at + this.#mark.length;
      if (this.#end < next + 2) { // whether it is the last is not here yet
        this.#seen = at;
        return bodies;
      }
      if (this.#inside) bodies.push(this.#body(at));
      this.ended = this.#buffer[next] === 0x2d && this.#buffer[next + 1] === 0x2d;
      this.#inside = true;
      this.#start = this.#seen = next;
    }
    return bodies;
  }

  // body is what stands between the empty line behind a part's header and a place.
  #body(end: number): Uint8Array {
    const blank = find(this.#buffer, ascii("\r\n\r\n"), this.#start, end);
    return blank < 0 ? new Uint8Array() : this.#buffer.slice(blank + 4, end);
  }

  #append(chunk: Uint8Array): void {
    if (this.#end + chunk.length > this.#buffer.length) {
      const left = this.#end - this.#start, need = left + chunk.length;
      if (need > maxPart) throw new RangeError("a part is too long");
      const buffer = need * 2 > this.#buffer.length ? new Uint8Array(Math.max(need * 2, 1 << 20)) : this.#buffer;
      if (buffer === this.#buffer) buffer.copyWithin(0, this.#start, this.#end);
      else buffer.set(this.#buffer.subarray(this.#start, this.#end));
      this.#seen = Math.max(0, this.#seen - this.#start);
      this.#end = left;
      this.#start = 0;
      this.#buffer = buffer;
    }
    this.#buffer.set(chunk, this.#end);
    this.#end += chunk.length;
  }
}
