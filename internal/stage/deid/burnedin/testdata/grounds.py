"""Frames without text that are easily taken for it: phantoms, grain, curves, drawn anatomy with sharp edges.

Each maker takes a generator, rows and columns, and returns what those of planted.py do: values, the lowest and
highest that text is drawn with, whether they are signed, bits allocated and stored.
"""
import numpy as np
from PIL import Image, ImageDraw


def blur(a, s):
    """Gaussian of s pixels, by the spectrum: periodic, which backgrounds may be."""
    fy, fx = np.fft.fftfreq(a.shape[0])[:, None], np.fft.rfftfreq(a.shape[1])[None]
    return np.fft.irfft2(np.fft.rfft2(a) * np.exp(-2 * (np.pi * s) ** 2 * (fy * fy + fx * fx)), a.shape)


def grain(r, h, w, s):
    """Noise whose grains are about s pixels wide, zero mean, one standard deviation."""
    a = r.standard_normal((h, w))
    if s > .3:
        a = blur(a, s)
    return (a - a.mean()) / (a.std() + 1e-9)


def oval(h, w, cx, cy, rx, ry, turn=0.):
    """Where an ellipse is; lengths in pixels."""
    y, x = np.mgrid[0:h, 0:w]
    x, y = x - cx, y - cy
    c, s = np.cos(turn), np.sin(turn)
    return ((x * c + y * s) / rx) ** 2 + ((y * c - x * s) / ry) ** 2 < 1


def noise(r, h, w, span):
    """Noise of a scanner, from none to much, fine or coarse."""
    if r.random() < .15:
        return 0
    return span * 10 ** r.uniform(-3.3, -1.1) * grain(r, h, w, r.choice([0, 0, .5, .8, 1.3, 2]))


