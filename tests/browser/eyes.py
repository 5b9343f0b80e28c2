"""A real browser, and what every page must keep: the content policy, axe, no sideways scroll."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.programs import program

QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
SHOTS = os.environ.get("FIRSTCALL_SHOTS", "")


@contextmanager
def chromium() -> Iterator[Browser]:
    """The distribution's Chromium, headless."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(program("chromium")), args=QUIET)
        try:
            yield browser
        finally:
            browser.close()


def person(browser: Browser, *, phone: bool = True, dark: bool = False, state: Path | None = None) -> BrowserContext:
    """Somebody with a browser of their own; what it complains of is kept."""
    context = browser.new_context(
        viewport=PHONE if phone else DESKTOP,  # type: ignore[arg-type]
        color_scheme="dark" if dark else "light",
        has_touch=phone,
        timezone_id="Europe/Berlin",
        locale="en-GB",
        storage_state=state,
    )
    context.set_default_timeout(15_000)
    context.add_init_script(
        "document.addEventListener('securitypolicyviolation', e => console.error('policy: ' + e.violatedDirective))"
    )
    return context


def open_page(context: BrowserContext) -> tuple[Page, list[str]]:
    """A page, and the list of what went wrong in it."""
    page, wrong = context.new_page(), []
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    page.on("response", lambda reply: wrong.append(f"{reply.status} {reply.url}") if reply.status >= 500 else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    return page, wrong


LAWS = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}  # all that a theme changes


def look(page: Page, name: str = "") -> None:
    """Axe finds nothing, nothing scrolls sideways; with a name, the picture is kept for the README."""
    _bring_axe(page)
    page.evaluate("scrollTo(0, 0)")  # an address with a place in it leaves half a line under the head that stays
    _ask_axe(page, LAWS)
    _is_narrow_enough(page)
    if name and SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"))


def look_all(page: Page) -> None:
    """The four looks of a page in one load, as width and theme change nothing but the styles: axe on a light phone and
    on a dark desk, its colours in the other two, and nothing scrolls sideways in either width."""
    _bring_axe(page)
    for size, theme, asked in (
        (PHONE, "light", LAWS), (PHONE, "dark", COLOURS), (DESKTOP, "dark", LAWS), (DESKTOP, "light", COLOURS),
    ):  # fmt: skip
        page.set_viewport_size(size)  # type: ignore[arg-type]
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]
        _ask_axe(page, asked)
        _is_narrow_enough(page)


def _bring_axe(page: Page) -> None:
    page.wait_for_load_state()  # a click returns when the next page answers, before its first element is there
    page.evaluate(AXE.read_text())


def _ask_axe(page: Page, asked: dict[str, Any]) -> None:
    result: dict[str, Any] = page.evaluate("asked => axe.run(document, asked)", asked)
    found = [
        f"{one['id']}: {one['nodes'][0]['html'][:200]} {one['nodes'][0].get('failureSummary', '')[:200]}"
        for one in result["violations"]
    ]
    assert found == [], f"{page.url}: {found}"


def _is_narrow_enough(page: Page) -> None:
    width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert width <= 0, f"{page.url} scrolls sideways by {width} px"
