// The card of keys, drawn from the buttons that bear them; of two in sight with one key the first one shows it.
import { $, $$, visible } from "./page.js";
import { store, stored } from "./keeping.js";
import { keyOf } from "./keys.js";
import { rows } from "./rows.js";
import { ticks } from "./selection.js";

// Two buttons in sight with one key: the first one has it, so the other does not show it.
export const tellKeys = () => {
  const taken = new Set();
  for (const element of $$("[data-key]").filter(visible)) {
    const shown = $("kbd", element);
    if (shown) shown.hidden = taken.has(element.dataset.key);
    taken.add(element.dataset.key);
  }
};
tellKeys();

const spoken = { Escape: "Échap", Enter: "Entrée", ArrowDown: "↓", ArrowUp: "↑", ArrowLeft: "←", ArrowRight: "→" };
const spell = (key) => key.split(" ").map((part) => part.split(/(?<=.)\+/).map((bit) => spoken[bit] ?? (bit.length === 1 ? bit.toUpperCase() : bit)).join(" ")).join(" puis ");
export const drawKeys = () => {
  const saidOf = (element) => [...element.childNodes].filter((node) => !node.matches?.("kbd, .count")).map((node) => node.textContent).join("").replace(/\s+/g, " ").trim();
  const entries = $$("[data-key]").map((element) => [element.dataset.keyLabel ?? element.getAttribute("aria-label") ?? saidOf(element.labels?.[0] ?? element), keyOf(element)[0]]);
  const known = new Set();
  for (const entry of entries.splice(0)) if (known.size < known.add(entry[1]).size) entries.push(entry);
  const ofRows = new Map($$("[data-row-key][data-key-label]").map((element) => [element.dataset.rowKey, element.dataset.keyLabel]));
  for (const [key, label] of ofRows) entries.push([label, key]);
  if (rows().length) entries.push(["Ligne suivante", "j"], ["Ligne précédente", "k"]);
  if (ticks().length) entries.push(["Sélectionner la ligne", "x"], ["Étendre la sélection", "Maj+j"], ["Sélectionner la page", "Ctrl+a"]);
  $("[data-keys-list]").replaceChildren(...entries.flatMap(([label, key]) => {
    const term = Object.assign(document.createElement("dt"), { textContent: label });
    const value = document.createElement("dd");
    value.append(Object.assign(document.createElement("kbd"), { textContent: spell(key) }));
    return [term, value];
  }));
  const button = $("[data-toggles-keys]");
  if (button) { button.hidden = document.body.dataset.keys !== "on"; button.textContent = `${stored("meg.keys", "on") === "on" ? "Désactiver" : "Activer"} les raccourcis à une touche`; }
};

export const toggleKeys = () => { store("meg.keys", stored("meg.keys", "on") === "on" ? "off" : "on"); drawKeys(); };
