#!/usr/bin/python3
"""planted.py - frames of synthetic anatomy with text of invented people planted in them.

  planted.py --out DIR --seed N --frames N [--bases DIR] [--fonts train|hold|all] [--kinds KIND,...]

Each frame is a file NAME.frm: one line of JSON (the shape, and in "boxes" the
rectangles of what was planted: x0, y0, x1, y1, half open), the native pixels,
and a byte for each pixel that says how much of it is text (0 to 255). With
--bases, frames in the same form (whose text, if any, is none of ours) are used
as backgrounds beside the drawn ones. Needs python3-pil and python3-numpy.
"""
import argparse, glob, io, json, os, random
import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

import grounds, reports
from grounds import blur

LATIN = ('dejavu', 'liberation', 'freefont')


def power(r, h, w, beta):
    """Noise with a spectrum of 1/f^beta, zero mean, one standard deviation."""
    fy, fx = np.fft.fftfreq(h)[:, None], np.fft.rfftfreq(w)[None]
    f = np.sqrt(fy * fy + fx * fx)
    f[0, 0] = 1
    a = np.fft.irfft2(np.fft.rfft2(r.standard_normal((h, w))) / f ** beta, (h, w))
    return (a - a.mean()) / (a.std() + 1e-9)


def disc(h, w, cx, cy, rx, ry):
    y, x = np.mgrid[0:h, 0:w]
    return ((x / w - cx) / rx) ** 2 + ((y / h - cy) / ry) ** 2


def tree(r, h, w, n, wide):
    """Branching vessels as a mask of 0 to 1."""
    im = Image.new('L', (w * 2, h * 2))
    d = ImageDraw.Draw(im)
    todo = [(r.uniform(0, w * 2), r.choice([0, h * 2]), r.uniform(0, 6.28), wide) for _ in range(n)]
    steps = 0
    while todo and steps < 4000:
        x, y, a, t = todo.pop()
        for _ in range(r.integers(10, 60)):
            a += r.normal(0, .12)
            nx, ny = x + 6 * np.cos(a), y + 6 * np.sin(a)
            d.line((x, y, nx, ny), 255, max(1, int(t)))
            x, y = nx, ny
            steps += 1
        if t > 1.3:
            todo += [(x, y, a + r.uniform(.2, .8), t * .75), (x, y, a - r.uniform(.2, .8), t * .75)]
    return blur(np.asarray(im.resize((w, h), Image.BOX)) / 255., r.uniform(.5, 1.4))


def ct(r, h, w):
    a = np.full((h, w), -1000.)
    a[disc(h, w, .5, .5, .45, .36) < 1] = 40
    a += 90 * power(r, h, w, 1.6) * (a > -500)
    for s in (-1, 1):
        a[disc(h, w, .5 + s * .2, .48, .14, .22) < 1] = -850
    lung = a == -850
    a[lung] += 700 * np.clip(tree(r, h, w, 14, 9), 0, 1)[lung]
    bone = disc(h, w, .5, .7, .08, .09)
    a[bone < 1] = 300
    a[bone < .8] = 250 + 300 * blur(r.standard_normal((h, w)), 1.2)[bone < .8] * 3
    for i in range(12):
        t = i / 12 * 6.28
        e = disc(h, w, .5 + .4 * np.cos(t), .5 + .32 * np.sin(t), .035, .015)
        a[e < 1] = 700
        a[e < .5] = 350
    a = blur(a, r.uniform(.5, 1.2)) + r.uniform(5, 60) * blur(r.standard_normal((h, w)), .7) * 2
    stored, top = (12, 2047) if r.random() < .3 else (16, 3071)
    return np.clip(a, -1024, top), (-1024, top), True, 16, stored


def mr(r, h, w):
    e = disc(h, w, .5, .5, .38, .45)
    a = 400 + 200 * power(r, h, w, 1.8)
    a[e > 1] = 0
    a[(e < 1) & (e > .9)] = 900
    fold = np.abs(power(r, h, w, 1.3)) < .12
    a[fold & (e < .85)] *= .5
    if r.random() < .5:
        a += 900 * tree(r, h, w, 8, 6)
    a = blur(np.clip(a, 0, None), r.uniform(.5, 1.3))
    s = r.uniform(5, 50)
    a = np.hypot(a + r.normal(0, s, a.shape), r.normal(0, s, a.shape))
    k = r.choice([1, 1, 3, 20])
    return a * k, (0, 4095 if k < 3 else 32767), r.random() < .3, 16, 16


