"""Customers, so that the room can say who is hit, and one of them, so that somebody can ring."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from firstcall.kernel import clock
from firstcall.kernel.number import number_in
from firstcall.kernel.refusal import Refused
from firstcall.people.pages.guard import needs, viewer_of
from firstcall.people.queries.actor import actor_of
from firstcall.people.rules.access import can
from firstcall.ready.commands.customer import (
    add_customer,
    change_customer,
    end_customer,
    remove_contact,
    set_contact,
)
from firstcall.ready.models.customer import Contact, Customer
from firstcall.ready.pages.customer_form import ContactForm, CustomerForm
from firstcall.ready.pages.forms import refuse
from firstcall.ready.queries.customer import customer_list, customer_numbered

FACTS = (
    "name", "phone", "contract", "tier", "account_owner", "service_level", "minutes_a_month", "key",
)  # fmt: skip


def _one(number: int) -> Customer:
    row = customer_numbered(number)
    if row is None:
        raise Http404
    return row


@require_safe
@needs("read")
def customers(request: HttpRequest) -> HttpResponse:
    """Everybody who uses us, those with contracts first, found by name and tier."""
    text, tier = request.GET.get("q", "").strip()[:120], request.GET.get("tier", "")
    page = number_in(request.GET.get("page", "1"))
    found = customer_list(text=text, tier=tier, page=1 if page is None else page)
    may = can(viewer_of(request).access, "prepare")
    return render(
        request, "ready/customer/list.html", {"found": found, "q": text, "tier": tier, "can_prepare": may}
    )  # fmt: skip


@needs("prepare")
@require_http_methods(["GET", "POST"])
def customer_new(request: HttpRequest) -> HttpResponse:
    """Note a customer."""
    form = CustomerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            row = add_customer(**form.cleaned_data, by=actor_of(viewer_of(request)), now=clock.now())
        except Refused as refused:
            refuse(form, refused)
        else:
            messages.success(request, _("%(name)s is added. Now say whom to ring there.") % {"name": row.name})
            return redirect("customer", row.pk)
    return render(request, "ready/customer/form.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
@needs("read")
def customer(request: HttpRequest, number: int) -> HttpResponse:
    """One customer: whom to ring, what it uses, what was agreed, what it reported."""
    return _page(request, _one(number), ContactForm())


def _page(request: HttpRequest, row: Customer, form: ContactForm) -> HttpResponse:
    may = can(viewer_of(request).access, "prepare")
    context: dict[str, Any] = {
        "customer": row, "form": form, "may_confirm": may, "can_prepare": may and not row.origin,
    }  # fmt: skip
    return render(request, "ready/customer/page.html", context, status=422 if form.errors else 200)


@needs("prepare")
@require_http_methods(["GET", "POST"])
def customer_edit(request: HttpRequest, number: int) -> HttpResponse:
    """New facts of a customer."""
    row = _one(number)
    initial = {name: getattr(row, name) for name in FACTS} | {"flows": row.flows.all()}
    form = CustomerForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            change_customer(customer=row, **form.cleaned_data, by=actor_of(viewer_of(request)), now=clock.now())
        except Refused as refused:
            refuse(form, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("customer", number)
    context = {"form": form, "customer": _one(number)}
    return render(request, "ready/customer/form.html", context, status=422 if form.errors else 200)


@require_POST
@needs("prepare")
def customer_end(request: HttpRequest, number: int) -> HttpResponse:
    """It is no customer any more."""
    row = _one(number)
    try:
        end_customer(customer=row, by=actor_of(viewer_of(request)), now=clock.now())
    except Refused as refused:
        messages.error(request, refused.sentence)
        return redirect("customer", number)
    messages.success(request, _("%(name)s has ended.") % {"name": row.name})
    return redirect("customers")


@require_POST
@needs("prepare")
def contact_new(request: HttpRequest, number: int) -> HttpResponse:
    """Somebody to ring there."""
    row, form = _one(number), ContactForm(request.POST)
    if form.is_valid():
        try:
            set_contact(customer=row, **form.cleaned_data, by=actor_of(viewer_of(request)), now=clock.now())
        except Refused as refused:
            refuse(form, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("customer", number)
    return _page(request, row, form)


@needs("prepare")
@require_http_methods(["GET", "POST"])
def contact_edit(request: HttpRequest, number: int) -> HttpResponse:
    """New facts of a person at a customer."""
    row = get_object_or_404(Contact.objects.select_related("customer"), pk=number)
    form = ContactForm(request.POST or None, initial={name: getattr(row, name) for name in ContactForm.base_fields})
    if request.method == "POST" and form.is_valid():
        try:
            set_contact(
                customer=row.customer, contact=row, **form.cleaned_data, by=actor_of(viewer_of(request)),
                now=clock.now(),
            )  # fmt: skip
        except Refused as refused:
            refuse(form, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("customer", row.customer_id)
    context = {"form": form, "contact": row, "customer": row.customer}
    return render(request, "ready/customer/contact.html", context, status=422 if form.errors else 200)


@require_POST
@needs("prepare")
def contact_remove(request: HttpRequest, number: int) -> HttpResponse:
    """They are not there any more."""
    row = get_object_or_404(Contact.objects.select_related("customer"), pk=number)
    try:
        remove_contact(contact=row, by=actor_of(viewer_of(request)), now=clock.now())
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, _("Removed."))
    return redirect("customer", row.customer_id)
