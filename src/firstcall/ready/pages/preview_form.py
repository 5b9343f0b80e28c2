"""The form that takes a table: a file, or what was copied out of one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from firstcall.ready.rules.table import LARGEST

LEFT = _("This preview has left: it was imported, or a day has passed. Choose the file again.")
PASTE = 500_000  # characters: what a request may carry beside files


class TableForm(forms.Form):
    """One of the two."""

    file = forms.FileField(
        label=_("The file"), required=False,
        help_text=_("CSV, with a comma, a semicolon or a tab between cells; 4 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.tsv,.txt,text/csv,text/plain"}), allow_empty_file=True,
    )  # fmt: skip
    paste = forms.CharField(
        label=_("Or the rows, copied from a spreadsheet"), required=False, max_length=PASTE, strip=False,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false", "autocomplete": "off"}),
        help_text=_("The line that names the columns, too."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if not self.errors and not found.get("file") and not (found.get("paste") or "").strip():
            self.add_error("file", gettext("Choose a file, or paste the rows."))
        return found

    def body(self) -> tuple[bytes, str]:
        """The bytes and the file's name; '' for a paste."""
        file = self.cleaned_data["file"]
        if file:
            return file.read(LARGEST + 1), file.name or ""
        return self.cleaned_data["paste"].encode(), ""
