"""Take the screenshots by which pages are judged: `python -m bench.screenshots FOLDER [PAGE …] [--url URL]`.

A MEG with its demonstration must run (`make run`): its address is `--url`, else that of `manage.py up`. Each page is
taken at each of SIZES, light and dark: `FOLDER/<page>-<size>-<theme>.png`. A page is an address of the dossier DEMO and
what is done on it first; add one to PAGES. Prints what the checklist can be told of by a machine: a page wider than its
window, a target under 24 px, a fault in the console.
"""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from meg.embedded.folder import chosen_path

SIZES = {"1366": (1366, 820), "1920": (1920, 1080), "390": (390, 844), "320": (320, 640)}
THEMES = ("light", "dark")
LOGIN = ("comptable@demo.test", "demo-meg-2026")


def _nothing(page: Page) -> None:
    """The page as it comes."""


def _select(page: Page) -> None:
    """Two rows ticked, the third one current."""
    ticks = page.locator("[data-tick]")
    for place in range(2):
        ticks.nth(place).check()
    page.locator("[data-row-link]").nth(2).focus()


def _press(selector: str) -> Callable[[Page], None]:
    return lambda page: page.locator(selector).first.click()


def _type(key: str, words: str) -> Callable[[Page], None]:
    def act(page: Page) -> None:
        page.keyboard.press(key)
        page.keyboard.type(words)

    return act


@dataclass(frozen=True)
class Shot:
    """`path` follows the address of the dossier, or that of MEG where it begins with a slash.

    `first` is done before the picture is taken.
    """

    path: str
    first: Callable[[Page], None] = _nothing


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
    "review": Shot("rapprochement/"),
    "bank": Shot("banque/"),
    "pieces": Shot("banque/pieces-a-demander/"),
    "receptions": Shot("receptions/"),
    "dext": Shot("dext/"),
}


def main(words: list[str]) -> None:
    url = words[words.index("--url") + 1] if "--url" in words else _running()
    named = [word for word in words[1:] if word in PAGES]
    folder = Path(words[0])
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_chromium(), args=["--no-sandbox"])
        dossier, state = _sign_in(browser, url)
        for size in SIZES:
            for theme in THEMES:
                for name in named or PAGES:
                    _take(browser, state, _address(url, dossier, PAGES[name].path), name, size, theme, folder)
        browser.close()


def _address(url: str, dossier: str, path: str) -> str:
    return f"{url}{path}" if path.startswith("/") else f"{dossier}{path}"


def _running() -> str:
    return json.loads((chosen_path() / "run.json").read_text())["url"]


def _chromium() -> str | None:
    """Debian's own, else the one that Playwright brought."""
    path = Path("/usr/bin/chromium")
    return str(path) if path.exists() else None


def _sign_in(browser: Browser, url: str) -> tuple[str, dict]:
    """The address of DEMO, and the session."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{url}/connexion/")
    page.locator("[name=username], [name=email]").first.fill(LOGIN[0])
    page.locator("[name=password]").fill(LOGIN[1])
    page.locator("form button.main").click()
    page.goto(f"{url}/dossiers/")
    link = page.locator("a", has_text="DEMO").last.get_attribute("href") or ""
    state = context.storage_state()
    context.close()
    return f"{url}{link}", dict(state)


def _take(browser: Browser, state: dict, address: str, name: str, size: str, theme: str, folder: Path) -> None:
    width, height = SIZES[size]
    is_phone = width < 800
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if theme == "dark" else "light",
        has_touch=is_phone,
        is_mobile=is_phone,
        reduced_motion="reduce",
        storage_state=state,  # type: ignore[arg-type] # what `storage_state()` gave
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
