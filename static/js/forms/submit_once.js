// A double tap sends a form once. The buttons are freed when the page is shown again (back
// button) and after some seconds, because a lost connection must not lock the form.

const FREE_AGAIN_MS = 8000;

export function submitOnce(root) {
  root.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    hold(form);
    window.setTimeout(() => free(form), FREE_AGAIN_MS);
  });
  window.addEventListener("pageshow", () => {
    for (const form of root.querySelectorAll("form[data-sent]")) free(form);
  });
}

// aria-disabled, not disabled: a disabled button would not send its own value and would lose focus.
function hold(form) {
  form.dataset.sent = "yes";
  for (const button of submitButtons(form)) button.setAttribute("aria-disabled", "true");
}

export function free(form) {
  delete form.dataset.sent;
  for (const button of submitButtons(form)) button.removeAttribute("aria-disabled");
}

function submitButtons(form) {
  return [...form.elements].filter((element) => element.type === "submit");
}

// <form data-confirm="Delete this entry?"> (or the button that submits it) asks first.
// Without JavaScript the form is simply sent; what it does can be undone or asks on its own page.

export function askBeforeDestroying(root) {
  root.addEventListener("submit", (event) => {
    const question = event.submitter?.dataset.confirm ?? event.target.dataset.confirm;
    if (question && !window.confirm(question)) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  });
}
