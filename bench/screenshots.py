"""Take the screenshots by which pages are judged: `python -m bench.screenshots FOLDER [WORD …] [--url URL]`.

A MEG with its demonstration must run (`make run`): its address is `--url`, else that of `manage.py up`. Each page is
taken at each of SIZES, light and dark, and as it prints: `FOLDER/<page>-<size>-<theme>.png`, `<page>-print-<n>.png`. A
WORD names a page, a size, a theme or « print », and leaves the others out. A page is an address of the dossier DEMO, or
one of the site where it begins with « / », and what is done on it first; add one to PAGES. Prints what the checklist
can be told of by a machine: a page wider than its window, a target under 24 px, a fault in the console.
"""

import json
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
from playwright.sync_api import Browser, Page, StorageState, sync_playwright

from meg.embedded.folder import chosen_path

# 683 is 1366 at a zoom of 200 %.
SIZES = {
    "1366": (1366, 820),
    "1920": (1920, 1080),
    "1000": (1000, 700),
    "683": (683, 410),
    "390": (390, 844),
    "320": (320, 640),
}
THEMES = ("light", "dark")
PRINT = "print"
PRINTED_SHEETS = 4
ACCOUNTANT, ADMIN, NOBODY = "comptable@demo.test", "admin@demo.test", ""
PASSWORD = "demo-meg-2026"


def _nothing(page: Page) -> None:
    """The page as it comes."""


def _select(page: Page) -> None:
    """Two rows ticked, the third one current."""
    ticks = page.locator("[data-tick]")
    for place in range(2):
        ticks.nth(place).check()
    page.locator("[data-row-link]").nth(2).focus()


def _press(selector: str) -> Callable[[Page], None]:
    return _walk(selector)


def _walk(*selectors: str) -> Callable[[Page], None]:
    """Press the first element that answers to each in turn; one that is not in sight is passed over."""

    def walk(page: Page) -> None:
        for selector in selectors:
            if page.locator(selector).first.is_visible():
                page.locator(selector).first.click()
                page.wait_for_load_state()

    return walk


def _press_key(key: str) -> Callable[[Page], None]:
    return lambda page: page.keyboard.press(key)


def _in_dext(path: str) -> Callable[[Page], None]:
    """Dext's side, signed in to MEG there."""

    def walk(page: Page) -> None:
        page.locator("#email").fill(ACCOUNTANT)
        page.locator("#password").fill(PASSWORD)
        page.locator("form button.main").first.click()
        page.goto(f"{page.url.partition('/simulateur/')[0]}/simulateur/{path}")

    return walk


def _menu(page: Page) -> None:
    if page.locator(".menu-button").is_visible():
        page.locator(".menu-button").click()


def _wrong_login(page: Page) -> None:
    page.locator("[name=username], [name=email]").first.fill(ACCOUNTANT)
    page.locator("[name=password]").fill("oublié")
    page.locator("form button.main").click()


def _type(key: str, words: str) -> Callable[[Page], None]:
    def act(page: Page) -> None:
        page.keyboard.press(key)
        page.keyboard.type(words)

    return act


@dataclass(frozen=True)
class Shot:
    """`path` follows the address of the dossier, or that of MEG where it begins with a slash.

    `first` is done before the picture is taken; `by` is signed in.
    """

    path: str
    first: Callable[[Page], None] = _nothing
    by: str = ACCOUNTANT