def us(r, h, w):
    y, x = np.mgrid[0:h, 0:w]
    sp = np.hypot(*(blur(r.standard_normal((h, w)), (1.2 + r.random() * 2)) for _ in range(2)))
    sp /= sp.mean()
    a = np.exp(power(r, h, w, 1.5) * .9) * sp
    a[np.abs(power(r, h, w, 1.6)) < .08] *= 3
    a = 255 * np.clip(np.log(1 + 20 * a) / np.log(1 + 20 * 6), 0, 1) * r.uniform(.6, 1)
    if r.random() < .7:
        t, d = np.arctan2(x - w / 2, y + h * .05), np.hypot(x - w / 2, y + h * .05)
        a[(np.abs(t) > r.uniform(.5, .8)) | (d > h * .95) | (d < h * .12)] = 0
    return a, (0, 255), False, 8, 8


def cr(r, h, w):
    y, x = np.mgrid[0:h, 0:w]
    a = 1800 + 700 * power(r, h, w, 2.2)
    for i in range(9):
        for s in (-1, 1):
            e = np.abs((y / h - .1 * i - .3 * (x / w - .5) ** 2 * 4 - s * .05 * (x / w)) * h)
            a += 180 * np.exp(-(e / (h * .012)) ** 2) * ((x < w / 2) == (s < 0))
    a += 300 * tree(r, h, w, 8, 8)
    a = blur(a, r.uniform(.6, 1.5)) + r.normal(0, r.uniform(4, 40), (h, w))
    m = [int(h * r.uniform(0, .12)), int(w * r.uniform(0, .12))]
    v = r.choice([0, 4095])
    if r.random() < .6:
        a[:m[0]] = a[h - m[0]:] = v
        a[:, :m[1]] = a[:, w - m[1]:] = v
    return np.clip(a, 0, 4095), (0, 4095), False, 16, 12


def mg(r, h, w):
    y, x = np.mgrid[0:h, 0:w]
    e = (x / w / .75) ** 2 + ((y / h - .5) / .42) ** 2
    a = 1500 + 500 * power(r, h, w, 1.5) + 600 * np.clip(1 - e, 0, 1) ** .5
    for _ in range(r.integers(0, 12)):
        cy, cx = r.integers(h), r.integers(w)
        a[cy:cy + r.integers(1, 4), cx:cx + r.integers(1, 4)] += 1200
    a = blur(a, .6) + r.normal(0, r.uniform(5, 40), (h, w))
    a[e > 1] = r.choice([0, 30]) + np.abs(r.normal(0, 2, (e > 1).sum()))
    return np.clip(a, 0, 4095), (0, 4095), False, 16, 12


def counts(r, h, w):
    a = np.full((h, w), r.uniform(0, 2))
    for _ in range(r.integers(5, 40)):
        e = disc(h, w, r.uniform(.3, .7), r.uniform(.1, .9), r.uniform(.01, .15), r.uniform(.01, .15))
        a += r.uniform(1, 60) * np.exp(-e)
    a = r.poisson(np.clip(a, 0, None)).astype(float)
    if r.random() < .6:
        a = blur(a, r.uniform(.6, 2)).clip(0)
    k = r.choice([1, 10, 100])
    return a * k, (0, min(32767, a.max() * k * r.uniform(1, 2) + 1)), False, 16, 16


def xa(r, h, w):
    a = 150 + 40 * power(r, h, w, 2.2) - 90 * tree(r, h, w, r.integers(3, 12), r.uniform(4, 14))
    a = blur(a, r.uniform(.6, 1.2)) + r.normal(0, r.uniform(1, 9), (h, w))
    if r.random() < .5:
        e = disc(h, w, .5, .5, .5, .5)
        a[e > 1] = 0
    return np.clip(a, 0, 255), (0, 255), False, 8, 8


