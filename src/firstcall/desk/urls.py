"""Addresses of the desk: the first page, the rooms, declaring, the call, reports."""

from django.urls import path

from firstcall.desk import call, close, declare, drill, incidents, now, readiness, report, room, start, welcome

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
    path("alerts/reports/", report.reports, name="reports"),
    path("report/", report.report_new, name="report_new"),
    path("report/<int:number>/", report.report, name="report"),
    path("report/<int:number>/picture/", report.picture, name="report_picture"),
    path("report/<int:number>/join/", report.join, name="report_join"),
    path("start/", start.start, name="start"),
    path("start/business/", start.business, name="start_business"),
    path("start/business/<slug:key>/", start.sketch, name="start_sketch"),
    path("start/people/", start.people, name="start_people"),
    path("start/path/", start.path, name="start_path"),
    path("start/test/", start.trial, name="start_trial"),
    path("welcome/<str:token>/", welcome.welcome, name="welcome"),
    path("sample/", welcome.sample, name="sample"),
]
