// The script of every page: keys, focus after a swap, waiting, session end, the document viewer.
// Every deed it does has a button or a link on the page; without it the page still works.
// Modules listen in this order; base.html preloads them all, so that none waits for another.
import "./waking.js";
import "./review.js";
import "./sums.js";
import "./under.js";
import "./beside.js";
import "./selection.js";
import "./walking.js";
import "./keys.js";
import "./peeks.js";
import "./key_card.js";
import "./buttons.js";
import "./lines.js";
import "./days.js";
import "./forms.js";
import "./files.js";
import "./swaps.js";
import "./session.js";
