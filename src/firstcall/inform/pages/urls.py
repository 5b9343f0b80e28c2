"""Pages of inform."""

from __future__ import annotations

from django.urls import path

from firstcall.inform.pages import holding, pocket, status_page, update

urlpatterns = [
    path("pocket/", pocket.pocket, name="pocket"),
    path("worker.js", pocket.worker, name="worker"),
    path("incidents/<int:number>/update/", update.update, name="update"),
    path("incidents/<int:number>/holding/", holding.holding_update, name="holding"),
    path("pages/", status_page.status_pages, name="status_pages"),
    path("pages/new/", status_page.status_page_edit, name="status_page_new"),
    path("pages/<slug:slug>/", status_page.status_page_edit, name="status_page_edit"),
    path("private/<slug:slug>/", status_page.private_page, name="private_page"),
    path("private/<slug:slug>/<path:path>", status_page.private_page, name="private_file"),
    path("subscribe/<slug:slug>/", status_page.subscribe, name="subscribe"),
    path("subscription/confirm/<str:token>/", status_page.subscription_confirm, name="subscription_confirm"),
    path("subscription/end/<str:token>/", status_page.subscription_end, name="subscription_end"),
]
