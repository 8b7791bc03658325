// Where this device shows another time than the diary: one quiet line that says both, and a button
// to go by this device's zone. The words, and whether the zone is known, come from the server.

import { ask } from "../offline/outbox.js";

export async function sayBoth(place) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const address = place.dataset.clock;
  const query = new URLSearchParams({ zone });
  const read = (response) => response.ok && response.json();
  const said = (await ask(`${address}?${query}`, {}, read))?.said;
  if (!said?.line) return;
  const form = formOf(address, {
    csrfmiddlewaretoken: said.token,
    time_zone: zone,
    next: location.pathname + location.search,
  });
  document.querySelector("main").append(form);
  place.after(line(said, form.id));
}

// Outside of the form in which the time is typed: what is typed there stays, as a draft.
function formOf(action, fields) {
  const form = document.createElement("form");
  Object.assign(form, { id: "use-clock", method: "post", action, hidden: true });
  for (const [name, value] of Object.entries(fields)) {
    const input = document.createElement("input");
    Object.assign(input, { type: "hidden", name, value });
    form.append(input);
  }
  return form;
}

function line(said, form) {
  const shown = document.createElement("p");
  shown.className = "two-clocks muted";
  const button = document.createElement("button");
  button.className = "btn btn-link";
  button.setAttribute("form", form);
  button.textContent = said.use;
  shown.append(said.line, " ", button);
  return shown;
}
