// The page that shows a new address: copy it, hand it to the phone's own share sheet.
// Each button is hidden until it is known to work here.

const shared = document.querySelector("[data-address]");

function offer(name, works, act) {
  const button = document.querySelector(`[data-${name}]`);
  if (!button || !works) return;
  button.hidden = false;
  button.addEventListener("click", () => act(button));
}

async function copy(button) {
  const said = document.querySelector("[data-said]");
  try {
    await navigator.clipboard.writeText(shared.value);
    said.textContent = button.dataset.copied;
  } catch {
    shared.select();
    said.textContent = button.dataset.notCopied;
  }
}

async function share(button) {
  try {
    await navigator.share({ title: button.dataset.title, url: shared.value });
  } catch {
    // Closed without choosing anybody: nothing to say.
  }
}

if (shared) {
  shared.addEventListener("focus", () => shared.select());
  offer("copy", navigator.clipboard, copy);
  offer("share", navigator.share, share);
}
