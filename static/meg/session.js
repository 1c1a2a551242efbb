// Session ended: the answer 401 fills the dialog, once; after login every form gets the new token.
import { $, $$, announce, csrfToken } from "./page.js";

document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status === 401 && $("#reconnexion").open) event.detail.shouldSwap = false;
});
document.addEventListener("htmx:afterSwap", (event) => {
  const dialog = $("#reconnexion");
  if (event.detail.xhr?.status === 401 && !dialog.open) dialog.showModal();
});
document.addEventListener("submit", async (event) => {
  const form = event.target.closest("#reconnexion form");
  if (!form) return;
  event.preventDefault();
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form), redirect: "manual" }).catch(() => null);
  if (answer?.type !== "opaqueredirect") { $("[data-refusal]", form).hidden = false; return; }
  for (const field of $$("[name=csrfmiddlewaretoken]")) field.value = csrfToken();
  form.closest("dialog").close();
  announce("Vous êtes reconnecté. Rien n’a été perdu\u00a0: refaites votre dernier geste.", "done");
});
