#!/usr/bin/python3
"""pages.py - pages full of words, as reports of dose and of measurements are, in the form of planted.py.

  pages.py --out DIR --seed N

A page for each font, size, distance of lines and ground; its boxes are those of the words. The last font is one of
dots, as the screens of older scanners have.
"""
import argparse, itertools, json, os, random
import numpy as np
from PIL import Image, ImageDraw, ImageFont

SIDE = 512
WORDS = ('Total DLP mGy cm Series Scan Length Phantom Body 32 CTDIvol 12.4 Patient DOE JANE 1970-01-02 Study Accession 882134 '
         'Helical Dose Report kV 120 mAs 210 Thorax Abdomen Page 1 of 2').split()


def page(r, name, font, size, apart, ground):
    im = Image.new('L', (SIDE, SIDE), ground)
    d = ImageDraw.Draw(im)
    boxes, y = [], 8
    while y < SIDE - 12 - size:
        x = 8 + r.randint(0, 20)
        while True:
            word = r.choice(WORDS)
            box = d.textbbox((x, y), word, font=font)
            if box[2] > SIDE - 8:
                break
            d.text((x, y), word, 255 - ground, font=font)
            boxes.append(box)
            x = box[2] + size // 2 + (3 * size if r.random() < .2 else 0)
        y += int(size * apart)
    a = np.asarray(im)
    head = {'rows': SIDE, 'columns': SIDE, 'samples': 1, 'allocated': 8, 'stored': 8, 'high': 7, 'signed': False, 'planar': False,
            'photometric': 'MONOCHROME2', 'modality': 'page', 'name': '%s %d %s %d' % (name, size, apart, ground),
            'boxes': boxes, 'kinds': ['page %d 0' % size] * len(boxes), 'mask': True}
    return json.dumps(head).encode() + b'\n' + a.tobytes() + np.abs(a.astype(int) - ground).astype('u1').tobytes()


def main():
    p = argparse.ArgumentParser()
    p.add_argument('--out', required=True)
    p.add_argument('--seed', type=int, default=1)
    o = p.parse_args()
    r = random.Random(o.seed)
    drawn = itertools.product(('DejaVuSans', 'DejaVuSansMono'), (10, 12, 16, 22), (1.25, 1.6, 2.5), (0, 200))
    dots = itertools.product((None,), (11,), (1.25, 1.6, 2.5, 4), (0, 200))
    for i, (name, size, apart, ground) in enumerate(itertools.chain(drawn, dots)):
        font = ImageFont.truetype('/usr/share/fonts/truetype/dejavu/%s.ttf' % name, size) if name else ImageFont.load_default()
        with open(os.path.join(o.out, '%03d.frm' % i), 'wb') as f:
            f.write(page(r, name, font, size, apart, ground))


main()
