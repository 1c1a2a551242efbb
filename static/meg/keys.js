// Keys: data-key on the element itself; the script clicks or focuses it, so that no key lacks a button.
import { $, $$, isField, visible } from "./page.js";
import { stored } from "./keeping.js";
import { FOLDED, isOutOfSight, openPair } from "./review.js";
import { tick, tickAll, ticks } from "./selection.js";
import { moveRow } from "./walking.js";

const keysAreOn = () => document.body.dataset.keys === "on" && stored("meg.keys", "on") === "on";
let prefix = "";
const nameOf = (event) => {
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(event.code)?.[1]; // AZERTY's unshifted row
  const key = digit && !event.shiftKey ? digit : event.key.length === 1 ? event.key.toLowerCase() : event.key;
  return `${event.ctrlKey ? "Ctrl+" : ""}${event.shiftKey && key.length > 1 ? "Shift+" : ""}${key}`;
};
export const keyOf = (element) => element.dataset.key.split("|");
// What the bar folds away is a press from sight: keys reach it there.
const reachable = (element) => visible(element) || element.closest("[data-keys-reach]");
const find = (name) => $$("[data-key]").find((element) => keyOf(element).includes(name) && reachable(element) && !element.disabled);
const press = (element) => {
  if (isField(element)) { element.focus(); element.select?.(); } else { element.focus({ preventScroll: true }); element.click(); }
};

const escape = (event) => {
  const field = document.activeElement;
  if ($("dialog[open]") || $("[popover]:popover-open")) return; // the browser closes them
  if (field?.matches("[data-escape-clears]") && field.value) {
    event.preventDefault();
    field.value = "";
    field.dispatchEvent(new Event("input", { bubbles: true }));
    return;
  }
  const way = field?.closest("form")?.querySelector("[data-escapes]");
  if (way) { event.preventDefault(); way.click(); return; }
  if (isField(field)) { field.blur(); event.preventDefault(); return; }
  if ($("[data-tick]:checked")) { event.preventDefault(); tickAll(false); return; }
  const back = find("Escape");
  if (back) { event.preventDefault(); press(back); }
};

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.altKey || event.metaKey || event.isComposing) return;
  if (event.key === "Escape") return escape(event);
  const name = nameOf(event);
  if (event.ctrlKey) {
    const inTable = document.activeElement?.closest(".purchases") && !isField(document.activeElement);
    if (name === "Ctrl+a" && inTable && ticks().length) { event.preventDefault(); return tickAll(true); }
    const target = find(name);
    if (target) { event.preventDefault(); press(target); }
    return;
  }
  if (isField(document.activeElement) || !keysAreOn() || $("dialog[open]")) return;
  if (prefix !== "g" && name === "g" && $$("[data-key^='g ']").length) { prefix = "g"; setTimeout(() => { prefix = ""; }, 1500); return; }
  // The current row answers before the page, but what is ticked is meant before one row.
  const meant = () => ($("[data-tick]:checked") ? find(name) ?? inRow(name) : inRow(name) ?? find(name));
  const target = prefix ? find(`${prefix} ${name}`) : meant();
  prefix = "";
  if (name === "x" && !target && $(".is-current [data-tick]")) return tick($(".is-current [data-tick]"));
  if (event.repeat && target?.matches("button:not([type=button])")) { event.preventDefault(); return; } // held down, it decides once
  if (name === "Enter" && !mayTakeEnter(target)) return;
  if (target && isOutOfSight(target)) { event.preventDefault(); return openPair(target.closest(FOLDED)); }
  if (target) { event.preventDefault(); press(target); return; }
  if (name.startsWith("Arrow") && document.activeElement?.matches("input[type=radio]")) return; // they walk over the choices
  if (["j", "k", "ArrowDown", "ArrowUp"].includes(name)) moveRow(event, name === "j" || name === "ArrowDown" ? 1 : -1);
});

// A key of the current line: its own buttons, and before them those of what is open under it.
const inRow = (name) => {
  const row = $("[data-row].is-current");
  const under = row?.nextElementSibling?.matches("[data-under]") ? row.nextElementSibling : null;
  return [under, row].flatMap((part) => (part ? $$(part === under ? "[data-row-key], [data-key]" : "[data-row-key]", part) : []))
    .find((element) => (element.dataset.rowKey ?? element.dataset.key) === name && visible(element));
};

// Entrée stays with the link or button that has the focus, but for the link and the choices of the target's own row.
const mayTakeEnter = (target) => {
  const focused = document.activeElement;
  if (!target || !focused?.matches("a, button, summary, input, [tabindex='0']")) return true;
  return focused.matches("[data-row-link], input[type=radio]") && focused.closest("[data-row]")?.contains(target);
};
