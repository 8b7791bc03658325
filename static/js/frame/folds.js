// On paper the folds of a card are open, and afterwards as they were.
const folds = [...document.querySelectorAll("[data-open-on-paper] > details")];
let closed = [];

function open() {
  closed = folds.filter((fold) => !fold.open);
  for (const fold of closed) {
    fold.open = true;
  }
}

function close() {
  for (const fold of closed) {
    fold.open = false;
  }
  closed = [];
}

addEventListener("beforeprint", open);
addEventListener("afterprint", close);
matchMedia("print").addEventListener("change", ({ matches }) => (matches ? open() : close()));
