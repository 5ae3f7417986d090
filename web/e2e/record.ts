import type { Page } from "playwright-core";

// record makes an MP4 of H.264 in the browser: a second of green.
export async function record(page: Page): Promise<Buffer> {
  const coded = await page.evaluate(async () => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 64, height: 64 }), context = canvas.getContext("2d");
    const recorder = new MediaRecorder(canvas.captureStream(25), { mimeType: "video/mp4;codecs=avc1.42E01E" }), parts: Blob[] = [];
    recorder.ondataavailable = ({ data }) => { parts.push(data); };
    const ended = new Promise((done) => { recorder.onstop = done; });
    recorder.start();
    const timer = setInterval(() => { if (context) { context.fillStyle = "#00c000"; context.fillRect(0, 0, 64, 64); } }, 40);
    await new Promise((done) => { setTimeout(done, 1000); });
    clearInterval(timer);
    recorder.stop();
    await ended;
    let text = "";
    for (const byte of new Uint8Array(await new Blob(parts).arrayBuffer())) text += String.fromCharCode(byte);
    return btoa(text);
  });
  return Buffer.from(coded, "base64");
}
