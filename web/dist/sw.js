// Keeps the page's own files, so that it opens while the node cannot be reached. Nothing
// that the node knows of anybody is kept: not its API, not pictures, not files of a study.
const kept = "page";
const own = (url) => url.origin === location.origin && /^\/([\w.-]+\.(js|css|svg|webmanifest|html))?$/.test(url.pathname);

self.addEventListener("install", () => { self.skipWaiting(); });
self.addEventListener("activate", (event) => { event.waitUntil(self.clients.claim()); });

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || !own(url)) return;
  event.respondWith(answer(event.request));
});

// answer asks the node first, so that a new build is seen at once. What is kept is named by
// its path alone: behind it may stand the secret of a link.
async function answer(request) {
  const cache = await caches.open(kept), place = new URL(request.url).pathname;
  try {
    const fresh = await fetch(request);
    if (fresh.ok) await cache.put(place, fresh.clone());
    return fresh;
  } catch (error) {
    const old = await cache.match(place);
    if (old) return old;
    throw error;
  }
}
