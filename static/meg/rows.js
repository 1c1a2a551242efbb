// Rows are [data-row]; one of them is current.
import { $$, visible } from "./page.js";

export const rows = () => $$("[data-row]").filter(visible);
export const markRow = (row) => { for (const other of $$(".is-current")) other.classList.remove("is-current"); row && row.classList.add("is-current"); };
