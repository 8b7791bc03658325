// In a <form data-measures> the chosen file is read here and is never sent: it has no name. What
// is sent are the lines in the text field, which can be seen and changed before.

import { fromXml } from "./apple_health.js";
import { fromDatabase } from "./health_connect.js";
import { unpacked } from "./zip.js";

// Its name is in the language of the phone; what ends in "cda" is the same for a clinic.
const isRecords = (name) => /^(?:[^/]*\/)?[^/]*\.xml$/i.test(name) && !/cda\.xml$/i.test(name);
const DATABASE = /\.db$/i;

async function daysIn(file) {
  if (/\.xml$/i.test(file.name)) return fromXml(file.stream());
  if (DATABASE.test(file.name)) return fromDatabase(await file.arrayBuffer());
  const xml = await unpacked(file, isRecords);
  if (xml) return fromXml(xml);
  const database = await unpacked(file, (name) => DATABASE.test(name));
  return database ? fromDatabase(await new Response(database).arrayBuffer()) : null;
}

function watch(form) {
  const field = form.querySelector("textarea");
  const said = form.querySelector("[data-said]");
  const say = (name, days) => {
    said.textContent = (said.dataset[name] ?? "").replace("{days}", days);
  };
  form.querySelector("input[type=file]").addEventListener("change", async (event) => {
    const file = event.target.files[0];
    if (!file) return;
    say("reading");
    try {
      const lines = (await daysIn(file))?.lines() ?? [];
      if (lines.length > 0) field.value = lines.join("\n");
      say(lines.length > 0 ? "found" : "nothing", lines.length);
    } catch {
      say("nothing");
    }
  });
}

for (const form of document.querySelectorAll("form[data-measures]")) watch(form);
