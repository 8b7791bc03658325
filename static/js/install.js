// The service worker: after the page is there, so that it takes nothing from it.

export function installWorker() {
  const address = document.body.dataset.worker;
  if (!address || !navigator.serviceWorker || navigator.serviceWorker.controller) return;
  const register = () => navigator.serviceWorker.register(address, { scope: "/" }).catch(() => {});
  if (document.readyState === "complete") register();
  else window.addEventListener("load", register);
}
