// From where a model is looked at. Nothing is mirrored: who looks from the front has the
// patient's right at the left of the screen.
import { add, dot, length, sub, times, type Vec } from "../viewer/geometry";

// Pose is where the viewer stands: turned so many degrees from the front to the patient's
// left (-180 to 180), and raised so many to the head (-90 to 90). at 1 the model fits the
// screen. centre, in mm, is what is in the middle; none is the middle of the model.
export type Pose = { turn: number; rise: number; zoom: number; centre?: Vec };

export const sides = ["A", "P", "L", "R", "H", "F"] as const;
export type Side = (typeof sides)[number];

// of a side: from the head and the feet the front is up.
const stands: Record<Side, { turn: number; rise: number }> = {
  A: { turn: 0, rise: 0 }, P: { turn: 180, rise: 0 }, L: { turn: 90, rise: 0 }, R: { turn: -90, rise: 0 }, H: { turn: 180, rise: 90 }, F: { turn: 0, rise: -90 },
};

export const fromSide = (pose: Pose, side: Side): Pose => ({ ...pose, ...stands[side] });

export const start: Pose = { turn: 0, rise: 0, zoom: 1 };

// sideOf is the side that a pose looks from straight on, if it does.
export const sideOf = ({ turn, rise }: Pose): Side | undefined => sides.find((side) => stands[side].turn === turn && stands[side].rise === rise);

export const mostZoom = 40, leastZoom = 0.2;

// turned is a pose after a turn of the viewer by so many degrees.
export function turned(pose: Pose, left: number, up: number): Pose {
  const turn = ((pose.turn + left + 180) % 360 + 360) % 360 - 180;
  return { ...pose, turn: turn === -180 ? 180 : turn, rise: Math.max(-90, Math.min(90, pose.rise + up)) };
}

export const zoomed = (pose: Pose, by: number): Pose => ({ ...pose, zoom: Math.max(leastZoom, Math.min(mostZoom, pose.zoom * by)) });

// Basis is a pose as directions of the patient: right and up on the screen, and to the viewer.
export type Basis = { right: Vec; up: Vec; near: Vec };

export function basisOf({ turn, rise }: Pick<Pose, "turn" | "rise">): Basis {
  const [s, c] = [sine(turn), sine(turn + 90)], [sr, cr] = [sine(rise), sine(rise + 90)];
  return { right: [c, s, 0], up: [-s * sr, c * sr, cr], near: [s * cr, -c * cr, sr] };
}

// sine of degrees is whole where it must be, so that a view from a side is one.
const sine = (degrees: number): number => (degrees % 90 === 0 ? Math.round(Math.sin((degrees * Math.PI) / 180)) : Math.sin((degrees * Math.PI) / 180)) + 0;

// Box is what has to fit: two corners in mm.
export type Box = { low: Vec; high: Vec };

export const middleOf = ({ low, high }: Box): Vec => times(add(low, high), 0.5);
export const radiusOf = ({ low, high }: Box): number => Math.max(length(sub(high, low)) / 2, 1);

export const around = (boxes: readonly Box[]): Box => ({
  low: [0, 1, 2].map((axis) => Math.min(...boxes.map(({ low }) => low[axis] ?? 0))) as unknown as Vec,
  high: [0, 1, 2].map((axis) => Math.max(...boxes.map(({ high }) => high[axis] ?? 0))) as unknown as Vec,
});

// Frame is a pose on a screen of so many CSS pixels, looking at a box.
export type Frame = Basis & { centre: Vec; scale: number; size: readonly [number, number]; radius: number };

export function frameOf(pose: Pose, box: Box, size: readonly [number, number]): Frame {
  const radius = radiusOf(box);
  return { ...basisOf(pose), centre: pose.centre ?? middleOf(box), scale: (Math.min(...size) / 2 / radius) * pose.zoom, size, radius };
}

// lampOf is the way to a light that is so many degrees to the right of the viewer, and a
// little above.
export const lampOf = ({ near, right, up }: Basis, degrees: number): Vec => {
  const angle = (degrees * Math.PI) / 180;
  return add(add(times(near, Math.cos(angle)), times(right, Math.sin(angle))), times(up, 0.35));
};

// place is where a point is on the screen, in CSS pixels from the top left.
export function place(frame: Frame, point: Vec): readonly [number, number] {
  const from = sub(point, frame.centre);
  return [frame.size[0] / 2 + dot(from, frame.right) * frame.scale, frame.size[1] / 2 - dot(from, frame.up) * frame.scale];
}

// point is where a place of the screen is in the plane of the centre.
export const pointAt = (frame: Frame, x: number, y: number): Vec =>
  add(frame.centre, add(times(frame.right, (x - frame.size[0] / 2) / frame.scale), times(frame.up, (frame.size[1] / 2 - y) / frame.scale)));

// moved is a pose after the model went so many CSS pixels over the screen.
export const moved = (pose: Pose, frame: Frame, dx: number, dy: number): Pose => ({ ...pose, centre: pointAt(frame, frame.size[0] / 2 - dx, frame.size[1] / 2 - dy) });
