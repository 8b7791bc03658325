// What this device keeps until the server has it: unsent entries and drafts, one key of
// localStorage each, so that two tabs never overwrite one another's. It is written at once: a
// page that the phone ends a moment later has lost nothing. Keys begin with the owner's mark, and
// nothing is written once "owner" is gone: somebody has logged out, here or in another tab.

const OWNER = "owner";
const KEPT_MS = 14 * 24 * 3600 * 1000;
const KINDS = new Set(["draft", "unsent"]);
const onPage = document.body.dataset.owner;

export const owner = remember() ?? null;

function remember() {
  try {
    if (onPage) localStorage.setItem(OWNER, onPage);
    if (onPage && !("demo" in document.body.dataset)) forgetOthers();
    return onPage ?? ("shell" in document.body.dataset ? localStorage.getItem(OWNER) : null);
  } catch {
    return null; // storage is switched off: forms are sent as ever
  }
}

// Somebody else has logged in: what the person before left here is neither shown to them nor kept.
// A demo is no somebody else: whoever tries one while logged out must not lose what is not sent.
function forgetOthers() {
  for (const each of Object.keys(localStorage)) {
    const [kind, whose] = each.split(" ");
    if (KINDS.has(kind) && whose !== onPage) localStorage.removeItem(each);
  }
}

// False where nothing can be kept.
export function put(kind, id, value) {
  try {
    if (!owner || localStorage.getItem(OWNER) !== owner) return false;
    localStorage.setItem(key(kind, id), JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

export function get(kind, id) {
  return owner && JSON.parse(localStorage.getItem(key(kind, id)));
}

export function drop(kind, id) {
  if (owner) localStorage.removeItem(key(kind, id));
}

export function all(kind) {
  if (!owner) return [];
  const start = key(kind, "");
  const keys = Object.keys(localStorage).filter((each) => each.startsWith(start));
  const found = keys.map((each) => JSON.parse(localStorage.getItem(each))).filter(Boolean);
  return found.sort((one, other) => one.typedAt - other.typedAt);
}

// Of everybody who wrote here: logging out deletes it all.
export function isAnythingUnsent() {
  try {
    return Object.keys(localStorage).some((each) => each.startsWith("unsent "));
  } catch {
    return false; // storage is switched off
  }
}

export function dropOldDrafts() {
  for (const each of all("draft")) {
    if (Date.now() - each.typedAt > KEPT_MS) drop("draft", each.id);
  }
}

function key(kind, id) {
  return `${kind} ${owner} ${id}`;
}

// crypto.randomUUID is missing where the site is not served by https.
export function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
}
