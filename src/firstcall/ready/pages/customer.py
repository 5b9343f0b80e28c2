"""Customers, so that the room can say who is hit."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from firstcall.kernel import clock
from firstcall.kernel.refusal import Refused
from firstcall.people.pages.guard import needs, viewer_of
from firstcall.people.queries.actor import actor_of
from firstcall.ready.commands.customer import add_customer, set_phone
from firstcall.ready.models.customer import Customer
from firstcall.ready.pages.forms import CustomerForm, refuse

PAGE = 100


@needs("read", post="prepare")
@require_http_methods(["GET", "POST"])
def customers(request: HttpRequest) -> HttpResponse:
    """Everybody who uses us, those with contracts first, and the form that adds one."""
    form = CustomerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            customer = add_customer(**form.cleaned_data, by=actor_of(viewer_of(request)), now=clock.now())
        except Refused as refused:
            refuse(form, refused)
        else:
            messages.success(request, _("%(name)s is added.") % {"name": customer.name})
            return redirect("customers")
    rows = Customer.objects.order_by("-contract", "name").prefetch_related("flows")
    wanted = request.GET.get("q", "").strip()
    if wanted:
        rows = rows.filter(name__icontains=wanted)
    context = {"customers": rows[:PAGE], "count": rows.count(), "form": form, "q": wanted, "most": PAGE}
    return render(request, "ready/customer/list.html", context, status=422 if form.errors else 200)


@needs("prepare")
@require_http_methods(["POST"])
def customer_phone(request: HttpRequest, number: int) -> HttpResponse:
    """The number of one who had none."""
    customer = get_object_or_404(Customer, pk=number)
    try:
        set_phone(
            customer=customer, phone=request.POST.get("phone", ""), by=actor_of(viewer_of(request)), now=clock.now()
        )
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, _("Saved."))
    return redirect("customers")
