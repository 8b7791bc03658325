// The page for use without a connection. It fits itself to the address that could not be
// reached: the treatment that was to be started, the session that was to be rated again.

import { get, owner } from "./kept.js";
import { unsent, whenChanged } from "./outbox.js";

const START = "/sessions/start/";

if (owner) show(document);

function show(root) {
  root.querySelector("[data-offline]").hidden = false;
  root.querySelector("[data-offline-known]").hidden = false;
  root.querySelector("[data-offline-unknown]").hidden = true;
  askInOwnWords(root.querySelector("[data-offline-check-in]")).catch(() => {});
  offerToStart(root);
  offerToFinish(root);
  listOpen(root);
  whenChanged(() => listOpen(root));
  root.addEventListener("kept", () => {
    const done = root.querySelector("[data-offline-done]");
    done.hidden = false;
    done.focus();
  });
}

// Until they are known the page asks for leg and back, and says so.
async function askInOwnWords(form) {
  const known = await (await import("./words.js")).knownWords(owner);
  if (!known) return;
  for (const field of form.querySelectorAll("fieldset:has([name$=_pain])")) {
    const words = known.words[field.querySelector("input").name];
    if (words) field.querySelector("legend").textContent = words;
    else field.remove();
  }
  form.querySelector("[data-offline-usual]").remove();
  if (known.condition) form.append(hidden("condition", known.condition));
}

// The address names the treatments by their numbers only; no name is kept on the device.
function offerToStart(root) {
  const section = root.querySelector("[data-offline-start]");
  const chosen = new URLSearchParams(location.search).getAll("treatment");
  if (location.pathname !== START || chosen.length === 0) return;
  const input = section.querySelector('[name="did"]');
  for (const number of chosen) input.before(hidden("did", number));
  input.remove();
  const head = section.querySelector("h2");
  head.textContent = head.dataset.planned;
  root.querySelector("[data-offline]").prepend(section);
}

function offerToFinish(root) {
  if (!/^\/sessions\/\d+\/finish\/$/.test(location.pathname)) return;
  const section = root.querySelector("[data-offline-finish]");
  const form = section.querySelector("form");
  form.action = location.pathname;
  form.dataset.keepFix = location.pathname.replace(/finish\/$/, "edit/");
  section.hidden = false;
}

// Sessions that were started here without a connection and wait to be rated again.
function listOpen(root) {
  const started = unsent().filter((entry) => entry.action === START);
  const open = started.filter((entry) => !get("unsent", finishId(entry)));
  root
    .querySelector("[data-offline-open]")
    .replaceChildren(...open.map((entry) => card(root, entry)));
}

function card(root, entry) {
  const shown = root.querySelector("[data-offline-open-one]").content.cloneNode(true);
  const time = new Intl.DateTimeFormat(document.documentElement.lang, { timeStyle: "short" });
  shown.querySelector("[data-when]").textContent = time.format(entry.typedAt);
  const form = shown.querySelector("form");
  form.action = finishAddress(entry);
  form.dataset.after = entry.id;
  form.dataset.keepFix = form.action;
  form.append(hidden("client_id", entry.clientId));
  return shown;
}

function finishAddress(entry) {
  return `/sessions/kept/${entry.clientId}/finish/`;
}

function finishId(entry) {
  return `${finishAddress(entry)} ${entry.clientId}`;
}

function hidden(name, value) {
  const input = document.createElement("input");
  input.type = "hidden";
  input.name = name;
  input.value = value;
  return input;
}
