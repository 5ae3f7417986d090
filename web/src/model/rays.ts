// Draws a volume by WebGL: a ray for each pixel (volume rendering). All is in the patient's
// coordinates, in mm, as in scene.ts: nothing is ever mirrored.
import {
  BufferAttribute, BufferGeometry, Data3DTexture, DataTexture, GLSL3, HalfFloatType, LinearFilter, Matrix4, Mesh, NearestFilter, NoBlending, OrthographicCamera, RawShaderMaterial, RedFormat, RGBAFormat,
  type Texture, Vector2, Vector3, Vector4, WebGLRenderer, WebGLRenderTarget,
} from "three";
import { add, length, times, type Vec } from "../viewer/geometry";
import { firstCost, learned, type Level, levelOf, rowsOf } from "./pace";
import { type Frame, lampOf } from "./pose";
import { entries, floorOf, projects, type PresetName, table } from "./presets";
import { enlarge, everywhere, march, mostStrides } from "./raymarch";
import { type Cut, cutPlane } from "./state";
import { blocksOf, type Voxels, within } from "./voxels";

// View is how a volume is seen. key says all of it; it is told again once it is drawn.
export type View = { key: string; frame: Frame; preset: PresetName; shift: number; cut: Cut | undefined; lamp: number };

const rest = 180; // ms without a change until the fine picture is begun
const glance = 4; // ms until it is looked whether the processor is ready

export class Rays {
  private readonly renderer: WebGLRenderer;
  private readonly context: WebGL2RenderingContext;
  private readonly camera = new OrthographicCamera();
  private readonly screen = new BufferGeometry();
  private readonly marching: Mesh<BufferGeometry, RawShaderMaterial>;
  private readonly enlarging: Mesh<BufferGeometry, RawShaderMaterial>;
  private readonly textures: readonly Texture[];
  private readonly colours: DataTexture;
  private readonly coarse = new WebGLRenderTarget(1, 1, { depthBuffer: false });
  private readonly fine = new WebGLRenderTarget(1, 1, { depthBuffer: false });
  private view: View | undefined;
  private row = -1; // of the fine picture, that is drawn next; -1 while the coarse one is not drawn
  private changed = 0; // when, in ms
  private readonly cost = { coarse: firstCost, fine: firstCost }; // small parts cost more a pixel
  private frame = 0; // that the next step comes by
  private pause: ReturnType<typeof setTimeout> | undefined; // until the hand has rested
  private ready: WebGLSync | null = null;
  private closed = false;

  // It throws where the browser has no WebGL 2. drawn is told the key of each view whose
  // picture is as fine as it gets.
  constructor(canvas: HTMLCanvasElement, private readonly voxels: Voxels, private readonly slow: boolean, private readonly drawn: (key: string) => void) {
    const context = canvas.getContext("webgl2", { alpha: false, antialias: false, depth: false, preserveDrawingBuffer: true });
    if (!context) throw new Error("no WebGL");
    this.context = context;
    this.renderer = new WebGLRenderer({ canvas, context });
    this.renderer.autoClear = false;
    this.screen.setAttribute("position", new BufferAttribute(new Float32Array([-1, -1, 0, 3, -1, 0, -1, 3, 0]), 3));
    const block = textureOf(voxels.shares, voxels.grid.size, true), blocks = textureOf(voxels.blocks, blocksOf(voxels.grid.size), false);
    this.colours = new DataTexture(new Uint8Array(4 * entries), entries, 1, RGBAFormat);
    this.colours.minFilter = this.colours.magFilter = LinearFilter;
    this.textures = [block, blocks, this.colours];
    this.marching = this.program(march, { voxels: block, blocks, colours: this.colours, ...placed(voxels) });
    this.enlarging = this.program(enlarge, { picture: null, part: new Vector2(1, 1), inset: new Vector2() });
  }

