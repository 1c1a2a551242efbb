// Lines of a purchase: they are added up as one types; what is left to share out is told, and a new line takes it.
import { $, $$ } from "./page.js";
import { centsOf, money, plain } from "./money.js";
import { wake } from "./waking.js";

const sumLines = (table) => {
  const sums = { vat: 0, gross: 0 };
  for (const line of $$("[data-line]", table)) {
    const vat = centsOf($("[name^=montant-tva-]", line).value), gross = centsOf($("[name^=ttc-]", line).value);
    sums.vat += vat ?? 0;
    sums.gross += gross ?? 0;
    $("[data-net]", line).textContent = gross === null || vat === null ? "—" : plain(gross - vat);
  }
  const lines = $$("[data-line]", table), bears = lines.some((line) => $("[name^=montant-tva-]", line).value.trim());
  const gross = Number(table.dataset.gross) - sums.gross, received = table.dataset.vat === "" ? 0 : Number(table.dataset.vat);
  // Lines as they came may say no VAT; once an amount is touched, they share out all of it.
  const vat = bears || (lines.length > 1 && "touched" in table.dataset) ? received - sums.vat : 0;
  $("[data-sum-gross]", table).textContent = plain(sums.gross);
  $("[data-sum-vat]", table).textContent = bears ? plain(sums.vat) : table.dataset.vat === "" ? "—" : plain(received);
  $("[data-sum-net]", table).textContent = bears ? plain(sums.gross - sums.vat) : table.dataset.vat === "" ? "—" : plain(sums.gross - received);
  const said = [[gross, "TTC"], [vat, "TVA"]].filter(([rest]) => rest).map(([rest, name]) => `${money(rest, table.dataset.currency)} de ${name}`);
  const rest = $("[data-rest]", table), words = said.length ? `Reste à ventiler\u00a0: ${said.join(", ")}` : "";
  rest.classList.toggle("badge", said.length > 0);
  rest.classList.toggle("todo", said.length > 0);
  if (rest.textContent !== words) rest.textContent = words;
  return { gross, vat };
};
document.addEventListener("input", (event) => {
  const table = event.target.closest("[data-lines]");
  if (!table) return;
  if (event.target.matches("[name^=montant-tva-], [name^=ttc-]")) table.dataset.touched = "";
  sumLines(table);
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-adds-line], [data-removes-line]"), table = button?.closest("[data-lines]");
  if (!table) return;
  event.preventDefault();
  table.dataset.touched = "";
  const lines = $$("[data-line]", table);
  if ("removesLine" in button.dataset) {
    if (lines.length === 1) return;
    const line = button.closest("[data-line]"), next = line.nextElementSibling ?? line.previousElementSibling;
    line.remove();
    $("[name^=ttc-]", next).focus();
  } else {
    const rest = sumLines(table), key = `n${Math.max(0, ...lines.map((line) => Number($("[name=ligne]", line).value.slice(1)) || 0)) + 1}`;
    const line = $("#ligne-nouvelle").content.cloneNode(true).querySelector("[data-line]");
    for (const element of $$("[name], [id], [for], [value]", line)) for (const name of ["name", "id", "for", "value"]) if (element.getAttribute(name)?.endsWith("nouvelle")) element.setAttribute(name, element.getAttribute(name).replace("nouvelle", key));
    lines.at(-1).after(line);
    if (rest.gross) $("[name^=ttc-]", line).value = plain(rest.gross);
    if (rest.vat) $("[name^=montant-tva-]", line).value = plain(rest.vat);
    wake(line);
    $("[name^=compte-]", line).focus();
  }
  table.dispatchEvent(new Event("input", { bubbles: true }));
  sumLines(table);
});
for (const table of $$("[data-lines]")) sumLines(table);