def sc(r, h, w):
    y, x = np.mgrid[0:h, 0:w]
    a = np.full((h, w), float(r.choice([0, 0, 40, 128, 200, 255])))
    if r.random() < .5:
        a += r.uniform(-80, 80) * (x / w) + r.uniform(-80, 80) * (y / h)
    for _ in range(r.integers(0, 8)):
        y0, x0 = r.integers(h), r.integers(w)
        a[y0:y0 + r.integers(2, h), x0:x0 + r.integers(2, w)] = r.integers(0, 255)
    for _ in range(r.integers(0, 6)):
        if r.random() < .5:
            a[r.integers(h)] = 255 * r.integers(0, 2)
        else:
            a[:, r.integers(w)] = 255 * r.integers(0, 2)
    if r.random() < .4:
        im = Image.new('L', (w, h))
        d = ImageDraw.Draw(im)
        p = np.cumsum(r.normal(0, 6, w)) + r.integers(h)
        d.line([(i, float(v)) for i, v in enumerate(p)], 255, int(r.integers(1, 3)))
        a = np.maximum(a, np.asarray(im))
    if r.random() < .3:
        a += r.normal(0, r.uniform(1, 6), (h, w))
    return np.clip(a, 0, 255), (0, 255), False, 8, 8


KINDS = {'CT': (ct, 512), 'MR': (mr, 384), 'US': (us, 600), 'CR': (cr, 1000), 'MG': (mg, 1000),
         'PT': (counts, 256), 'NM': (counts, 256), 'XA': (xa, 512), 'SC': (sc, 512)}
SMALL = 24  # pixels of a side, the least


