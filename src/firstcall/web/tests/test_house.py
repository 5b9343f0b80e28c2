"""The tags of the house, its pages, and what is said when something goes wrong."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone

from firstcall.web.templatetags.house import ago, mins, money, relative, sheets, state, when, when_played
from tests.cast import PASSWORD, make_cast

NOW = dt.datetime(2026, 11, 20, 22, 12, tzinfo=dt.UTC)


def test_a_time_names_its_zone_and_says_how_far_off_it_is() -> None:
    with timezone.override(ZoneInfo("Europe/Berlin")):
        said = when(NOW - dt.timedelta(minutes=7), NOW)
    assert said == (
        '<time datetime="2026-11-20T23:05+01:00" title="Friday 20 November 2026, 23:05 CET">23:05'
        '<span class="vh"> CET, 7 minutes ago</span></time>'
    )


def test_a_time_that_is_only_played_through_is_not_said_to_be_far_off() -> None:
    with timezone.override(ZoneInfo("Europe/Berlin")):
        said = when_played(NOW, NOW)
    assert said.endswith('>23:12<span class="vh"> CET</span></time>')


def test_another_day_is_named() -> None:
    with timezone.override(ZoneInfo("Europe/Berlin")):
        assert ">Thu 23:12<" in when(NOW - dt.timedelta(days=1), NOW)
        assert ">31 Oct 23:12<" in when(NOW - dt.timedelta(days=20), NOW)
    assert when(None, NOW) == ""


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (0.5, "just now"),
        (-1, "1 minute ago"),
        (4, "4 minutes from now"),
        (-122, "2 hours 2 min ago"),
        (-2880, "2 days ago"),
    ],
)
def test_how_far_off(minutes: float, said: str) -> None:
    assert relative(NOW + dt.timedelta(minutes=minutes), NOW) == said
    assert ago(NOW + dt.timedelta(minutes=minutes), NOW) == said


def test_lengths_and_money() -> None:
    assert [mins(0), mins(59.9), mins(60), mins(78), mins(dt.timedelta(hours=2, minutes=5))] == [
        "0 min", "59 min", "1 h", "1 h 18 min", "2 h 5 min",
    ]  # fmt: skip
    assert [money(6200), money(0), money(None)] == ["€6,200", "€0", "not known"]


def test_a_state_is_a_shape_and_a_word() -> None:
    said = state("investigating")
    assert "icons.svg#i-investigating" in said
    assert said.endswith("Investigating</span>")


class Filled(forms.Form):
    """A form of two fields."""

    name = forms.CharField(label="Name", help_text="What others read.")
    kind = forms.ChoiceField(label="Kind", choices=[("a", "A")], widget=forms.RadioSelect)


def test_a_plain_form_looks_like_ours_and_leads_to_its_errors() -> None:
    said = str(Filled({}))
    assert 'role="alert" tabindex="-1" data-focus' in said
    assert '<a href="#id_name">Name: Fill this in.</a>' in said
    assert '<a href="#id_kind_0">Kind: Fill this in.</a>' in said
    assert 'aria-describedby="id_name_helptext id_name_error"' in said
    assert said.count('id="id_name_error"') == 1
    assert 'aria-invalid="true"' in said


class Bounded(forms.Form):
    """One field of each kind that a person can get wrong."""

    number = forms.IntegerField(min_value=1, max_value=24)
    name = forms.CharField(max_length=3)
    day = forms.DateField()
    link = forms.URLField(assume_scheme="https")
    mail = forms.EmailField()
    kind = forms.ChoiceField(choices=[("a", "A")])


@pytest.mark.parametrize(
    ("field", "given", "said"),
    [
        ("number", "25", "24 at most."),
        ("number", "0", "1 at least."),
        ("number", "1e5", "Give a whole number, in figures alone."),
        ("name", "😀abc", "3 characters at most; these are 4."),
        ("day", "2026-02-30", "That is no day. It looks like 2026-11-20."),
        ("link", "javascript:alert(1)", "That is no address. It looks like https://example.com."),
        ("mail", "ada@x", "That is not a mail address. It looks like name@example.com."),
        ("kind", "b", "Choose one from the list."),
    ],
)
def test_a_field_says_in_plain_words_what_is_wrong(field: str, given: str, said: str) -> None:
    assert Bounded({field: given}).errors[field] == [said]


@pytest.mark.parametrize("page", ["400.html", "403.html", "403_csrf.html", "404.html", "429.html", "500.html"])
def test_an_error_page_needs_no_context_to_look_right_and_says_what_was_kept(page: str) -> None:
    said = render_to_string(page)
    assert sheets() in said
    assert any(words in said for words in ("Nothing was changed", "kept whole or not at all", "Nothing is locked"))
    assert 'href="/"' in said
    assert "<script>" not in said
    assert "style=" not in said


@pytest.mark.django_db
def test_the_theme_is_a_cookie_and_comes_back_only_to_us(client: Client) -> None:
    answer = client.post("/theme/", {"theme": "dark"}, headers={"referer": "http://testserver/flows/?theme=light"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "http://testserver/flows/")
    assert client.cookies["theme"].value == "dark"
    assert b'<html lang="en" data-theme="dark">' in client.get("/components/").content
    answer = client.post("/theme/", {"theme": ""}, headers={"referer": "http://evil.example/"})
    assert answer.headers["Location"] == "/"
    assert client.cookies["theme"].value == ""
    assert b'<html lang="en">' in client.get("/components/").content
    client.post("/theme/", {"theme": "purple"})
    assert client.cookies["theme"].value == ""


@pytest.mark.django_db
def test_sign_in_is_ours_and_a_wrong_password_names_no_account(client: Client) -> None:
    make_cast()
    said = client.get("/account/login/").content.decode()
    assert '<label for="id_login">Mail address</label>' in said
    assert "placeholder" not in said
    answers = [
        client.post("/account/login/", {"login": who, "password": "not this one"}).content.decode()
        for who in ("ada@example.com", "nobody@example.com")
    ]
    assert [answer.count("summary-error") for answer in answers] == [1, 1]
    done = client.post("/account/login/", {"login": "ada@example.com", "password": PASSWORD}, follow=True)
    assert done.redirect_chain == [("/", 302)]
    assert b"Successfully signed in" not in done.content


@pytest.mark.django_db
def test_the_grave_incident_follows_the_reader_and_stays_hidden_from_who_may_not_see_it(client: Client) -> None:
    from firstcall.people.queries.actor import actor_of
    from firstcall.respond.commands.incident import open_incident

    cast = make_cast()
    incident = open_incident(
        title="Card payments fail", flow=None, severity=1, symptom="", impact_started_at=None,
        by=actor_of(cast.ada), now=NOW, reason="Ada declared it.",
    )  # fmt: skip
    type(incident).objects.filter(pk=incident.pk).update(restricted=True)
    client.force_login(cast.ada, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert b'class="strip"' in client.get("/flows/").content
    assert b'class="strip"' not in client.get("/").content
    assert b'class="strip"' not in client.get(f"/incidents/{incident.pk}/").content
    client.force_login(cast.eve, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert b"Card payments fail" not in client.get("/flows/").content
