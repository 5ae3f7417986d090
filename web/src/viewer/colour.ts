// Colours of what is drawn over images: those that objects recommend, else of a palette.
import type { Dataset } from "./dataset";
import { numbers } from "./dataset";

export type Rgb = readonly [number, number, number]; // 0…255

// palette are colours that are told apart on gray, also by who does not see red from green.
const palette: readonly Rgb[] = [
  [230, 159, 0], [86, 180, 233], [0, 190, 140], [240, 228, 66], [213, 94, 0], [204, 121, 167],
  [120, 140, 255], [160, 220, 80], [255, 130, 130], [110, 220, 220], [220, 170, 255], [200, 160, 110],
];

export const paletteAt = (i: number): Rgb => palette[i % palette.length] ?? [255, 255, 255];

const sixteen = 0xffff;

// labOf reads Recommended Display CIELab Value: L* from 0 to 100, a* and b* from -128 to 127
// in 16 bits each, against D50 (PS3.3 C.10.7.1.1).
export function labOf(d: Dataset): Rgb | undefined {
  const coded = numbers(d, "0062000D"), [l = 0, a = 0, b = 0] = coded;
  if (coded.length !== 3 || coded.some((v) => v < 0 || v > sixteen)) return undefined;
  return rgbOfLab((l * 100) / sixteen, (a * 255) / sixteen - 128, (b * 255) / sixteen - 128);
}

// rgbOfLab turns CIELab of D50 into sRGB; what sRGB has not is cut.
function rgbOfLab(l: number, a: number, b: number): Rgb {
  const fy = (l + 16) / 116, back = (f: number): number => (f > 6 / 29 ? f ** 3 : (3 * 36 * (f - 4 / 29)) / 841); // CIE 15
  const x = 0.96422 * back(fy + a / 500), y = back(fy), z = 0.82521 * back(fy - b / 200); // D50
  const linear = [ // XYZ of D50 to linear sRGB, by Bradford
    3.1338561 * x - 1.6168667 * y - 0.4906146 * z,
    -0.9787684 * x + 1.9161415 * y + 0.033454 * z,
    0.0719453 * x - 0.2289914 * y + 1.4052427 * z,
  ];
  return linear.map((v) => Math.round(255 * Math.min(1, Math.max(0, v <= 0.0031308 ? 12.92 * v : 1.055 * v ** (1 / 2.4) - 0.055)))) as unknown as Rgb;
}

export const css = ([r, g, b]: Rgb): string => `rgb(${r} ${g} ${b})`;
