// The document beside the list: it follows the current line; what shows it, or Échap, closes it.
import { $ } from "./page.js";

const beside = $("#a-cote");
let shownOf = null, following = 0;
const closeBeside = () => {
  beside.hidden = true;
  $("#piece-a-cote").replaceChildren();
  $(".is-current [data-row-link]")?.focus();
  shownOf = null;
};
document.addEventListener("htmx:beforeRequest", (event) => {
  if (!("showsBeside" in event.target.dataset)) return;
  const row = event.target.closest("[data-row]").id;
  if (row === shownOf) { event.preventDefault(); return closeBeside(); }
  shownOf = row;
});
document.addEventListener("htmx:beforeSwap", (event) => {
  const { requestConfig, target } = event.detail;
  if (target?.id === "piece-a-cote" && requestConfig.elt.closest("[data-row]")?.id !== shownOf) event.detail.shouldSwap = false; // one has gone on, or closed it
  else if (target?.id === "piece-a-cote") beside.hidden = false;
});
document.addEventListener("click", (event) => { if (event.target.closest("[data-closes-beside]")) closeBeside(); });
export const followBeside = (row) => {
  clearTimeout(following);
  const link = shownOf && row.id !== shownOf && $("[data-shows-beside]", row);
  if (link) following = setTimeout(() => htmx.trigger(link, "click"), 150);
};
