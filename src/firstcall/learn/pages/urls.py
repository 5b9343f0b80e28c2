"""Pages of learn."""

from __future__ import annotations

from django.urls import path

from firstcall.learn.pages import evidence, postmortem

urlpatterns = [
    path("incidents/<int:number>/postmortem/", postmortem.postmortem, name="postmortem"),
    path("actions/", postmortem.actions, name="actions"),
    path("actions/<int:number>/", postmortem.action_change, name="action_change"),
    path("evidence/", evidence.evidence, name="evidence"),
]
