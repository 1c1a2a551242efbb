// J and K walk over the rows; the row's own link has the focus, so Entrée opens it.
import { $ } from "./page.js";
import { followBeside } from "./beside.js";
import { FOLDED, openPair } from "./review.js";
import { rows, markRow } from "./rows.js";
import { tick } from "./selection.js";

export const moveRow = (event, step) => {
  const all = rows();
  if (!all.length) return;
  event.preventDefault();
  const now = all.indexOf($(".is-current") ?? $(`${FOLDED}[data-open]`) ?? document.activeElement?.closest("[data-row]"));
  const next = all[Math.min(Math.max(now + step, 0), all.length - 1)];
  markRow(next);
  if (event.shiftKey) for (const row of [all[now], next]) tick($("[data-tick]", row ?? next), true);
  if (next.matches(FOLDED)) openPair(next);
  $("[data-row-link]", next)?.focus();
};
document.addEventListener("focusin", (event) => { const row = event.target.closest?.("[data-row]"); if (row) { markRow(row); followBeside(row); } });
// A link of a list bears the anchor, so that the browser itself gives it the focus back.
markRow(location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)))?.closest("[data-row]"));
