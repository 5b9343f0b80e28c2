// Keeps the pocket sheet and nothing else: network first, the kept copy when there is none, gone at sign-out.
const KEPT = "pocket", SHEET = "/pocket/", STARTS = ["/", SHEET], HOUR = 3600000;

const forget = () => caches.delete(KEPT);

async function keep(at_once) {
  const kept = await caches.match(SHEET);
  if (kept && !at_once && Date.now() - Date.parse(kept.headers.get("date")) < HOUR) return;
  const reply = await fetch(SHEET, { credentials: "same-origin" });
  if (reply.redirected || [401, 403, 404].includes(reply.status)) return forget();
  if (!reply.ok) return;
  const html = await reply.clone().text(), store = await caches.open(KEPT);
  const parts = [...html.matchAll(/(?:href|src)="(\/static\/[^"#]+)"/g)].map((found) => found[1]);
  await store.addAll([...new Set(parts)]);
  await store.put(SHEET, reply);
}

async function open(request) {
  try {
    const reply = await fetch(request);
    if (reply.redirected && new URL(reply.url).pathname.startsWith("/account/")) await forget();
    return reply;
  } catch (error) {
    const kept = await caches.match(SHEET);
    if (!kept) throw error;
    return kept;
  }
}

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("message", (event) => { if (["keep", "renew"].includes(event.data)) event.waitUntil(keep(event.data === "renew").catch(() => {})); });
self.addEventListener("fetch", (event) => {
  const { request } = event, { origin, pathname } = new URL(request.url);
  if (origin !== self.location.origin) return;
  if (request.method === "POST" && pathname === "/account/logout/") event.waitUntil(forget());
  if (request.method !== "GET") return;
  if (request.mode === "navigate" && STARTS.includes(pathname)) event.respondWith(open(request));
  else if (pathname.startsWith("/static/")) {
    event.respondWith(fetch(request).catch(async (error) => {
      const kept = await caches.match(request);
      if (!kept) throw error;
      return kept;
    }));
  }
});
