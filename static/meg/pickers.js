// Pickers: a field unfolds what answers to it; ↓ ↑ choose, Entrée takes, Échap folds, Tab leaves.
import { $$ } from "./page.js";

// The field that has the focus as the page comes waits for a key: nothing covers the page by itself.
const isAsked = () => navigator.userActivation?.hasBeenActive !== false;
let unfolded = null, asked = 0, typing = 0;
const isPicker = (element) => element.matches?.("[data-picker][role=combobox]");
export const makePicker = (field) => {
  if (field.role === "combobox") return;
  const box = Object.assign(document.createElement("div"), { id: `${field.id}-choix`, className: "unfolds", popover: "manual" });
  field.removeAttribute("list"); // what the page offers without the script
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": box.id })) field.setAttribute(name, value);
  field.after(box);
  if (field === document.activeElement && isAsked()) unfold(field, "");
};
const fold = () => {
  asked++;
  if (!unfolded) return;
  const { field, box } = unfolded;
  if (box.matches(":popover-open")) box.hidePopover();
  field.setAttribute("aria-expanded", "false");
  field.removeAttribute("aria-activedescendant");
  unfolded = null;
};
const unfold = async (field, text) => {
  const box = document.getElementById(`${field.id}-choix`), turn = ++asked;
  const answer = await fetch(`${field.dataset.picker}&q=${encodeURIComponent(text)}`).catch(() => null);
  const found = answer?.ok && !answer.redirected ? await answer.text() : "";
  if (!found || turn !== asked || document.activeElement !== field) return;
  box.innerHTML = found;
  const list = box.querySelector("[role=listbox]");
  if (list) field.setAttribute("aria-controls", list.id = `${box.id}-liste`); // it scrolls: axe knows by this whose keys do
  $$("[role=option]", box).forEach((option, place) => { option.id = `${box.id}-${place}`; });
  const edge = field.getBoundingClientRect(), below = innerHeight - edge.bottom;
  Object.assign(box.style, { minWidth: `${edge.width}px`, maxHeight: `${Math.max(below, edge.top) - 12}px` });
  Object.assign(box.style, below > 220 || below > edge.top ? { top: `${edge.bottom + 2}px`, bottom: "auto" } : { top: "auto", bottom: `${innerHeight - edge.top + 2}px` });
  if (!box.matches(":popover-open")) box.showPopover();
  box.style.left = `${Math.max(8, Math.min(edge.left, innerWidth - box.offsetWidth - 8))}px`;
  field.setAttribute("aria-expanded", "true");
  unfolded = { field, box };
  if (text) choose(0);
};
const choose = (place) => {
  const options = $$("[role=option]", unfolded.box);
  if (!options.length) return;
  const option = options[(place + options.length) % options.length];
  for (const other of options) other.setAttribute("aria-selected", String(other === option));
  unfolded.field.setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
};
const take = (option) => {
  const { field } = unfolded;
  field.value = option.dataset.value;
  field.dispatchEvent(new CustomEvent("input", { bubbles: true, detail: "taken" }));
  field.focus();
  fold();
  if ("submitsWhenTaken" in field.dataset) field.form.requestSubmit();
};
document.addEventListener("focusin", (event) => { if (!isPicker(event.target)) fold(); else if (isAsked()) unfold(event.target, ""); });
document.addEventListener("input", (event) => {
  if (event.detail === "taken" || !isPicker(event.target)) return;
  clearTimeout(typing);
  typing = setTimeout(() => unfold(event.target, event.target.value.trim()), 120);
});
document.addEventListener("keydown", (event) => {
  if (!unfolded && event.key === "ArrowDown" && isPicker(event.target)) { event.preventDefault(); return unfold(event.target, ""); }
  if (!unfolded || event.target !== unfolded.field || event.isComposing) return;
  const options = $$("[role=option]", unfolded.box), now = options.findIndex((option) => option.ariaSelected === "true");
  if (event.key === "ArrowDown") choose(now + 1);
  else if (event.key === "ArrowUp") choose(now < 0 ? -1 : now - 1);
  else if (event.key === "Enter" && now >= 0) take(options[now]);
  else if (event.key === "Escape") { fold(); if (event.target.closest("[popover]:not(.unfolds), form:has([data-escapes])")) return; } // what it stands in closes with it
  else return;
  event.preventDefault();
  event.stopPropagation();
}, true);
document.addEventListener("mousedown", (event) => {
  if (event.target.closest(".unfolds")) event.preventDefault(); // the field keeps the focus
  else if (!unfolded && isPicker(event.target) && event.target === document.activeElement) unfold(event.target, "");
});
document.addEventListener("click", (event) => { const option = event.target.closest(".unfolds [role=option]"); if (option && unfolded) take(option); });
document.addEventListener("scroll", (event) => { if (unfolded && !unfolded.box.contains(event.target)) fold(); }, true);
