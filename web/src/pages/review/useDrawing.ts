import { type KeyboardEvent, type PointerEvent, useEffect, useState } from "react";
import { announce } from "../../ui/announce";
import { t } from "../../words/words";
import { type Box, boxOf, covers, cross, middle, type Point, type Size, stepped, within } from "./geometry";

// Drawing is a box that is being drawn, the cursor that keys move, and what listens.
export type Drawing = {
  going: Box | null;
  cursor: string | null;
  listeners: {
    onPointerDown: (event: PointerEvent<SVGSVGElement>) => void;
    onPointerMove: (event: PointerEvent<SVGSVGElement>) => void;
    onPointerUp: (event: PointerEvent<SVGSVGElement>) => void;
    onPointerCancel: () => void;
    onKeyDown: (event: KeyboardEvent) => void;
  };
};

// pointOf returns where in the picture a pointer is.
function pointOf(event: PointerEvent<SVGSVGElement>, size: Size): Point {
  const onto = event.currentTarget.getScreenCTM();
  if (!onto) return [0, 0];
  const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(onto.inverse());
  return within([x, y], size);
}

// useDrawing lets a box be drawn by mouse, pen or finger, or by keys: onBox is told of it.
// Without onBox nothing is drawn for now, and what was begun is dropped.
export function useDrawing(size: Size, onBox: ((box: Box) => void) | undefined): Drawing {
  const [from, setFrom] = useState<Point | null>(null);
  const [to, setTo] = useState<Point | null>(null);
  const [key, setKey] = useState<Point | null>(null); // where the keys are; null before the first
  const may = onBox !== undefined;
  const drop = (): void => { setFrom(null); setTo(null); };
  useEffect(() => { if (!may) drop(); }, [may]);
  const begin = (at: Point): void => { setFrom(at); setTo(at); };
  const end = (at: Point): void => {
    drop();
    const box = from && boxOf(from, at);
    if (box && covers(box)) onBox?.(box);
  };
  const move = (at: Point): void => {
    setKey(at);
    if (from) setTo(at);
    announce(t("review.at", { x: String(at[0]), y: String(at[1]) }));
  };
  const press = (event: KeyboardEvent): void => {
    if (!onBox) return;
    const at = key ?? middle(size), moved = stepped(at, event.key, event.shiftKey, size);
    const corner = event.key === "Enter" || event.key === " ";
    if (!moved && !corner && event.key !== "Escape") return;
    event.preventDefault();
    if (event.key === "Escape") drop();
    if (corner && !from) begin(at);
    if (corner && from) end(at); // which tells of the box
    else move(moved ?? at);
  };
  return {
    going: from && to ? boxOf(from, to) : null,
    cursor: key && cross(key, size),
    listeners: {
      onPointerDown: (event) => {
        if (!onBox || event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        begin(pointOf(event, size));
      },
      onPointerMove: (event) => { if (from && event.currentTarget.hasPointerCapture(event.pointerId)) setTo(pointOf(event, size)); },
      onPointerUp: (event) => { if (from && event.currentTarget.hasPointerCapture(event.pointerId)) end(pointOf(event, size)); },
      onPointerCancel: drop,
      onKeyDown: press,
    },
  };
}
