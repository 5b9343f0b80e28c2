"""How Django's forms are drawn: `{{ form }}` and `{{ form.name.as_field_group }}` look like the rest of the house."""

from __future__ import annotations

from django.forms.renderers import DjangoTemplates


class HouseForms(DjangoTemplates):
    """Django's own widgets inside the house's fields."""

    form_template_name = "house/form.html"
    field_template_name = "house/field.html"
