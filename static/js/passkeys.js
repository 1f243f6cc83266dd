// Passkeys: asks the site for a question, hands it to the browser, and sends the answer as a plain form. Nothing here decides anything.
const able = window.PublicKeyCredential && navigator.credentials && window.isSecureContext;

function bytes(text) {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

function text(buffer) {
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

const known = (keys) => (keys ?? []).map((key) => ({ ...key, id: bytes(key.id) }));

async function make(options) {
  const user = { ...options.user, id: bytes(options.user.id) };
  const publicKey = { ...options, user, challenge: bytes(options.challenge), excludeCredentials: known(options.excludeCredentials) };
  const made = await navigator.credentials.create({ publicKey });
  const { clientDataJSON, attestationObject } = made.response;
  return [made, { clientDataJSON: text(clientDataJSON), attestationObject: text(attestationObject) }];
}

async function show(options) {
  const publicKey = { ...options, challenge: bytes(options.challenge), allowCredentials: known(options.allowCredentials) };
  const shown = await navigator.credentials.get({ publicKey });
  const { clientDataJSON, authenticatorData, signature, userHandle } = shown.response;
  const response = { clientDataJSON: text(clientDataJSON), authenticatorData: text(authenticatorData), signature: text(signature) };
  if (userHandle?.byteLength) response.userHandle = text(userHandle);
  return [shown, response];
}

async function answer(form) {
  const asked = await fetch(form.dataset.ask, { method: "POST", headers: { "X-CSRFToken": form.elements.csrf_token.value } });
  if (asked.status === 401) return location.reload(); // it has to be shown again first who one is
  if (!asked.ok) throw new Error(asked.status);
  const [key, response] = await (form.dataset.passkey === "add" ? make : show)(await asked.json());
  form.elements.answer.value = JSON.stringify({ id: key.id, rawId: text(key.rawId), type: key.type, clientExtensionResults: {}, response });
  form.submit();
}

document.querySelectorAll("form[data-passkey]").forEach((form) => {
  const said = form.querySelector("[data-passkey-said]");
  if (!able) {
    if (form.dataset.passkey === "add") said.textContent = "This browser cannot make passkeys. Use an app on your phone.";
    return;
  }
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (form.elements.name && !form.elements.name.value.trim()) return form.submit(); // the page says what is missing
    said.textContent = "Follow what your device asks…";
    try {
      await answer(form);
    } catch (error) {
      said.textContent = error.name === "InvalidStateError"
        ? "This device has a passkey for you already."
        : "The passkey was not used. Try again, or use another way.";
    }
  });
});
