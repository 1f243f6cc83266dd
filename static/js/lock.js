// A screen that is left alone: a warning first, then a cover, under which everything typed stays where it was.
// The site locks by itself as well; this only shows it, and lets whoever types be seen as there.
const place = document.querySelector("[data-locks-in]");
const token = document.querySelector('form[action="/sign-out"] [name=csrf_token]').value;
const WARN = 120_000; // milliseconds
const words = await fetch(place.dataset.cover);
if (!words.ok) throw new Error("no cover"); // the site locks all the same
// Our own page, the same for everybody: nobody's words are in it.
place.after(...new DOMParser().parseFromString(await words.text(), "text/html").body.children);
const [warning, cover] = ["warning", "cover"].map((name) => document.getElementById(`lock-${name}`));
cover.querySelector("[data-lock-name]").textContent = place.dataset.name;
cover.querySelector("[name=csrf_token]").value = token;
const OFTEN = 60_000; // milliseconds between two signs of life
let locksAt = Date.now() + Number(place.dataset.locksIn) * 1000;
let told = Date.now();

async function stillHere() {
  told = Date.now();
  const answer = await fetch(place.dataset.here, { method: "POST", headers: { "X-CSRFToken": token } }).catch(() => null);
  if (answer?.status === 401) return lock();
  if (!answer?.ok) return;
  const { locks_in } = await answer.json();
  if (locks_in !== null) locksAt = Date.now() + locks_in * 1000;
  if (warning.open) warning.close();
  if (cover.open) unlock();
}

function lock() {
  if (warning.open) warning.close();
  if (cover.open) return;
  document.body.classList.add("hub-locked");
  cover.showModal();
}

function unlock() {
  cover.close();
  document.body.classList.remove("hub-locked");
}

// Another tab may have been used meanwhile: asking is no sign of life.
async function ask() {
  const answer = await fetch(place.dataset.here).catch(() => null);
  const left = answer?.ok && !answer.redirected ? (await answer.json()).locks_in : 0;
  locksAt = Date.now() + (left > 2 ? left * 1000 : 0);
}

let asking = false;
async function look() {
  if (cover.open || asking) return;
  if (locksAt - Date.now() > (warning.open ? 0 : WARN)) return;
  asking = true;
  await ask();
  asking = false;
  const left = locksAt - Date.now();
  if (left <= 0) lock();
  else if (left <= WARN && !warning.open) warning.showModal();
  else if (left > WARN && warning.open) warning.close();
}

["input", "keydown", "pointerdown"].forEach((kind) => document.addEventListener(kind, () => {
  if (!cover.open && !warning.open && Date.now() - told > OFTEN && Date.now() < locksAt) stillHere();
}));
cover.addEventListener("cancel", (event) => event.preventDefault());
cover.addEventListener("close", () => { if (document.body.classList.contains("hub-locked")) cover.showModal(); });
warning.addEventListener("close", () => { if (warning.returnValue === "stay") stillHere(); });

cover.querySelector("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  event.stopPropagation();
  const form = event.target;
  const said = cover.querySelector("[role=status]");
  said.textContent = "";
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form), redirect: "manual" }).catch(() => null);
  form.elements.password.value = "";
  if (answer?.type === "opaqueredirect") return stillHere(); // which uncovers, if the site agrees
  said.textContent = answer?.status === 422 ? "That is not your password. Try again."
    : answer?.status === 429 ? "That was tried many times. Wait a quarter of an hour."
    : "That did not work. Try again, or use another way.";
  form.elements.password.focus();
});
cover.querySelector("[data-lock-again]").addEventListener("click", stillHere);

setInterval(look, 1000);
["visibilitychange", "pageshow", "focus"].forEach((kind) => window.addEventListener(kind, look));
