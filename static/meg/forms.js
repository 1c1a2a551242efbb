// A form that was changed says so, and leaving asks the browser; a button counts the boxes of its form.
import { $$ } from "./page.js";

let dirty = null;
document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-guards]");
  if (!form) return;
  dirty = form;
  for (const mark of $$("[data-dirty]", form)) mark.hidden = false;
});
document.addEventListener("submit", (event) => {
  if (event.target === dirty) dirty = null;
  const button = event.submitter;
  if (button && !event.target.matches("[hx-post], [hx-get]")) setTimeout(() => button.setAttribute("aria-busy", "true"), 150);
});
addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });
addEventListener("pageshow", () => { for (const button of $$("button[aria-busy]")) button.removeAttribute("aria-busy"); });
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-submits-on-change]");
  if (form && !form.matches("[hx-get]")) form.requestSubmit();
});

document.addEventListener("change", (event) => {
  for (const button of $$("[data-counts]", event.target.form ?? (event.target.matches?.("form") ? event.target : document.createElement("i")))) {
    const ticked = $$(`[name=${button.dataset.counts}]:checked`, button.form).length;
    button.textContent = ticked > 1 ? button.dataset.many.replace("#", ticked) : ticked ? button.dataset.one : button.dataset.none;
  }
});

for (const button of $$("[data-counts]")) button.form.dispatchEvent(new Event("change", { bubbles: true }));
