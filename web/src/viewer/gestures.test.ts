import { expect, test } from "vitest";
import { picturesOf } from "./gestures";

test("a notch of a wheel is one picture, whatever the browser and the scale say it is long", () => {
  for (const deltaY of [66.7, 80, 100, 120, 125]) {
    expect(picturesOf({ deltaMode: 0, deltaY }, 0)).toEqual({ pictures: 1, left: 0 });
    expect(picturesOf({ deltaMode: 0, deltaY: -deltaY }, 30)).toEqual({ pictures: -1, left: 0 });
  }
  expect(picturesOf({ deltaMode: 1, deltaY: 3 }, 0).pictures).toBe(1); // lines
  expect(picturesOf({ deltaMode: 2, deltaY: -1 }, 0).pictures).toBe(-1); // a page
  expect(picturesOf({ deltaMode: 0, deltaY: 300 }, 0).pictures).toBe(3); // three notches in one frame
});

test("the small steps of a touchpad add up", () => {
  let left = 0, all = 0;
  for (let k = 0; k < 100; k++) {
    const one = picturesOf({ deltaMode: 0, deltaY: 4 }, left);
    left = one.left;
    all += one.pictures;
  }
  expect(all).toBe(10);
  expect(picturesOf({ deltaMode: 0, deltaY: 0 }, 12)).toEqual({ pictures: 0, left: 12 });
});
