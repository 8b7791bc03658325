// <form data-keep> is sent by script, so that a lost connection or an expired log-in does not
// take what was typed: then it goes to the outbox. Whatever else the server has to say (a refused
// answer, a question) is asked for once more in the ordinary way, and shown as without script; the
// form's client_id sees to it that nothing is saved twice.

import { owner, uuid } from "../offline/kept.js";
import {
  dropUnsent,
  freshToken,
  keepUnsent,
  LATER,
  LOG_IN,
  NO_TOKEN,
  post,
  SAVED,
  secondsSince,
  sendNow,
} from "../offline/outbox.js";
import { dropDraft, typedAt } from "./drafts.js";
import { allFields, set, value } from "./form_fields.js";
import { free } from "./submit_once.js";

const GREW_OLD_S = 900; // after a phone call of 15 minutes the rating is of when it was typed

export function keepForms(root) {
  if (!owner) return;
  root.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || !("keep" in form.dataset)) return;
    if ("native" in form.dataset || "native" in (event.submitter?.dataset ?? {})) return;
    event.preventDefault();
    submit(form, event.submitter);
  });
}

async function submit(form, submitter) {
  const entry = entryOf(form, submitter);
  const seconds = secondsSince(entry.typedAt);
  const { outcome, goTo } = await send(form, entry, seconds < GREW_OLD_S ? 0 : seconds);
  if (outcome === SAVED) {
    forget(form);
    location.assign(goTo);
  } else if ((outcome === LATER || outcome === LOG_IN) && keepUnsent(entry)) {
    forget(form, entry.id);
    goOn(form, entry, outcome);
  } else {
    sendOrdinarily(form, submitter, seconds);
  }
}

async function send(form, entry, typedAgo) {
  const token = value(form, "csrfmiddlewaretoken");
  if (navigator.onLine === false || !token) return { outcome: LATER };
  const answer = await post(entry, token, typedAgo);
  if (answer.outcome !== NO_TOKEN) return answer;
  const fresh = await freshToken();
  if (!fresh.token) return fresh;
  set(form, "csrfmiddlewaretoken", fresh.token);
  return post(entry, fresh.token, typedAgo);
}

function entryOf(form, submitter) {
  if (!value(form, "client_id")) set(form, "client_id", uuid());
  const action = new URL(form.action).pathname;
  const isRating = submitter?.classList.contains("nrs-button");
  return {
    id: `${action} ${value(form, "client_id")}`,
    action,
    clientId: value(form, "client_id"),
    fields: allFields(form, submitter),
    typedAt: isRating ? Date.now() : typedAt(form),
    name: form.dataset.keepName ?? document.title,
    fix: form.dataset.keepFix ?? location.pathname + location.search,
    after: form.dataset.after ?? null,
  };
}

function forget(form, newId) {
  dropDraft(form);
  if (form.dataset.fixes && form.dataset.fixes !== newId) dropUnsent(form.dataset.fixes);
  delete form.dataset.fixes;
}

// Kept, not sent. A red flag is answered all the same; Today and the page for use without a
// connection are ready for another entry, every other page has done what it was opened for.
function goOn(form, entry, outcome) {
  const { today, help } = document.querySelector("[data-unsent]").dataset;
  const staysHere = "shell" in document.body.dataset || location.pathname === today;
  free(form);
  form.reset();
  if (!value(form, "version")) set(form, "client_id", uuid());
  form.dispatchEvent(new CustomEvent("kept", { bubbles: true }));
  if (entry.fields.some(([name]) => name === "red_flags")) location.assign(help);
  else if (outcome === LOG_IN) sendNow();
  else if (!staysHere && navigator.serviceWorker?.controller) location.assign(today);
  else if (navigator.onLine) sendNow();
}

function sendOrdinarily(form, submitter, seconds) {
  if (seconds >= GREW_OLD_S) set(form, "typed_ago", seconds);
  free(form);
  form.dataset.native = "yes";
  form.requestSubmit(submitter);
  delete form.dataset.native;
}
