// <details data-menu>: closes on Escape and on a tap elsewhere.

export function closeMenus(root) {
  const menus = root.querySelectorAll("details[data-menu]");
  if (menus.length === 0) return;
  root.addEventListener("click", (event) => {
    for (const menu of menus) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of menus) {
      if (!menu.open) continue;
      menu.open = false;
      if (menu.contains(root.activeElement)) menu.querySelector("summary").focus();
    }
  });
}
