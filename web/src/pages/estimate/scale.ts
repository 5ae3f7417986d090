// How rates lie on the plot of the estimate.

// Rated is one kind of device as far as people looked at its records.
export type Rated = { device: string; examined: number; rate: number; low: number; high: number };

const ends = [.01, .02, .04, .1, .2, .4, 1] as const;

// endOf returns the rate at which a plot of these rows ends: the least round one that none
// of their intervals goes beyond. Rows of which nothing was looked at have no interval.
export function endOf(rows: readonly Rated[]): number {
  const highest = Math.max(0, ...rows.filter((row) => row.examined > 0).map((row) => row.high));
  return ends.find((end) => end >= highest) ?? 1;
}

// across returns where a rate lies on a plot that ends at end: 0 to 1.
export const across = (rate: number, end: number): number => Math.min(rate, end) / end;

export const ticks = (end: number): number[] => [0, .25, .5, .75, 1].map((part) => part * end);

// short cuts a name that is too long for its place, and says so.
export const short = (name: string, most: number): string => name.length > most ? `${name.slice(0, most - 1)}…` : name;
