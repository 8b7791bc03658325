// Today, left open and looked at again: shown anew on another day, and after ten minutes, when a
// session may have been rated on another device. Only where the server answers: else what is there
// says more than a page that says it cannot be reached. What is typed comes back as a draft, but
// nobody who only looked up for a while is interrupted.

import { owner } from "../offline/kept.js";
import { freshToken } from "../offline/outbox.js";

const STAYS_MS = 600_000;
const DAY_MS = 86_400_000;

export async function renew(head, shownAt) {
  const zoneMs = Number(head.dataset.utcOffset) * 1000;
  const [then, now] = [shownAt, Date.now()].map((moment) => Math.floor((moment + zoneMs) / DAY_MS));
  const isAnotherDay = now !== then;
  const isOld = Date.now() - shownAt >= STAYS_MS;
  if (isAnotherDay ? !owner && isTyped() : !isOld || isTyped()) return;
  if ((await freshToken()).token) location.replace(location.pathname + location.search);
}

function isTyped() {
  return [...document.querySelectorAll("form[data-keep] input")].some(
    (input) => input.checked !== input.defaultChecked || input.value !== input.defaultValue,
  );
}
