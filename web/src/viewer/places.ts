// Where in a source an image is, for lists of many images.
import type { Source } from "./stack";

const known = new WeakMap<Source, ReadonlyMap<string, number>>();

// placeOf is the index of a frame of an instance in a source, -1 if it is not in it.
export function placeOf(source: Source, { instance, frame }: { instance: string; frame: number }): number {
  let places = known.get(source);
  if (!places) known.set(source, (places = new Map(source.heads.map((h, i) => [`${h.instance}/${h.frame}`, i]))));
  return instance === "" ? -1 : (places.get(`${instance}/${frame}`) ?? -1);
}
