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
