// Sessions to be rated again: "41 min ago" goes on counting, and what is said changes when its
// moment comes. All is counted from the server's moments and clock, so a reload changes nothing.
import { offerToTell, tell } from "./due_notification.js";

const EVERY_MS = 10_000;

for (const list of document.querySelectorAll("[data-open-sessions]")) {
  const ahead = Date.parse(list.dataset.now) - Date.now();
  const sessions = [...list.querySelectorAll("[data-open-session]")];
  const saidBefore = new Set(sessions.filter((session) => isDue(session, Date.now() + ahead)));
  const look = () => {
    const now = Date.now() + ahead;
    forgetToOffer(now);
    for (const session of sessions) {
      show(session, now, list.dataset);
      if (isDue(session, now) && !saidBefore.has(session)) {
        saidBefore.add(session);
        say(list, session);
      }
    }
  };
  offerToTell(list);
  look();
  window.setInterval(look, EVERY_MS);
  document.addEventListener("visibilitychange", look);
}

// Nobody need be called to what is due already.
function forgetToOffer(now) {
  const offer = document.querySelector("[data-call-at]");
  if (offer && now >= Date.parse(offer.dataset.callAt)) offer.remove();
}

function isDue(session, now) {
  return now >= Date.parse(session.dataset.dueAt) && now < Date.parse(session.dataset.countsUntil);
}

function show(session, now, words) {
  const minutes = Math.floor((now - Date.parse(session.dataset.startedAt)) / 60_000);
  const pattern = minutes < 60 ? words.minutesAgo : words.hoursAgo;
  session.querySelector("[data-ago]").textContent = pattern
    .replace("{hours}", Math.floor(minutes / 60))
    .replace("{minutes}", minutes % 60);
  for (const part of session.querySelectorAll("[data-from], [data-until]")) {
    const { from, until } = part.dataset;
    const isHidden = (from && now < Date.parse(from)) || (until && now >= Date.parse(until));
    part.toggleAttribute("hidden", Boolean(isHidden)); // parts of a drawing have no property for it
  }
  turn(session, now);
  const isAsking = now >= Date.parse(session.dataset.dueAt);
  const button = session.querySelector("[data-rate-again]").classList;
  button.toggle("btn-primary", isAsking);
  button.toggle("btn-outline-secondary", !isAsking);
}

function turn(session, now) {
  const [from, due] = [session.dataset.startedAt, session.dataset.dueAt].map(Date.parse);
  const percent = Math.min(100, Math.floor((100 * (now - from)) / (due - from)));
  session.querySelector("[data-past]").setAttribute("stroke-dasharray", `${percent} 100`);
  session.querySelector("[data-left]").textContent = Math.max(0, Math.ceil((due - now) / 60_000));
}

// Once for each session, and only where it becomes due while the page is open.
function say(list, session) {
  list.querySelector("[data-due-said]").textContent = session.dataset.dueWords;
  if (!document.title.startsWith(list.dataset.dueTitle)) {
    document.title = `${list.dataset.dueTitle} · ${document.title}`;
  }
  tell(list);
}
