"""Addresses of the desk: the first page, the rooms, declaring, the call."""

from django.urls import path

from firstcall.desk import call, declare, incidents, now, readiness, room, welcome

urlpatterns = [
    path("", now.now, name="now"),
    path("incidents/", incidents.incidents, name="incidents"),
    path("incidents/<int:number>/", room.room, name="room"),
    path("ready/", readiness.readiness, name="readiness"),
    path("declare/", declare.declare, name="declare"),
    path("call/", call.call, name="call"),
    path("welcome/<str:token>/", welcome.welcome, name="welcome"),
    path("sample/", welcome.sample, name="sample"),
]
