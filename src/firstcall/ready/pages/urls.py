"""Pages of ready."""

from __future__ import annotations

from django.urls import path

from firstcall.ready.pages import calendar, component, customer, flow, schedule, severity_rule, sketch, swap
from firstcall.ready.pages import path as paths

urlpatterns = [
    path("flows/", flow.flows, name="flows"),
    path("flows/new/", flow.flow_new, name="flow_new"),
    path("flows/map/", component.map_page, name="map"),
    path("flows/severities/", severity_rule.severities, name="severities"),
    path("flows/severities/<int:number>/", severity_rule.severity_edit, name="severity_edit"),
    path("flows/customers/", customer.customers, name="customers"),
    path("flows/customers/<int:number>/phone/", customer.customer_phone, name="customer_phone"),
    path("flows/needs/<int:number>/remove/", flow.need_remove, name="need_remove"),
    path("flows/sketched/<str:kind>/<slug:slug>/", sketch.sketch_confirm, name="sketch_confirm"),
    path("flows/<str:kind>/<slug:slug>/facts/", component.part_edit, name="part_edit"),
    path("flows/<str:kind>/<slug:slug>/remove/", component.part_remove, name="part_remove"),
    path("flows/components/<slug:slug>/", component.component, name="component"),
    path("flows/components/<slug:slug>/needs/", flow.component_needs, name="component_needs"),
    path("flows/providers/<slug:slug>/", component.provider, name="provider"),
    path("flows/<slug:slug>/", flow.flow, name="flow"),
    path("flows/<slug:slug>/edit/", flow.flow_edit, name="flow_edit"),
    path("flows/<slug:slug>/needs/", flow.flow_needs, name="flow_needs"),
    path("flows/<slug:slug>/paths/", paths.flow_path, name="flow_path"),
    path("oncall/", schedule.oncall, name="oncall"),
    path("oncall/new/", schedule.schedule_new, name="schedule_new"),
    path("oncall/<int:number>/", schedule.schedule, name="schedule"),
    path("oncall/<int:number>/layers/new/", schedule.layer_edit, name="layer_new"),
    path("oncall/<int:number>/layers/<int:place>/", schedule.layer_edit, name="layer_edit"),
    path("oncall/<int:number>/layers/<int:place>/move/", schedule.layer_move, name="layer_move"),
    path("oncall/<int:number>/remove/", schedule.schedule_remove, name="schedule_remove"),
    path("oncall/overrides/<int:number>/end/", schedule.override_remove, name="override_remove"),
    path("oncall/<int:number>/edit/", schedule.schedule_edit, name="schedule_edit"),
    path("oncall/<int:number>/override/", schedule.override_add, name="override_add"),
    path("oncall/<int:number>/swap/", swap.swap_new, name="swap_new"),
    path("oncall/swaps/<int:number>/", swap.swap, name="swap"),
    path("oncall/calendars/", calendar.calendar_links, name="calendar_links"),
    path("oncall/calendars/<int:number>/end/", calendar.calendar_link_end, name="calendar_link_end"),
    path("oncall/<int:number>/calendar/", calendar.calendar_new, name="calendar_new"),
    path("calendar/<str:secret>.ics", calendar.calendar_feed, name="calendar_feed"),
    path("oncall/paths/new/", paths.path_edit, name="path_new"),
    path("oncall/paths/<int:number>/", paths.path, name="path"),
    path("oncall/paths/<int:number>/edit/", paths.path_edit, name="path_edit"),
]
