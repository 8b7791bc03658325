// Passkeys: a form marked data-passkey asks the browser to make one, or to show that it is there,
// and sends what it answers. Until the browser is known to have them, such forms stay hidden.
//
//   data-passkey="create" | "get"
//   data-options="…"        the id of the json_script with what the server asks for, or
//   data-options-at="…"     its address: asked only when somebody wants to log in
//   [data-says="…"]         what is said when it fails, hidden until then

const isKnown = window.isSecureContext && "PublicKeyCredential" in window;

for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.hidden = !isKnown;
  form.addEventListener("submit", (event) => {
    const field = form.elements.credential;
    if (field.value !== "") return;
    event.preventDefault();
    if (form.dataset.asks) return; // a double tap
    form.dataset.asks = "yes";
    ask(form)
      .then((answer) => {
        field.value = JSON.stringify(answer);
        form.requestSubmit();
      })
      .catch((error) => say(form, error))
      .finally(() => {
        delete form.dataset.asks;
      });
  });
  // Back again by the browser's button: the answer of before is worth nothing any more.
  window.addEventListener("pageshow", () => {
    form.elements.credential.value = "";
  });
}
for (const part of document.querySelectorAll("[data-needs-passkeys]")) part.hidden = !isKnown;
for (const words of document.querySelectorAll("[data-without-passkeys]")) words.hidden = isKnown;

async function ask(form) {
  for (const said of form.querySelectorAll("[data-says]")) said.hidden = true;
  const { publicKey } = await options(form);
  if (form.dataset.passkey === "create") {
    return created(await navigator.credentials.create({ publicKey: forCreating(publicKey) }));
  }
  return shown(await navigator.credentials.get({ publicKey: forShowing(publicKey) }));
}

async function options(form) {
  if (form.dataset.options) {
    return JSON.parse(document.getElementById(form.dataset.options).textContent);
  }
  const answer = await fetch(form.dataset.optionsAt, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error("no options");
  return (await answer.json()).request_options;
}

// A browser that knows its own address for no name (127.0.0.1) cannot have passkeys for it.
function say(form, error) {
  const kind = { SecurityError: "address", InvalidStateError: "twice" }[error.name] ?? "nothing";
  const said = form.querySelector(`[data-says="${kind}"]`) ?? form.querySelector("[data-says]");
  said.hidden = false;
}

function forCreating(publicKey) {
  return {
    ...publicKey,
    challenge: bytes(publicKey.challenge),
    user: { ...publicKey.user, id: bytes(publicKey.user.id) },
    excludeCredentials: known(publicKey.excludeCredentials),
  };
}

function forShowing(publicKey) {
  return {
    ...publicKey,
    challenge: bytes(publicKey.challenge),
    allowCredentials: known(publicKey.allowCredentials),
  };
}

function known(credentials) {
  return (credentials ?? []).map((each) => ({ ...each, id: bytes(each.id) }));
}

function created(credential) {
  return {
    ...named(credential),
    response: {
      clientDataJSON: text(credential.response.clientDataJSON),
      attestationObject: text(credential.response.attestationObject),
    },
  };
}

function shown(credential) {
  const { authenticatorData, clientDataJSON, signature, userHandle } = credential.response;
  return {
    ...named(credential),
    response: {
      authenticatorData: text(authenticatorData),
      clientDataJSON: text(clientDataJSON),
      signature: text(signature),
      userHandle: userHandle && text(userHandle),
    },
  };
}

function named(credential) {
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

function bytes(base64url) {
  const plain = atob(base64url.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

function text(buffer) {
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