def row_of(r, a, shape, count, size, value):
    """The same shape many times: along a line, on a ring, or in rows and columns."""
    h, w = a.shape
    how = r.integers(3)
    for i in range(count):
        if how == 0:
            x, y = w * (i + .5) / count, h * r.uniform(.48, .52)
        elif how == 1:
            t = 6.283 * i / count
            x, y = w * (.5 + .4 * np.cos(t)), h * (.5 + .33 * np.sin(t))
        else:
            n = int(np.ceil(count ** .5))
            x, y = w * (i % n + .5) / n, h * (i // n + .5) / n
        if shape == 0:
            a[oval(h, w, x, y, size, size * r.uniform(.9, 1.1))] = value
        elif shape == 1:
            a[max(0, int(y - size)):int(y + size), max(0, int(x - size)):int(x + size)] = value
        else:
            e = oval(h, w, x, y, size, size)
            e[oval(h, w, x, y, size * .6, size * .6)] = False
            a[e] = value


def bars(r, a, value):
    """A pattern of lines, as one that measures resolution."""
    h, w = a.shape
    y, x = int(r.integers(h * 3 // 4 + 1)), int(r.integers(w * 3 // 4 + 1))
    n, m = int(r.integers(6, max(8, h // 2))), int(r.integers(6, max(8, w // 2)))
    step = int(r.integers(2, 14))
    part = a[y:y + n, x:x + m]
    on = (np.arange(part.shape[1]) // step % 2 == 0)[None] if r.random() < .5 else (np.arange(part.shape[0]) // step % 2 == 0)[:, None]
    part[np.broadcast_to(on, part.shape)] = value


def phantom(r, h, w):
    """Discs, rods, wedges and lines of a few values on a flat or shaded ground."""
    span = float(r.choice([255, 1000, 4095]))
    a = np.full((h, w), span * r.uniform(0, .5))
    if r.random() < .7:
        a[oval(h, w, w / 2, h / 2, w * r.uniform(.35, .5), h * r.uniform(.3, .5))] = span * r.uniform(.1, .7)
    for _ in range(int(r.integers(1, 9))):
        value, size = span * r.uniform(0, 1), max(1.5, min(h, w) * 10 ** r.uniform(-2, -.7))
        kind = r.integers(5)
        if kind == 0:
            a[oval(h, w, r.uniform(0, w), r.uniform(0, h), size * r.uniform(.5, 2), size * r.uniform(.5, 2), r.uniform(0, 3.1))] = value
        elif kind == 1:
            y, x = int(r.integers(h)), int(r.integers(w))
            a[y:y + int(size * r.uniform(.1, 3)) + 1, x:x + int(size * r.uniform(.1, 8)) + 1] = value
        elif kind == 2:
            bars(r, a, value)
        else:
            row_of(r, a, r.integers(3), int(r.integers(3, 20)), size, value)
    if r.random() < .3:
        a += span * .2 * (np.mgrid[0:h, 0:w][int(r.integers(2))] / max(h, w))
    if r.random() < .5:
        a = blur(a, r.uniform(.3, 1.5))
    a = a + noise(r, h, w, span)
    return np.clip(a, 0, span), (0, span), False, 8 if span < 256 else 16, 8 if span < 256 else 12


def texture(r, h, w):
    """Grain alone: fine, coarse, of two values, of counts, like ripples or speckle, shaded, or inside of something."""
    s = 10 ** r.uniform(-.6, .9)
    a = grain(r, h, w, s)
    how = r.integers(7)
    if how == 0:
        a = np.sign(a + r.uniform(-1, 1))
    elif how == 1:
        a = np.hypot(a, grain(r, h, w, s))
    elif how == 2:
        a = np.exp(a * r.uniform(.5, 1.5))
    elif how == 3:
        a = r.poisson(np.clip(10 ** r.uniform(-1, 1.5) * (1 + .7 * a), 0, None)).astype(float)
    elif how == 4:
        a = np.clip(a - r.uniform(0, 2), 0, r.uniform(.1, 3))
    elif how == 5:
        a = r.random((h, w))
    if r.random() < .3:
        a = a * np.exp(r.uniform(.3, 1) * grain(r, h, w, max(4, min(h, w) * r.uniform(.03, .2))))
    if r.random() < .4:
        a[~oval(h, w, w * r.uniform(.3, .7), h * r.uniform(.3, .7), w * r.uniform(.2, .6), h * r.uniform(.2, .6))] = a.min() if r.random() < .7 else np.median(a)
    a = a - a.min()
    bits = int(r.choice([8, 12, 16]))
    top = (1 << bits) - 1 if bits < 16 else 32767
    a = a / (a.max() + 1e-9) * top * r.uniform(.3, 1)
    return a, (0, top if r.random() < .5 else a.max()), False, 8 if bits == 8 else 16, bits


def sector(r, h, w):
    """Speckle of a probe: grains of any width, sharp cysts and bright spots, in a sector or a strip."""
    y, x = np.mgrid[0:h, 0:w].astype(float)
    s = r.uniform(.7, 2.6)
    a = np.hypot(grain(r, h, w, s), grain(r, h, w, s))
    light = r.uniform(25, 90) * np.exp(r.uniform(.1, .7) * grain(r, h, w, r.uniform(6, 30)))
    light *= 1 - r.uniform(0, .7) * y / h
    for _ in range(int(r.integers(0, 8))):
        light[oval(h, w, r.uniform(0, w), r.uniform(0, h), r.uniform(.02, .15) * w, r.uniform(.02, .15) * h, r.uniform(0, 3))] = r.choice([0, 5, 60, 120, 200])
    a = np.clip(a * light, 0, r.choice([200, 230, 255]))
    if r.random() < .8:
        top, open_, far = r.uniform(-.2, .12) * h, r.uniform(.4, .9), r.uniform(.8, 1) * h
        t, d = np.arctan2(x - w / 2, y - top), np.hypot(x - w / 2, y - top)
        a[(np.abs(t) > open_) | (d > far) | (d < r.uniform(.02, .2) * h)] = 0
    return a, (0, 255), False, 8, 8


def body(r, h, w):
    """A slice drawn with sharp edges: organs, ribs on a ring, spots in the lungs, a table, noise."""
    a = np.full((h, w), -1000.)
    cx, cy = w * r.uniform(.45, .55), h * r.uniform(.42, .55)
    bx, by = w * r.uniform(.3, .48), h * r.uniform(.25, .42)
    a[oval(h, w, cx, cy, bx, by)] = r.uniform(-120, 0)
    a[oval(h, w, cx, cy, bx * .92, by * .9)] = r.uniform(20, 70)
    coarse = grain(r, h, w, min(h, w) * 10 ** r.uniform(-2.2, -1.4))
    for s in (-1, 1):
        lung = oval(h, w, cx + s * bx * r.uniform(.38, .5), cy - by * r.uniform(-.1, .15), bx * r.uniform(.2, .36), by * r.uniform(.4, .7))
        if r.random() < .6:
            a[lung] = -860 + r.uniform(10, 80) * coarse[lung]
            a[lung & (coarse > r.uniform(1.2, 2))] = r.uniform(-100, 60)
    for _ in range(int(r.integers(0, 9))):
        a[oval(h, w, cx + r.uniform(-.6, .6) * bx, cy + r.uniform(-.6, .6) * by, bx * r.uniform(.02, .4), by * r.uniform(.02, .4), r.uniform(0, 3))] = r.choice([-750, -90, 10, 60, 180, 400, 1200])
    n, size = int(r.integers(6, 26)), r.uniform(.02, .06)
    bone = r.uniform(250, 1300)
    for i in range(n):
        t = 6.283 * (i + r.uniform(0, .2)) / n
        e = (cx + bx * .82 * np.cos(t), cy + by * .82 * np.sin(t), w * size * r.uniform(.8, 1.2), h * size * r.uniform(.6, 1.2), r.uniform(0, 3))
        a[oval(h, w, *e)] = bone
    spine = oval(h, w, cx, cy + by * .6, bx * .15, by * .18)
    a[spine] = bone * .7 + r.uniform(0, 150) * coarse[spine]
    if r.random() < .6:
        y = int(min(h - 3, cy + by + r.integers(1, 12)))
        a[y:y + int(r.integers(1, 6)), int(w * r.uniform(0, .2)):int(w * r.uniform(.8, 1))] = r.uniform(-300, 200)
    if r.random() < .4:
        a = blur(a, r.uniform(.3, 1))
    a = a + r.uniform(2, 40) * grain(r, h, w, r.choice([0, 0, .5, .8]))
    top = float(r.choice([800, 1800, 3071]))
    if r.random() < .3:
        lo, hi = r.choice([(-1000, 400), (-160, 240), (-1000, 1000)])
        return np.clip((a - lo) / (hi - lo), 0, 1) * 255, (0, 255), False, 8, 8
    if r.random() < .5:
        return np.clip(a + 1024, 0, 4095), (0, top + 1024), False, 16, 12
    return np.clip(a, -1024, 3071), (-1024, top), True, 16, 16


def projection(r, h, w):
    """A radiograph drawn with sharp edges: fields, arcs of ribs, a spine, collimation."""
    y, x = np.mgrid[0:h, 0:w]
    a = 1700 + r.uniform(50, 500) * grain(r, h, w, min(h, w) * r.uniform(.05, .25))
    for _ in range(int(r.integers(1, 6))):
        a[oval(h, w, r.uniform(.1, .9) * w, r.uniform(.1, .9) * h, r.uniform(.05, .3) * w, r.uniform(.1, .4) * h, r.normal(0, .3))] += r.uniform(-900, 900)
    bend, step, thick, k = r.uniform(-1, 1), r.uniform(.05, .2), r.uniform(.004, .04) * h, r.uniform(50, 500)
    for i in range(int(1 / step) + 1):
        a[(np.abs(y - h * (step * i + bend * (x / w - .5) ** 2)) < thick) & (np.abs(x / w - .5) < .46)] += k
    a[:, int(w * r.uniform(.3, .5)):int(w * r.uniform(.5, .7))] += r.uniform(-600, 800)
    if r.random() < .5:
        a = blur(a, r.uniform(.3, 1.5))
    a += r.uniform(2, 60) * grain(r, h, w, r.choice([0, 0, .6]))
    if r.random() < .6:
        m, v = int(min(h, w) * r.uniform(.01, .1)) + 1, r.choice([0, 60, 4095])
        a[:m] = a[-m:] = v
        a[:, :m] = a[:, -m:] = v
    return np.clip(a, 0, 4095), (0, 4095), False, 16, 12


def vessels(r, h, w):
    """Dark or bright waves of vessels over a shaded ground with noise."""
    y, x = np.mgrid[0:h, 0:w] / max(h, w)
    a = 150 + r.uniform(5, 45) * grain(r, h, w, min(h, w) * r.uniform(.06, .3))
    sign, deep = r.choice([-1, -1, 1]), r.uniform(15, 110)
    bundle, middle, wide = r.random() < .5, r.uniform(.2, .8), r.uniform(.1, .4)
    for _ in range(int(r.integers(2, 12))):
        u, v = (x, y) if bundle or r.random() < .5 else (y, x)
        at, slope = (middle + r.uniform(-wide, wide), r.uniform(-.15, .15)) if bundle else (r.uniform(-.2, 1.2), r.uniform(-.8, .8))
        line = np.abs(v - at - slope * u - r.uniform(0, .15) * np.sin(r.uniform(3, 20) * u + r.uniform(0, 6)))
        tube = np.clip(1.3 - line / r.uniform(.003, .03), 0, 1) * (u < r.uniform(.2, 1.5))
        a = a + sign * deep * tube
    if r.random() < .5:
        a = blur(a, r.uniform(.3, 1.2))
    a = a + r.uniform(1, 12) * grain(r, h, w, r.choice([0, 0, .5, 1]))
    return np.clip(a, 0, 255), (0, 255), False, 8, 8


def spots(r, h, w):
    """A slice of a tracer: few smooth spots, of very different brightness, in a faint body."""
    y, x = np.mgrid[0:h, 0:w]
    a = r.uniform(0, 60) * oval(h, w, w * r.uniform(.4, .6), h * r.uniform(.4, .6), w * r.uniform(.2, .45), h * r.uniform(.25, .48)).astype(float)
    top = 10 ** r.uniform(2, 3.6)
    for _ in range(int(r.integers(2, 14))):
        s = min(h, w) * r.uniform(.015, .06)
        a += top * r.uniform(.1, 1) * np.exp(-.5 * (((x - r.uniform(.2, .8) * w) / s) ** 2 + ((y - r.uniform(.1, .9) * h) / s / r.uniform(.8, 1.3)) ** 2))
    a = blur(a, r.uniform(.3, 1)) + top * 10 ** r.uniform(-3.5, -1.7) * np.abs(grain(r, h, w, r.choice([0, 0, .5, 1])))
    k = 10 ** r.uniform(0, 1)
    a = np.clip(a * k, 0, 32767)
    return a, (0, min(32767, a.max() * r.uniform(.4, 1.2) + 1)), False, 16, 16


def plots(r, h, w):
    """A screen with panes, rules, curves of one to three pixels, marks and signs, but no text."""
    im = Image.new('L', (w, h), int(r.choice([0, 20, 45, 128, 220, 255])))
    d = ImageDraw.Draw(im)
    ink = lambda: int(r.integers(30, 256))
    for _ in range(int(r.integers(0, 6))):
        x, y = int(r.integers(w)), int(r.integers(h))
        d.rectangle((x, y, x + int(r.integers(4, w)), y + int(r.integers(4, h))), ink() if r.random() < .7 else None, ink())
    for _ in range(int(r.integers(0, 5))):
        t, base, high = np.arange(w), r.uniform(.1, .9) * h, r.uniform(.01, .2) * h
        kind = r.integers(4)
        if kind == 0:
            v = base + high * np.sin(t / r.uniform(3, 40))
        elif kind == 1:
            v = base - high * np.exp(-((t % r.integers(20, 90) - 9) / r.uniform(1, 4)) ** 2) + r.normal(0, 1, w)
        elif kind == 2:
            v = base + np.cumsum(r.normal(0, r.uniform(.3, 3), w))
        else:
            v = base + high * np.sign(np.sin(t / r.uniform(4, 30)))
        x0, wide, value = int(r.integers(w // 2)), int(r.integers(1, 4)), ink()
        if r.random() < .5:
            d.line([(int(i), float(v[i])) for i in range(x0, w)], value, wide)
        else:
            for i in range(x0, w):
                d.line((i, int(v[i]), i, int(v[i]) + wide - 1), value)
    for _ in range(int(r.integers(0, 5))):
        x, y, n, step, value = int(r.integers(w)), int(r.integers(h)), int(r.integers(2, 40)), int(r.integers(3, 30)), ink()
        for i in range(n):  # a scale
            long = int(r.integers(2, 5)) + 4 * (i % 5 == 0)
            box = (x + i * step, y, x + i * step, y + long)
            d.line(box if n % 2 else (box[1], box[0], box[3], box[2]), value)
    for _ in range(int(r.integers(0, 6))):
        x, y, s, value = int(r.integers(w)), int(r.integers(h)), int(r.integers(4, 30)), ink()
        [lambda: d.line((x, y, x + s, y + s), value, int(r.integers(1, 3))), lambda: d.ellipse((x, y, x + s, y + s), None, value),
         lambda: d.polygon((x, y, x + s, y, x + s // 2, y + s), value), lambda: (d.line((x - s, y, x + s, y), value), d.line((x, y - s, x, y + s), value)),
         lambda: d.rectangle((x, y, x + s, y + s), value)][r.integers(5)]()
    a = np.asarray(im).astype(float)
    if r.random() < .3:
        a = a + r.normal(0, r.uniform(.5, 6), (h, w))
    return np.clip(a, 0, 255), (0, 255), False, 8, 8


KINDS = {'phantom': (phantom, 384), 'texture': (texture, 256), 'sector': (sector, 512), 'body': (body, 448), 'projection': (projection, 600),
         'vessels': (vessels, 420), 'spots': (spots, 160), 'plots': (plots, 512)}
