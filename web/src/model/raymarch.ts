// The programs that the graphics processor runs for a volume (GLSL ES 3.00).
import { blockSide } from "./voxels";

// A triangle that is larger than the screen. place is -1 to 1 over the screen, right and up.
export const everywhere = `
in vec3 position;
out vec2 place;
void main() {
  place = position.xy;
  gl_Position = vec4(position.xy, 0.0, 1.0);
}`;

export const mostStrides = 2000; // long ones, through the whole block
const shorter = 4; // short ones in a long one

// A ray of each pixel goes from the viewer through the block of voxels. Lengths are in mm of
// the patient; "in" is a place within the block, 0 to 1 in each direction. The way from one
// to the other is a matrix, so that slices may be sheared against each other.
export const march = `
precision highp float;
precision highp sampler3D;
uniform sampler3D voxels;
uniform sampler3D blocks;
uniform sampler2D colours;
uniform mat4 toIn;
uniform vec3 voxelCount;
uniform vec3 eye;      // of the middle of the screen
uniform vec3 right;    // half of the screen
uniform vec3 up;
uniform vec3 ahead;    // where rays go, one long
uniform vec3 lamp;     // to the light, one long
uniform vec4 kept;     // of a cut: what has dot(p, xyz) >= w stays
uniform float stride;
uniform float unit;    // the length that opacities are of
uniform float floorShare;
uniform float deep;    // how far it is through the whole block
uniform bool projects;
in vec2 place;
out vec4 drawn;

const float blockSide = ${blockSide}.0;

float at(vec3 p) { return texture(voxels, p).r; }

// How fast the values grow, in shares a mm of the patient.
vec3 slope(vec3 p) {
  vec3 e = 1.0 / voxelCount;
  vec3 g = vec3(at(p + vec3(e.x, 0, 0)) - at(p - vec3(e.x, 0, 0)), at(p + vec3(0, e.y, 0)) - at(p - vec3(0, e.y, 0)), at(p + vec3(0, 0, e.z)) - at(p - vec3(0, 0, e.z)));
  return transpose(mat3(toIn)) * (g * voxelCount * 0.5);
}

vec3 lit(vec3 colour, vec3 p) {
  vec3 g = slope(p);
  float size = length(g);
  if (size < 1e-6) return colour * 0.8;
  vec3 n = faceforward(g / size, ahead, g);
  float straight = max(dot(n, lamp), 0.0), gleam = pow(max(dot(n, normalize(lamp - ahead)), 0.0), 28.0);
  return colour * (0.3 + 0.8 * straight) + 0.16 * gleam;
}

void main() {
  vec3 from = eye + place.x * right + place.y * up;
  vec3 start = (toIn * vec4(from, 1.0)).xyz, way = mat3(toIn) * ahead;
  way = mix(way, vec3(1e-9), lessThan(abs(way), vec3(1e-9)));
  vec3 a = -start / way, b = (1.0 - start) / way, first = min(a, b), last = max(a, b);
  float t = max(max(first.x, first.y), first.z), end = min(min(last.x, last.y), last.z), near = t;
  float beside = dot(from, kept.xyz) - kept.w, turns = dot(ahead, kept.xyz);
  float lid = -1.0; // how far what is seen right behind a cut reaches
  if (abs(turns) < 1e-6) {
    if (beside < 0.0) end = t;
  } else if (turns < 0.0) end = min(end, -beside / turns);
  else if (-beside / turns > t) {
    t = -beside / turns;
    lid = t + 2.0 * stride;
  }

  // Rays begin at different shares of a stride: else the strides are seen as rings.
  t += stride * fract(52.9829189 * fract(dot(gl_FragCoord.xy, vec2(0.06711056, 0.00583715))));
  vec4 sum = vec4(0.0);
  // Where a ray comes to something that is seen, it goes a stride back and on in short ones
  // for a while: else the colour of a surface depends on how deep the first long one went.
  float begun = t;
  int shorts = 0;
  bool clear = true;
  float most = floorShare;
  ivec3 lastBlock = textureSize(blocks, 0) - 1;
  vec3 blockWay = way * voxelCount / blockSide;
  for (int i = 0; i < ${shorter * mostStrides} && t < end; i++) {
    vec3 p = start + t * way, block = p * voxelCount / blockSide;
    if (texelFetch(blocks, clamp(ivec3(block), ivec3(0), lastBlock), 0).r <= most) {
      vec3 leave = (floor(block) + step(0.0, blockWay) - block) / blockWay;
      t += max(1.0, ceil(min(min(leave.x, leave.y), leave.z) / stride)) * stride;
      clear = true;
      shorts = 0;
      continue;
    }
    float share = at(p), went = shorts > 0 ? stride * ${1 / shorter} : stride;
    if (projects) most = max(most, share);
    else {
      vec4 found = texture(colours, vec2(share * ${1023 / 1024} + ${0.5 / 1024}, 0.5));
      if (share > floorShare && found.a > 0.002) {
        if (clear && found.a > 0.05) {
          clear = false;
          shorts = ${3 * shorter};
          t = max(begun, t - stride);
          continue;
        }
        float opacity = 1.0 - pow(1.0 - min(found.a, 0.999), went / unit);
        vec3 colour = (t < lid ? found.rgb * 0.92 : lit(found.rgb, p)) * mix(1.0, 0.62, clamp((t - near) / deep, 0.0, 1.0));
        sum += (1.0 - sum.a) * vec4(colour * opacity, opacity);
        if (sum.a > 0.98) break;
      } else if (shorts == 0) clear = true;
    }
    t += went;
    shorts = max(0, shorts - 1);
  }
  drawn = projects ? vec4(texture(colours, vec2(most * ${1023 / 1024} + ${0.5 / 1024}, 0.5)).rgb, 1.0) : vec4(sum.rgb, 1.0);
}`;

// What was drawn smaller is brought to the size of the screen.
export const enlarge = `
precision highp float;
uniform sampler2D picture;
uniform vec2 part;   // of the picture that is drawn
uniform vec2 inset;  // half a pixel
in vec2 place;
out vec4 drawn;
void main() { drawn = vec4(texture(picture, min((place * 0.5 + 0.5) * part, part - inset)).rgb, 1.0); }`;
