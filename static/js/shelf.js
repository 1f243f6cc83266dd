// The reader's list is a cookie (search/shortlist/shelf.py). This draws its count in the header and which groups are
// on it, so that pages are the same for everybody. Without it, "Keep" is a button of a plain form.
const COOKIE = "hub-shelf";

function kept() {
  const found = document.cookie.split("; ").find((one) => one.startsWith(`${COOKIE}=`));
  return found ? found.slice(COOKIE.length + 1).split(".")[0].split("~").filter(Boolean) : [];
}

// The cookie has no room for the dashes of an id.
const plain = (button) => button.value.replaceAll("-", "");

const told = document.createElement("p");
told.className = "govuk-visually-hidden";
told.setAttribute("role", "status");
document.body.append(told);

function draw(ids = kept()) {
  document.querySelectorAll("[data-shelf-count]").forEach((place) => {
    place.textContent = ids.length ? ` (${ids.length})` : "";
  });
  document.querySelectorAll(".hub-keep").forEach((button) => {
    const on = ids.includes(plain(button));
    button.toggleAttribute("data-kept", on);
    button.firstElementChild.textContent = on ? "Kept" : "Keep";
  });
}

async function press(button) {
  const on = button.hasAttribute("data-kept");
  const body = new URLSearchParams({ group: button.value });
  const answer = await fetch(`/shortlist/${on ? "remove" : "keep"}`, {
    method: "POST", body, headers: { Accept: "application/json" },
  });
  if (!answer.ok) throw new Error(String(answer.status));
  const list = await answer.json();
  draw(list.kept);
  const count = list.kept.length;
  const sum = `${count} ${count === 1 ? "group" : "groups"} on your list`;
  const full = !on && !list.kept.includes(plain(button));
  told.textContent = full ? "Your list is full. Take something off it first." : `${on ? "Taken off" : "Kept"}. ${sum}.`;
}

document.addEventListener("hub-keep-drawn", () => draw()); // a map told of a group

document.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest(".hub-keep") : null;
  if (!button) return;
  event.preventDefault();
  press(button).catch(() => button.form.requestSubmit(button)); // as without a script
});

// What the device itself can do: hand an address to another app, open the print window.
document.querySelectorAll("[data-share]").forEach((button) => {
  if (!navigator.share) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    navigator.share({ title: document.title, url: button.dataset.share }).catch(() => {});
  });
});
document.querySelectorAll("[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
});

draw();
window.addEventListener("pageshow", () => draw()); // Back may bring an older page
