// The service worker, served as /sw.js with a first line that says what SHELL is. It keeps the
// page for use without a connection, the help page and the static files of the two; both pages
// are fetched without cookies, so that they are nobody's. All other pages come from the network
// and are never kept.

const NAME = `shell-${SHELL.version}`;
const [OFFLINE] = SHELL.pages;

self.addEventListener("install", (event) => {
  event.waitUntil(fillCache().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(takeOver());
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(self.clients.openWindow(SHELL.today));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(fromNetwork(event, url));
  else if (SHELL.files.includes(url.pathname)) event.respondWith(fromCache(request));
});

async function fillCache() {
  const cache = await caches.open(NAME);
  const fresh = { credentials: "omit", cache: "no-store" };
  const pages = SHELL.pages.map(async (page) => {
    const response = await fetch(page, fresh);
    if (!response.ok || response.redirected) throw new Error(`${page}: ${response.status}`);
    await cache.put(page, response);
  });
  await Promise.all([...pages, cache.addAll(SHELL.files)]);
}

async function takeOver() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== NAME).map((name) => caches.delete(name)));
  await self.registration.navigationPreload?.enable();
  await self.clients.claim();
}

async function fromNetwork(event, url) {
  try {
    return (await event.preloadResponse) ?? (await fetch(event.request));
  } catch {
    const page = SHELL.pages.includes(url.pathname) ? url.pathname : OFFLINE;
    return (await kept(page)) ?? Response.error();
  }
}

async function fromCache(request) {
  return (await kept(request)) ?? fetch(request);
}

// A log-out clears the device, also while this is looking: then there is nothing here.
async function kept(what) {
  try {
    return await caches.match(what);
  } catch {
    return undefined;
  }
}
