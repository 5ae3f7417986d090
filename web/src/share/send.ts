// A share on its way to the node: sealed here, part after part.
import { part, request } from "../api/client";
import type { NewShare, Sharing } from "../api/types";
import { Link } from "./link";
import type { About } from "./manifest";
import { plannedParts, seal, type SealFile } from "./seal";

// Terms are what an owner consents to.
export type Terms = Pick<NewShare, "study" | "purpose" | "endsAt" | "openings">;

// Sending can be stopped and go on: it keeps which parts the node has.
export class Sending {
  private readonly there = new Set<number>();

  private constructor(readonly link: Link, private readonly about: About<SealFile>, private readonly wanted: NewShare) {}

  static async of(terms: Terms, about: About<SealFile>): Promise<Sending> {
    const parts = plannedParts(about), link = await Link.make();
    return new Sending(link, about, { ...terms, id: link.id, verifier: link.verifier, parts });
  }

  get path(): string { return `shares/${part(this.link.id)}`; }

  // run brings what is not there yet, and lets the link open it.
  async run(signal: AbortSignal, progress: (bytes: number, of: number) => void): Promise<Sharing> {
    await request("POST", "shares", { body: JSON.stringify(this.wanted), headers: { "Content-Type": "application/json" }, signal });
    await seal(this.link, this.about, {
      has: (n) => Promise.resolve(this.there.has(n)),
      put: async (n, sealed) => {
        await request("PUT", `${this.path}/parts/${n}`, { body: sealed, headers: { "Content-Type": "application/octet-stream" }, signal });
        this.there.add(n);
      },
      progress, signal,
    });
    return (await (await request("POST", `${this.path}/complete`, { signal })).json()) as Sharing;
  }
}
