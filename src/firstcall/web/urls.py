"""All pages of Django. Each room brings its own list."""

from __future__ import annotations

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from firstcall.web import house

ROOMS = (
    "desk.urls",
    "people.pages.urls",
    "ready.pages.urls",
    "detect.pages.urls",
    "respond.pages.urls",
    "inform.pages.urls",
    "learn.pages.urls",
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("account/", include("firstcall.web.accounts")),
    path("theme/", house.theme, name="theme"),
    path("components/", house.components, name="components"),
    *(path("", include(f"firstcall.{room}")) for room in ROOMS if find_spec(f"firstcall.{room}")),
]
