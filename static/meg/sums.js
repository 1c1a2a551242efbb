// What is ticked is added up as it is ticked; the server says the same after.
import { $, $$ } from "./page.js";
import { money } from "./money.js";

// What the difference may be depends on its sign; one that no longer fits is taken back.
// Of a purchase in another currency it is the exchange, unless one says otherwise.
const tellGap = (form, gap) => {
  const isForeign = $("[data-foreign]:checked", form) !== null;
  const kinds = $("[data-gap-kinds]", form);
  if (!kinds) return;
  kinds.hidden = gap === 0;
  for (const label of $$("[data-gap-sign]", kinds)) {
    label.hidden = label.dataset.gapSign !== (gap > 0 ? "plus" : "moins") || ("gapOfExchange" in label.dataset && !isForeign);
    if ((label.hidden || gap === 0) && $("input", label).checked) $("input", kinds).checked = true;
  }
  const exchange = $("[data-gap-of-exchange]:not([hidden]) input", kinds);
  if (exchange && gap !== 0 && !("gapTold" in form.dataset)) exchange.checked = true;
};
const addUp = (form) => {
  const sum = $("[data-sum]", form);
  const ticked = $$("[data-cents]:checked", form);
  const chosen = ticked.reduce((total, box) => total + Number(box.dataset.cents), 0);
  const line = $$("[data-line-cents]:checked", form).reduce((total, box) => total + Number(box.dataset.lineCents), Number(sum.dataset.line));
  const said = { chosen, "line-sum": line, gap: line - chosen };
  for (const [name, cents] of Object.entries(said)) $(`[data-${name}]`, sum).textContent = money(cents, sum.dataset.currency);
  tellGap(form, ticked.length ? line - chosen : 0);
  const words = ticked.length ? `${ticked.length}\u00a0facture${ticked.length > 1 ? "s" : ""}` : "les factures cochées";
  $("[data-match-words]", form).textContent = `Rapprocher ${words}`;
};
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-adds-up]");
  if (form && event.target.name === "ecart") form.dataset.gapTold = "";
  if (form) addUp(form);
});
export const addUpAll = () => { for (const form of $$("form[data-adds-up]")) addUp(form); };
addUpAll();
