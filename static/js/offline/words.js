// What a person calls what they rate, for the page without a connection, which is the same for
// everybody: taken from the form of Today, sealed before it is written, and opened there. Nobody
// typed it, so where it cannot be sealed it is not kept.

const KIND = "words-";

export async function keepWords(form, owner) {
  const name = KIND + owner;
  // Without a connection the page asks about what Today begins with, not what an address names.
  if (new URLSearchParams(location.search).has("condition")) return;
  const { seal, theKey } = await import("./sealed.js");
  const key = await theKey(owner);
  if (!key) return;
  const rated = [...form.querySelectorAll("[data-rated]")].map(({ dataset }) => dataset);
  const said = { typedAt: Date.now(), condition: form.elements.condition?.value };
  said.words = Object.fromEntries(rated.map((each) => [each.rated, each.words]));
  const row = JSON.stringify(await seal(name, said, key));
  for (const other of Object.keys(localStorage)) {
    if (other.startsWith(KIND)) localStorage.removeItem(other);
  }
  if (localStorage.getItem("owner") === owner) localStorage.setItem(name, row); // still logged in
}

// Null where nothing was kept, and where it is not for whoever is logged in here.
export async function knownWords(owner) {
  const name = KIND + owner;
  const row = JSON.parse(localStorage.getItem(name));
  const { open, theKey } = await import("./sealed.js");
  const key = row && (await theKey(owner));
  return key ? open(name, row, key) : null;
}
