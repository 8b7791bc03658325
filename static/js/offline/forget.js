// After logging out this device holds nothing. The server says so with Clear-Site-Data, which
// browsers obey only over https and on localhost; <div data-forget> says the same to this script.

import { isAnythingUnsent } from "./kept.js";

export function forgetWhenTold(root) {
  if (root.querySelector("[data-forget]")) forget();
  root.addEventListener("submit", (event) => {
    if (event.defaultPrevented || !("forgets" in event.target.dataset)) return;
    const question = root.querySelector("[data-unsent]")?.dataset.forgetQuestion;
    if (question && isAnythingUnsent() && !window.confirm(question)) {
      event.preventDefault();
      event.stopImmediatePropagation();
    } else {
      forget();
    }
  });
}

function forget() {
  try {
    localStorage.clear();
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