def drawn(r, kind):
    """A background of a kind: of usual size or small, at times of pixels that were enlarged."""
    draw, size = (KINDS | grounds.KINDS)[kind]
    size *= r.uniform(.15, .6) if r.random() < .3 else r.uniform(.7, 1.1)
    h, w = (max(SMALL, int(size * r.uniform(.8, 1.2))) for _ in range(2))
    up = int(r.integers(2, 5)) if r.random() < .08 and min(h, w) > 3 * SMALL else 1
    a, span, signed, allocated, stored = draw(r, h // up, w // up)
    return a.repeat(up, 0).repeat(up, 1), span, signed, allocated, stored


def based(path):
    b = open(path, 'rb').read()
    h = json.loads(b[:b.index(b'\n')])
    d = b[b.index(b'\n') + 1:]
    t = {8: 'u1', 16: '<u2', 32: '<u4'}[h['allocated']]
    a = np.frombuffer(d[:h['rows'] * h['columns'] * h['samples'] * h['allocated'] // 8], t.replace('u', 'i') if h['signed'] else t)
    if h['samples'] == 3:
        a = a.reshape(3, h['rows'], h['columns']).transpose(1, 2, 0) if h['planar'] else a.reshape(h['rows'], h['columns'], 3)
    else:
        a = a.reshape(h['rows'], h['columns'])
    lo, hi = float(a.min()), float(a.max())
    if h['samples'] == 1 and hi > 255:
        lo, hi = np.percentile(a, .5), np.percentile(a, 99.5) * 1.1
    return a.astype(float), (lo, max(hi, lo + 50)), bool(h['signed']), h['allocated'], h['stored'], h


NAMES = 'DOE JANE ROE RICHARD MUSTER ERIKA BEISPIEL MAX SMITH JOHN MILLER ANNA Garcia Maria Tanaka Yuki Rossi Mario Nowak Jan'.split()
CHINESE = '张王李赵陈刘伟芳娜敏静丽强磊军洋医院放射科患者姓名性别男女年龄检查日期北京上海第一人民中心床号住院'


def words(r, chinese):
    if chinese:
        s = ''.join(r.choice(list(CHINESE)) for _ in range(r.integers(3, 11)))
        return s if r.random() < .6 else s + str(r.integers(100, 99999))
    d = lambda n: ''.join(str(r.integers(10)) for _ in range(n))
    pick = r.integers(12)
    name = r.choice(NAMES) + r.choice(['^', ', ', ' ']) + r.choice(NAMES)
    return [lambda: name, lambda: name.lower().title() + ' ' + d(7), lambda: 'ID: ' + d(8), lambda: d(4) + '-' + d(2) + '-' + d(2),
            lambda: '%s/%s/%s %s:%s' % (d(2), d(2), d(4), d(2), d(2)), lambda: 'DOB ' + d(2) + '.' + d(2) + '.' + d(4), lambda: d(r.integers(3, 6)),
            lambda: r.choice(['MRN', 'Acc', 'Acq Tm', 'Dr.', 'Hosp']) + ' ' + d(6), lambda: r.choice(['F', 'M']) + ' ' + d(3) + 'Y', lambda: r.choice(NAMES),
            lambda: r.choice(['L', 'R', 'S', 'I', 'E', 'T1']) + ' ' + d(r.integers(2, 4)), lambda: r.choice(['LAT', 'PA 1', 'AP L', 'RCC', 'L-MLO', '1/12', 'IM 7', 'kV 80', '-1.5', 'Li Wei', 'I. Ti', 'W/L'])][pick]()


def fonts(which):
    """Paths by script. Those held out are never used for fitting."""
    root = '/usr/share/fonts'
    all_ = sorted(p for e in ('ttf', 'otf', 'ttc', 'pfb') for p in glob.glob(root + '/**/*.' + e, recursive=True))
    latin = [p for p in all_ if any(n in p.lower() for n in LATIN) and 'math' not in p.lower()]
    cjk = [p for p in all_ if 'cjk' in p.lower() or 'wqy' in p.lower()]
    if which != 'all':
        held = lambda p: 'liberation' in p.lower() or 'wqy' in p.lower()
        latin = [p for p in latin if held(p) == (which == 'hold')]
        cjk = [p for p in cjk if held(p) == (which == 'hold')]
    return latin, cjk


def glyphs(r, latin, cjk, size):
    """One line of text or some, each as a picture of its coverage, of one size."""
    chinese = bool(cjk) and size >= 10 and r.random() < .25
    if not chinese and size <= 24 and r.random() < .25:
        font, up = ImageFont.load_default(), max(1, size // 11)
    else:
        font, up = ImageFont.truetype(str(r.choice(cjk if chinese else latin)), int(size)), 1
    lines = [words(r, chinese) for _ in range(1 if r.random() < .85 else r.integers(2, 5))]
    crisp, step = r.random() < .2, int(size * 1.25)
    boxes = [font.getbbox(s) for s in lines]
    w, h = max(b[2] for b in boxes) + 8, max(b[3] for b in boxes) + step * (len(lines) - 1) + 8
    out = []
    for i, s in enumerate(lines):
        im = Image.new('L', (w, h))
        d = ImageDraw.Draw(im)
        if crisp:
            d.fontmode = '1'
        d.text((4, 4 + i * step), s, 255, font=font)
        out.append(im.resize((w * up, h * up), Image.NEAREST))
    return out


def turned(r, ims):
    """The lines turned together, cut to the ink of all."""
    p, a, how = r.random(), 0, Image.NEAREST
    if .58 <= p < .83:
        a = 90 * int(r.integers(1, 4))
    elif p >= .83:
        a, how = float(r.choice([-1, 1]) * r.uniform(1.5, 12)), Image.BICUBIC
    ims = [im.rotate(a, how, expand=True) for im in ims if im.getbbox()]
    if not ims:
        return [], 0
    boxes = [im.getbbox() for im in ims]
    around = (min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes))
    return [im.crop(around) for im in ims], round(a)


def seen(r, a, grey, value, alpha, cover, span, at):
    """Whether a reader sees the ink on the ground, which is grey: for most texts at a glance, for some just so."""
    if r.random() < .3:
        ink, ground = cover > .5, cover < .1
        off = abs((grey[ink] * (1 - alpha) + value * alpha).mean() - grey[ground].mean()) if ink.any() and ground.any() else 0
        return off > .11 * span and off > 1.5 * grey[ground].std()
    off = np.percentile(np.abs(value - grey), 30) * alpha
    (x, y), (th, tw) = at, cover.shape
    local = a[max(0, y - 20):y + th + 20, max(0, x - 20):x + tw + 20]
    local = local if local.ndim == 2 else local.mean(-1)
    return off >= .16 * span and off >= 4 * np.median(np.abs(np.diff(local, axis=1))) / .67 / 1.4


def plant(r, a, span, latin, cjk, mask, taken):
    """Draws text; returns the boxes of its lines and how it was drawn, or None."""
    h, w = a.shape[:2]
    size = int(min(r.choice([r.integers(8, 16), r.integers(12, 28), r.integers(20, 61)]), max(8, h // 6)))
    ims, angle = turned(r, glyphs(r, latin, cjk, size))
    if not ims:
        return None
    im = ims[0]
    pad = int(r.integers(1, 4)) if r.random() < .12 else 0
    tw, th = im.width + 2 * pad, im.height + 2 * pad
    if tw >= w - 4 or th >= h - 4:
        return None
    x, y = int(r.integers(1, w - tw - 1)), int(r.integers(1, h - th - 1))
    if r.random() < .4:
        x = int(r.choice([r.integers(1, 12), w - tw - r.integers(1, 12)]))
        x = min(max(0, x), w - tw)
    if r.random() < .4:
        y = int(min(max(0, r.choice([r.integers(1, 12), h - th - r.integers(1, 12)])), h - th))
    if any(x < b[2] + 12 and b[0] < x + tw + 12 and y < b[3] + 12 and b[1] < y + th + 12 for b in taken):
        return None
    under = a[y:y + th, x:x + tw]
    grey = under if under.ndim == 2 else under.mean(-1)
    lo, hi = span
    style = r.choice(['white', 'max', 'grey', 'black', 'outline', 'boxed', 'glass', 'colour'], p=[.25, .1, .16, .12, .1, .1, .09, .08])
    top = hi * 1.0 if style != 'max' else r.choice([hi, a.max()])
    alpha, value = 1., top
    if style == 'grey':
        value = lo + (hi - lo) * r.uniform(.35, .85)
    elif style == 'black':
        value = lo
    elif style == 'glass':
        alpha = r.uniform(.45, .85)
    if style == 'boxed':
        back = r.choice([lo, lo + (hi - lo) * r.uniform(0, .4)])
        value = r.choice([top, lo + (hi - lo) * .7])
        if r.random() < .3:
            back, value = value, back
        opaque = r.choice([1., r.uniform(.5, .9)])
        under[...] = under * (1 - opaque) + back * opaque
    cover = np.zeros((th, tw))
    cover[pad:th - pad, pad:tw - pad] = np.max([np.asarray(i) for i in ims], 0) / 255.
    if style != 'boxed' and style != 'outline':
        if not seen(r, a, grey, value, alpha, cover, hi - lo, (x, y)):
            return None
    colour = np.array(value)
    if a.ndim == 3:
        colour = np.array([value] * 3)
        if style == 'colour':
            colour = lo + (hi - lo) * np.array([(1, 1, 0), (0, 1, 0), (1, .3, .2), (.2, 1, 1), (1, .6, 0), (.4, .6, 1)][r.integers(6)], float)
            if np.abs(colour - under.reshape(-1, 3).mean(0)).max() < .3 * (hi - lo):
                return None
    c = cover[..., None] if a.ndim == 3 else cover
    if style == 'outline':
        ring = np.asarray(Image.fromarray((cover * 255).astype('u1')).filter(ImageFilter.MaxFilter(3))) / 255.
        ring = ring[..., None] if a.ndim == 3 else ring
        under[...] = under * (1 - ring) + lo * ring
    under[...] = under * (1 - c * alpha) + colour * c * alpha
    mask[y:y + th, x:x + tw] = np.maximum(mask[y:y + th, x:x + tw], (cover * 255).astype('u1'))
    kind = '%s %d %d' % (style, size, angle)
    if len(ims) == 1:
        return [[x, y, x + tw, y + th]], kind
    boxes = [i.getbbox() for i in ims]
    return [[x + pad + b[0], y + pad + b[1], x + pad + b[2], y + pad + b[3]] for b in boxes], kind


def compressed(r, a, kind, span):
    """Through a lossy codec and back."""
    lo, hi = span
    if a.ndim == 3 or hi - lo <= 255:
        im = Image.fromarray(np.clip(a, 0, 255).astype('u1'))
        b = io.BytesIO()
        if kind == 'jpeg':
            im.save(b, 'JPEG', quality=int(r.integers(55, 96)))
        else:
            im.save(b, 'JPEG2000', quality_mode='rates', quality_layers=[float(r.uniform(6, 20))], irreversible=True)
        return np.asarray(Image.open(b)).astype(float)
    low = a.min()
    im = Image.fromarray(np.clip(a - low, 0, 65535).astype('<u2'))
    b = io.BytesIO()
    im.save(b, 'JPEG2000', quality_mode='rates', quality_layers=[float(r.uniform(8, 24))], irreversible=True)
    return np.asarray(Image.open(b)).astype(float) + low


def frame(seed, kinds, bases, latin, cjk, clean):
    r = np.random.default_rng(seed)
    kind = str(r.choice(kinds))
    page, kind = kind == 'page', str(r.choice(list(KINDS | grounds.KINDS))) if kind == 'page' else kind
    shape = {'planar': False, 'photometric': 'MONOCHROME2'}
    if bases and not page and r.random() < .35:
        a, span, signed, allocated, stored, shape = based(str(r.choice(bases)))
        kind = shape.get('modality') or 'OT'
        if max(a.shape[:2]) > 1100:
            h, w = (min(n, 900) for n in a.shape[:2])
            y, x = r.integers(a.shape[0] - h + 1), r.integers(a.shape[1] - w + 1)
            a = a[y:y + h, x:x + w].copy()
    else:
        a, span, signed, allocated, stored = drawn(r, kind)
        if allocated == 8 and (page or kind in ('US', 'SC', 'sector', 'plots')) and r.random() < .6:
            a = np.repeat(a[..., None], 3, 2)
            if kind in ('SC', 'plots') and r.random() < .5:
                a = a * r.uniform(.3, 1, 3)
        if a.ndim == 2 and not signed and kind in ('CR', 'MG') and r.random() < .3:
            shape['photometric'] = 'MONOCHROME1'
    if a.ndim == 3:
        shape['photometric'] = 'RGB'
    mask, boxes, kinds = np.zeros(a.shape[:2], 'u1'), [], []
    if page:
        mask, boxes, kinds = reports.fill(r, a, span, (latin, cjk), words, clean)
        a, mask, boxes = reports.turned(r, a, mask, boxes)
    for _ in range(0 if clean or page else int(r.integers(1, 7 if min(a.shape[:2]) > 150 else 3))):
        got = plant(r, a, span, latin, cjk, mask, boxes)
        if got:
            boxes += got[0]
            kinds += [got[1]] * len(got[0])
    lossy = str(r.choice(['', '', 'jpeg', 'jp2']))
    if lossy and min(a.shape[:2]) >= 64 and allocated <= 16:
        a = compressed(r, a, lossy, span)
    small, big = (-(1 << (allocated - 1)), (1 << (allocated - 1)) - 1) if signed else (0, (1 << allocated) - 1)
    a = np.clip(np.rint(a), small, big).astype({8: 'u1', 16: '<u2', 32: '<u4'}[allocated].replace('u', 'i' if signed else 'u'))
    head = {'rows': a.shape[0], 'columns': a.shape[1], 'samples': 1 if a.ndim == 2 else 3, 'allocated': allocated, 'stored': stored,
            'high': stored - 1, 'signed': signed, 'planar': False, 'photometric': shape['photometric'], 'modality': 'page' if page else kind,
            'name': '%s-%d%s' % ('page' if page else kind, seed, '-' + lossy if lossy else ''), 'boxes': boxes, 'kinds': kinds, 'mask': True}
    return json.dumps(head).encode() + b'\n' + a.tobytes() + mask.tobytes()


def main():
    p = argparse.ArgumentParser()
    p.add_argument('--out', required=True)
    p.add_argument('--seed', type=int, default=1)
    p.add_argument('--frames', type=int, default=20)
    p.add_argument('--bases')
    p.add_argument('--fonts', default='all')
    p.add_argument('--kinds', default=','.join([*KINDS, *grounds.KINDS, 'page']))
    o = p.parse_args()
    latin, cjk = fonts(o.fonts)
    bases = sorted(glob.glob(o.bases + '/*.frm')) if o.bases else []
    for i in range(o.frames):
        b = frame(o.seed * 100000 + i, o.kinds.split(','), bases, latin, cjk, i % 3 == 2)
        with open(os.path.join(o.out, '%06d.frm' % i), 'wb') as f:
            f.write(b)


main()
