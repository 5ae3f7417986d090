// Lru keeps values up to a number of bytes: what was not used for longest goes first.
export class Lru<T> {
  readonly budget: number;
  #held = new Map<string, { value: T; bytes: number }>(); // in order of use
  #bytes = 0;

  constructor(budget: number) { this.budget = budget; }

  get bytes(): number { return this.#bytes; }
  get size(): number { return this.#held.size; }

  has(key: string): boolean { return this.#held.has(key); }

  // get returns a value, which is then the one that was used last.
  get(key: string): T | undefined {
    const found = this.#held.get(key);
    if (!found) return undefined;
    this.#held.delete(key);
    this.#held.set(key, found);
    return found.value;
  }

  // put keeps a value. One that alone is over the budget is kept until the next comes.
  put(key: string, value: T, bytes: number): void {
    this.drop(key);
    this.#held.set(key, { value, bytes });
    this.#bytes += bytes;
    for (const oldest of this.#held.keys()) {
      if (this.#bytes <= this.budget || this.#held.size === 1) return;
      this.drop(oldest);
    }
  }

  drop(key: string): void {
    this.#bytes -= this.#held.get(key)?.bytes ?? 0;
    this.#held.delete(key);
  }
}
