"""Pages of detect."""

from __future__ import annotations

from django.urls import path

from firstcall.detect.pages import digest, group, provider_status, source

urlpatterns = [
    path("alerts/", group.alerts, name="alerts"),
    path("alerts/<int:number>/", group.alert, name="alert"),
    path("alerts/<int:number>/answer/", group.answer, name="alert_answer"),
    path("alerts/<int:number>/close/", group.close, name="alert_close"),
    path("alerts/digest/", digest.digest, name="digest"),
    path("alerts/sources/", source.sources, name="sources"),
    path("alerts/sources/<int:number>/key/", source.key_new, name="key_new"),
    path("alerts/sources/<int:number>/end/", source.source_end, name="source_end"),
    path("alerts/keys/<int:number>/end/", source.key_end, name="key_end"),
    path("flows/providers/<slug:slug>/ask/", provider_status.provider_ask, name="provider_ask"),
]
