// An empty <input data-time-zone> (or select) gets the browser's own time zone; it can be changed.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

for (const input of document.querySelectorAll("[data-time-zone]")) {
  if (zone && input.value === "") input.value = zone;
}
