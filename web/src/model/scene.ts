// Draws models by WebGL. All is in the patient's coordinates, in mm: three.js is told where
// the viewer stands, and nothing is ever mirrored.
import {
  AlwaysStencilFunc, AmbientLight, BackSide, BufferAttribute, BufferGeometry, DecrementWrapStencilOp, DirectionalLight, DoubleSide, FrontSide, IncrementWrapStencilOp,
  Mesh, MeshBasicMaterial, MeshLambertMaterial, NotEqualStencilFunc, OrthographicCamera, Plane, PlaneGeometry, Raycaster, ReplaceStencilOp, Scene, Vector3, WebGLRenderer,
} from "three";
import { add, type Vec } from "../viewer/geometry";
import type { Surface } from "./glb";
import { type Frame, lampOf, pointAt } from "./pose";
import { type Cut, cutPlane } from "./state";

// Body is one model as it is drawn. opacity is in per cent.
export type Body = { surface: Surface; colour: string; opacity: number };

// Look is how the bodies are seen.
export type Look = { bodies: readonly Body[]; frame: Frame; cut: Cut | undefined; lamp: number };

const vector = (v: Vec): Vector3 => new Vector3(...v);

function planeOf(cut: Cut): Plane {
  const { normal, at } = cutPlane(cut);
  return new Plane(vector(normal), -at);
}

const shade = 0.72; // of a body's colour where it is cut

export class Stage {
  private readonly renderer: WebGLRenderer;
  private readonly camera = new OrthographicCamera();
  private readonly lamp = new DirectionalLight(0xffffff, 2.4);
  private readonly scene = new Scene();
  private readonly drawn = new Map<Surface, Drawn>();
  private look: Look | undefined;

  // It throws where the browser has no WebGL 2. What was drawn stays readable, so that it
  // can be saved as a picture.
  constructor(canvas: HTMLCanvasElement) {
    const context = canvas.getContext("webgl2", { alpha: false, antialias: true, depth: true, stencil: true, preserveDrawingBuffer: true });
    if (!context) throw new Error("no WebGL");
    this.renderer = new WebGLRenderer({ canvas, context });
    this.renderer.localClippingEnabled = true;
    this.renderer.setClearColor(0x000000);
    this.scene.add(new AmbientLight(0xffffff, 0.75), this.lamp);
  }

  draw(look: Look): void {
    this.look = look;
    const [width, height] = look.frame.size, plane = look.cut && planeOf(look.cut);
    this.renderer.setPixelRatio(Math.min(devicePixelRatio, 2));
    this.renderer.setSize(width, height, false);
    this.keepOnly(new Set(look.bodies.map(({ surface }) => surface)));
    this.place(look);
    // What can be seen through comes last, and covers what is behind it once only.
    const bodies = [...look.bodies].sort((a, b) => b.opacity - a.opacity);
    bodies.forEach((body, i) => { this.of(body.surface).set(body, 10 * i, plane); });
    this.renderer.render(this.scene, this.camera);
  }

  // place puts the camera and the lamp.
  private place({ frame, lamp }: Look): void {
    const { centre, up, near, scale, size: [width, height] } = frame, away = awayOf(frame);
    Object.assign(this.camera, { left: -width / 2 / scale, right: width / 2 / scale, top: height / 2 / scale, bottom: -height / 2 / scale, near: 0, far: 2 * away });
    this.camera.position.copy(vector(centre)).addScaledVector(vector(near), away);
    this.camera.up.copy(vector(up));
    this.camera.lookAt(vector(centre));
    this.camera.updateProjectionMatrix();
    this.lamp.position.copy(vector(lampOf(frame, lamp)));
  }

  // pick is the point of a body at a place of the screen, in CSS pixels; undefined where
  // there is none. What is cut away is not there, and the lid of a cut is.
  pick(x: number, y: number): Vec | undefined {
    if (!this.look) return undefined;
    const { frame, bodies, cut } = this.look, plane = cut && planeOf(cut);
    const ray = new Raycaster(vector(pointAt(frame, x, y)).addScaledVector(vector(frame.near), awayOf(frame)), vector(frame.near).negate());
    for (const least of [50, 0]) { // what can hardly be seen is taken where nothing else is
      const hits = ray.intersectObjects(bodies.filter(({ opacity }) => opacity >= least).map(({ surface }) => this.of(surface).picked), false);
      const hit = hits.find((one) => !plane || plane.distanceToPoint(one.point) >= 0);
      if (!hit) continue;
      // The inside of a surface is met through a cut only: what is seen there is the lid.
      const inside = plane && hit.face && hit.face.normal.dot(ray.ray.direction) > 0;
      const at = (inside && ray.ray.intersectPlane(plane, new Vector3())) || hit.point;
      return [at.x, at.y, at.z];
    }
    return undefined;
  }

