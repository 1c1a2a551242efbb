// htmx: token, waiting, focus, errors.
import { $, $$, announce, csrfToken, visible } from "./page.js";
import { tellKeys } from "./key_card.js";
import { place, rememberPlace } from "./place.js";
import { tellSelection } from "./selection.js";
import { addUpAll } from "./sums.js";
import { restoreViews } from "./viewer.js";
import { wake } from "./waking.js";

document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = csrfToken();
  if (event.detail.verb === "get") for (const [name, value] of [...event.detail.formData]) if (value === "") event.detail.formData.delete(name);
});
let busy = 0, pressed = null;
document.addEventListener("htmx:beforeRequest", (event) => {
  pressed = event.detail.requestConfig?.triggeringEvent?.submitter ?? null;
  busy = setTimeout(() => { document.documentElement.classList.add("is-waiting"); pressed?.setAttribute("aria-busy", "true"); }, 150);
});
document.addEventListener("htmx:afterRequest", () => {
  clearTimeout(busy);
  document.documentElement.classList.remove("is-waiting");
  pressed?.removeAttribute("aria-busy");
});
document.addEventListener("htmx:beforeSwap", (event) => {
  const row = event.detail.target?.closest?.("[data-row]");
  const focused = document.activeElement;
  const isMoved = focused && focused !== document.body && event.detail.target?.contains(focused);
  rememberPlace(isMoved ? { id: focused.id, own: row?.matches("tr") ? $("[data-row-link]", row)?.id : "", next: $("[data-row-link]", row?.nextElementSibling ?? document.createElement("i"))?.id, target: event.detail.target.id } : null);
});
// A row that is swapped beside the target: its own link takes the focus.
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const row = event.detail.target;
  if (row.matches?.("[data-row]") && row.contains(document.activeElement)) rememberPlace({ id: $("[data-row-link]", row).id });
});
document.addEventListener("htmx:afterSettle", (event) => {
  wake(document);
  addUpAll();
  tellKeys();
  restoreViews();
  if (event.target.id !== "somme") tellSelection();
  if (!place || (document.activeElement && document.activeElement !== document.body)) return;
  const byId = (id) => (id ? document.getElementById(id) : null);
  const area = byId(place.target);
  const heir = byId(place.id) ?? byId(place.own) ?? byId(place.next) ?? (area && ($$("button, a, summary, input:not([type=hidden])", area).find(visible) ?? $("[tabindex='-1']", area)));
  (heir ?? $("#contenu")).focus({ preventScroll: true });
  rememberPlace(null);
});
document.addEventListener("htmx:sendError", () => announce("La connexion est coupée. On ne sait pas si votre geste a été enregistré\u00a0: rechargez la page au retour du réseau."));
document.addEventListener("htmx:responseError", (event) => {
  const sentences = {
    403: "Votre rôle ne permet pas ce geste, ou votre page est trop ancienne\u00a0: rechargez-la.",
    404: "Cette page n’existe pas, ou vous n’y avez pas accès.",
  };
  announce(sentences[event.detail.xhr.status] ?? "Une erreur est survenue de notre côté. Rien n’a été enregistré.");
});
