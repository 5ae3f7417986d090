// A picture of a tile as a PNG: the image, what is drawn over it, and the words around.

const drawn = ["fill", "stroke", "stroke-width", "stroke-dasharray", "stroke-linejoin", "paint-order", "font-size", "font-family", "text-anchor", "opacity"] as const;

// captured is what a tile shows, in pixels of the screen. The handles of marks are not of it.
export async function captured(tile: HTMLElement): Promise<Blob> {
  const from = tile.querySelector("canvas"), marks = tile.querySelector<SVGSVGElement>("svg.marks"), to = document.createElement("canvas"), context = to.getContext("2d");
  if (!from || !context) throw new Error("a tile without a picture");
  Object.assign(to, { width: from.width, height: from.height });
  context.drawImage(from, 0, 0);
  context.scale(from.width / tile.clientWidth, from.height / tile.clientHeight);
  if (marks) context.drawImage(await pictureOf(marks), 0, 0, tile.clientWidth, tile.clientHeight);
  const origin = tile.getBoundingClientRect();
  for (const words of tile.querySelectorAll<HTMLElement>(".corner span, .corner strong, .edge")) write(context, words, origin);
  return new Promise((done, failed) => { to.toBlob((blob) => { if (blob) done(blob); else failed(new Error("a picture too large")); }, "image/png"); });
}

// pictureOf draws marks apart from the page, whose style sheet is not there: each has its look with it.
async function pictureOf(marks: SVGSVGElement): Promise<HTMLImageElement> {
  const copy = marks.cloneNode(true) as SVGSVGElement, own = [...marks.querySelectorAll("*")];
  for (const [i, element] of [...copy.querySelectorAll("*")].entries()) {
    const style = own[i] && getComputedStyle(own[i]);
    for (const name of drawn) element.setAttribute(name, style?.getPropertyValue(name) ?? "");
  }
  for (const handle of copy.querySelectorAll(".handle")) handle.remove();
  const url = URL.createObjectURL(new Blob([new XMLSerializer().serializeToString(copy)], { type: "image/svg+xml" })), image = new Image();
  try {
    image.src = url;
    await image.decode();
    return image;
  } finally {
    URL.revokeObjectURL(url);
  }
}

function write(context: CanvasRenderingContext2D, words: HTMLElement, origin: DOMRect): void {
  const text = words.textContent ?? "", box = words.getBoundingClientRect(), { color, fontSize, fontFamily, fontWeight, backgroundColor } = getComputedStyle(words);
  if (!text) return;
  context.fillStyle = backgroundColor;
  context.fillRect(box.x - origin.x, box.y - origin.y, box.width, box.height);
  Object.assign(context, { font: `${fontWeight} ${fontSize} ${fontFamily}`, fillStyle: color, textAlign: "center", textBaseline: "middle" });
  context.fillText(text, box.x - origin.x + box.width / 2, box.y - origin.y + box.height / 2, box.width);
}
