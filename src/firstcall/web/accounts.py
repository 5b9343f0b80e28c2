"""The sign-in pages we offer of allauth's: no sign-up, no page to manage addresses. Each says who may open it."""

from __future__ import annotations

from allauth.account import views
from allauth.mfa.base import views as factor
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path, re_path

from firstcall.people.models.user import User
from firstcall.people.pages.guard import needs, public

signing_in = public("who signs in is not signed in yet")
forgot = public("who forgot the password can't sign in")
mine = needs("read")


@public("accounts are made by invitation: there is nothing here for anybody")
def not_here(_request: HttpRequest) -> HttpResponse:
    """allauth links to these pages by name; in this house they don't exist."""
    raise Http404


# Called by the template: who comes before the first account needs the link, and nobody can invite them.
login = views.LoginView.as_view(extra_context={"nobody_yet": lambda: not User.objects.exists()})

urlpatterns: list[URLPattern | URLResolver] = [
    path("login/", signing_in(login), name="account_login"),
    path("logout/", public("signing out twice does no harm")(views.logout), name="account_logout"),
    path("inactive/", signing_in(views.account_inactive), name="account_inactive"),
    path("signup/", not_here, name="account_signup"),
    path("email/", not_here, name="account_email"),
    path("reauthenticate/", mine(views.reauthenticate), name="account_reauthenticate"),
    path("password/change/", mine(views.password_change), name="account_change_password"),
    path("password/set/", not_here, name="account_set_password"),
    path("password/reset/", forgot(views.password_reset), name="account_reset_password"),
    path("password/reset/done/", forgot(views.password_reset_done), name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        forgot(views.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        forgot(views.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
    path("2fa/", mine(factor.index), name="mfa_index"),
    path("2fa/authenticate/", signing_in(factor.authenticate), name="mfa_authenticate"),
    path("2fa/reauthenticate/", mine(factor.reauthenticate), name="mfa_reauthenticate"),
    path("2fa/totp/activate/", mine(totp.activate_totp), name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", mine(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("2fa/recovery-codes/", mine(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("2fa/recovery-codes/generate/", mine(codes.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path("2fa/recovery-codes/download/", mine(codes.download_recovery_codes), name="mfa_download_recovery_codes"),
]
