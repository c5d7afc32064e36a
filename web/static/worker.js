// Keeps what is ours and the last plan; never the conversation, and nothing after the
// session: a copy is thrown away at sign-out, when the server asks to sign in, and when it
// is older than a session can be.

const FILES = "files";
const PLAN = "plan";
const LONGEST_MS = 12 * 60 * 60 * 1000;
const KEPT_AT = "x-kept-at";

async function keepPlan(request, answer) {
  const headers = new Headers(answer.headers);
  headers.set(KEPT_AT, String(Date.now()));
  const copy = new Response(await answer.blob(), { headers });
  await (await caches.open(PLAN)).put("/plan", copy);
}

async function lastPlan() {
  const kept = await (await caches.open(PLAN)).match("/plan");
  if (kept && Date.now() - Number(kept.headers.get(KEPT_AT)) < LONGEST_MS) return kept;
  await caches.delete(PLAN);
  return null;
}

async function page(request) {
  const path = new URL(request.url).pathname;
  try {
    const answer = await fetch(request);
    const leaving = path === "/sign-in" || new URL(answer.url).pathname === "/sign-in";
    if (leaving || answer.type === "opaqueredirect") {
      if (leaving || path === "/plan") await caches.delete(PLAN);
    } else if (path === "/plan" && answer.ok && request.method === "GET") {
      await keepPlan(request, answer.clone());
    }
    return answer;
  } catch (error) {
    if (request.method !== "GET") throw error;
    const kept = path === "/plan" ? await lastPlan() : null;
    return kept ?? (await caches.match("/offline")) ?? Response.error();
  }
}

async function file(request) {
  const kept = await caches.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  const held = await caches.open(FILES);
  if (answer.ok) await held.put(request, answer.clone());
  return answer;
}

self.addEventListener("install", (event) => {
  const shell = async () => {
    const held = await caches.open(FILES);
    const answer = await fetch("/offline", { cache: "no-store", credentials: "omit" });
    const text = await answer.clone().text();
    await held.put("/offline", answer);
    const needed = [...text.matchAll(/(?:href|src)="(\/static\/[^"#]+)/g)].map((one) => one[1]);
    await Promise.allSettled([...new Set(needed)].map((one) => held.add(one)));
  };
  event.waitUntil(shell().then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("message", (event) => {
  if (event.data === "forget") event.waitUntil(caches.delete(PLAN));
});
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== self.location.origin) return;
  if (request.method === "POST" && pathname === "/sign-out") event.waitUntil(caches.delete(PLAN));
  else if (request.mode === "navigate" && request.method === "GET") event.respondWith(page(request));
  else if (pathname.startsWith("/static/")) event.respondWith(file(request));
});
