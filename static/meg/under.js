// What is open under a line: closed, or done with, it gives the focus back to the lines.
import { $, $$ } from "./page.js";

let underDone = null, goesBackTo = "";
document.addEventListener("click", (event) => {
  const under = event.target.closest("[data-closes-under]")?.closest("[data-under]");
  if (!under) return;
  const row = under.previousElementSibling;
  under.remove();
  $("[data-row-link]", row)?.focus();
});
document.addEventListener("htmx:beforeSwap", (event) => {
  const { target, requestConfig, xhr } = event.detail;
  if (requestConfig?.verb === "post" && xhr.status === 200 && target?.matches?.("[data-under]")) underDone = target.nextElementSibling ?? target.previousElementSibling;
  else if (requestConfig?.verb === "get" && target?.matches?.("[data-row]") && target.nextElementSibling?.matches("[data-under]")) {
    if (target.nextElementSibling.contains(document.activeElement)) goesBackTo = $("[data-row-link]", target).id;
    target.nextElementSibling.remove();
  }
});
document.addEventListener("htmx:afterSettle", () => {
  if (goesBackTo) document.getElementById(goesBackTo)?.focus();
  goesBackTo = "";
});
document.addEventListener("htmx:afterRequest", () => {
  if (!underDone) return;
  const link = $("[data-row-link]", underDone);
  underDone = null;
  setTimeout(() => link?.focus());
});

// One thing is open under one line; what opened it closes it.
document.addEventListener("htmx:beforeRequest", (event) => {
  if (!event.target.matches("[data-row-key][hx-swap^=afterend]")) return;
  const mine = event.target.closest("tr").nextElementSibling;
  if (event.target.dataset.opensUnder && mine?.dataset.under === event.target.dataset.opensUnder) event.preventDefault();
  for (const under of $$("[data-under]")) under.remove();
});
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.requestConfig?.verb === "post" && event.target.matches("[data-under] #reglement")) htmx.trigger(event.target.closest("[data-under]"), "decided");
});