PAGES = {
    "dashboard": Shot(""),
    "firm": Shot("/cabinet/"),
    "firm-late": Shot("/cabinet/?vue=releves"),
    "jump": Shot("", _type("Control+k", "orange")),
    "jump-pages": Shot("aller/"),
    "list": Shot("achats/"),
    "list-not-ready": Shot("achats/?onglet=pas-pret"),
    "list-selected": Shot("achats/", _select),
    "list-reasons": Shot("achats/?onglet=pas-pret", _press("button.badge")),
    "list-filtered": Shot("achats/?onglet=pas-pret&compte=aucun&du=01/08/2019", _press(".filters summary")),
    "list-views": Shot("achats/", _press(".views summary")),
    "list-account": Shot("achats/?onglet=pas-pret", _press(".account a")),
    "list-no-result": Shot("achats/?q=franprx"),
    "detail": Shot("achats/", _press("[data-row-link]")),
    "detail-posted": Shot("achats/?onglet=comptabilise", _press("[data-row-link]")),
    "supplier": Shot("achats/", _walk("[data-row-link]", "main a[href*='/fournisseurs/']")),
    "supplier-edit": Shot(
        "achats/", _walk("[data-row-link]", "main a[href*='/fournisseurs/']", "main a[href$='/modification/']")
    ),
    "deposit": Shot("achats/depot/"),
    "manual": Shot("achats/nouvelle/"),
    "duplicates": Shot("achats/doublons/"),
    "posting": Shot("achats/publication/"),
    "review": Shot("rapprochement/"),
    "review-search": Shot("rapprochement/", _press(".review-pair[data-open] [data-key=f]")),
    "review-unread": Shot("rapprochement/?onglet=a-relire"),
    "review-made": Shot("rapprochement/?onglet=rapprochees"),
    "review-all": Shot("rapprochement/?onglet=toutes"),
    "review-learnt": Shot("rapprochement/appris/"),
    "bank": Shot("banque/"),
    "bank-lines": Shot("banque/", _press("tbody th a")),
    "bank-automatic": Shot("banque/", _walk("tbody th a", ".folds-button", "main a[href$='/automatique/']")),
    "bank-methods": Shot("banque/moyens-de-paiement/"),
    "imports": Shot("banque/imports/"),
    "pieces": Shot("banque/pieces-a-demander/"),
    "receptions": Shot("receptions/"),
    "reception": Shot("receptions/", _press("tbody a[href*='ouverte'], [data-row-link]")),
    "dext": Shot("dext/"),
    "dext-rules": Shot("dext/regles/"),
    "dext-rules-live": Shot("dext/regles/en-vigueur/"),
    "dext-rules-import": Shot("dext/regles/import/"),
    "dext-exports": Shot("dext/import/"),
    "keys": Shot("achats/", _press_key("?")),
    "menu": Shot("achats/", _menu),
    "home": Shot("/"),
    "companies": Shot("/dossiers/"),
    "whereabouts": Shot("/ou-est-ma-facture/?q=franprix"),
    "preferences": Shot("/preferences/"),
    "password": Shot("/mot-de-passe/"),
    "members": Shot("/cabinet/membres/", by=ADMIN),
    "invite": Shot("/cabinet/membres/inviter/", by=ADMIN),
    "member": Shot("/cabinet/membres/", _press("[data-row-link]"), by=ADMIN),
    "firm-dext": Shot("/cabinet/dext/", by=ADMIN),
    "admin": Shot("/admin/", by=ADMIN),
    "admin-firm-dext": Shot("/admin/dext_connector/firmintegrationdefaults/", _press("#result_list tbody a"), by=ADMIN),
    "admin-dext": Shot("/admin/dext_connector/integrationsettings/", _press("#result_list tbody a"), by=ADMIN),
    "refused": Shot("/cabinet/membres/"),
    "not-found": Shot("nulle-part/"),
    "invitation-ended": Shot("/invitation/terminee/", by=NOBODY),
    "password-ended": Shot("/mot-de-passe/termine/jeton/", by=NOBODY),
    "password-sent": Shot("/mot-de-passe/envoye/", by=NOBODY),
    "simulator": Shot("/simulateur/connexion/", _in_dext("")),
    "simulator-settings": Shot("/simulateur/connexion/", _in_dext("parametres/")),
    "simulator-activation": Shot("/simulateur/connexion/", _in_dext("activation/")),
    "simulator-connection": Shot("/simulateur/connexion/"),
    "consent": Shot("/simulateur/connexion/", _press("form[action*=consentement] button")),
    "simulator-returns": Shot("/simulateur/connexion/", _in_dext("retours/")),
    "login": Shot("/connexion/", by=NOBODY),
    "login-refused": Shot("/connexion/", _wrong_login, by=NOBODY),
    "password-forgotten": Shot("/mot-de-passe/oublie/", by=NOBODY),
}


