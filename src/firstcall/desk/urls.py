"""Addresses of the desk: the first page, the rooms, declaring, the call."""

from django.urls import path

from firstcall.desk import call, close, declare, drill, incidents, now, readiness, room, start, welcome

urlpatterns = [
    path("", now.now, name="now"),
    path("incidents/", incidents.incidents, name="incidents"),
    path("incidents/<int:number>/", room.room, name="room"),
    path("incidents/<int:number>/close/", close.close, name="incident_close"),
    path("ready/", readiness.readiness, name="readiness"),
    path("ready/drills/", drill.drills, name="drills"),
    path("ready/drills/<int:number>/", drill.drill, name="drill"),
    path("declare/", declare.declare, name="declare"),
    path("call/", call.call, name="call"),
    path("start/", start.start, name="start"),
    path("start/business/", start.business, name="start_business"),
    path("start/business/<slug:key>/", start.sketch, name="start_sketch"),
    path("start/people/", start.people, name="start_people"),
    path("start/path/", start.path, name="start_path"),
    path("start/test/", start.trial, name="start_trial"),
    path("welcome/<str:token>/", welcome.welcome, name="welcome"),
    path("sample/", welcome.sample, name="sample"),
]
