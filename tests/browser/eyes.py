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


def look(page: Page, name: str = "") -> None:
    """Axe finds nothing, nothing scrolls sideways; with a name, the picture is kept for the README."""
    page.evaluate(AXE.read_text())
    result: dict[str, Any] = page.evaluate("axe.run(document, {runOnly: ['wcag2a','wcag2aa','wcag21aa','wcag22aa']})")
    found = [
        f"{one['id']}: {one['nodes'][0]['html'][:200]} {one['nodes'][0].get('failureSummary', '')[:200]}"
        for one in result["violations"]
    ]
    assert found == [], f"{page.url}: {found}"
    width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert width <= 0, f"{page.url} scrolls sideways by {width} px"
    if name and SHOTS:
        page.evaluate("scrollTo(0, 0)")
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"))
