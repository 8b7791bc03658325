// What this device keeps until the server has it: unsent entries and drafts, one row of
// localStorage each, so that two tabs never overwrite one another's. It is written at once: a
// page that the phone ends a moment later has lost nothing; some milliseconds later it is sealed
// (sealed.js). Names begin with the owner's mark, and nothing is written once "owner" is gone:
// somebody has logged out, here or in another tab.

const OWNER = "owner";
const KINDS = new Set(["draft", "unsent"]);
const onPage = document.body.dataset.owner;
const opened = new Map(); // what is sealed in this person's rows, as stored and as it was

export const owner = remember() ?? null;

function remember() {
  try {
    const before = localStorage.getItem(OWNER);
    if (onPage) localStorage.setItem(OWNER, onPage);
    // A demo is no somebody else: whoever tries one while logged out is back in a moment.
    const isDemo = "demo" in document.body.dataset;
    if (onPage && before !== onPage && !isDemo) window.indexedDB?.deleteDatabase("keys");
    return onPage ?? ("shell" in document.body.dataset ? before : null);
  } catch {
    return null; // storage is switched off: forms are sent as ever
  }
}

// Names of what anybody keeps here.
function rows() {
  return Object.keys(localStorage).filter((name) => KINDS.has(name.split(" ")[0]));
}

// Seals what is not, and opens what is: called when a page is opened, and for what another tab
// has written. The script for it is fetched once there is something.
export async function ready() {
  if (!owner || rows().length === 0) return;
  try {
    await (await import("./sealed.js")).sealAndOpen(owner, rows(), opened);
  } catch {
    // neither fetched nor kept here: it stays as it is until a page has the script
  }
}

// False where nothing can be kept.
export function put(kind, id, value) {
  try {
    if (!owner || localStorage.getItem(OWNER) !== owner) return false;
    localStorage.setItem(key(kind, id), JSON.stringify(value));
    ready();
    return true;
  } catch {
    return false;
  }
}

export function get(kind, id) {
  return owner && read(key(kind, id));
}

// Null where there is nothing, and where it is sealed and not yet opened.
function read(name) {
  const text = localStorage.getItem(name);
  const known = opened.get(name);
  if (known && known.text === text) return known.value;
  const value = JSON.parse(text);
  return value?.sealed ? null : value;
}

export function has(kind, id) {
  return localStorage.getItem(key(kind, id)) !== null;
}

export function drop(kind, id) {
  if (owner) localStorage.removeItem(key(kind, id));
}

export function all(kind) {
  if (!owner) return [];
  const start = key(kind, "");
  const names = rows().filter((name) => name.startsWith(start));
  const found = names.map(read).filter(Boolean);
  return found.sort((one, other) => one.typedAt - other.typedAt);
}

// Logging out deletes it.
export function isAnythingUnsent() {
  return unsentRows((whose) => whose === owner).length > 0;
}

// Names of what others left here to be sent: that stays for them (sealed.js), whoever logs out.
export function unsentOfOthers() {
  const own = localStorage.getItem(OWNER);
  return unsentRows((whose) => whose !== own);
}

function unsentRows(isMeant) {
  try {
    return rows().filter((name) => name.startsWith("unsent ") && isMeant(name.split(" ")[1]));
  } catch {
    return []; // storage is switched off
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
