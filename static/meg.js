"use strict";
/* The one script: keys, focus after a swap, waiting, session end, the document viewer.
   Every deed it does has a button or a link on the page; without it the page still works. */

(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const visible = (element) => element.checkVisibility({ visibilityProperty: true });
  const announce = (sentence, level = "error") => {
    const banner = document.createElement("div");
    banner.className = `banner live ${level}`;
    banner.append(Object.assign(document.createElement("p"), { textContent: sentence }));
    $("#annonce").replaceChildren(banner);
  };
  const csrfToken = () => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? $("[name=csrfmiddlewaretoken]")?.value ?? "";

  const wake = (root) => {
    for (const element of $$("[data-needs-script]", root)) element.hidden = false;
    for (const field of $$("input[data-picker]", root)) makePicker(field);
  };
  // --- Pickers: a field unfolds what answers to it; ↓ ↑ choose, Entrée takes, Échap folds, Tab leaves.
  let unfolded = null, asked = 0, typing = 0;
  const makePicker = (field) => {
    if (field.role === "combobox") return;
    const box = Object.assign(document.createElement("div"), { id: `${field.id}-choix`, className: "unfolds", popover: "manual" });
    field.removeAttribute("list"); // what the page offers without the script
    for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": box.id })) field.setAttribute(name, value);
    field.after(box);
    if (field === document.activeElement) unfold(field, "");
  };
  const fold = () => {
    asked++;
    if (!unfolded) return;
    const { field, box } = unfolded;
    if (box.matches(":popover-open")) box.hidePopover();
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
    unfolded = null;
  };
  const unfold = async (field, text) => {
    const box = document.getElementById(field.getAttribute("aria-controls")), turn = ++asked;
    const answer = await fetch(`${field.dataset.picker}&q=${encodeURIComponent(text)}`).catch(() => null);
    const found = answer?.ok && !answer.redirected ? await answer.text() : "";
    if (!found || turn !== asked || document.activeElement !== field) return;
    box.innerHTML = found;
    $$("[role=option]", box).forEach((option, place) => { option.id = `${box.id}-${place}`; });
    const edge = field.getBoundingClientRect(), below = innerHeight - edge.bottom;
    Object.assign(box.style, { minWidth: `${edge.width}px`, maxHeight: `${Math.max(below, edge.top) - 12}px` });
    Object.assign(box.style, below > 220 || below > edge.top ? { top: `${edge.bottom + 2}px`, bottom: "auto" } : { top: "auto", bottom: `${innerHeight - edge.top + 2}px` });
    if (!box.matches(":popover-open")) box.showPopover();
    box.style.left = `${Math.max(8, Math.min(edge.left, innerWidth - box.offsetWidth - 8))}px`;
    field.setAttribute("aria-expanded", "true");
    unfolded = { field, box };
    if (text) choose(0);
  };
  const choose = (place) => {
    const options = $$("[role=option]", unfolded.box);
    if (!options.length) return;
    const option = options[(place + options.length) % options.length];
    for (const other of options) other.setAttribute("aria-selected", String(other === option));
    unfolded.field.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  };
  const take = (option) => {
    const { field } = unfolded;
    field.value = option.dataset.value;
    field.dispatchEvent(new CustomEvent("input", { bubbles: true, detail: "taken" }));
    field.focus();
    fold();
    if ("submitsWhenTaken" in field.dataset) field.form.requestSubmit();
  };
  document.addEventListener("focusin", (event) => { if (event.target.matches("[data-picker][role=combobox]")) unfold(event.target, ""); else fold(); });
  document.addEventListener("input", (event) => {
    if (event.detail === "taken" || !event.target.matches("[data-picker][role=combobox]")) return;
    clearTimeout(typing);
    typing = setTimeout(() => unfold(event.target, event.target.value.trim()), 120);
  });
  document.addEventListener("keydown", (event) => {
    if (!unfolded || event.target !== unfolded.field || event.isComposing) return;
    const options = $$("[role=option]", unfolded.box), now = options.findIndex((option) => option.ariaSelected === "true");
    if (event.key === "ArrowDown") choose(now + 1);
    else if (event.key === "ArrowUp") choose(now < 0 ? -1 : now - 1);
    else if (event.key === "Enter" && now >= 0) take(options[now]);
    else if (event.key === "Escape") { fold(); if (event.target.closest("[popover]:not(.unfolds), form:has([data-escapes])")) return; } // what it stands in closes with it
    else return;
    event.preventDefault();
    event.stopPropagation();
  }, true);
  document.addEventListener("mousedown", (event) => { if (event.target.closest(".unfolds")) event.preventDefault(); }); // the field keeps the focus
  document.addEventListener("click", (event) => { const option = event.target.closest(".unfolds [role=option]"); if (option && unfolded) take(option); });
  document.addEventListener("scroll", (event) => { if (unfolded && !unfolded.box.contains(event.target)) fold(); }, true);

  wake(document);
  $(".tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

  // --- Keys: data-key on the element itself; the script clicks or focuses it, so that no key lacks a button.
  const stored = (name, fallback) => { try { return localStorage.getItem(name) ?? fallback; } catch { return fallback; } };
  const store = (name, value) => { try { localStorage.setItem(name, value); } catch { /* private window */ } };
  const keysAreOn = () => document.body.dataset.keys === "on" && stored("meg.keys", "on") === "on";
  const isField = (element) => element?.matches?.("input:not([type=checkbox],[type=radio]), select, textarea, [contenteditable]");
  let prefix = "";
  let place = null; // where the focus was before a swap

  const nameOf = (event) => {
    const digit = /^(?:Digit|Numpad)(\d)$/.exec(event.code)?.[1]; // AZERTY's unshifted row
    const key = digit && !event.shiftKey ? digit : event.key.length === 1 ? event.key.toLowerCase() : event.key;
    return `${event.ctrlKey ? "Ctrl+" : ""}${event.shiftKey && key.length > 1 ? "Shift+" : ""}${key}`;
  };
  const keyOf = (element) => element.dataset.key.split("|");
  // What the bar folds away is a press from sight: keys reach it there.
  const reachable = (element) => visible(element) || element.closest("[data-keys-reach]");
  const find = (name) => $$("[data-key]").find((element) => keyOf(element).includes(name) && reachable(element) && !element.disabled);
  const press = (element) => {
    if (isField(element)) { element.focus(); element.select?.(); } else { element.focus({ preventScroll: true }); element.click(); }
  };

  const escape = (event) => {
    const field = document.activeElement;
    if ($("dialog[open]") || $("[popover]:popover-open")) return; // the browser closes them
    const way = field?.closest("form")?.querySelector("[data-escapes]");
    if (way) { event.preventDefault(); way.click(); return; }
    if (isField(field)) { field.blur(); event.preventDefault(); return; }
    if ($("[data-tick]:checked")) { event.preventDefault(); tickAll(false); return; }
    const back = find("Escape");
    if (back) { event.preventDefault(); press(back); }
  };

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.altKey || event.metaKey || event.isComposing) return;
    if (event.key === "Escape") return escape(event);
    const name = nameOf(event);
    if (event.ctrlKey) {
      const inTable = document.activeElement?.closest(".purchases") && !isField(document.activeElement);
      if (name === "Ctrl+a" && inTable && ticks().length) { event.preventDefault(); return tickAll(true); }
      const target = find(name);
      if (target) { event.preventDefault(); press(target); }
      return;
    }
    if (isField(document.activeElement) || !keysAreOn() || $("dialog[open]")) return;
    if (prefix !== "g" && name === "g" && $$("[data-key^='g ']").length) { prefix = "g"; setTimeout(() => { prefix = ""; }, 1500); return; }
    // The current row answers before the page, but what is ticked is meant before one row.
    const meant = () => ($("[data-tick]:checked") ? find(name) ?? inRow(name) : inRow(name) ?? find(name));
    const target = prefix ? find(`${prefix} ${name}`) : meant();
    prefix = "";
    if (name === "x" && !target && $(".is-current [data-tick]")) return tick($(".is-current [data-tick]"));
    if (event.repeat && target?.matches("button:not([type=button])")) { event.preventDefault(); return; } // held down, it decides once
    if (name === "Enter" && !mayTakeEnter(target)) return;
    if (target && isOutOfSight(target)) { event.preventDefault(); return openPair(target.closest(FOLDED)); }
    if (target) { event.preventDefault(); press(target); return; }
    if (name.startsWith("Arrow") && document.activeElement?.matches("input[type=radio]")) return; // they walk over the choices
    if (["j", "k", "ArrowDown", "ArrowUp"].includes(name)) moveRow(event, name === "j" || name === "ArrowDown" ? 1 : -1);
  });

  // A key of the current line: its own buttons, and before them those of what is open under it.
  const inRow = (name) => {
    const row = $("[data-row].is-current");
    const under = row?.nextElementSibling?.matches("[data-under]") ? row.nextElementSibling : null;
    return [under, row].flatMap((part) => (part ? $$(part === under ? "[data-row-key], [data-key]" : "[data-row-key]", part) : []))
      .find((element) => (element.dataset.rowKey ?? element.dataset.key) === name && visible(element));
  };

  // Entrée stays with the link or button that has the focus, but for the link and the choices of the target's own row.
  const mayTakeEnter = (target) => {
    const focused = document.activeElement;
    if (!target || !focused?.matches("a, button, summary, input, [tabindex='0']")) return true;
    return focused.matches("[data-row-link], input[type=radio]") && focused.closest("[data-row]")?.contains(target);
  };

  // --- Rows: J and K walk over [data-row], the row's own link has the focus, so Entrée opens it.
  const rows = () => $$("[data-row]").filter(visible);
  const markRow = (row) => { for (const other of $$(".is-current")) other.classList.remove("is-current"); row && row.classList.add("is-current"); };
  const moveRow = (event, step) => {
    const all = rows();
    if (!all.length) return;
    event.preventDefault();
    const now = all.indexOf($(".is-current") ?? $(`${FOLDED}[data-open]`) ?? document.activeElement?.closest("[data-row]"));
    const next = all[Math.min(Math.max(now + step, 0), all.length - 1)];
    markRow(next);
    if (event.shiftKey) for (const row of [all[now], next]) tick($("[data-tick]", row ?? next), true);
    if (next.matches(FOLDED)) openPair(next);
    $("[data-row-link]", next)?.focus();
  };
  document.addEventListener("focusin", (event) => { const row = event.target.closest?.("[data-row]"); if (row) { markRow(row); followBeside(row); } });
  // A link of a list bears the anchor, so that the browser itself gives it the focus back.
  markRow(location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)))?.closest("[data-row]"));

  // --- The review: one pair is open at a time, the others wait closed in the page; the address says which is open.
  const FOLDED = ".review-pair";
  const openPair = (row) => {
    for (const other of $$(`${FOLDED}[data-open]`)) if (other !== row) { other.removeAttribute("data-open"); $("[data-folds]", other)?.setAttribute("aria-expanded", "false"); }
    row.setAttribute("data-open", "");
    const link = $("[data-folds]", row);
    link.setAttribute("aria-expanded", "true");
    history.replaceState(history.state, "", link.href);
    row.scrollIntoView({ block: matchMedia("(max-width: 820px)").matches ? "start" : "nearest" });
  };
  // What one does not see is not decided: the key first shows the pair.
  const isOutOfSight = (target) => {
    const box = target.closest(FOLDED)?.getBoundingClientRect();
    return box && (box.bottom < 100 || box.top > innerHeight - 60);
  };
  if (new URLSearchParams(location.search).has("ligne")) $(`${FOLDED}[data-open]`)?.scrollIntoView({ block: "nearest" });
  const goOn = (row) => {
    const all = rows().filter((other) => other.matches(FOLDED));
    const next = all.slice(all.indexOf(row) + 1).find((other) => "waits" in other.dataset);
    if (next) { markRow(next); openPair(next); $("[data-folds]", next).focus({ preventScroll: true }); return; }
    const end = $("#suite");
    if (!end) return;
    end.hidden = false;
    end.focus();
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-folds], [data-passes], [data-opens-pair], [data-closes-search]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const row = link.closest(FOLDED);
    if ("passes" in link.dataset) return goOn(row);
    if ("opensPair" in link.dataset) return openPair(row);
    event.preventDefault();
    openPair(row);
    if ("closesSearch" in link.dataset) { link.closest(".review-search").remove(); $("[data-folds]", row).focus(); }
  });
  // What a deed answers: a pair that no longer waits gives way to the next; one that was open stays so when it is read anew.
  let wasOpen = false;
  document.addEventListener("htmx:beforeSwap", (event) => { wasOpen = event.detail.target?.matches?.(`${FOLDED}[data-open]`) ?? false; });
  document.addEventListener("htmx:afterSettle", (event) => {
    const row = event.target;
    if (row.id?.startsWith("r-")) $(".review-search", row)?.scrollIntoView({ block: "nearest" });
    if (!row.matches?.(FOLDED)) return;
    const isDeed = event.detail.requestConfig?.verb === "post";
    if (!isDeed && wasOpen) openPair(row);
    if (!isDeed) return;
    place = null;
    forgetDecided(row);
    if (event.detail.xhr.status === 200 && !("waits" in row.dataset)) return goOn(row);
    openPair(row);
    markRow(row);
    $("[data-folds]", row).focus({ preventScroll: true });
  });

  // What was decided one by one is no longer among « Les N sont exacts ».
  const forgetDecided = (row) => {
    const form = $(".review-all");
    if (!form || "waits" in row.dataset) return;
    for (const input of $$(`[data-of="${row.id}"]`, form)) input.remove();
    const left = $$("[name=match]", form).length;
    form.hidden = left === 0;
    $("[data-unread]", form).textContent = `${left}\u00a0rapprochement${left > 1 ? "s" : ""}`;
    $("[data-unread-words]", form).textContent = left > 1 ? `Les ${left} sont exacts` : "Il est exact";
  };

  // --- Sums: what is ticked is added up as it is ticked; the server says the same after.
  const money = (cents, currency) => {
    const digits = (Math.abs(cents) / 100).toLocaleString("fr-FR", { minimumFractionDigits: 2 }).replace(/\s/g, "\u00a0");
    return `${cents < 0 ? "\u2212" : ""}${digits}\u00a0${{ EUR: "€", USD: "$", GBP: "£" }[currency] ?? currency}`;
  };
  // What the difference may be depends on its sign; one that no longer fits is taken back.
  // Of a purchase in another currency it is the exchange, unless one says otherwise.
  const tellGap = (form, gap) => {
    const isForeign = $("[data-foreign]:checked", form) !== null;
    const kinds = $("[data-gap-kinds]", form);
    if (!kinds) return;
    kinds.hidden = gap === 0;
    for (const label of $$("[data-gap-sign]", kinds)) {
      label.hidden = label.dataset.gapSign !== (gap > 0 ? "plus" : "moins") || ("gapOfExchange" in label.dataset && !isForeign);
      if ((label.hidden || gap === 0) && $("input", label).checked) $("input", kinds).checked = true;
    }
    const exchange = $("[data-gap-of-exchange]:not([hidden]) input", kinds);
    if (exchange && gap !== 0 && !("gapTold" in form.dataset)) exchange.checked = true;
  };
  const addUp = (form) => {
    const sum = $("[data-sum]", form);
    const ticked = $$("[data-cents]:checked", form);
    const chosen = ticked.reduce((total, box) => total + Number(box.dataset.cents), 0);
    const line = $$("[data-line-cents]:checked", form).reduce((total, box) => total + Number(box.dataset.lineCents), Number(sum.dataset.line));
    const said = { chosen, "line-sum": line, gap: line - chosen };
    for (const [name, cents] of Object.entries(said)) $(`[data-${name}]`, sum).textContent = money(cents, sum.dataset.currency);
    tellGap(form, ticked.length ? line - chosen : 0);
    const words = ticked.length ? `${ticked.length}\u00a0facture${ticked.length > 1 ? "s" : ""}` : "les factures cochées";
    $("[data-match-words]", form).textContent = `Rapprocher ${words}`;
  };
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-adds-up]");
    if (form && event.target.name === "ecart") form.dataset.gapTold = "";
    if (form) addUp(form);
  });
  const addUpAll = () => { for (const form of $$("form[data-adds-up]")) addUp(form); };
  addUpAll();

  // --- What is open under a line: closed, or done with, it gives the focus back to the lines.
  document.addEventListener("click", (event) => {
    const under = event.target.closest("[data-closes-under]")?.closest("[data-under]");
    if (!under) return;
    const row = under.previousElementSibling;
    under.remove();
    $("[data-row-link]", row)?.focus();
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { target, requestConfig, xhr } = event.detail;
    if (requestConfig?.verb === "post" && xhr.status === 200 && target?.matches?.("[data-under]")) underDone = target.nextElementSibling ?? target.previousElementSibling;
    else if (requestConfig?.verb === "get" && target?.matches?.("[data-row]") && target.nextElementSibling?.matches("[data-under]")) {
      if (target.nextElementSibling.contains(document.activeElement)) goesBackTo = $("[data-row-link]", target).id;
      target.nextElementSibling.remove();
    }
  });
  let underDone = null, goesBackTo = "";
  document.addEventListener("htmx:afterSettle", () => {
    if (goesBackTo) document.getElementById(goesBackTo)?.focus();
    goesBackTo = "";
  });
  document.addEventListener("htmx:afterRequest", () => {
    if (!underDone) return;
    const link = $("[data-row-link]", underDone);
    underDone = null;
    setTimeout(() => link?.focus());
  });

  // One thing is open under one line; what opened it closes it.
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (!event.target.matches("[data-row-key][hx-swap^=afterend]")) return;
    const mine = event.target.closest("tr").nextElementSibling;
    if (event.target.dataset.opensUnder && mine?.dataset.under === event.target.dataset.opensUnder) event.preventDefault();
    for (const under of $$("[data-under]")) under.remove();
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.requestConfig?.verb === "post" && event.target.matches("[data-under] #reglement")) htmx.trigger(event.target.closest("[data-under]"), "decided");
  });

  // --- The document beside the list: it follows the current line; what shows it, or Échap, closes it.
  const beside = $("#a-cote");
  let shownOf = null, following = 0;
  const closeBeside = () => {
    beside.hidden = true;
    $("#piece-a-cote").replaceChildren();
    $(".is-current [data-row-link]")?.focus();
    shownOf = null;
  };
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (!("showsBeside" in event.target.dataset)) return;
    const row = event.target.closest("[data-row]").id;
    if (row === shownOf) { event.preventDefault(); return closeBeside(); }
    shownOf = row;
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { requestConfig, target } = event.detail;
    if (target?.id === "piece-a-cote" && requestConfig.elt.closest("[data-row]")?.id !== shownOf) event.detail.shouldSwap = false; // one has gone on, or closed it
    else if (target?.id === "piece-a-cote") beside.hidden = false;
  });
  document.addEventListener("click", (event) => { if (event.target.closest("[data-closes-beside]")) closeBeside(); });
  const followBeside = (row) => {
    clearTimeout(following);
    const link = shownOf && row.id !== shownOf && $("[data-shows-beside]", row);
    if (link) following = setTimeout(() => htmx.trigger(link, "click"), 150);
  };

  // --- Selection: what is ticked is counted and summed; Maj with a click, or with J and K, extends it.
  const ticks = () => $$("[data-tick]");
  let lastTick = null;
  const tellSelection = () => {
    const sum = $("[data-selection-sum]"), all = ticks();
    if (!sum) return;
    const ticked = all.filter((box) => box.checked), isWhole = all.length > 0 && ticked.length === all.length;
    const cents = ticked.reduce((total, box) => total + Number(box.dataset.cents), 0);
    const words = `${ticked.length}\u00a0sélectionnée${ticked.length > 1 ? "s" : ""}`;
    sum.replaceChildren(Object.assign(document.createElement("strong"), { textContent: words }), ` ${money(cents, sum.dataset.currency)}`);
    const head = $("[data-ticks-all]"), offer = $("[data-offers-all]"), count = Number($("[data-filter-count]")?.value);
    if (head) { head.checked = isWhole; head.indeterminate = ticked.length > 0 && !isWhole; }
    if (!offer) return;
    offer.hidden = !isWhole;
    if (count) offer.textContent = `Les ${all.length} de la page sont sélectionnées. Sélectionner les ${count.toLocaleString("fr-FR").replace(/\s/g, "\u00a0")} du filtre`;
  };
  const tick = (box, isOn = !box?.checked) => { if (box) { box.checked = isOn; lastTick = box; tellSelection(); } };
  const tickAll = (isOn) => { for (const box of ticks()) box.checked = isOn; tellSelection(); };
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-unticks]")) return tickAll(false);
    const box = event.target.closest("[data-tick]");
    if (!box) return;
    const all = ticks(), [from, to] = [all.indexOf(lastTick), all.indexOf(box)].sort((one, other) => one - other);
    if (event.shiftKey && from >= 0) for (const other of all.slice(from, to + 1)) other.checked = box.checked;
    lastTick = box;
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-ticks-all]")) tickAll(event.target.checked);
    if (event.target.matches("[data-tick]")) tellSelection();
  });
  // One thing is changed at once: what was typed in another sheet of the bar is forgotten, before one can type in this.
  document.addEventListener("beforetoggle", (event) => {
    if (event.newState !== "open" || !event.target.matches("#selection > [popover]")) return;
    for (const field of $$("#selection > [popover] :is(input, select)")) field.value = "";
  }, true);
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.target.id === "selection" && event.detail.successful) for (const sheet of $$("#selection [popover]:popover-open")) sheet.hidePopover();
  });
  addEventListener("pageshow", tellSelection);
  // The page came back at the place of the deed: what is said of it, left above, is shown where one looks.
  addEventListener("load", () => {
    const [said, ...others] = $$("#annonce > .banner");
    if (said && !others.length && said.getBoundingClientRect().bottom < 50) said.classList.add("live");
  });

  // --- What a press opens is seen beforehand under the pointer, or with the focus of the keyboard; a press keeps it.
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

  document.addEventListener("htmx:beforeRequest", (event) => { const sheet = event.target.closest(".status [popover]"); if (sheet) { peeked = null; sheet.hidePopover(); } });

  // Two buttons in sight with one key: the first one has it, so the other does not show it.
  const tellKeys = () => {
    const taken = new Set();
    for (const element of $$("[data-key]").filter(visible)) {
      const shown = $("kbd", element);
      if (shown) shown.hidden = taken.has(element.dataset.key);
      taken.add(element.dataset.key);
    }
  };
  tellKeys();

  // --- The card of keys is drawn from the buttons that bear them.
  const spoken = { Escape: "Échap", Enter: "Entrée", ArrowDown: "↓", ArrowUp: "↑", ArrowLeft: "←", ArrowRight: "→" };
  const spell = (key) => key.split(" ").map((part) => part.split("+").map((bit) => spoken[bit] ?? (bit.length === 1 ? bit.toUpperCase() : bit)).join(" ")).join(" puis ");
  const drawKeys = () => {
    const saidOf = (element) => [...element.childNodes].filter((node) => !node.matches?.("kbd, .count")).map((node) => node.textContent).join("").replace(/\s+/g, " ").trim();
    const entries = $$("[data-key]").map((element) => [element.dataset.keyLabel ?? element.getAttribute("aria-label") ?? saidOf(element), keyOf(element)[0]]);
    const known = new Set();
    for (const entry of entries.splice(0)) if (known.size < known.add(entry[1]).size) entries.push(entry);
    const ofRows = new Map($$("[data-row-key][data-key-label]").map((element) => [element.dataset.rowKey, element.dataset.keyLabel]));
    for (const [key, label] of ofRows) entries.push([label, key]);
    if (rows().length) entries.push(["Ligne suivante", "j"], ["Ligne précédente", "k"]);
    if (ticks().length) entries.push(["Sélectionner la ligne", "x"], ["Étendre la sélection", "Maj+j"], ["Sélectionner la page", "Ctrl+a"]);
    $("[data-keys-list]").replaceChildren(...entries.flatMap(([label, key]) => {
      const term = Object.assign(document.createElement("dt"), { textContent: label });
      const value = document.createElement("dd");
      value.append(Object.assign(document.createElement("kbd"), { textContent: spell(key) }));
      return [term, value];
    }));
    const button = $("[data-toggles-keys]");
    if (button) { button.hidden = document.body.dataset.keys !== "on"; button.textContent = `${stored("meg.keys", "on") === "on" ? "Désactiver" : "Activer"} les raccourcis à une touche`; }
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-opens], [data-closes], [data-toggles-keys], [data-zoom-by], [data-turn-by], [data-page-by], [data-reveals], [data-restores], [data-copies]");
    if (!button) return;
    if (button.dataset.opens) {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      open(document.getElementById(button.dataset.opens));
    }
    if ("closes" in button.dataset) button.closest("dialog").close();
    if ("togglesKeys" in button.dataset) { store("meg.keys", stored("meg.keys", "on") === "on" ? "off" : "on"); drawKeys(); }
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
    if (dialog.id === "aller") { jumpField.select(); htmx.trigger(jumpField, "asked"); }
  };

  // --- « Aller à… »: ↓ ↑ walk over what answers, Entrée in the field opens the first, a letter goes back to the field.
  const jumpField = $("#aller input"), jumpFound = $("#aller-trouve");
  let goesFirst = false;
  const jumpFirst = () => {
    goesFirst = $("[data-answers]", jumpFound)?.dataset.answers !== jumpField.value.trim();
    if (!goesFirst) $("a", jumpFound)?.click();
  };
  $("#aller form")?.addEventListener("submit", (event) => { event.preventDefault(); jumpFirst(); });
  jumpFound?.addEventListener("htmx:afterSettle", () => {
    const number = $$("a", jumpFound).length;
    $("#aller-nombre").textContent = number ? `${number}\u00a0réponse${number > 1 ? "s" : ""}` : "Rien ne répond";
    if (goesFirst) jumpFirst();
  });
  $("#aller")?.addEventListener("keydown", (event) => {
    const links = $$("a", jumpFound), step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && links.length) {
      event.preventDefault();
      const next = links.indexOf(document.activeElement) + step;
      if (next < 0) jumpField.focus(); else links[Math.min(next, links.length - 1)].focus();
    } else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey && document.activeElement !== jumpField) jumpField.focus();
  });

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

  // --- The document: zoom and turn are attributes, kept per document; the sheet does the rest.
  const ZOOMS = [50, 75, 100, 150, 200, 300];
  const viewOf = (viewer) => $("[data-zoom]", viewer);
  const keepView = (pages) => {
    const shown = $("[data-zoom-shown]", pages.closest(".viewer"));
    if (shown) shown.textContent = `${pages.dataset.zoom}\u00a0%`;
    store(`meg.view.${pages.dataset.document}`, `${pages.dataset.zoom} ${pages.dataset.turn}`);
  };
  const zoom = (viewer, by) => {
    const pages = viewOf(viewer);
    const at = ZOOMS.indexOf(Number(pages.dataset.zoom)) + by;
    pages.dataset.zoom = by === 0 ? 100 : ZOOMS[Math.min(Math.max(at, 0), ZOOMS.length - 1)];
    keepView(pages);
  };
  const turn = (viewer) => { const pages = viewOf(viewer); pages.dataset.turn = (Number(pages.dataset.turn) + 90) % 360; keepView(pages); };
  const turnPage = (viewer, by) => {
    const pages = viewOf(viewer), images = $$("img", pages), top = pages.getBoundingClientRect().top;
    const now = images.findLastIndex((image) => image.getBoundingClientRect().top <= top + 40);
    images[Math.min(Math.max(now + by, 0), images.length - 1)].scrollIntoView({ block: "start" });
  };
  // « Double page »: the window of the document goes where the purchase goes.
  const windows = new BroadcastChannel("meg.piece");
  const announced = $("[data-announces]")?.dataset.announces;
  if (announced) windows.postMessage(announced);
  if ($("[data-follows]")) windows.onmessage = ({ data }) => { if (data !== location.pathname) location.replace(data); };
  const restoreViews = () => {
    for (const pages of $$(".viewer [data-zoom][data-document]")) {
      const [zoomed, turned] = stored(`meg.view.${pages.dataset.document}`, "100 0").split(" ");
      Object.assign(pages.dataset, { zoom: zoomed, turn: turned });
      keepView(pages);
    }
  };
  restoreViews();

  // --- Lines of a purchase: they are added up as one types; what is left to share out is told, and a new line takes it.
  const centsOf = (text) => {
    const bare = text.replace(/[\s€]/g, "").replace("\u2212", "-").replace(",", ".");
    return /^-?\d+(\.\d{1,2})?$/.test(bare) ? Math.round(Number(bare) * 100) : null;
  };
  const plain = (cents) => money(cents, "EUR").replace(/\u00a0€$/, "");
  const sumLines = (table) => {
    const sums = { vat: 0, gross: 0 };
    for (const line of $$("[data-line]", table)) {
      const vat = centsOf($("[name^=montant-tva-]", line).value), gross = centsOf($("[name^=ttc-]", line).value);
      sums.vat += vat ?? 0;
      sums.gross += gross ?? 0;
      $("[data-net]", line).textContent = gross === null || vat === null ? "—" : plain(gross - vat);
    }
    const lines = $$("[data-line]", table), bears = lines.some((line) => $("[name^=montant-tva-]", line).value.trim());
    const gross = Number(table.dataset.gross) - sums.gross, received = table.dataset.vat === "" ? 0 : Number(table.dataset.vat);
    const vat = bears || lines.length > 1 ? received - sums.vat : 0;
    $("[data-sum-gross]", table).textContent = plain(sums.gross);
    $("[data-sum-vat]", table).textContent = bears ? plain(sums.vat) : table.dataset.vat === "" ? "—" : plain(received);
    $("[data-sum-net]", table).textContent = bears ? plain(sums.gross - sums.vat) : table.dataset.vat === "" ? "—" : plain(sums.gross - received);
    const said = [[gross, "TTC"], [vat, "TVA"]].filter(([rest]) => rest).map(([rest, name]) => `${money(rest, table.dataset.currency)} de ${name}`);
    const rest = $("[data-rest]", table), words = said.length ? `Reste à ventiler\u00a0: ${said.join(", ")}` : "";
    rest.classList.toggle("badge", said.length > 0);
    rest.classList.toggle("todo", said.length > 0);
    if (rest.textContent !== words) rest.textContent = words;
    return { gross, vat };
  };
  document.addEventListener("input", (event) => { const table = event.target.closest("[data-lines]"); if (table) sumLines(table); });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-adds-line], [data-removes-line]"), table = button?.closest("[data-lines]");
    if (!table) return;
    event.preventDefault();
    const lines = $$("[data-line]", table);
    if ("removesLine" in button.dataset) {
      if (lines.length === 1) return;
      const line = button.closest("[data-line]"), next = line.nextElementSibling ?? line.previousElementSibling;
      line.remove();
      $("[name^=ttc-]", next).focus();
    } else {
      const rest = sumLines(table), key = `n${Math.max(0, ...lines.map((line) => Number($("[name=ligne]", line).value.slice(1)) || 0)) + 1}`;
      const line = $("#ligne-nouvelle").content.cloneNode(true).querySelector("[data-line]");
      for (const element of $$("[name], [id], [for], [value]", line)) for (const name of ["name", "id", "for", "value"]) if (element.getAttribute(name)?.endsWith("nouvelle")) element.setAttribute(name, element.getAttribute(name).replace("nouvelle", key));
      lines.at(-1).after(line);
      if (rest.gross) $("[name^=ttc-]", line).value = plain(rest.gross);
      if (rest.vat) $("[name^=montant-tva-]", line).value = plain(rest.vat);
      wake(line);
      $("[name^=compte-]", line).focus();
    }
    table.dispatchEvent(new Event("input", { bubbles: true }));
    sumLines(table);
  });
  for (const table of $$("[data-lines]")) sumLines(table);

  // --- Forms: one that was changed says so, and leaving asks the browser.
  let dirty = null;
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-guards]");
    if (!form) return;
    dirty = form;
    for (const mark of $$("[data-dirty]", form)) mark.hidden = false;
  });
  document.addEventListener("submit", (event) => {
    if (event.target === dirty) dirty = null;
    const button = event.submitter;
    if (button && !event.target.matches("[hx-post], [hx-get]")) setTimeout(() => button.setAttribute("aria-busy", "true"), 150);
  });
  addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });
  addEventListener("pageshow", () => { for (const button of $$("button[aria-busy]")) button.removeAttribute("aria-busy"); });
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-submits-on-change]");
    if (form && !form.matches("[hx-get]")) form.requestSubmit();
  });

  // --- A button that says how many boxes of its form are ticked.
  document.addEventListener("change", (event) => {
    for (const button of $$("[data-counts]", event.target.form ?? (event.target.matches?.("form") ? event.target : document.createElement("i")))) {
      const ticked = $$(`[name=${button.dataset.counts}]:checked`, button.form).length;
      button.textContent = ticked > 1 ? button.dataset.many.replace("#", ticked) : ticked ? button.dataset.one : button.dataset.none;
    }
  });

  for (const button of $$("[data-counts]")) button.form.dispatchEvent(new Event("change", { bubbles: true }));

  // --- Files: dropped on a form that takes some, and how much of them is sent.
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

  // --- Files sent one by one: a row each, with how much of it is sent, then what the server says of it.
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

  // --- htmx: token, waiting, focus, errors.
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
    place = isMoved ? { id: focused.id, own: row?.matches("tr") ? $("[data-row-link]", row)?.id : "", next: $("[data-row-link]", row?.nextElementSibling ?? document.createElement("i"))?.id, target: event.detail.target.id } : null;
  });
  // A row that is swapped beside the target: its own link takes the focus.
  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    const row = event.detail.target;
    if (row.matches?.("[data-row]") && row.contains(document.activeElement)) place = { id: $("[data-row-link]", row).id };
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
    const heir = byId(place.id) ?? byId(place.own) ?? byId(place.next) ?? (area && ($("button, a, input:not([type=hidden])", area) ?? $("[tabindex='-1']", area)));
    (heir ?? $("#contenu")).focus({ preventScroll: true });
    place = null;
  });
  document.addEventListener("htmx:sendError", () => announce("La connexion est coupée. On ne sait pas si votre geste a été enregistré\u00a0: rechargez la page au retour du réseau."));
  document.addEventListener("htmx:responseError", (event) => {
    const sentences = {
      403: "Votre rôle ne permet pas ce geste, ou votre page est trop ancienne\u00a0: rechargez-la.",
      404: "Cette page n’existe pas, ou vous n’y avez pas accès.",
    };
    announce(sentences[event.detail.xhr.status] ?? "Une erreur est survenue de notre côté. Rien n’a été enregistré.");
  });

  // --- Session ended: the answer 401 fills the dialog, once; after login every form gets the new token.
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
})();
