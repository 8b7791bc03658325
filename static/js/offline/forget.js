// After logging out this device holds nothing of who did. The server says so with Clear-Site-Data,
// which browsers obey only over https and on localhost; <div data-forget> says the same to this
// script. Where others left something to be sent, the form asks the server not to say it: that header
// clears it all.

import { isAnythingUnsent, unsentOfOthers } from "./kept.js";

export function forgetWhenTold(root) {
  if (root.querySelector("[data-forget]")) forget();
  root.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || !("forgets" in form.dataset || "leaves" in form.dataset)) return;
    spareOthers(form);
    if (!("forgets" in form.dataset)) return;
    const question = root.querySelector("[data-unsent]")?.dataset.forgetQuestion;
    if (question && isAnythingUnsent() && !window.confirm(question)) {
      event.preventDefault();
      event.stopImmediatePropagation();
    } else {
      forget();
    }
  });
}

function spareOthers(form) {
  if (othersRows().length === 0) return;
  const field = document.createElement("input");
  Object.assign(field, { type: "hidden", name: "others_unsent", value: "yes" });
  form.append(field);
}

function othersRows() {
  try {
    return unsentOfOthers();
  } catch {
    return []; // storage is switched off
  }
}

function forget() {
  const spared = new Set(othersRows());
  try {
    for (const name of Object.keys(localStorage)) {
      if (!spared.has(name)) localStorage.removeItem(name);
    }
  } catch {
    // storage is switched off: there is nothing in it
  }
  window.indexedDB?.deleteDatabase("keys");
  navigator.serviceWorker
    ?.getRegistrations()
    .then((found) => Promise.all(found.map((each) => each.unregister())))
    .catch(alreadyGone);
  window.caches
    ?.keys()
    .then((names) => Promise.all(names.map((name) => caches.delete(name))))
    .catch(alreadyGone);
}

function alreadyGone() {
  // the answer to the log-out cleared the device while this was at it
}
