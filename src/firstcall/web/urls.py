"""All pages of Django. Each room brings its own list."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from firstcall.web import house
from firstcall.web.api import api

urlpatterns: list[URLPattern | URLResolver] = [
    path("account/", include("firstcall.web.accounts")),
    path("theme/", house.theme, name="theme"),
    path("components/", house.components, name="components"),
    path("api/v1/", api.urls),
    path("", include("firstcall.desk.urls")),
    path("", include("firstcall.people.pages.urls")),
    path("", include("firstcall.ready.pages.urls")),
    path("", include("firstcall.detect.pages.urls")),
    path("", include("firstcall.respond.pages.urls")),
    path("", include("firstcall.inform.pages.urls")),
    path("", include("firstcall.learn.pages.urls")),
]
