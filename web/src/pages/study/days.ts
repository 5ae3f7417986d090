// A way is told day by day, as whoever looks at it counts days, and what happened several
// times running is told once.

// Day is what happened on one, in the order in which it did.
export type Day<T> = { day: string; of: T[] };

// byDay groups what is in order of time. dayOf writes the day of a time.
export function byDay<T extends { at: string }>(events: readonly T[], dayOf: (at: string) => string): Day<T>[] {
  const days: Day<T>[] = [];
  for (const event of events) {
    const day = dayOf(event.at), last = days.at(-1);
    if (last?.day === day) last.of.push(event);
    else days.push({ day, of: [event] });
  }
  return days;
}

// runs groups neighbours that are of the same kind.
export function runs<T>(events: readonly T[], kindOf: (event: T) => string): T[][] {
  const found: T[][] = [];
  for (const event of events) {
    const last = found.at(-1), [first] = last ?? [];
    if (last && first !== undefined && kindOf(first) === kindOf(event)) last.push(event);
    else found.push([event]);
  }
  return found;
}
