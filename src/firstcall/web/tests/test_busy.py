"""A write that gets no turn is said in a page, and nothing else is caught with it."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from firstcall.web.sqlite.gate import StoreBusy


def write(_request: HttpRequest) -> HttpResponse:
    raise StoreBusy


def bug(_request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError


urlpatterns: list[Any] = [path("write/", write), path("bug/", bug)]


@pytest.mark.django_db
@override_settings(ROOT_URLCONF=__name__)
def test_a_busy_store_is_a_page_that_says_nothing_was_changed() -> None:
    answer = Client().post("/write/")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "3")
    assert b"Nothing was changed" in answer.content
    with pytest.raises(ZeroDivisionError):
        Client().post("/bug/")
