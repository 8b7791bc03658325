// A notification when a session is due: only if this person turned it on, on this device. It says
// nothing about health, because others may see the screen.
const KEPT_AS = "tell-when-due";

export function offerToTell(list) {
  if (!("Notification" in window)) return;
  for (const button of list.querySelectorAll("[data-tell-when-due]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      await change();
      label(list);
    });
  }
  label(list);
}

async function change() {
  try {
    if (isOn()) localStorage.removeItem(KEPT_AS);
    else if ((await Notification.requestPermission()) === "granted") {
      localStorage.setItem(KEPT_AS, "yes");
    }
  } catch {
    // storage is switched off: it cannot be turned on here
  }
}

export async function tell(list) {
  if (!isOn()) return;
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

function label(list) {
  const { tellOn, tellOff, tellRefused } = list.dataset;
  const words = isOn() ? tellOff : Notification.permission === "denied" ? tellRefused : tellOn;
  for (const button of list.querySelectorAll("[data-tell-when-due]")) {
    button.textContent = words;
    button.setAttribute("aria-disabled", String(words === tellRefused));
  }
  for (const bell of list.querySelectorAll("[data-bell]")) {
    bell.hidden = false;
    bell.textContent = isOn() ? list.dataset.bellOn : list.dataset.bellOff;
  }
}
