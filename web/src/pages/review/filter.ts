import type { ReviewElement } from "../../api/types";

// found returns the elements that have a text in their path or name, and one action; ""
// is any.
export function found(all: readonly ReviewElement[], text: string, action: string): ReviewElement[] {
  const wanted = text.trim().toLowerCase();
  return all.filter((e) => (!action || e.action === action) && `${e.path} ${e.name}`.toLowerCase().includes(wanted));
}