  private of(surface: Surface): Drawn {
    const known = this.drawn.get(surface) ?? new Drawn(surface, this.scene);
    this.drawn.set(surface, known);
    return known;
  }

  private keepOnly(wanted: ReadonlySet<Surface>): void {
    for (const [surface, one] of this.drawn) {
      if (wanted.has(surface)) continue;
      one.close();
      this.drawn.delete(surface);
    }
  }

  close(): void {
    this.keepOnly(new Set());
    this.renderer.dispose();
  }
}

// awayOf is how far the camera is from the middle, in mm: before all that is drawn.
const awayOf = ({ radius, size, scale }: Frame): number => 8 * radius + Math.hypot(...size) / scale;

// counts are what the lid of a cut is found with: the screen is counted up at each back of
// a body and down at each front. Where the count is not nought, the plane lies within it.
const counting = { depthWrite: false, depthTest: false, colorWrite: false, stencilWrite: true, stencilFunc: AlwaysStencilFunc, transparent: true };
const up = { side: BackSide, stencilFail: IncrementWrapStencilOp, stencilZFail: IncrementWrapStencilOp, stencilZPass: IncrementWrapStencilOp } as const;
const down = { side: FrontSide, stencilFail: DecrementWrapStencilOp, stencilZFail: DecrementWrapStencilOp, stencilZPass: DecrementWrapStencilOp } as const;
const nought = { stencilWrite: true, stencilRef: 0, stencilFunc: NotEqualStencilFunc, stencilFail: ReplaceStencilOp, stencilZFail: ReplaceStencilOp, stencilZPass: ReplaceStencilOp } as const;

// Drawn is a body in the graphics memory, drawn in steps: its depth, if it can be seen
// through; itself; two counts and the lid, if it is cut. All are called transparent, since
// three.js would else not keep to their order.
class Drawn {
  readonly picked: Mesh;
  private readonly geometry = new BufferGeometry();
  private readonly skin = new MeshLambertMaterial({ transparent: true });
  private readonly cap = new MeshBasicMaterial({ transparent: true, side: DoubleSide, ...nought });
  private readonly steps: { depth: Mesh; skin: Mesh; up: Mesh; down: Mesh; lid: Mesh };

  constructor(private readonly surface: Surface, scene: Scene) {
    this.geometry.setAttribute("position", new BufferAttribute(surface.points, 3));
    this.geometry.setAttribute("normal", new BufferAttribute(surface.normals, 3));
    this.geometry.setIndex(new BufferAttribute(surface.corners, 1));
    this.picked = new Mesh(this.geometry, new MeshBasicMaterial({ side: DoubleSide }));
    this.steps = {
      depth: new Mesh(this.geometry, new MeshBasicMaterial({ colorWrite: false, transparent: true })), skin: new Mesh(this.geometry, this.skin),
      up: new Mesh(this.geometry, new MeshBasicMaterial({ ...counting, ...up })), down: new Mesh(this.geometry, new MeshBasicMaterial({ ...counting, ...down })),
      lid: new Mesh(new PlaneGeometry(1, 1), this.cap),
    };
    this.steps.lid.onAfterRender = (renderer) => { renderer.clearStencil(); };
    for (const mesh of Object.values(this.steps)) mesh.frustumCulled = false;
    scene.add(...Object.values(this.steps));
  }

  set({ colour, opacity }: Body, order: number, plane: Plane | undefined): void {
    const { depth, skin, up: one, down: other, lid } = this.steps;
    [depth, skin, one, other, lid].forEach((mesh, i) => { mesh.renderOrder = order + i; });
    for (const { material } of [depth, skin, one, other] as Mesh<BufferGeometry, MeshBasicMaterial>[]) material.clippingPlanes = plane ? [plane] : null;
    depth.visible = opacity < 100;
    one.visible = other.visible = lid.visible = plane !== undefined;
    this.skin.color.set(colour);
    this.cap.color.set(colour).multiplyScalar(shade);
    this.skin.opacity = this.cap.opacity = opacity / 100;
    if (plane) this.putLid(plane);
  }

  // putLid covers a body with a square on a plane.
  private putLid(plane: Plane): void {
    const { low, high } = this.surface, { lid } = this.steps;
    plane.projectPoint(vector(add(low, high)).multiplyScalar(0.5), lid.position);
    lid.quaternion.setFromUnitVectors(new Vector3(0, 0, 1), plane.normal);
    lid.scale.setScalar(2 * vector(low).distanceTo(vector(high)));
  }

  close(): void {
    for (const mesh of [this.picked, ...Object.values(this.steps)] as Mesh<BufferGeometry, MeshBasicMaterial>[]) {
      mesh.removeFromParent();
      mesh.geometry.dispose();
      mesh.material.dispose();
    }
  }
}
