"""The file on a page: chosen, looked at, and applied only as it was seen."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from firstcall.ready.models.component import Component
from firstcall.ready.models.dependency import Dependency
from firstcall.ready.models.flow import Flow
from firstcall.ready.models.preview import Preview
from tests.cast import Cast

PARTS = "firstcall: 1\ncomponents:\n- {slug: pay, name: Payments}\n- {slug: ledger, name: Ledger}\n"
FLOW = PARTS + "flows: [{slug: checkout, name: Checkout, cost_per_hour: 6200}]\n"
pytestmark = pytest.mark.django_db


def signed_in(user: object) -> Client:
    client = Client()
    client.force_login(user)  # type: ignore[arg-type]
    return client


def chosen(client: Client, text: str, name: str = "catalog.yaml") -> str:
    """The address of the preview."""
    answer = client.post("/flows/file/", {"file": SimpleUploadedFile(name, text.encode())})
    assert answer.status_code == 302, answer.content.decode()
    return answer.headers["Location"]


def mark_on(page: str) -> str:
    found = re.search(r'name="mark" value="([0-9a-f]{64})"', page)
    assert found
    return found[1]


def test_what_was_seen_is_applied_and_nothing_before(cast: Cast) -> None:
    client = signed_in(cast.ada)
    address = chosen(client, FLOW)
    page = client.get(address).content.decode()
    assert "The file is right." in page and "Payments" not in page and "<strong>pay</strong>" in page
    assert Component.objects.count() == 0
    assert client.post(address, {"mark": mark_on(page)}).headers["Location"] == "/flows/"
    assert set(Component.objects.values_list("slug", "origin")) == {("pay", "catalog.yaml"), ("ledger", "catalog.yaml")}
    assert Preview.objects.count() == 0
    assert client.get(address).status_code == 302
    page = client.get(chosen(client, FLOW.replace("6200", "7000"))).content.decode()
    assert "cost_per_hour: 6200 becomes 7000" in page


def test_another_difference_than_the_one_seen_is_not_applied(cast: Cast) -> None:
    client = signed_in(cast.ada)
    client.post(first := chosen(client, FLOW), {"mark": mark_on(client.get(first).content.decode())})
    address = chosen(client, FLOW.replace("6200", "7000"))
    mark = mark_on(client.get(address).content.decode())
    Flow.objects.update(cost_per_hour=6500)
    answer = client.post(address, {"mark": mark})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Meanwhile something else was changed." in page and "6500 becomes 7000" in page
    assert Flow.objects.get().cost_per_hour == 6500
    client.post(address, {"mark": mark_on(page)})
    assert Flow.objects.get().cost_per_hour == 7000


def test_what_is_wrong_stands_by_line_and_is_not_applied(cast: Cast) -> None:
    client = signed_in(cast.ada)
    address = chosen(client, PARTS + "- {slug: x, name: X, owner: nobody@example.com}\n")
    page = client.get(address).content.decode()
    assert "One thing is not right." in page and "Line 5, owner" in page
    assert "Nobody here has the mail address nobody@example.com: invite them first." in page
    assert client.post(address, {"mark": ""}).status_code == 422
    assert Component.objects.count() == 0
    Component.objects.create(slug="pay", name="Payments")
    address = chosen(client, PARTS)
    page = client.get(address).content.decode()
    assert 'href="?adopt=yes"' in page and "One of these was made by hand." in page and "--adopt" not in page
    page = client.get(address + "?adopt=yes").content.decode()
    assert "taken over" in page
    client.post(address, {"mark": mark_on(page), "adopt": "yes"})
    assert Component.objects.get(slug="pay").origin == "catalog.yaml"


def test_what_is_only_here_goes_when_it_is_ticked(cast: Cast) -> None:
    client = signed_in(cast.ada)
    for ticked, left in (({}, 1), ({}, 1), ({"prune": "yes"}, 0)):
        address = chosen(client, FLOW if left and not Flow.objects.exists() else PARTS)
        client.post(address, {"mark": mark_on(client.get(address).content.decode()), **ticked})
        assert Flow.objects.count() == left


def test_other_forms_are_known_by_their_beginning(cast: Cast) -> None:
    client = signed_in(cast.ada)
    graphs = '{"a": {"nodes": ["x", "y"], "edges": [["x", "y"]]}, "b": {"nodes": ["z"], "edges": []}}'
    address = chosen(client, graphs, "services.json")
    assert 'href="?graph=a"' in client.get(address).content.decode()
    page = client.get(address + "?graph=a").content.decode()
    client.post(address, {"mark": mark_on(page), "graph": "a"})
    assert Dependency.objects.get().component == Component.objects.get(slug="y")
    backstage = "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: shop}\nspec: {}\n"
    assert "<strong>shop</strong>" in client.get(chosen(client, backstage)).content.decode()


def test_a_file_that_is_no_text_is_refused(cast: Cast) -> None:
    client = signed_in(cast.ada)
    answer = client.post("/flows/file/", {"file": SimpleUploadedFile("a.yaml", b"\xff\xfe")})
    assert (answer.status_code, "save the file as UTF-8" in answer.content.decode()) == (422, True)
    assert client.post("/flows/file/").status_code == 422
    assert Preview.objects.count() == 0


def test_only_who_made_a_preview_sees_it_and_it_can_be_forgotten(cast: Cast) -> None:
    client = signed_in(cast.ada)
    address = chosen(client, PARTS)
    assert signed_in(cast.ben).get(address).status_code == 302
    assert signed_in(cast.eve).get(address).status_code == 403
    assert signed_in(cast.ben).post(f"{address}drop/").status_code == 302
    assert Preview.objects.count() == 1
    client.post(f"{address}drop/")
    assert Preview.objects.count() == 0
    Component.objects.create(slug="pay", name="Payments")
    exported = client.get("/flows/file/catalog.yaml")
    assert exported.content.decode() == "firstcall: 1\ncomponents:\n- slug: pay\n  name: Payments\n"
    assert exported.headers["Content-Disposition"] == 'attachment; filename="catalog.yaml"'
