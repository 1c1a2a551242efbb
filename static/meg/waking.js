// What the page holds for the script alone appears, fields that pick become pickers, the current tab is in sight.
import { $, $$ } from "./page.js";
import { makePicker } from "./pickers.js";

export const wake = (root) => {
  for (const element of $$("[data-needs-script]", root)) element.hidden = false;
  for (const field of $$("input[data-picker]", root)) makePicker(field);
};

wake(document);
$(".tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
