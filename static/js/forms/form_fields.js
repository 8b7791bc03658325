// The fields of a form as pairs of name and value, read and filled in. What belongs to one page
// load (its token) or to the person (a password) is never among them.

const NEVER = new Set(["csrfmiddlewaretoken", "kept_for", "typed_ago"]);

export function allFields(form, submitter) {
  const pairs = [...new FormData(form)];
  if (submitter?.name) pairs.push([submitter.name, submitter.value]);
  return pairs.filter(([name, value]) => !NEVER.has(name) && typeof value === "string");
}

// Those that a person fills in.
export function typedFields(form) {
  const names = new Set(typable(form).map((element) => element.name));
  return allFields(form).filter(([name]) => names.has(name));
}

// Whatever is not among the pairs was left empty; in another form than they come from, as it is.
export function fill(form, pairs, isPart = false) {
  const names = new Set(pairs.map(([name]) => name));
  for (const element of typable(form).filter((each) => !isPart || names.has(each.name))) {
    const values = pairs.filter(([name]) => name === element.name).map(([, value]) => value);
    if (element.type === "radio" || element.type === "checkbox") {
      element.checked = values.includes(element.value);
    } else {
      element.value = values[0] ?? "";
    }
    const fold = element.closest("details");
    if (fold && values.some((value) => value !== "")) fold.open = true;
  }
}

export function set(form, name, value) {
  if (hidden(form, name).length === 0) {
    const input = document.createElement("input");
    input.type = "hidden";
    input.name = name;
    form.append(input);
  }
  for (const input of hidden(form, name)) input.value = value;
}

export function value(form, name) {
  return hidden(form, name)[0]?.value ?? "";
}

function hidden(form, name) {
  return form.querySelectorAll(`input[type="hidden"][name="${name}"]`);
}

const NOT_TYPED = new Set(["hidden", "password", "file", "submit", "button", "reset"]);

function typable(form) {
  return [...form.elements].filter(
    (element) => element.name && !NOT_TYPED.has(element.type) && element.tagName !== "FIELDSET",
  );
}
