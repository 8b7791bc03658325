// Ratings (<div data-nrs> with eleven radio buttons): digits choose, "1" then "0" is 10,
// Backspace or Delete clears, and tapping the chosen button again (or the space bar on it) takes
// it back. The same second tap clears a group of radio buttons marked data-choices.

const SECOND_DIGIT_MS = 1000;

export function nrsKeys(root) {
  for (const group of root.querySelectorAll("[data-nrs]")) {
    listenForDigits(group);
    clearOnSecondTap(group);
  }
  for (const group of root.querySelectorAll("[data-choices]")) {
    clearOnSecondTap(group);
  }
}

function listenForDigits(group) {
  let oneTypedAt = Number.NEGATIVE_INFINITY;
  group.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Backspace" || event.key === "Delete") {
      clear(group);
    } else if (/^[0-9]$/.test(event.key)) {
      const isTen = event.key === "0" && event.timeStamp - oneTypedAt < SECOND_DIGIT_MS;
      oneTypedAt = event.key === "1" ? event.timeStamp : Number.NEGATIVE_INFINITY;
      choose(group, isTen ? "10" : event.key);
    } else {
      return;
    }
    event.preventDefault();
  });
}

function clearOnSecondTap(group) {
  let chosenBefore = null;
  group.addEventListener("pointerdown", () => {
    chosenBefore = chosen(group);
  });
  group.addEventListener("keydown", (event) => {
    if (event.key !== " " || event.target !== chosen(group)) return;
    event.preventDefault();
    clear(group);
  });
  group.addEventListener("click", (event) => {
    if (event.target === chosenBefore && event.target.type === "radio") clear(group);
    if (event.target.type === "radio") chosenBefore = null;
  });
}

function chosen(group) {
  return group.querySelector("input[type=radio]:checked");
}

function choose(group, value) {
  const button = group.querySelector(`input[value="${value}"]`);
  if (!button || button.disabled) return;
  button.focus();
  if (button.checked) return;
  button.checked = true;
  announce(button);
}

function clear(group) {
  const button = chosen(group);
  if (!button) return;
  button.checked = false;
  announce(button);
}

function announce(button) {
  button.dispatchEvent(new Event("input", { bubbles: true }));
  button.dispatchEvent(new Event("change", { bubbles: true }));
}
