// Buttons that act on the page itself: open and close a dialog, show a password, give back what was received, copy.
import { askJump } from "./jump.js";
import { drawKeys, toggleKeys } from "./key_card.js";
import { turn, turnPage, zoom } from "./viewer.js";

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-opens], [data-closes], [data-toggles-keys], [data-zoom-by], [data-turn-by], [data-page-by], [data-reveals], [data-restores], [data-copies]");
  if (!button) return;
  if (button.dataset.opens) {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open(document.getElementById(button.dataset.opens));
  }
  if ("closes" in button.dataset) button.closest("dialog").close();
  if ("togglesKeys" in button.dataset) toggleKeys();
  if (button.dataset.reveals) reveal(button, document.getElementById(button.dataset.reveals));
  if (button.dataset.copies) navigator.clipboard?.writeText(document.getElementById(button.dataset.copies).textContent).then(() => { button.textContent = "Copié"; });
  if (button.dataset.restores) restore(document.getElementById(button.dataset.restores), button.dataset.value);
  if (button.dataset.zoomBy) zoom(button.closest(".viewer"), Number(button.dataset.zoomBy));
  if (button.dataset.pageBy) turnPage(button.closest(".viewer"), Number(button.dataset.pageBy));
  if (button.dataset.turnBy) turn(button.closest(".viewer"));
});

const open = (dialog) => {
  if (dialog.open) return;
  drawKeys();
  dialog.showModal();
  dialog.scrollTop = 0;
  if (dialog.id === "aller") askJump();
};

// What was received goes back into its field; it is stored with the rest.
const restore = (field, value) => {
  field.value = [...(field.options ?? [])].find((option) => option.text === value)?.value ?? value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
};

const reveal = (button, field) => {
  const isHidden = field.type === "password";
  field.type = isHidden ? "text" : "password";
  button.textContent = isHidden ? "Masquer le mot de passe" : "Afficher le mot de passe";
};
