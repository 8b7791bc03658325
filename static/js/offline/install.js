// The service worker: once the page is there and has nothing else to do, so that it takes nothing
// from it.

import { owner } from "./kept.js";

const whenIdle = window.requestIdleCallback ?? ((then) => setTimeout(then, 1000));

export function installWorker() {
  const address = document.body.dataset.worker;
  const checkIn = document.querySelector("[data-says-words]");
  if (!address || !navigator.serviceWorker) return;
  if (navigator.serviceWorker.controller && !checkIn) return;
  const begin = () => {
    if (!navigator.serviceWorker.controller) {
      navigator.serviceWorker.register(address, { scope: "/" }).catch(() => {});
    }
    navigator.serviceWorker.ready.then(() => prepare(checkIn)).catch(() => {});
  };
  if (document.readyState === "complete") whenIdle(begin);
  else window.addEventListener("load", () => whenIdle(begin));
}

// So that what is written without a connection is asked in this person's words, and sealed as well.
async function prepare(form) {
  if (!owner) return;
  await (await import("./sealed.js")).theKey(owner);
  if (form) await (await import("./words.js")).keepWords(form, owner);
}
