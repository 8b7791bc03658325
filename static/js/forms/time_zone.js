// An empty <input data-time-zone> (or select) gets the browser's own time zone; it can be changed.

export function guessTimeZone(root) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!zone) return;
  for (const input of root.querySelectorAll("[data-time-zone]")) {
    if (input.value === "") input.value = zone;
  }
}
