"""Frames that are full of words, or have a pane that is: reports of dose and of measurements, tables, letters."""
import numpy as np
from PIL import Image, ImageDraw, ImageFont

LABELS = ('Total DLP mGy cm Series Scan Length Phantom Body Head CTDIvol Patient Name Birth Date Study Accession Number Referring Helical Dose '
          'Report kV mAs eff Thorax Abdomen Page of Left Right Ventricle Diameter Volume EF Mean Max Min Velocity cm/s ml mm bpm HR BP Area Ratio '
          'normal Comment Physician Hospital Department findings show no evidence of the in and with was is a for Impression').split()


def word(r, words, chinese):
    k = r.random()
    if chinese and k < .6 or k < .2:
        return words(r, chinese)
    if k < .65:
        return str(r.choice(LABELS))
    n = r.uniform(0, 10 ** r.uniform(0, 4))
    return '%d' % n if k < .8 else '%.*f' % (int(r.integers(1, 3)), n)


def runs(r, rect, size, face, words, chinese):
    """Texts and where each begins, line by line: prose, names with values, or columns."""
    x0, y0, x1, y1 = rect
    step = size * r.choice([r.uniform(1.05, 1.3), r.uniform(1.2, 1.7), r.uniform(1.5, 2.8)])
    how, y = r.choice(['prose', 'pairs', 'table'], p=[.45, .2, .35]), y0 + size * r.uniform(.1, .6)
    stops = np.sort(r.uniform(x0, x1, int(r.integers(2, 7)))) if how == 'table' else [x0, x0 + (x1 - x0) * r.uniform(.25, .6)]
    some = (.97, .9, .7)[r.integers(3)]
    while y + size * 1.1 < y1:
        if r.random() > some:
            y += step
            continue
        if how == 'prose':
            line, far = [], x0 + (x1 - x0) * (1 if r.random() < .7 else r.uniform(.2, 1))
            while not line or x0 + face.getlength(' '.join(line)) < far:
                line.append(word(r, words, chinese))
            yield x0, y, ' '.join(line[:-1])
        else:
            for k, x in enumerate(stops):
                text = ' '.join(word(r, words, chinese) for _ in range(int(r.integers(1, 4)) if k == 0 or how == 'pairs' else 1))
                if x + face.getlength(text) < (stops[k + 1] - size // 2 if k + 1 < len(stops) else x1):
                    yield x, y, text
        y += step


def panes_of(r, a, span):
    """Makes room for words: all of a frame, its halves, or one or two rectangles in what it shows."""
    h, w = a.shape[:2]
    lo, hi = span
    if r.random() < .5:
        a[...] = lo + (hi - lo) * r.choice([0, 0, 1, r.uniform(0, 1)])
        return [(0, 0, w, h)] if r.random() < .6 else [(0, 0, w // 2, h), (w // 2, 0, w, h)]
    panes = []
    for _ in range(int(r.integers(1, 3))):
        pw, ph = int(w * r.uniform(.25, .9)), int(h * r.uniform(.2, .9))
        x, y = int(r.integers(0, w - pw + 1)), int(r.integers(0, h - ph + 1))
        if not any(x < b[2] and b[0] < x + pw and y < b[3] and b[1] < y + ph for b in panes):
            panes.append((x, y, x + pw, y + ph))
    return panes


def inks(r, part, span):
    """Paints a pane, mostly; returns the value of its ground and one that is seen on it."""
    lo, hi = span
    ground = lo + (hi - lo) * r.choice([0, 0, .1, .3, .7, .85, 1])
    if r.random() < .85:
        part[...] = ground
    grey = float(np.median(part))
    ink = lo + (hi - lo) * r.uniform(0, 1)
    while abs(ink - grey) < .22 * (hi - lo):
        ink = lo + (hi - lo) * r.uniform(0, 1)
    return grey, ink


def write(r, a, span, pane, fonts, words, empty):
    """Writes into a pane, with rules or stripes at times; returns the coverage, the boxes of the runs, and how."""
    h, w = a.shape[:2]
    lo, hi = span
    x0, y0, x1, y1 = pane
    latin, cjk = fonts
    grey, ink = inks(r, a[y0:y1, x0:x1], span)
    chinese = bool(cjk) and r.random() < .15
    size = int(np.clip(np.exp(r.uniform(np.log(8), np.log(34))), 10 if chinese else 8, max(8, (y1 - y0) // 3)))
    if not chinese and r.random() < .35:
        face, size = ImageFont.load_default(), 11
    else:
        face = ImageFont.truetype(str(r.choice(cjk if chinese else latin)), size)
    rect = (x0 + min(int(r.integers(1, 20)), (x1 - x0) // 4), y0 + min(int(r.integers(1, 12)), (y1 - y0) // 4), x1 - 1, y1 - 1)
    im, rules, boxes = Image.new('L', (w, h)), Image.new('L', (w, h)), []
    d, lines = ImageDraw.Draw(im), ImageDraw.Draw(rules)
    d.fontmode = '1' if r.random() < .4 else 'L'
    ruled, striped, colour = r.random() < .2, r.random() < .15, [ink] * 3
    if a.ndim == 3 and r.random() < .3:
        colour = [float(np.clip(ink + r.uniform(-.2, .2) * (hi - lo), lo, hi)) for _ in range(3)]
    for n, (x, y, text) in enumerate(runs(r, rect, size, face, words, chinese)):
        b = d.textbbox((x, y), text, font=face)
        b = [max(0, int(b[0])), max(0, int(b[1])), min(w, int(b[2]) + 1), min(h, int(b[3]) + 1)]
        if b[2] <= b[0] or b[3] <= b[1] or not text.strip():
            continue
        if striped and n % 2:
            a[b[1]:b[3], x0:x1] = grey + (.12 if grey < (lo + hi) / 2 else -.12) * (hi - lo)
        if ruled:
            lines.line((x0, b[3] + size // 4, x1, b[3] + size // 4), 255)
        if not empty:
            d.text((x, y), text, 255, font=face)
            boxes.append(b)
    ruled, c = (np.asarray(i) / 255. for i in (rules, im))
    k, ruled = (c[..., None], ruled[..., None]) if a.ndim == 3 else (c, ruled)
    a[...] = a * (1 - ruled * .6) + ink * ruled * .6
    a[...] = a * (1 - k) + (np.array(colour) if a.ndim == 3 else ink) * k
    return c, boxes, ['page %d 0' % size] * len(boxes)


def fill(r, a, span, fonts, words, empty):
    """Draws panes of words; returns the coverage of what is drawn, the boxes of its runs, and how."""
    cover, boxes, kinds = np.zeros(a.shape[:2]), [], []
    for pane in panes_of(r, a, span):
        c, b, k = write(r, a, span, pane, fonts, words, empty)
        cover, boxes, kinds = np.maximum(cover, c), boxes + b, kinds + k
    kept = [i for i, b in enumerate(boxes) if (cover[b[1]:b[3], b[0]:b[2]] > .4).any()]
    return (cover * 255).astype('u1'), [boxes[i] for i in kept], [kinds[i] for i in kept]


def turned(r, a, mask, boxes):
    """A quarter turn of the whole, at times."""
    k = int(r.choice([0, 0, 0, 0, 0, 0, 0, 1, 2, 3]))
    for _ in range(k):
        w = a.shape[1]
        boxes = [[b[1], w - b[2], b[3], w - b[0]] for b in boxes]
        a, mask = np.rot90(a), np.rot90(mask)
    return np.ascontiguousarray(a), np.ascontiguousarray(mask), boxes
