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

// A question that another answer makes needless steps back: data-unless="often=dates,varies". One with an error stays.
function stepBack() {
  document.querySelectorAll("[data-unless]").forEach((group) => {
    const [name, values] = group.dataset.unless.split("=");
    const chosen = group.closest("form")?.querySelector(`[name="${name}"]:checked`);
    group.hidden = Boolean(chosen && values.split(",").includes(chosen.value)) && !group.querySelector(".govuk-error-message");
  });
}
stepBack();
document.addEventListener("change", stepBack);
window.addEventListener("pageshow", stepBack);

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

// A box above a long list of topics shows those whose words have the letters typed; chosen ones stay in sight.
function topicFilter(place) {
  const list = place.closest("fieldset");
  const [label, input, status] = ["label", "input", "p"].map((name) => document.createElement(name));
  label.className = "govuk-label";
  label.textContent = "Find among them";
  label.htmlFor = input.id = place.dataset.topicFilterId;
  input.className = "govuk-input";
  input.type = "search";
  input.autocomplete = "off";
  status.className = "govuk-visually-hidden";
  status.setAttribute("role", "status");
  place.classList.add("govuk-form-group");
  place.append(label, input, status);
  const opened = new Map([...list.querySelectorAll("details")].map((part) => [part, part.open]));
  function look() {
    const wanted = input.value.trim().toLowerCase();
    let shown = 0;
    opened.forEach((open, part) => {
      let here = 0;
      part.querySelectorAll("[data-topic-words]").forEach((item) => {
        const fits = item.dataset.topicWords.includes(wanted) || item.querySelector("input").checked;
        item.classList.toggle("govuk-!-display-none", !fits);
        here += fits ? 1 : 0;
      });
      part.classList.toggle("govuk-!-display-none", here === 0);
      part.open = wanted ? here > 0 : open;
      shown += here;
    });
    status.textContent = wanted ? `${shown} to choose from` : "";
  }
  input.addEventListener("input", look);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault(); // it would send the form
  });
}
document.querySelectorAll("[data-topic-filter]").forEach(topicFilter);

// "Use where I am" asks once, keeps three decimals (a hundred metres), and puts them into the question. Nothing is stored.
document.querySelectorAll("[data-near-me]").forEach((button) => {
  if (!navigator.geolocation) return;
  const status = document.querySelector("[data-near-me-status]");
  const form = document.querySelector("form[role=search]");
  button.hidden = false;
  button.addEventListener("click", () => {
    status.textContent = "Looking for where you are…";
    navigator.geolocation.getCurrentPosition((found) => {
      const at = { lat: found.coords.latitude, lng: found.coords.longitude };
      Object.entries(at).forEach(([name, value]) => {
        let field = form.querySelector(`[name="${name}"]`);
        if (!field) {
          field = document.createElement("input");
          field.type = "hidden";
          field.name = name;
          form.append(field);
        }
        field.value = value.toFixed(3);
      });
      form.querySelector("[name=near]").value = "";
      form.requestSubmit();
    }, () => {
      status.textContent = "Your device did not say where you are. Enter a postcode or a town instead.";
    }, { maximumAge: 300000, timeout: 15000 });
  });
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
