// The review: one pair is open at a time, the others wait closed in the page; the address says which is open.
import { $, $$ } from "./page.js";
import { rememberPlace } from "./place.js";
import { rows, markRow } from "./rows.js";

export const FOLDED = ".review-pair";
export const openPair = (row) => {
  for (const other of $$(`${FOLDED}[data-open]`)) if (other !== row) { other.removeAttribute("data-open"); $("[data-folds]", other)?.setAttribute("aria-expanded", "false"); }
  row.setAttribute("data-open", "");
  const link = $("[data-folds]", row);
  link.setAttribute("aria-expanded", "true");
  history.replaceState(history.state, "", link.href);
  row.scrollIntoView({ block: matchMedia("(max-width: 820px)").matches ? "start" : "nearest" });
};
// What one does not see is not decided: the key first shows the pair.
export const isOutOfSight = (target) => {
  const box = target.closest(FOLDED)?.getBoundingClientRect();
  return box && (box.bottom < 100 || box.top > innerHeight - 60);
};
if (new URLSearchParams(location.search).has("ligne")) $(`${FOLDED}[data-open]`)?.scrollIntoView({ block: "nearest" });
const goOn = (row) => {
  const all = rows().filter((other) => other.matches(FOLDED));
  const next = all.slice(all.indexOf(row) + 1).find((other) => "waits" in other.dataset);
  if (next) { markRow(next); openPair(next); $("[data-folds]", next).focus({ preventScroll: true }); return; }
  const end = $("#suite");
  if (!end) return;
  end.hidden = false;
  end.focus();
};
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-folds], [data-passes], [data-opens-pair], [data-closes-search]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const row = link.closest(FOLDED);
  if ("passes" in link.dataset) return goOn(row);
  if ("opensPair" in link.dataset) return openPair(row);
  event.preventDefault();
  openPair(row);
  if ("closesSearch" in link.dataset) { link.closest(".review-search").remove(); $("[data-folds]", row).focus(); }
});
// What was decided one by one is no longer among « Les N sont exacts ».
const forgetDecided = (row) => {
  const form = $(".review-all");
  if (!form || "waits" in row.dataset) return;
  for (const input of $$(`[data-of="${row.id}"]`, form)) input.remove();
  const left = $$("[name=match]", form).length;
  form.hidden = left === 0;
  $("[data-unread]", form).textContent = `${left}\u00a0rapprochement${left > 1 ? "s" : ""}`;
  $("[data-unread-words]", form).textContent = left > 1 ? `Les ${left} sont exacts` : "Il est exact";
};
// What a deed answers: a pair that no longer waits gives way to the next; one that was open stays so when it is read anew.
let wasOpen = false;
document.addEventListener("htmx:beforeSwap", (event) => { wasOpen = event.detail.target?.matches?.(`${FOLDED}[data-open]`) ?? false; });
document.addEventListener("htmx:afterSettle", (event) => {
  const row = event.target;
  if (row.id?.startsWith("r-")) $(".review-search", row)?.scrollIntoView({ block: "nearest" });
  if (!row.matches?.(FOLDED)) return;
  const isDeed = event.detail.requestConfig?.verb === "post";
  if (!isDeed && wasOpen) openPair(row);
  if (!isDeed) return;
  rememberPlace(null);
  forgetDecided(row);
  if (event.detail.xhr.status === 200 && !("waits" in row.dataset)) return goOn(row);
  openPair(row);
  markRow(row);
  $("[data-folds]", row).focus({ preventScroll: true });
});
