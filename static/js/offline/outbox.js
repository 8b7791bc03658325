// Entries that could not be sent wait on this device, and go out by themselves: when the
// connection is back, when a page is opened or looked at again, and every now and then. Each
// carries the id made with its form, so that the server makes one entry however often it comes;
// a lock sees to it that two tabs do not even try.

import { all, drop, get, has, owner, put, ready } from "./kept.js";

const GIVE_UP_MS = 20_000;
const FIRST_PAUSE_MS = 2_000; // not every browser says that the connection is back
const LONGEST_PAUSE_MS = 300_000;
const LATER = "later";
const MARK = "X-Did-It-Work"; // of our answers alone: config/web/middleware.py

let pause = FIRST_PAUSE_MS;
let timer;
const listeners = [];

export const SAVED = "saved";
export const LOG_IN = "login";
export const REFUSED = "refused";
export const NO_TOKEN = "token";
export { LATER };

// Tells what became of it, and where the server says to go on.
export async function post(entry, token, typedAgo) {
  const body = new URLSearchParams(entry.fields);
  body.set("csrfmiddlewaretoken", token);
  if (typedAgo > 0) body.set("typed_ago", typedAgo);
  const answer = await ask(entry.action, { method: "POST", body }, reason);
  if (!answer || answer.status >= 500 || answer.status === 429) return { outcome: LATER };
  if (answer.status === 204) return { outcome: SAVED, goTo: answer.goTo };
  if (answer.status === 401) return { outcome: LOG_IN };
  if (answer.status === 403) return { outcome: NO_TOKEN };
  const isGone = answer.status === 404;
  return { outcome: REFUSED, isGone, why: isGone ? "" : answer.said };
}

// What the page that was answered says is wrong.
async function reason(response) {
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const said = page.querySelectorAll("[data-error-summary] li");
  const words = said.length > 0 ? said : page.querySelectorAll("main [role=alert]");
  return [...words].map((each) => each.textContent.trim().replace(/\s+/g, " ")).join(" ");
}

// Null where nobody answers, and where an answer breaks off or is not ours (a proxy's, the log-in
// page of a café's network), whatever it says: nothing is known, and it is asked again later.
export async function ask(address, options, read) {
  const headers = { "X-Kept-Form": "1" };
  const signal = AbortSignal.timeout(GIVE_UP_MS);
  try {
    const response = await fetch(address, { ...options, headers, signal, redirect: "error" });
    const { status, headers: told } = response;
    if (!told.has(MARK)) return null;
    return { status, goTo: told.get("X-Go-To"), said: await read(response) };
  } catch {
    return null;
  }
}

// The token that a form needs now; LATER or LOG_IN where there is none.
export async function freshToken() {
  const address = document.querySelector("[data-unsent]").dataset.token;
  const answer = await ask(address, {}, (response) => response.ok && response.json());
  if (answer?.status === 401) return { outcome: LOG_IN };
  if (!answer?.said) return { outcome: LATER };
  const { owner: who, token } = answer.said;
  return who === owner ? { token } : { outcome: LOG_IN };
}

export function keepUnsent(entry) {
  const isKept = put("unsent", entry.id, entry);
  if (isKept) {
    wait();
    tell();
  }
  return isKept;
}

export function dropUnsent(id) {
  drop("unsent", id);
  tell();
}

export function unsent() {
  return all("unsent");
}

export function whenChanged(listener) {
  listeners.push(listener);
}

function tell(news = {}) {
  for (const listener of listeners) listener(news);
}

export function startSending() {
  if (!owner) return;
  window.addEventListener("online", () => sendNow());
  window.addEventListener("storage", () => ready().then(() => tell()));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") sendNow();
  });
  ready().then(() => {
    if (unsent().length === 0) return;
    tell();
    sendNow();
  });
}

export function sendNow() {
  pause = FIRST_PAUSE_MS;
  return send();
}

async function send() {
  if (unsent().length === 0) return;
  if (await sendAlone()) pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
  if (unsent().some((entry) => entry.state !== REFUSED)) wait();
}

// False where another tab, or a try that still waits for its answer, is at it.
function sendAlone() {
  const sent = () => sendEach().then(() => true);
  const ifFree = { ifAvailable: true };
  return navigator.locks?.request("outbox", ifFree, (lock) => lock !== null && sent()) ?? sent();
}

function wait() {
  clearTimeout(timer);
  timer = setTimeout(send, pause);
}

async function sendEach() {
  await ready();
  const { token, outcome } = await freshToken();
  if (!token) {
    tell({ outcome });
    return;
  }
  let sent = 0;
  let urgent = null;
  let stopped = null;
  for (const { id } of unsent()) {
    const entry = get("unsent", id);
    if (!entry || entry.state === REFUSED || has("unsent", entry.after)) continue;
    const answer = await post(entry, token, Math.max(1, secondsSince(entry.typedAt)));
    if (answer.outcome === SAVED) {
      drop("unsent", id);
      sent += 1;
      urgent ??= isUrgent(answer.goTo) ? answer.goTo : null;
    } else if (answer.outcome === REFUSED) {
      const { why, isGone } = answer;
      put("unsent", id, { ...entry, state: REFUSED, why, isGone });
    } else {
      stopped = answer.outcome;
      break;
    }
  }
  tell({ outcome: stopped, sent });
  if (urgent) location.assign(urgent);
}

// A red flag comes before anything else, late as it may be.
function isUrgent(address) {
  return address.startsWith(document.querySelector("[data-unsent]").dataset.redFlags);
}

export function secondsSince(moment) {
  return Math.max(0, Math.round((Date.now() - moment) / 1000));
}
