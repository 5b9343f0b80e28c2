"""Naming people, seeing who it would be, and taking it, on the pages."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from firstcall.people.models.team import Team
from firstcall.ready.models.duty import Acceptance, Duty
from firstcall.ready.models.flow import Flow
from tests.cast import Cast

NOW = dt.datetime(2026, 11, 20, 22, tzinfo=dt.UTC)
pytestmark = pytest.mark.clock(NOW)


def test_named_asked_taken_seen(client: Client, cast: Cast, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    client.force_login(cast.ada)
    assert "Nobody yet. Begin with who speaks to customers" in client.get("/oncall/roles/").content.decode()
    form = {"role": "communications_lead", "holder": f"user:{cast.cleo.pk}", "deputy": f"user:{cast.ben.pk}"}
    answer = client.post("/oncall/roles/new/", form | {"hours_from": "09:00"})
    assert answer.status_code == 422
    assert "Give both hours, or neither." in answer.content.decode()
    assert Duty.objects.count() == 0
    assert client.post("/oncall/roles/new/", form).status_code == 302
    duty = Duty.objects.get()
    page = client.get("/oncall/roles/").content.decode()
    assert "At any hour: Cleo would speak to customers, and has not accepted it." in page
    client.force_login(cast.cleo)
    assert "1 role waits for your word." in client.get("/profile/duties/").content.decode()
    assert client.post("/profile/duties/", {"duty": duty.pk}).status_code == 302
    assert Acceptance.objects.get().accepted_at == NOW
    assert "Yours until 18 February" in client.get("/profile/duties/").content.decode()
    assert client.post("/oncall/roles/new/", form).status_code == 403
    assert client.post(f"/oncall/roles/{duty.pk}/remove/").status_code == 403
    for name in ("checkout", "refunds", "reports"):
        Flow.objects.create(slug=name, name=name.title(), criticality="critical")
    with django_assert_max_num_queries(20):
        page = client.get("/oncall/roles/?at=2026-11-21T03:00").content.decode()
    assert "On Saturday 21 November, 03:00" in page
    assert page.count('data-label="communications lead"') == 1  # all three have the same people
    assert client.get("/oncall/roles/?at=nonsense").status_code == 200
    client.force_login(cast.ada)
    assert client.get(f"/oncall/roles/{duty.pk}/").status_code == 200
    assert client.post(f"/oncall/roles/{duty.pk}/remove/").status_code == 302
    assert Duty.objects.count() == 0


def test_a_team_is_made_and_changed(client: Client, cast: Cast) -> None:
    client.force_login(cast.ada)
    assert "None yet." in client.get("/teams/").content.decode()
    assert client.post("/teams/new/", {"name": "Payments", "members": [cast.ben.pk]}).status_code == 302
    again = client.post("/teams/new/", {"name": "Payments"})
    assert again.status_code == 422
    assert "There is a team of this name already." in again.content.decode()
    team = Team.objects.get()
    assert (team.slug, [user.name for user in team.members.all()]) == ("payments", ["Ben"])
    assert (
        client.post("/teams/payments/", {"name": "Payments", "members": [cast.ada.pk, cast.ben.pk]}).status_code == 302
    )
    assert sorted(user.name for user in team.members.all()) == ["Ada", "Ben"]
    client.force_login(cast.eve)
    assert client.post("/teams/payments/", {"name": "Mine"}).status_code == 403
    Team.objects.update(origin="flows.yaml")
    client.force_login(cast.ada)
    answer = client.post("/teams/payments/", {"name": "Other"})
    assert answer.status_code == 422
    assert "flows.yaml" in answer.content.decode()
    assert Team.objects.get().name == "Payments"
