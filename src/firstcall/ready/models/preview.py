"""A file that somebody looks at before it holds."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from firstcall.ready.models.flow import Flow


class PreviewKind(models.TextChoices):
    CUSTOMERS = "customers", _("Customers")
    HOURS = "hours", _("What each hour of the week costs")
    CATALOG = "catalog", _("What is prepared")


class Preview(models.Model):
    """`text` is the file as it came; of a table `columns` are the field of each column ('' for none).

    `flow` is whose hours it tells. Only `by` may see it. It leaves when it holds, or a day after it was made.
    """

    kind = models.CharField(max_length=9, choices=PreviewKind.choices)
    flow = models.ForeignKey(Flow, null=True, on_delete=models.CASCADE, related_name="previews")
    name = models.CharField(max_length=120)
    text = models.TextField()
    encoding = models.CharField(max_length=8)
    columns = models.JSONField(default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="previews")
    made_at = models.DateTimeField()
