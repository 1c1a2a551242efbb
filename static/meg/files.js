// Files: dropped on a form that takes some, how much of them is sent, and those sent one by one, a row each.
import { $, $$, announce, csrfToken } from "./page.js";

for (const kind of ["dragover", "dragleave", "drop"]) document.addEventListener(kind, (event) => {
  const zone = event.target.closest?.("form[data-drop]");
  if (!zone) return;
  event.preventDefault();
  zone.classList.toggle("is-over", kind === "dragover");
  if (kind === "drop" && event.dataTransfer.files.length) {
    ($("input[type=file][multiple]", zone) ?? $("input[type=file]", zone)).files = event.dataTransfer.files;
    if ("submitsOnChange" in zone.dataset) zone.requestSubmit();
  }
});
document.addEventListener("htmx:xhr:progress", (event) => {
  const bar = $("progress[data-upload]", event.target);
  if (!bar || !event.detail.lengthComputable) return;
  bar.hidden = false;
  bar.value = (100 * event.detail.loaded) / event.detail.total;
});

// Sent one by one: a row each, with how much of it is sent, then what the server says of it.
const sendFile = (form, file) => new Promise((done) => {
  const row = document.createElement("tr");
  const bar = Object.assign(document.createElement("progress"), { max: 100, value: 0 });
  bar.setAttribute("aria-label", `Envoi de ${file.name}`);
  const cell = Object.assign(document.createElement("td"), { colSpan: 5, className: "c-1 c-wide" });
  cell.append(bar, ` ${file.name}`);
  row.append(cell);
  document.getElementById(form.dataset.oneByOne).append(row);
  const request = new XMLHttpRequest();
  request.upload.addEventListener("progress", (event) => { if (event.lengthComputable) bar.value = (100 * event.loaded) / event.total; });
  request.addEventListener("loadend", () => {
    if (request.status === 200 || request.status === 422) {
      const made = document.createElement("template");
      made.innerHTML = request.responseText;
      const arrived = $("tr", made.content);
      for (const other of arrived.id ? $$(`[id="${arrived.id}"]`) : []) other.remove();
      row.replaceWith(arrived);
    } else cell.replaceChildren(`${file.name}\u00a0: l’envoi n’a pas abouti. Déposez ce fichier à nouveau.`);
    done();
  });
  const body = new FormData();
  body.append("pieces", file);
  request.open("POST", form.action);
  request.setRequestHeader("HX-Request", "true");
  request.setRequestHeader("X-CSRFToken", csrfToken());
  request.send(body);
});
const sendAll = async (form) => {
  const field = $("input[type=file]", form);
  const files = [...field.files];
  field.value = "";
  for (const file of files) await sendFile(form, file);
  $("[data-counts]")?.form.dispatchEvent(new Event("change", { bubbles: true }));
  announce(files.length > 1 ? `${files.length}\u00a0fichiers reçus.` : "Fichier reçu.", "done");
};
document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-one-by-one]")) return;
  event.preventDefault();
  sendAll(event.target);
});
for (const kind of ["change", "drop"]) document.addEventListener(kind, (event) => {
  const form = event.target.closest?.("form[data-one-by-one]");
  if (form && $("input[type=file]", form).files.length) sendAll(form);
});
