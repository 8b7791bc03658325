// After a refused form the focus goes to the summary, so that it is read out and seen.

export function showErrors(root) {
  root.querySelector("[data-error-summary]")?.focus();
}
