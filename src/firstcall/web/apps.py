"""The Django app of the web room: base templates, static files, commands."""

from typing import Any

from django.core import validators
from django.forms import fields, models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from firstcall.journal.house import Room

FROM_LIST = _("Choose one from the list.")
SAID: dict[type[fields.Field], dict[str, Any]] = {
    fields.Field: {"required": _("Fill this in.")},
    fields.IntegerField: {"invalid": _("Give a whole number, in figures alone.")},
    fields.DateField: {"invalid": _("That is no day. It looks like 2026-11-20.")},
    fields.TimeField: {"invalid": _("That is no time. It looks like 22:54.")},
    fields.DateTimeField: {"invalid": _("Give a day and a time, such as 2026-11-20 22:54.")},
    fields.URLField: {"invalid": _("That is no address. It looks like https://example.com.")},
    fields.ChoiceField: {"invalid_choice": FROM_LIST},
    fields.MultipleChoiceField: {"invalid_choice": FROM_LIST},
    models.ModelChoiceField: {"invalid_choice": FROM_LIST},
    models.ModelMultipleChoiceField: {"invalid_choice": FROM_LIST},
}
CHECKED: dict[type[Any], Any] = {
    validators.MinValueValidator: _("%(limit_value)s at least."),
    validators.MaxValueValidator: _("%(limit_value)s at most."),
    validators.MaxLengthValidator: ngettext_lazy(
        "%(limit_value)d character at most; these are %(show_value)d.",
        "%(limit_value)d characters at most; these are %(show_value)d.",
        "limit_value",
    ),
    validators.URLValidator: _("That is no address. It looks like https://example.com."),
    validators.EmailValidator: _("That is not a mail address. It looks like name@example.com."),
}


class Web(Room):
    name = "firstcall.web"
    label = "web"

    def ready(self) -> None:
        """Django's fields and checks speak in the house's words."""
        super().ready()
        for field, words in SAID.items():
            field.default_error_messages = {**field.default_error_messages, **words}
        for check, sentence in CHECKED.items():
            check.message = sentence
