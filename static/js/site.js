// The whole site works without this. It adds GOV.UK Frontend's behaviour and stops a double click sending twice.
import { initAll } from "../vendor/govuk-frontend.min.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();

// Radios may not carry aria-expanded (ARIA 1.2); GOV.UK Frontend sets it on those that reveal a field.
function withoutExpanded() {
  document.querySelectorAll('input[type="radio"][aria-expanded]').forEach((radio) => radio.removeAttribute("aria-expanded"));
}
withoutExpanded();
document.addEventListener("click", () => queueMicrotask(withoutExpanded));
window.addEventListener("pageshow", withoutExpanded);

// A form that is on its way is not sent again for three seconds; Back gives it a fresh start.
const sent = new WeakMap();
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || !(form instanceof HTMLFormElement) || form.method !== "post") return;
  const now = Date.now();
  if (now - (sent.get(form) ?? 0) < 3000) event.preventDefault();
  else sent.set(form, now);
});
window.addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("form").forEach((form) => sent.delete(form));
});

// Content that htmx brings in gets the same behaviour.
document.addEventListener("htmx:afterSwap", (event) => initAll({ scope: event.target }));

// How far the worker has come is told in place, every few seconds; when it is through, the page is opened anew.
function lookAgain() {
  const here = document.querySelector("[data-look-again]");
  if (here) setTimeout(async () => {
    const answer = await fetch(location.href).catch(() => null);
    if (!answer?.ok) return lookAgain();
    const now = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-look-again]");
    if (!now) return location.reload();
    here.replaceChildren(...now.childNodes);
    lookAgain();
  }, 4000);
}
lookAgain();
