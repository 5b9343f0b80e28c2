"""Devices in words."""

from __future__ import annotations

import pytest

from firstcall.people.rules.device import device_of

MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)"
KIT = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("agent", "browser", "system"),
    [
        (f"{MAC} {KIT} Chrome/129.0.0.0 Safari/537.36", "Chrome", "Mac"),
        (f"{MAC} {KIT} Chrome/129.0.0.0 Safari/537.36 Edg/129.0", "Edge", "Mac"),
        (f"{MAC} AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15", "Safari", "Mac"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0", "Firefox", "Linux"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
            "Version/18.0 Mobile/15E148 Safari/604.1",
            "Safari",
            "iPhone",
        ),
        (f"Mozilla/5.0 (Linux; Android 14; Pixel 8) {KIT} Chrome/129.0.0.0 Mobile Safari/537.36", "Chrome", "Android"),
        ("curl/8.5.0", "curl", ""),
        ("", "", ""),
        ("<script>", "", ""),
    ],
)
def test_what_a_browser_says_of_itself(agent: str, browser: str, system: str) -> None:
    assert device_of(agent) == (browser, system)
