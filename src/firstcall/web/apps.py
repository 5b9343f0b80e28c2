"""The Django app of the web room: base templates, static files, commands."""

from django.forms import Field
from django.utils.translation import gettext_lazy as _

from firstcall.journal.house import Room


class Web(Room):
    name = "firstcall.web"
    label = "web"

    def ready(self) -> None:
        super().ready()
        Field.default_error_messages["required"] = _("Fill this in.")  # in the house's words
