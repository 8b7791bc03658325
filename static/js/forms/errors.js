// After a refused form the focus goes to the summary, so that it is read out and seen; after a
// saved one to what was saved, with "Undo" as the next stop.

export function showErrors(root) {
  root.querySelector("[data-error-summary], [data-just-saved]")?.focus();
}
