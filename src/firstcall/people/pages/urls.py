"""Pages of people."""

from __future__ import annotations

from django.urls import path

from firstcall.people.pages import person, quiet, session, team, token

urlpatterns = [
    path("people/", person.people, name="people"),
    path("people/<int:number>/", person.person_page, name="person"),
    path("teams/", team.teams, name="teams"),
    path("teams/new/", team.team_edit, name="team_new"),
    path("teams/<slug:slug>/", team.team_edit, name="team_edit"),
    path("profile/", person.profile, name="profile"),
    path("profile/sessions/", session.sessions_end, name="sessions_end"),
    path("profile/tokens/", token.tokens, name="tokens"),
    path("profile/tokens/<int:number>/end/", token.token_end, name="token_end"),
    path("profile/quiet/", quiet.quiet, name="quiet"),
    path("profile/contacts/", person.contact_add, name="contact_add"),
    path("profile/contacts/<int:number>/", person.contact_change, name="contact_change"),
    path("join/<str:token>/", person.join_page, name="join"),
]
