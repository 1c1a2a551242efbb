// What is ticked is counted and summed; Maj with a click, or with J and K, extends it.
import { $, $$ } from "./page.js";
import { money } from "./money.js";

export const ticks = () => $$("[data-tick]");
let lastTick = null;
export const tellSelection = () => {
  const sum = $("[data-selection-sum]"), all = ticks();
  if (!sum) return;
  const ticked = all.filter((box) => box.checked), isWhole = all.length > 0 && ticked.length === all.length;
  const cents = ticked.reduce((total, box) => total + Number(box.dataset.cents), 0);
  const words = `${ticked.length}\u00a0sélectionnée${ticked.length > 1 ? "s" : ""}`;
  sum.replaceChildren(Object.assign(document.createElement("strong"), { textContent: words }), ` ${money(cents, sum.dataset.currency)}`);
  const head = $("[data-ticks-all]"), offer = $("[data-offers-all]"), count = Number($("[data-filter-count]")?.value);
  if (head) { head.checked = isWhole; head.indeterminate = ticked.length > 0 && !isWhole; }
  if (!offer) return;
  offer.hidden = !isWhole;
  if (count) offer.textContent = `Les ${all.length} de la page sont sélectionnées. Sélectionner les ${count.toLocaleString("fr-FR").replace(/\s/g, "\u00a0")} du filtre`;
};
export const tick = (box, isOn = !box?.checked) => { if (box) { box.checked = isOn; lastTick = box; tellSelection(); } };
export const tickAll = (isOn) => { for (const box of ticks()) box.checked = isOn; tellSelection(); };
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-unticks]")) return tickAll(false);
  const box = event.target.closest("[data-tick]");
  if (!box) return;
  const all = ticks(), [from, to] = [all.indexOf(lastTick), all.indexOf(box)].sort((one, other) => one - other);
  if (event.shiftKey && from >= 0) for (const other of all.slice(from, to + 1)) other.checked = box.checked;
  lastTick = box;
});
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-ticks-all]")) tickAll(event.target.checked);
  if (event.target.matches("[data-tick]")) tellSelection();
});
// One thing is changed at once: what was typed in another sheet of the bar is forgotten, before one can type in this.
document.addEventListener("beforetoggle", (event) => {
  if (event.newState !== "open" || !event.target.matches("#selection > [popover]")) return;
  for (const field of $$("#selection > [popover] :is(input, select)")) field.value = "";
}, true);
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.target.id === "selection" && event.detail.successful) for (const sheet of $$("#selection [popover]:popover-open")) sheet.hidePopover();
});
addEventListener("pageshow", tellSelection);
// The page came back at the place of the deed: what is said of it, left above, is shown where one looks.
addEventListener("load", () => {
  const [said, ...others] = $$("#annonce > .banner");
  if (said && !others.length && said.getBoundingClientRect().bottom < 50) said.classList.add("live");
});
