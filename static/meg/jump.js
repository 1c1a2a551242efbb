// « Aller à… »: ↓ ↑ walk over what answers, Entrée in the field opens the first, a letter goes back to the field.
import { $, $$ } from "./page.js";

const jumpField = $("#aller input"), jumpFound = $("#aller-trouve");
let goesFirst = false;
const jumpFirst = () => {
  goesFirst = $("[data-answers]", jumpFound)?.dataset.answers !== jumpField.value.trim();
  if (!goesFirst) $("a", jumpFound)?.click();
};
$("#aller form")?.addEventListener("submit", (event) => { event.preventDefault(); jumpFirst(); });
jumpFound?.addEventListener("htmx:afterSettle", () => {
  const number = $$("a", jumpFound).length;
  $("#aller-nombre").textContent = number ? `${number}\u00a0réponse${number > 1 ? "s" : ""}` : "Rien ne répond";
  if (goesFirst) jumpFirst();
});
$("#aller")?.addEventListener("keydown", (event) => {
  const links = $$("a", jumpFound), step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && links.length) {
    event.preventDefault();
    const next = links.indexOf(document.activeElement) + step;
    if (next < 0) jumpField.focus(); else links[Math.min(next, links.length - 1)].focus();
  } else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey && document.activeElement !== jumpField) jumpField.focus();
});

export const askJump = () => { jumpField.select(); htmx.trigger(jumpField, "asked"); };
