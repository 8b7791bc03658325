// The service worker, served as /sw.js with a first line that says what SHELL is. It keeps the
// page for use without a connection, the help page and the static files of the two; both pages
// are fetched without cookies, so that they are nobody's. All other pages come from the network
// and are never kept.

const NAME = `shell-${SHELL.version}`;
const [OFFLINE] = SHELL.pages;
const MARK = "X-Did-It-Work"; // of our answers alone: config/web/middleware.py
const PATIENCE_MS = 7_000;

self.addEventListener("install", (event) => {
  event.waitUntil(fillCache().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(takeOver());
});

// A call (apps/diary/calls/message.py). Browsers want every one to be shown.
self.addEventListener("push", (event) => {
  const { title, body, lang, tag, navigate } = event.data?.json().notification ?? {};
  const data = { path: navigate ? new URL(navigate).pathname : SHELL.today };
  const options = { body, lang, tag, data };
  event.waitUntil(self.registration.showNotification(title ?? SHELL.name, options));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(goTo(event.notification.data?.path ?? SHELL.today));
});

// A push service has given this browser another address. Where somebody is logged in who was called
// by the old one, the server is told; else the device ends with its old address.
self.addEventListener("pushsubscriptionchange", (event) => event.waitUntil(renew(event)));

async function renew({ newSubscription }) {
  const asked = { userVisibleOnly: true, applicationServerKey: SHELL.key };
  const given = newSubscription ?? (await self.registration.pushManager.subscribe(asked));
  const { endpoint, keys } = given.toJSON();
  const { token } = await (await fetch(SHELL.kept)).json();
  const body = new URLSearchParams({ endpoint, ...keys, csrfmiddlewaretoken: token });
  await fetch(SHELL.renew, { method: "POST", body });
}

// Where it is open already, that page: another would lose what is typed there.
async function goTo(path) {
  const open = await self.clients.matchAll({ type: "window" });
  const there = open.find((client) => new URL(client.url).pathname === path);
  return there ? there.focus() : self.clients.openWindow(path);
}

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
  const all = [...SHELL.pages.map((page) => [page, fresh]), ...SHELL.files.map((file) => [file])];
  await Promise.all(
    all.map(async ([address, options]) => {
      const response = await fetch(address, options);
      if (!mayStay(response, options)) throw new Error(`${address}: ${response.status}`);
      await cache.put(address, response);
    }),
  );
}

// Kept for as long as this version is: no page of somebody else's may get in. Files carry no mark,
// but no file of ours is a page.
function mayStay(response, isPage) {
  const { headers } = response;
  const isOurs = isPage ? headers.has(MARK) : !headers.get("Content-Type")?.includes("html");
  return response.ok && !response.redirected && isOurs;
}

async function takeOver() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== NAME).map((name) => caches.delete(name)));
  await self.registration.navigationPreload?.[mayPreload() ? "enable" : "disable"]();
  await self.clients.claim();
}

// Firefox (seen in 140) shows its own error page as soon as a preload that is waited for fails,
// whatever is answered here: without a connection nothing of ours would open.
function mayPreload() {
  return !self.navigator.userAgent.includes("Firefox/");
}

async function fromNetwork(event, url) {
  const answer = ask(event).catch(() => undefined);
  event.waitUntil(answer);
  const response = await Promise.race([answer, patience(url)]);
  if (response && !isNotNow(response)) return response;
  const page = SHELL.pages.includes(url.pathname) ? url.pathname : OFFLINE;
  return (await kept(page)) ?? (await answer) ?? Response.error();
}

async function ask(event) {
  return (await event.preloadResponse) ?? (await fetch(event.request));
}

// Undefined after seven seconds; never for files of the own data, which take as long as they take.
function patience(url) {
  if (url.pathname.startsWith(SHELL.data)) return new Promise(() => {});
  return new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
}

// A proxy's error, or our own "back in a moment". A page that is no error is shown, whosever it
// is: that of a café's network is where one logs in to it.
function isNotNow({ status, headers }) {
  return status === 503 || (status >= 400 && !headers.has(MARK));
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
