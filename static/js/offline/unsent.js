// Says in the frame how much is not yet sent, and why; nothing while all is well.

import { all } from "./kept.js";
import { dropUnsent, LATER, LOG_IN, REFUSED, sendNow, unsent, whenChanged } from "./outbox.js";

export function showUnsent(root) {
  const box = root.querySelector("[data-unsent]");
  if (!box) return;
  let news = {};
  box.querySelector("[data-unsent-now]").addEventListener("click", sendNow);
  whenChanged((latest) => {
    news = latest;
    show(root, box, news);
  });
  show(root, box, news);
}

function show(root, box, { outcome, sent }) {
  const entries = unsent();
  const isLoggedOut = outcome === LOG_IN;
  box.hidden = entries.length === 0;
  const sentence = counted(box.dataset, entries.length);
  box.querySelector("[data-unsent-count]").textContent = sentence;
  const why = { [LOG_IN]: box.dataset.login, [LATER]: box.dataset.later }[outcome] ?? "";
  box.querySelector("[data-unsent-why]").textContent = why;
  box.querySelector("[data-unsent-now]").hidden = isLoggedOut;
  box.querySelector("[data-unsent-login]").hidden = !isLoggedOut;
  box
    .querySelector("[data-unsent-list]")
    .replaceChildren(...entries.map((entry) => line(box.dataset, entry, isLoggedOut)));
  const isAllSent = entries.length === 0 && sent > 0;
  if (isAllSent || entries.length > 0) root.querySelector("[data-all-sent]").hidden = !isAllSent;
  say(root, isAllSent ? box.dataset.everything : `${sentence} ${why}`.trim());
}

function counted(words, count) {
  if (count === 0) return "";
  return count === 1 ? words.one : words.many.replace("2", count);
}

function say(root, sentence) {
  const region = root.querySelector("[data-unsent-said]");
  if (region.textContent !== sentence) region.textContent = sentence;
}

function line(words, entry, isLoggedOut) {
  const item = document.createElement("li");
  const when = new Intl.DateTimeFormat(document.documentElement.lang, {
    dateStyle: "medium",
    timeStyle: "short",
  });
  const isRefused = entry.state === REFUSED;
  const why = isRefused ? refusal(words, entry) : isLoggedOut ? words.login : words.waiting;
  item.append(`${entry.name}, ${when.format(entry.typedAt)}: ${why}`);
  if (isRefused && !entry.isGone) item.append(" ", look(words, entry));
  if (isRefused) item.append(" ", remove(words, entry));
  return item;
}

function refusal(words, entry) {
  if (entry.isGone) return words.gone;
  return entry.why ? `${words.needs}. ${entry.why}` : words.needs;
}

function look(words, entry) {
  const link = document.createElement("a");
  link.href = `${entry.fix}#unsent=${encodeURIComponent(entry.id)}`;
  link.textContent = words.look;
  return link;
}

function remove(words, entry) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-link";
  button.textContent = words.delete;
  button.addEventListener("click", () => {
    if (!window.confirm(words.deleteQuestion)) return;
    for (const each of [entry, ...all("unsent").filter((other) => other.after === entry.id)]) {
      dropUnsent(each.id);
    }
  });
  return button;
}
