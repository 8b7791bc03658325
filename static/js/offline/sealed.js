// Seals what this device keeps (AES-GCM) with a key that scripts may use and not read. The server
// gives it to nobody but its owner; it stays in IndexedDB for use without a connection, until
// somebody else logs in. So what a person leaves here unsent is still there for them, and
// unreadable to others. Without https browsers seal nothing: then it is kept as it is.

const KEPT_MS = 14 * 24 * 3600 * 1000;
const GIVE_UP_MS = 20_000;
const AES = "AES-GCM";
const STORE = "keys";
let asked;

// Of the rows that anybody keeps here. Fills `opened`, by the name of each row of this person's:
// its text as stored, and what it says.
export async function sealAndOpen(owner, rows, opened) {
  dropOld(owner, rows);
  const own = rows.filter((name) => name.split(" ")[1] === owner);
  const closed = own.filter((name) => opened.get(name)?.text !== localStorage.getItem(name));
  if (closed.length === 0) return;
  const key = await theKey(owner);
  if (!key) return;
  await Promise.all(closed.map((name) => sealOrOpen(name, key, opened).catch(() => {})));
}

async function sealOrOpen(name, key, opened) {
  const before = localStorage.getItem(name);
  const row = JSON.parse(before);
  const value = row.sealed ? await open(name, row, key) : row;
  const text = row.sealed ? before : JSON.stringify(await seal(name, row, key));
  if (localStorage.getItem(name) !== before) return; // written anew, or sent, meanwhile
  opened.set(name, { text, value });
  if (text !== before) localStorage.setItem(name, text);
}

// A row's name and age are readable; nobody can give them to another.
export async function seal(name, value, key) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const at = value.typedAt;
  const said = new TextEncoder().encode(JSON.stringify(value));
  const sealed = await crypto.subtle.encrypt({ name: AES, iv, ...bound(name, at) }, key, said);
  return { at, iv: text(iv), sealed: text(new Uint8Array(sealed)) };
}

export async function open(name, { at, iv, sealed }, key) {
  const how = { name: AES, iv: bytes(iv), ...bound(name, at) };
  const said = await crypto.subtle.decrypt(how, key, bytes(sealed));
  return JSON.parse(new TextDecoder().decode(said));
}

function bound(name, at) {
  return { additionalData: new TextEncoder().encode(`${name} ${at}`) };
}

// Null where there is none: no https, or not yet fetched and nobody answers.
export async function theKey(owner) {
  if (!crypto.subtle) return null;
  asked ??= keyHere(owner).then((key) => key ?? keyOfServer(owner));
  const key = await asked.catch(() => null);
  if (!key) asked = undefined;
  return key;
}

function keyHere(owner) {
  return inStore("readonly", (store) => store.get(owner));
}

async function keyOfServer(owner) {
  const address = document.querySelector("[data-unsent]").dataset.token;
  const signal = AbortSignal.timeout(GIVE_UP_MS);
  const headers = { "X-Kept-Form": "1" }; // 401 instead of the log-in page
  const said = await (await fetch(address, { headers, signal, redirect: "error" })).json();
  if (said.owner !== owner) return null;
  const uses = ["encrypt", "decrypt"];
  const key = await crypto.subtle.importKey("raw", bytes(said.key), AES, false, uses);
  await inStore("readwrite", (store) => {
    store.clear();
    return store.put(key, owner);
  });
  return key;
}

// Closed each time: a log-out deletes the database, and must not wait for this page.
function inStore(mode, act) {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open("keys", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const database = opening.result;
      const transaction = database.transaction(STORE, mode);
      const request = act(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error);
      database.close();
    };
  });
}

// Old drafts, and whatever others left here two weeks ago. What others left unsealed goes at once,
// unless it was to be sent: that nobody but them may delete.
function dropOld(owner, rows) {
  const isDemo = "demo" in document.body.dataset;
  for (const name of rows) {
    const [kind, whose] = name.split(" ");
    const row = JSON.parse(localStorage.getItem(name));
    const isOld = Date.now() - (row.at ?? row.typedAt) > KEPT_MS;
    const isOwnUnsent = kind === "unsent" && whose === owner;
    const isOpenDraft = kind === "draft" && whose !== owner && !row.sealed && !isDemo;
    if ((isOld && !isOwnUnsent) || isOpenDraft) localStorage.removeItem(name);
  }
}

function text(found) {
  return btoa(Array.from(found, (byte) => String.fromCharCode(byte)).join(""));
}

function bytes(found) {
  return Uint8Array.from(atob(found), (letter) => letter.charCodeAt(0));
}
