// The service worker: once the page is there and has nothing else to do, so that it takes nothing
// from it.

import { owner } from "./kept.js";

const whenIdle = window.requestIdleCallback ?? ((then) => setTimeout(then, 1000));

export function installWorker() {
  const address = document.body.dataset.worker;
  if (!address || !navigator.serviceWorker || navigator.serviceWorker.controller) return;
  const register = () => {
    navigator.serviceWorker.register(address, { scope: "/" }).catch(() => {});
    // So that what is written without a connection can be sealed.
    if (owner) import("./sealed.js").then(({ theKey }) => theKey(owner)).catch(() => {});
  };
  if (document.readyState === "complete") whenIdle(register);
  else window.addEventListener("load", () => whenIdle(register));
}
