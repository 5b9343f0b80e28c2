"""Addresses of respond. The room itself is desk's."""

from django.urls import path

from firstcall.respond.pages import (
    call_back,
    care_check,
    decision,
    escalation,
    handover,
    incident,
    look_in,
    need,
    page,
    put_off,
    question,
    role,
)

urlpatterns = [
    path("p/<str:token>/", page.page, name="page"),
    path("incidents/<int:number>/accept/", incident.accept, name="incident_accept"),
    path("incidents/<int:number>/decline/", incident.decline, name="incident_decline"),
    path("incidents/<int:number>/state/", incident.state, name="incident_state"),
    path("incidents/<int:number>/severity/", incident.severity, name="incident_severity"),
    path("incidents/<int:number>/known/", incident.known, name="incident_known"),
    path("incidents/<int:number>/note/", incident.note, name="incident_note"),
    path("incidents/<int:number>/restrict/", incident.restrict, name="incident_restrict"),
    path("incidents/<int:number>/roles/", role.give, name="roles"),
    path("incidents/<int:number>/roles/take/", role.take, name="role_take"),
    path("incidents/<int:number>/bring-in/", role.bring, name="bring_in"),
    path("incidents/<int:number>/have-it/", escalation.have_it, name="have_it"),
    path("incidents/<int:number>/wake/", escalation.wake, name="wake"),
    path("incidents/<int:number>/needs/", need.ask, name="need_ask"),
    path("incidents/<int:number>/needs/<int:need>/met/", need.met, name="need_met"),
    path("incidents/<int:number>/decisions/", decision.put, name="decision_put"),
    path("incidents/<int:number>/decisions/<int:decision>/", decision.compare, name="decision_compare"),
    path("incidents/<int:number>/look-ins/<int:look_in>/answered/", look_in.answered, name="look_in_answered"),
    path("incidents/<int:number>/look-ins/<int:look_in>/kept/", look_in.kept, name="severity_kept"),
    path("incidents/<int:number>/interrupted/", look_in.interrupted, name="interrupted"),
    path("incidents/<int:number>/care/", care_check.answered, name="care_answered"),
    path("incidents/<int:number>/care/seen/", care_check.seen, name="care_seen"),
    path("incidents/<int:number>/hand-over/", handover.offer, name="hand_over"),
    path("incidents/<int:number>/hand-over/<int:offer>/", handover.handover, name="handover"),
    path("incidents/<int:number>/questions/", question.ask, name="question_ask"),
    path("incidents/<int:number>/questions/<int:question>/", question.answer, name="question_answer"),
    path("put-off/", put_off.off, name="put_off"),
    path("call-backs/<int:call>/done/", call_back.kept, name="call_back_done"),
]
