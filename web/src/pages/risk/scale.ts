// How counts of people lie on the plot of a risk: on a scale of powers of ten.

export const few = 5; // whoever is not told exactly is told no count below it
const steps = [1, few, 11, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000] as const;
export const most = 10000; // counting ends there

// across returns where a count lies on the scale: 0 for one (and for none), 1 for most.
export const across = (n: number): number => Math.log10(Math.max(1, n)) / Math.log10(most);

// range returns between which counts n stands, if it is told in steps: both ends belong to it.
export function range(n: number): [from: number, to: number] {
  const from = Math.max(1, n);
  return [from, (steps.find((step) => step > from) ?? most + 1) - 1];
}
