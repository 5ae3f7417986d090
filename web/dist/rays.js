import{A as e,D as t,O as n,S as r,_ as i,a,f as o,i as s,k as c,l,m as u,o as d,p as f,r as p,t as m,u as h,v as g,w as _,x as v}from"./three.module.js";import{F as y,J as b,V as x}from"./head.js";import{a as S,c as C,i as w,l as T,n as E,o as D,r as O,s as k}from"./Model.js";var A=1/6,j=2;function M(e,t){let n=60/(e*t);return n>=1?{scale:1,stride:1}:{scale:Math.max(A,Math.min(1,Math.sqrt(n*j))),stride:j}}var N=(e,t,n)=>Math.max(1,Math.min(n,Math.floor(60/(e*t))));function P(e,t,n,r){let i=t*r/Math.max(1,n);return i>e?i:(e+3*i)/4}var F=`
in vec3 position;
out vec2 place;
void main() {
  place = position.xy;
  gl_Position = vec4(position.xy, 0.0, 1.0);
}`,I=2e3,L=4,R=`
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

const float blockSide = 8.0;

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
  for (int i = 0; i < ${L*I} && t < end; i++) {
    vec3 p = start + t * way, block = p * voxelCount / blockSide;
    if (texelFetch(blocks, clamp(ivec3(block), ivec3(0), lastBlock), 0).r <= most) {
      vec3 leave = (floor(block) + step(0.0, blockWay) - block) / blockWay;
      t += max(1.0, ceil(min(min(leave.x, leave.y), leave.z) / stride)) * stride;
      clear = true;
      shorts = 0;
      continue;
    }
    float share = at(p), went = shorts > 0 ? stride * ${1/L} : stride;
    if (projects) most = max(most, share);
    else {
      vec4 found = texture(colours, vec2(share * ${1023/1024} + ${.5/1024}, 0.5));
      if (share > floorShare && found.a > 0.002) {
        if (clear && found.a > 0.05) {
          clear = false;
          shorts = 12;
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
  drawn = projects ? vec4(texture(colours, vec2(most * ${1023/1024} + ${.5/1024}, 0.5)).rgb, 1.0) : vec4(sum.rgb, 1.0);
}`,z=`
precision highp float;
uniform sampler2D picture;
uniform vec2 part;   // of the picture that is drawn
uniform vec2 inset;  // half a pixel
in vec2 place;
out vec4 drawn;
void main() { drawn = vec4(texture(picture, min((place * 0.5 + 0.5) * part, part - inset)).rgb, 1.0); }`,B=180,V=4,H=class{voxels;slow;drawn;renderer;context;camera=new g;screen=new s;marching;enlarging;textures;colours;coarse=new e(1,1,{depthBuffer:!1});fine=new e(1,1,{depthBuffer:!1});view;row=-1;changed=0;cost={coarse:1,fine:1};frame=0;pause;ready=null;closed=!1;constructor(e,n,r,i){this.voxels=n,this.slow=r,this.drawn=i;let a=e.getContext(`webgl2`,{alpha:!1,antialias:!1,depth:!1,preserveDrawingBuffer:!0});if(!a)throw Error(`no WebGL`);this.context=a,this.renderer=new m({canvas:e,context:a}),this.renderer.autoClear=!1,this.screen.setAttribute(`position`,new p(new Float32Array([-1,-1,0,3,-1,0,-1,3,0]),3));let s=W(n.shares,n.grid.size,!0),c=W(n.blocks,O(n.grid.size),!1);this.colours=new d(new Uint8Array(4*S),S,1,v),this.colours.minFilter=this.colours.magFilter=o,this.textures=[s,c,this.colours],this.marching=this.program(R,{voxels:s,blocks:c,colours:this.colours,...q(n)}),this.enlarging=this.program(z,{picture:null,part:new t(1,1),inset:new t})}program(e,t){let n=Object.fromEntries(Object.entries(t).map(([e,t])=>[e,{value:t}])),i=new u(this.screen,new r({glslVersion:l,vertexShader:F,fragmentShader:e,uniforms:n,depthTest:!1,depthWrite:!1,blending:0}));return i.frustumCulled=!1,i}draw(e){let{frame:{size:t}}=e,n=this.slow?1:Math.min(devicePixelRatio,2),[r,i]=t.map(e=>Math.max(1,Math.round(e*n)));(this.fine.width!==r||this.fine.height!==i)&&(this.renderer.setPixelRatio(1),this.renderer.setSize(r,i,!1),this.coarse.setSize(r,i),this.fine.setSize(r,i)),this.view=e,this.row=-1,this.changed=performance.now(),clearTimeout(this.pause),this.aim(e),this.next()}aim({frame:e,preset:t,shift:n,cut:r,lamp:i}){let{centre:a,right:o,up:s,near:l,scale:u,size:d,radius:f}=e,{uniforms:p}=this.marching.material,m=C(t,this.voxels.hounsfield,n,this.voxels.range),h=(e,t)=>{let n=p[e];n&&(n.value=t)};h(`eye`,U(y(a,b(l,4*f+x([...d,0])/u)))),h(`right`,U(b(o,d[0]/2/u))),h(`up`,U(b(s,d[1]/2/u))),h(`ahead`,U(b(l,-1))),h(`lamp`,U(T(e,i)).normalize());let{normal:g,at:_}=r?E(r):{normal:[0,0,0],at:-1};h(`kept`,new c(...g,_)),h(`floorShare`,D(m)),h(`projects`,k(t)),this.colours.image.data.set(m),this.colours.needsUpdate=!0}next(){if(this.frame||this.ready||this.closed||!this.view||this.row>=this.fine.height)return;let e=this.row<0?0:this.changed+B-performance.now();e>0?this.pause=setTimeout(()=>{this.next()},e):this.frame=requestAnimationFrame(()=>{this.frame=0,this.step()})}step(){if(this.closed||this.context.isContextLost())return;let{width:e,height:t}=this.fine;if(this.row<0){let n=M(this.cost.coarse,e*t),[r,i]=[e,t].map(e=>Math.max(1,Math.round(e*n.scale)));this.coarse.viewport.set(0,0,r,i),this.cast(this.coarse,n),this.show(this.coarse,r/e,i/t),this.row=n.stride===1?t:0,this.measure(`coarse`,r*i,n.stride);return}let n=N(this.cost.fine,e,t-this.row);this.fine.scissorTest=!0,this.fine.scissor.set(0,this.row,e,n),this.cast(this.fine,{scale:1,stride:1}),this.row+=n,this.row>=t&&this.show(this.fine,1,1),this.measure(`fine`,e*n,1)}cast(e,{stride:t}){let{uniforms:n}=this.marching.material,{stride:r}=n;r&&(r.value=K(this.voxels)*t),this.renderer.setRenderTarget(e),this.renderer.render(this.marching,this.camera),r&&(r.value=K(this.voxels))}show(e,n,r){let{uniforms:i}=this.enlarging.material,a=(e,t)=>{let n=i[e];n&&(n.value=t)};a(`picture`,e.texture),a(`part`,new t(n,r)),a(`inset`,new t(.5/e.width,.5/e.height)),this.renderer.setRenderTarget(null),this.renderer.render(this.enlarging,this.camera)}measure(e,t,n){let{context:r}=this,i=performance.now(),a=()=>{this.closed||(this.ready&&!r.isContextLost()&&r.getSyncParameter(this.ready,r.SYNC_STATUS)!==r.SIGNALED?setTimeout(a,V):(r.deleteSync(this.ready),this.ready=null,this.cost[e]=P(this.cost[e],performance.now()-i,t,n),this.view&&this.row>=this.fine.height&&this.drawn(this.view.key),this.next()))};this.ready=r.fenceSync(r.SYNC_GPU_COMMANDS_COMPLETE,0),r.flush(),setTimeout(a,V)}close(){this.closed=!0,cancelAnimationFrame(this.frame),clearTimeout(this.pause);for(let e of[...this.textures,this.coarse,this.fine,this.marching.material,this.enlarging.material,this.screen,this.renderer])e.dispose();this.renderer.forceContextLoss()}},U=e=>new n(...e);function W(e,t,n){let r=new a(e,...t);return Object.assign(r,{format:_,type:h,minFilter:n?o:i,magFilter:n?o:i,unpackAlignment:1,needsUpdate:!0}),r}var G=({grid:{size:e,across:t,along:n,step:r}})=>x(b(t,e[0]))+x(b(n,e[1]))+x(b(r,e[2])),K=e=>Math.max(Math.min(...[e.grid.across,e.grid.along,e.grid.step].map(x))/2,G(e)/I);function q(e){let{grid:t}=e,{size:r}=t,i=Math.max(...[t.across,t.along,t.step].map((e,t)=>x(b(e,r[t]??1))));return{toIn:new f().fromArray(w(t)).transpose(),voxelCount:new n(...r),unit:i/256,deep:G(e)/1.7,stride:K(e),...Object.fromEntries([`eye`,`right`,`up`,`ahead`,`lamp`].map(e=>[e,new n])),kept:new c,floorShare:0,projects:!1}}export{H as Rays};