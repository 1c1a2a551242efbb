// The document: zoom and turn are attributes, kept per document; the sheet does the rest.
import { $, $$ } from "./page.js";
import { store, stored } from "./keeping.js";

const ZOOMS = [50, 75, 100, 150, 200, 300];
const viewOf = (viewer) => $("[data-zoom]", viewer);
const keepView = (pages) => {
  const shown = $("[data-zoom-shown]", pages.closest(".viewer"));
  if (shown) shown.textContent = `${pages.dataset.zoom}\u00a0%`;
  store(`meg.view.${pages.dataset.document}`, `${pages.dataset.zoom} ${pages.dataset.turn}`);
};
export const zoom = (viewer, by) => {
  const pages = viewOf(viewer);
  const at = ZOOMS.indexOf(Number(pages.dataset.zoom)) + by;
  pages.dataset.zoom = by === 0 ? 100 : ZOOMS[Math.min(Math.max(at, 0), ZOOMS.length - 1)];
  keepView(pages);
};
export const turn = (viewer) => { const pages = viewOf(viewer); pages.dataset.turn = (Number(pages.dataset.turn) + 90) % 360; keepView(pages); };
export const turnPage = (viewer, by) => {
  const pages = viewOf(viewer), images = $$("img", pages), top = pages.getBoundingClientRect().top;
  const now = images.findLastIndex((image) => image.getBoundingClientRect().top <= top + 40);
  images[Math.min(Math.max(now + by, 0), images.length - 1)].scrollIntoView({ block: "start" });
};
// « Double page »: the window of the document goes where the purchase goes.
const windows = new BroadcastChannel("meg.piece");
const announced = $("[data-announces]")?.dataset.announces;
if (announced) windows.postMessage(announced);
if ($("[data-follows]")) windows.onmessage = ({ data }) => { if (data !== location.pathname) location.replace(data); };
export const restoreViews = () => {
  for (const pages of $$(".viewer [data-zoom][data-document]")) {
    const [zoomed, turned] = stored(`meg.view.${pages.dataset.document}`, "100 0").split(" ");
    Object.assign(pages.dataset, { zoom: zoomed, turn: turned });
    keepView(pages);
  }
};
restoreViews();
