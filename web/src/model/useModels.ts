// Models as the node makes them: each takes seconds there, and is kept as long as it is shown.
import { useEffect, useRef, useState } from "react";
import { request } from "../api/client";
import type { Figures } from "../api/types";
import { broken, readGlb, type Surface } from "./glb";
import type { Made } from "./state";

// Model is one that has come. file is what came, as it can be saved.
export type Model = { surface: Surface; figures: Figures; file: Blob };

// Coming is how far one is: made by the node as long as nothing of it has come. Bytes.
export type Coming = { of: number; done: number; total: number };

export type Models = { models: readonly (Model | undefined)[]; coming: Coming | null; failure: unknown; cancelled: boolean; cancel: () => void; again: () => void };

// query is what the node is asked for.
export function query({ kind, level, outline }: Made, triangles: number, format: string): string {
  const of: Record<string, string> = outline ? { segmentation: outline.record, segment: String(outline.segment) } : { threshold: String(level) };
  return `?${new URLSearchParams({ kind, ...of, triangles: String(triangles), format }).toString()}`;
}

const mostBytes = 1 << 29;

// load fetches a model, and tells how much of it is there.
async function load(address: string, signal: AbortSignal, onProgress: (done: number, total: number) => void): Promise<Model> {
  const response = await request("GET", address, { signal });
  const figures = JSON.parse(response.headers.get("Model-Figures") ?? "null") as Figures | null;
  if (!response.body || !figures) throw new Error(broken);
  const parts: Uint8Array<ArrayBuffer>[] = [], reader = response.body.getReader();
  let done = 0, total = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    parts.push(part.value as Uint8Array<ArrayBuffer>);
    done += part.value.length;
    if (done > mostBytes) throw new Error(broken);
    if (!total && part.value.length >= 12) total = new DataView(part.value.buffer, part.value.byteOffset).getUint32(8, true);
    onProgress(done, total);
  }
  const file = new Blob(parts, { type: "model/gltf-binary" });
  return { surface: readGlb(await file.arrayBuffer()), figures, file };
}

// useModels asks for what is wanted, one after another: a node makes few at once.
export function useModels(address: string, wanted: readonly Made[], triangles: number): Models {
  const keys = wanted.map((made) => `${address}${query(made, triangles, "glb")}`), asked = keys.join(" ");
  const kept = useRef(new Map<string, Model>()), stop = useRef(new AbortController());
  const [coming, setComing] = useState<Coming | null>(null), [failure, setFailure] = useState<unknown>(null);
  const [cancelled, setCancelled] = useState(false), [round, next] = useState(0);
  useEffect(() => {
    const now = new AbortController(), { signal } = now;
    stop.current = now;
    setFailure(null);
    setCancelled(false);
    for (const key of kept.current.keys()) if (!keys.includes(key)) kept.current.delete(key);
    const all = async (): Promise<void> => {
      for (const [of, key] of keys.entries()) {
        if (kept.current.has(key)) continue;
        setComing({ of, done: 0, total: 0 });
        const model = await load(key, signal, (done, total) => { if (!signal.aborted) setComing({ of, done, total }); });
        if (signal.aborted) return;
        kept.current.set(key, model);
      }
      setComing(null);
    };
    all().catch((error: unknown) => {
      if (signal.aborted) return;
      setComing(null);
      setFailure(error);
    });
    return () => { now.abort(); };
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the keys say it all
  }, [asked, round]);
  const cancel = (): void => {
    stop.current.abort();
    setComing(null);
    setCancelled(true);
  };
  return { models: keys.map((key) => kept.current.get(key)), coming, failure, cancelled, cancel, again: () => { next(round + 1); } };
}
