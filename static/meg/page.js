// What every module asks of the page: find, tell what is seen, announce, name the token, say what is a field.

export const $ = (selector, root = document) => root.querySelector(selector);
export const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
export const visible = (element) => element.checkVisibility({ visibilityProperty: true });
export const announce = (sentence, level = "error") => {
  const banner = document.createElement("div");
  banner.className = `banner live ${level}`;
  banner.append(Object.assign(document.createElement("p"), { textContent: sentence }));
  $("#annonce").replaceChildren(banner);
};
export const csrfToken = () => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? $("[name=csrfmiddlewaretoken]")?.value ?? "";
export const isField = (element) => element?.matches?.("input:not([type=checkbox],[type=radio]), select, textarea, [contenteditable]");