  private program(fragment: string, values: Record<string, unknown>): Mesh<BufferGeometry, RawShaderMaterial> {
    const uniforms = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }]));
    const made = new Mesh(this.screen, new RawShaderMaterial({ glslVersion: GLSL3, vertexShader: everywhere, fragmentShader: fragment, uniforms, depthTest: false, depthWrite: false, blending: NoBlending }));
    made.frustumCulled = false;
    return made;
  }

  // draw begins a picture: coarse at once, fine once nothing has changed for a while. It
  // returns at once, and the picture before stays until the next is there.
  draw(view: View): void {
    const { frame: { size } } = view, ratio = this.slow ? 1 : Math.min(devicePixelRatio, 2);
    const [width, height] = size.map((side) => Math.max(1, Math.round(side * ratio))) as [number, number];
    if (this.fine.width !== width || this.fine.height !== height) {
      this.renderer.setPixelRatio(1);
      this.renderer.setSize(width, height, false);
      this.coarse.setSize(width, height);
      this.fine.setSize(width, height);
    }
    this.view = view;
    this.row = -1;
    this.changed = performance.now();
    clearTimeout(this.pause);
    this.aim(view);
    this.next();
  }

  // aim tells the program where the viewer stands, and what is to be seen.
  private aim({ frame, preset, shift, cut, lamp }: View): void {
    const { centre, right, up, near, scale, size, radius } = frame, { uniforms } = this.marching.material, colours = table(preset, this.voxels.hounsfield, shift, this.voxels.range);
    const set = (name: string, value: unknown): void => { const uniform = uniforms[name]; if (uniform) uniform.value = value; };
    set("eye", vector(add(centre, times(near, 4 * radius + length([...size, 0]) / scale))));
    set("right", vector(times(right, size[0] / 2 / scale)));
    set("up", vector(times(up, size[1] / 2 / scale)));
    set("ahead", vector(times(near, -1)));
    set("lamp", vector(lampOf(frame, lamp)).normalize());
    const { normal, at } = cut ? cutPlane(cut) : { normal: [0, 0, 0] as Vec, at: -1 };
    set("kept", new Vector4(...normal, at));
    set("floorShare", floorOf(colours));
    set("projects", projects(preset));
    (this.colours.image.data as Uint8Array).set(colours);
    this.colours.needsUpdate = true;
  }

  // next goes on with the picture when the browser next paints, if there is anything to do.
  private next(): void {
    if (this.frame || this.ready || this.closed || !this.view || this.row >= this.fine.height) return;
    const early = this.row < 0 ? 0 : this.changed + rest - performance.now();
    if (early > 0) this.pause = setTimeout(() => { this.next(); }, early);
    else this.frame = requestAnimationFrame(() => { this.frame = 0; this.step(); });
  }

  private step(): void {
    if (this.closed || this.context.isContextLost()) return;
    const { width, height } = this.fine;
    if (this.row < 0) {
      const level = levelOf(this.cost.coarse, width * height), [wide, high] = [width, height].map((side) => Math.max(1, Math.round(side * level.scale))) as [number, number];
      this.coarse.viewport.set(0, 0, wide, high);
      this.cast(this.coarse, level);
      this.show(this.coarse, wide / width, high / height);
      this.row = level.stride === 1 ? height : 0;
      this.measure("coarse", wide * high, level.stride);
      return;
    }
    const rows = rowsOf(this.cost.fine, width, height - this.row);
    this.fine.scissorTest = true;
    this.fine.scissor.set(0, this.row, width, rows);
    this.cast(this.fine, { scale: 1, stride: 1 });
    this.row += rows;
    if (this.row >= height) this.show(this.fine, 1, 1);
    this.measure("fine", width * rows, 1);
  }

  private cast(on: WebGLRenderTarget, { stride }: Level): void {
    const { uniforms } = this.marching.material, { stride: length } = uniforms;
    if (length) length.value = strideOf(this.voxels) * stride;
    this.renderer.setRenderTarget(on);
    this.renderer.render(this.marching, this.camera);
    if (length) length.value = strideOf(this.voxels);
  }

  private show(picture: WebGLRenderTarget, wide: number, high: number): void {
    const { uniforms } = this.enlarging.material, set = (name: string, value: unknown): void => { const uniform = uniforms[name]; if (uniform) uniform.value = value; };
    set("picture", picture.texture);
    set("part", new Vector2(wide, high));
    set("inset", new Vector2(0.5 / picture.width, 0.5 / picture.height));
    this.renderer.setRenderTarget(null);
    this.renderer.render(this.enlarging, this.camera);
  }

  // measure waits until the processor is ready, so that it never has more to do than was
  // meant for it, and goes on.
  private measure(of: "coarse" | "fine", pixels: number, stride: number): void {
    const { context } = this, begun = performance.now(), look = (): void => {
      if (this.closed) return;
      if (this.ready && !context.isContextLost() && context.getSyncParameter(this.ready, context.SYNC_STATUS) !== context.SIGNALED) {
        setTimeout(look, glance);
        return;
      }
      context.deleteSync(this.ready);
      this.ready = null;
      this.cost[of] = learned(this.cost[of], performance.now() - begun, pixels, stride);
      if (this.view && this.row >= this.fine.height) this.drawn(this.view.key);
      this.next();
    };
    this.ready = context.fenceSync(context.SYNC_GPU_COMMANDS_COMPLETE, 0);
    context.flush();
    setTimeout(look, glance);
  }

  // close gives all of it back, the graphics memory at once.
  close(): void {
    this.closed = true;
    cancelAnimationFrame(this.frame);
    clearTimeout(this.pause);
    for (const one of [...this.textures, this.coarse, this.fine, this.marching.material, this.enlarging.material, this.screen, this.renderer]) one.dispose();
    this.renderer.forceContextLoss();
  }
}

const vector = (v: Vec): Vector3 => new Vector3(...v);

function textureOf(values: Uint16Array<ArrayBuffer>, size: readonly [number, number, number], between: boolean): Data3DTexture {
  const made = new Data3DTexture(values, ...size);
  Object.assign(made, { format: RedFormat, type: HalfFloatType, minFilter: between ? LinearFilter : NearestFilter, magFilter: between ? LinearFilter : NearestFilter, unpackAlignment: 1, needsUpdate: true });
  return made;
}

const deepOf = ({ grid: { size, across, along, step } }: Voxels): number => length(times(across, size[0])) + length(times(along, size[1])) + length(times(step, size[2]));

// strideOf is half of a voxel's shortest side in mm, or as much as it takes to get through.
const strideOf = (voxels: Voxels): number => Math.max(Math.min(...[voxels.grid.across, voxels.grid.along, voxels.grid.step].map(length)) / 2, deepOf(voxels) / mostStrides);

// placed is where the voxels are in the patient.
function placed(voxels: Voxels): Record<string, unknown> {
  const { grid } = voxels, { size } = grid;
  const longest = Math.max(...[grid.across, grid.along, grid.step].map((side, i) => length(times(side, size[i] ?? 1))));
  return {
    toIn: new Matrix4().fromArray(within(grid)).transpose(), voxelCount: new Vector3(...size), unit: longest / 256, deep: deepOf(voxels) / 1.7, stride: strideOf(voxels),
    ...Object.fromEntries(["eye", "right", "up", "ahead", "lamp"].map((name) => [name, new Vector3()])), kept: new Vector4(), floorShare: 0, projects: false,
  };
}
