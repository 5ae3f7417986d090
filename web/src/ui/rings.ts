export interface Ring { radius: number; hue: number; length: number; gap: number; turn: number }

// rings is what Metadata.sol draws of a token's ID (0x and 64 hex digits): from the
// outside in, for each four bytes a hue in degrees, a length and a turn in parts of 256.
// Length and gap are one whole round: an arc that turns past its start goes on there.
export const rings = (token: string): Ring[] => Array.from({ length: 8 }, (_, i) => {
  const part = token.slice(2 + 8 * i, 10 + 8 * i);
  const byte = (from: number, to: number): number => Number.parseInt(part.slice(from, to), 16);
  const length = byte(4, 6);
  return { radius: 29 - 3 * i, hue: byte(0, 4) % 360, length, gap: 256 - length, turn: byte(6, 8) };
});
