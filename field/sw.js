// Keeps the app's shell on the phone, so that it opens without signal. It knows files only: what couriers wrote is none of its business.
const version = "%VERSION%";
const files = "%FILES%";
const page = "/field/";
const built = "/static/fieldwork/build/";
const shelf = `shell-${version}`;

async function keepShell() {
  const cache = await caches.open(shelf);
  const kept = await Promise.all(files.map((file) => cache.match(file)));
  await cache.addAll(files.filter((_, index) => !kept[index]));
  await cache.add(new Request(page, { cache: "reload" })); // last: a page is only kept with everything it names
}

async function dropOldShells() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("shell-") && name !== shelf).map((name) => caches.delete(name)));
  await self.clients.claim();
}

async function keptOrFetched(request, key) {
  const cache = await caches.open(shelf);
  const found = await cache.match(key);
  if (found) return found;
  const answer = await fetch(request);
  if (answer.ok && answer.type === "basic") await cache.put(key, answer.clone()).catch(() => undefined); // a full phone still shows it
  return answer;
}

self.addEventListener("install", (event) => event.waitUntil(keepShell()));
self.addEventListener("activate", (event) => event.waitUntil(dropOldShells()));
self.addEventListener("message", (event) => {
  if (event.data === "take over") self.skipWaiting();
});
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate" && url.pathname === page) event.respondWith(keptOrFetched(request, page));
  else if (url.pathname.startsWith(built)) event.respondWith(keptOrFetched(request, url.pathname));
});
