// The service worker: once the page is there and has nothing else to do, so that it takes nothing
// from it.

import { owner } from "./kept.js";

const whenIdle = window.requestIdleCallback ?? ((then) => setTimeout(then, 1000));

export function installWorker() {
  const address = document.body.dataset.worker;
  if (!address || !navigator.serviceWorker || navigator.serviceWorker.controller) return;
  const register = () => {
    navigator.serviceWorker.register(address, { scope: "/" }).catch(() => {});
    navigator.serviceWorker.ready.then(fetchKey).catch(() => {});
  };
  if (document.readyState === "complete") whenIdle(register);
  else window.addEventListener("load", () => whenIdle(register));
}

// So that what is written without a connection can be sealed as well.
async function fetchKey() {
  if (owner) await (await import("./sealed.js")).theKey(owner);
}