def main(words: list[str]) -> None:
    url = words[words.index("--url") + 1] if "--url" in words else _running()
    names, themes = _meant(words, PAGES), _meant(words, THEMES)
    sizes = [word for word in (*SIZES, PRINT) if word in words] or [*SIZES, PRINT]
    folder = Path(words[0])
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_chromium(), args=["--no-sandbox"])
        dossier, states = _sign_in_each(browser, url)
        for size in sizes:
            for name in names:
                address, state = _address(url, dossier, PAGES[name]), states[PAGES[name].by]
                if size == PRINT:
                    _print(browser, state, address, name, folder)
                for theme in themes if size != PRINT else ():
                    _take(browser, state, address, name, size, theme, folder)
        browser.close()


def _meant(words: list[str], known: Iterable[str]) -> list[str]:
    return [word for word in words[1:] if word in known] or list(known)


def _print(browser: Browser, state: StorageState | None, address: str, name: str, folder: Path) -> None:
    """The first sheets of the page on paper, A4 upright."""
    context = browser.new_context(viewport={"width": 1366, "height": 820}, storage_state=state)
    page = context.new_page()
    page.goto(address)
    PAGES[name].first(page)
    page.wait_for_load_state("networkidle")
    sheets = pypdfium2.PdfDocument(page.pdf(format="A4", prefer_css_page_size=True))
    for number in range(min(len(sheets), PRINTED_SHEETS)):
        sheets[number].render(scale=1.5).to_pil().save(folder / f"{name}-print-{number + 1}.png")
    context.close()


def _address(url: str, dossier: str, shot: Shot) -> str:
    return f"{url if shot.path.startswith('/') else dossier}{shot.path}"


def _running() -> str:
    return json.loads((chosen_path() / "run.json").read_text())["url"]


def _chromium() -> str | None:
    """Debian's own, else the one that Playwright brought."""
    path = Path("/usr/bin/chromium")
    return str(path) if path.exists() else None


def _sign_in_each(browser: Browser, url: str) -> tuple[str, dict[str, StorageState | None]]:
    """The address of DEMO, and the session of each login."""
    states: dict[str, StorageState | None] = {NOBODY: None}
    for login in (ADMIN, ACCOUNTANT):
        context = browser.new_context()
        page = context.new_page()
        page.goto(f"{url}/connexion/")
        page.locator("[name=username], [name=email]").first.fill(login)
        page.locator("[name=password]").fill(PASSWORD)
        page.locator("form button.main").click()
        page.goto(f"{url}/dossiers/")
        link = page.locator("a", has_text="DEMO").last.get_attribute("href") or ""
        states[login] = context.storage_state()
        context.close()
    return f"{url}{link}", states


def _take(
    browser: Browser, state: StorageState | None, address: str, name: str, size: str, theme: str, folder: Path
) -> None:
    width, height = SIZES[size]
    is_phone = width < 800
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if theme == "dark" else "light",
        has_touch=is_phone,
        is_mobile=is_phone,
        reduced_motion="reduce",
        storage_state=state,
    )
    page = context.new_page()
    page.on("console", lambda said: print(f"{name}-{size}-{theme}: {said.text}") if said.type == "error" else None)
    page.goto(address)
    PAGES[name].first(page)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=folder / f"{name}-{size}-{theme}.png")
    for fault in _faults(page):
        print(f"{name}-{size}-{theme}: {fault}")
    context.close()


FAULTS = """() => {
  const found = [], width = document.documentElement.scrollWidth;
  if (width > innerWidth) found.push(`wider than the window: ${width}`);
  for (const element of document.querySelectorAll("button, summary, input:not([type=hidden]), select")) {
    const box = (element.closest("label") ?? element).getBoundingClientRect();
    if (!element.checkVisibility() || !box.width) continue;
    if (Math.min(box.width, box.height) < 23.5) found.push(`small target: ${element.outerHTML.slice(0, 90)}`);
  }
  return [...new Set(found)].slice(0, 5);
}"""


def _faults(page: Page) -> list[str]:
    return list(page.evaluate(FAULTS))


if __name__ == "__main__":
    main(sys.argv[1:])
