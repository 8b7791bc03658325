// A notice when a session is due: only if this person turned it on, on this device. Where the
// browser can be called, it comes from the server, also once the page is closed; else from the open
// page. It says nothing about health, because others may see the screen.
import { callMe, canCall, isCalled, offerCard } from "./calls.js";

const KEPT_AS = "tell-when-due";

export function offerToTell(list) {
  if (!("Notification" in window)) return;
  // On a session's own screen the card asks the same, in more words.
  const isAskedByCard = canCall(list) && document.querySelector(".call-card");
  for (const button of list.querySelectorAll("[data-tell-when-due]")) {
    button.hidden = Boolean(isAskedByCard);
    button.addEventListener("click", async () => {
      await change(list);
      label(list);
    });
  }
  offerCard(document, list);
  label(list);
}

async function change(list) {
  try {
    if (await isCalled(list)) document.querySelector("[data-call-end]").submit();
    else if (isOn()) localStorage.removeItem(KEPT_AS);
    else if ((await Notification.requestPermission()) === "granted") {
      if (!canCall(list) || !(await callMe(list))) localStorage.setItem(KEPT_AS, "yes");
    }
  } catch {
    // storage is switched off: it cannot be turned on here
  }
}

export async function tell(list) {
  if (!isOn() || (await isCalled(list))) return;
  const { noticeTitle, noticeText } = list.dataset;
  const options = { body: noticeText, tag: KEPT_AS };
  try {
    const worker = await navigator.serviceWorker?.getRegistration();
    if (worker?.active) {
      await worker.showNotification(noticeTitle, options); // the only way on Android
    } else {
      new Notification(noticeTitle, options).addEventListener("click", () => window.focus());
    }
  } catch {
    // a log-out has just cleared the device, or the phone refuses: the page has said it already
  }
}

function isOn() {
  try {
    return localStorage.getItem(KEPT_AS) === "yes" && Notification.permission === "granted";
  } catch {
    return false; // storage is switched off
  }
}

async function label(list) {
  const { bellCalls, bellOff, bellOn, callOff, callOn, tellOff, tellOn, tellRefused } =
    list.dataset;
  const called = await isCalled(list);
  const off = canCall(list) ? callOn : tellOn;
  const offOrRefused = Notification.permission === "denied" ? tellRefused : off;
  const words = called ? callOff : isOn() ? tellOff : offOrRefused;
  for (const button of list.querySelectorAll("[data-tell-when-due]")) {
    button.textContent = words;
    button.setAttribute("aria-disabled", String(words === tellRefused));
  }
  for (const bell of list.querySelectorAll("[data-bell-is]")) {
    bell.hidden = bell.dataset.bellIs !== (called || isOn() ? "on" : "off");
  }
  for (const bell of list.querySelectorAll("[data-bell]")) {
    bell.hidden = false;
    bell.textContent = called ? bellCalls : isOn() ? bellOn : bellOff;
  }
}
