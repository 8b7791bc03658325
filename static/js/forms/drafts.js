// <form data-keep>: what is typed is kept on this device until it is sent or discarded, and put
// back when the form is opened again. After 12 hours it is only offered: a rating describes a
// moment. No rating comes from here that was not typed into this very form and left unsent.

import { all, drop, get, owner, put, ready } from "../offline/kept.js";
import { fill, set, typedFields, value } from "./form_fields.js";

const FILLED_IN_FOR_MS = 12 * 3600 * 1000;
const ratedAt = new WeakMap(); // when the newest rating of a form was typed

export function keepDrafts(root) {
  if (!owner) return;
  root.addEventListener("input", typed);
  root.addEventListener("change", typed);
  ready().then(() => putAllBack(root));
}

function putAllBack(root) {
  const forms = [...root.querySelectorAll("form[data-keep]")];
  const unsent = unsentNamed(location.hash);
  if (unsent && forms.length > 0) correct(forms.shift(), unsent);
  for (const form of forms) {
    if (!ratedAt.has(form)) putBack(form); // somebody quick has begun anew
  }
}

// When what the form says now was typed. The newest rating decides, a note may be older or newer.
export function typedAt(form) {
  return ratedAt.get(form) ?? Date.now();
}

// The long form says all that the short one on another page does: that draft goes as well.
export function dropDraft(form) {
  drop("draft", place(form));
  if (elsewhere(form) === "") {
    const short = all("draft").filter((each) => each.shortOf === actionOf(form));
    for (const each of short) drop("draft", each.id);
  }
  ratedAt.delete(form);
}

function typed(event) {
  const form = event.target.form;
  if (!form || !("keep" in form.dataset)) return;
  const isRating = event.target.closest("[data-nrs]") !== null;
  if (isRating || !ratedAt.has(form)) ratedAt.set(form, Date.now());
  put("draft", place(form), {
    id: place(form),
    fields: typedFields(form),
    typedAt: ratedAt.get(form),
    clientId: value(form, "client_id"),
    version: value(form, "version"),
    shortOf: elsewhere(form) && actionOf(form),
  });
}

function place(form) {
  return actionOf(form) + location.search + elsewhere(form);
}

function actionOf(form) {
  return new URL(form.action).pathname;
}

// The short check-in of Today must not write over what is half typed in the long one.
function elsewhere(form) {
  if ("shell" in document.body.dataset) return " offline";
  return location.pathname === actionOf(form) ? "" : ` ${location.pathname}`;
}

// What the server had refused, to be put right: in its own form, or in one that asks for more.
function correct(form, unsent) {
  form.dataset.fixes = unsent.id;
  const isPart = /\/finish\/$/.test(unsent.action);
  const rated = isPart ? [["after_rated_at", clockTime(unsent.typedAt)]] : [];
  use(form, { ...unsent, fields: [...unsent.fields, ...rated] }, isPart);
}

function clockTime(moment) {
  const shifted = new Date(moment - new Date(moment).getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 16);
}

function putBack(form) {
  const draft = get("draft", place(form));
  if (draft && document.querySelector("[data-error-summary]")) {
    ratedAt.set(form, draft.typedAt); // what was refused stands there again by itself
    return;
  }
  if (!draft || JSON.stringify(draft.fields) === JSON.stringify(typedFields(form))) return;
  const isFresh = Date.now() - draft.typedAt < FILLED_IN_FOR_MS;
  const isSame = draft.version === value(form, "version");
  if (isFresh && isSame) use(form, draft);
  else notice(form, draft, "[data-draft-old]");
}

function use(form, draft, isPart = false) {
  fill(form, draft.fields, isPart);
  // A new entry keeps the id under which it may have arrived already.
  if (draft.clientId && !value(form, "version")) set(form, "client_id", draft.clientId);
  ratedAt.set(form, draft.typedAt);
  notice(form, draft, "[data-draft-back]");
}

function unsentNamed(hash) {
  return hash.startsWith("#unsent=") && get("unsent", decodeURIComponent(hash.slice(8)));
}

function notice(form, draft, template) {
  const source = document.querySelector(template);
  if (!source) return;
  const shown = source.content.firstElementChild.cloneNode(true);
  const when = new Intl.DateTimeFormat(document.documentElement.lang, {
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
  });
  shown.querySelector("[data-draft-when]").textContent = when.format(draft.typedAt);
  const why = shown.querySelector("[data-draft-why]");
  if (draft.why) why.textContent = draft.why;
  else why?.remove();
  shown.querySelector("[data-draft-use]")?.addEventListener("click", () => {
    shown.remove();
    use(form, draft);
  });
  shown.querySelector("[data-draft-discard]").addEventListener("click", () => {
    shown.remove();
    dropDraft(form);
    form.reset();
    form.querySelector("input:not([type=hidden])")?.focus();
  });
  form.before(shown);
}
