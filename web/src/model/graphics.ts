// What this machine draws with.
export type Graphics = "none" | "software" | "processor";

// drawsBySoftware reports whether a name of a renderer is that of one that computes pictures
// on the main processor: SwiftShader of Chromium, llvmpipe and softpipe of Mesa, WARP of Windows.
export const drawsBySoftware = (renderer: string): boolean => /swiftshader|llvmpipe|softpipe|software|basic render/i.test(renderer);

// graphics asks the browser, by a canvas that is given back at once.
export function graphics(): Graphics {
  const context = document.createElement("canvas").getContext("webgl2");
  if (!context) return "none";
  const known = context.getExtension("WEBGL_debug_renderer_info");
  const renderer: unknown = context.getParameter(known ? known.UNMASKED_RENDERER_WEBGL : context.RENDERER);
  context.getExtension("WEBGL_lose_context")?.loseContext();
  return typeof renderer === "string" && drawsBySoftware(renderer) ? "software" : "processor";
}
