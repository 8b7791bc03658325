// In a <table data-calendar> the arrow keys go from day to day and Home and End to the ends of a
// week; Page Up and Page Down follow the page's links to the one before and the one after.

const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

function followLink(event) {
  const relation = { PageUp: "prev", PageDown: "next" }[event.key];
  const link = relation && document.querySelector(`main a[rel="${relation}"]`);
  if (!link) return;
  event.preventDefault();
  link.click();
}

function neighbour(cells, cell, key) {
  const at = cells.indexOf(cell);
  if (key === "Home") return cells.slice(at - (at % 7), at + 1).find(day);
  if (key === "End") return cells.slice(at, at - (at % 7) + 7).findLast(day);
  return cells[at + STEPS[key]];
}

function day(cell) {
  return cell.querySelector("a");
}

function move(event) {
  const cell = event.target.closest("td");
  if (!cell || !(event.key in STEPS || ["Home", "End"].includes(event.key))) return;
  const cells = [...event.currentTarget.querySelectorAll("td")];
  const next = neighbour(cells, cell, event.key);
  event.preventDefault();
  if (next) day(next)?.focus();
}

document.querySelector("[data-calendar]")?.addEventListener("keydown", move);
document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const isTyping = event.target.closest?.("input, select, textarea");
  if (!isTyping && document.querySelector("[data-calendar]")) followLink(event);
});
