// Web Push: whether this browser is called when a session is due, and asking that it may be. Asked
// only by a tap, never by a page that has just been opened.

const READY_MS = 10_000;

export function canCall(place) {
  return (
    Boolean(place.dataset.callKey && document.body.dataset.worker) &&
    "PushManager" in window &&
    "Notification" in window &&
    "serviceWorker" in navigator
  );
}

// The server knows the device, the person still allows it, and the key is still ours.
export async function isCalled(place) {
  if (!canCall(place) || !place.dataset.called || Notification.permission !== "granted")
    return false;
  const worker = await navigator.serviceWorker.getRegistration();
  const found = await worker?.pushManager?.getSubscription();
  const key = found?.options?.applicationServerKey;
  return Boolean(found) && (!key || text(key) === place.dataset.callKey);
}

// Goes on to the server's answer where it may be called; false where it may not.
export async function callMe(place, root = document) {
  try {
    const { pushManager } = await ready();
    await (await pushManager.getSubscription())?.unsubscribe(); // it may be somebody else's
    const applicationServerKey = bytes(place.dataset.callKey);
    const given = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey });
    const { endpoint, keys } = given.toJSON();
    const form = root.querySelector("[data-call-form]");
    for (const [name, value] of Object.entries({ endpoint, ...keys })) {
      if (form.elements[name]) form.elements[name].value = value;
    }
    form.submit();
    return true;
  } catch {
    return false; // no push service can be reached, or the browser has none
  }
}

export function offerCard(root, place) {
  const card = root.querySelector("[data-call-card]");
  if (!card) return;
  const button = card.querySelector("[data-call-me]");
  const isAble = canCall(place);
  card.hidden = false;
  button.hidden = !isAble;
  for (const words of card.querySelectorAll("[data-call-able]")) words.hidden = !isAble;
  for (const words of card.querySelectorAll("[data-call-unable]")) words.hidden = isAble;
  button.addEventListener("click", () => ask(card, place));
}

async function ask(card, place) {
  const { callRefused, callFailed } = place.dataset;
  const isAllowed = (await Notification.requestPermission()) === "granted";
  if (isAllowed && (await callMe(place))) return;
  card.querySelector("[data-call-problem]").textContent = isAllowed ? callFailed : callRefused;
  if (!isAllowed) return;
  // The open page can still tell: its own button, which the card stood in for, is the way left.
  for (const button of place.querySelectorAll("[data-tell-when-due]")) button.hidden = false;
}

function ready() {
  const late = new Promise((_resolve, reject) => setTimeout(reject, READY_MS));
  return Promise.race([navigator.serviceWorker.ready, late]);
}

function bytes(base64url) {
  const binary = atob(base64url.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
}

function text(buffer) {
  const binary = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
