// What a press opens is seen beforehand under the pointer, or with the focus of the keyboard; a press keeps it.

let peeked = null, peeking = 0;
const peekedAt = (element) => element?.closest?.("[data-peeks]") ?? (peeked?.sheet.contains(element) ? peeked.button : null);
const peek = (button) => {
  const sheet = document.getElementById(button.getAttribute("popovertarget"));
  if (peeked?.sheet === sheet || sheet.matches(":popover-open")) return;
  sheet.showPopover({ source: button });
  peeked = { button, sheet };
};
const unpeek = () => { if (peeked?.sheet.matches(":popover-open")) peeked.sheet.hidePopover(); peeked = null; };
document.addEventListener("pointerover", (event) => {
  if (event.pointerType !== "mouse") return;
  const button = peekedAt(event.target);
  clearTimeout(peeking);
  if (button) { peeking = setTimeout(() => peek(button), 150); } else if (peeked) { peeking = setTimeout(unpeek, 250); }
});
document.addEventListener("focusin", (event) => { const button = peekedAt(event.target); if (!button) unpeek(); else if (event.target.matches("[data-peeks]:focus-visible")) peek(button); });
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-peeks]");
  clearTimeout(peeking);
  if (button && peeked?.button === button) { event.preventDefault(); peeked = null; }
});

document.addEventListener("htmx:beforeRequest", (event) => { const sheet = event.target.closest(".status [popover], .folds"); if (sheet) { peeked = null; sheet.hidePopover(); } });
