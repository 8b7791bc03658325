// The first thing a shared page does: the secret leaves the address bar, and with it the history
// entry and every preview or screenshot made from now on. Not a module, so that nothing runs
// before it. "shared.js" takes the secret from here, once.

(() => {
  const secret = window.location.hash.slice(1);
  if (secret.length < 40) return;
  window.history.replaceState(null, "", window.location.pathname);
  window.sharedSecret = secret;
})();
