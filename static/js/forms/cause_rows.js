/** "Another cause": one more empty row, open. Without this module two are there to be opened. */
function addRow(template, total) {
  const markup = template.innerHTML.replaceAll("__prefix__", total.value);
  template.insertAdjacentHTML("beforebegin", markup);
  total.value = Number(total.value) + 1;
  const row = template.previousElementSibling;
  row.open = true;
  row.querySelector("select").focus();
}

for (const rows of document.querySelectorAll("[data-rows]")) {
  const template = rows.querySelector("[data-rows-template]");
  const total = rows.querySelector("[name$=-TOTAL_FORMS]");
  const most = Number(rows.querySelector("[name$=-MAX_NUM_FORMS]").value);
  const button = rows.querySelector("[data-rows-add]");
  button.hidden = false;
  button.addEventListener("click", () => {
    addRow(template, total);
    button.hidden = Number(total.value) >= most;
  });
}
