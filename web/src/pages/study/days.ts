// A way is told day by day, as whoever looks at it counts days.

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
