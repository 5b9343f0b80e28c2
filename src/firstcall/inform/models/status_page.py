"""The outward face: pages, their parts, and every version that was published."""

from __future__ import annotations

from django.db import models

from firstcall.ready.models.flow import Flow


class StatusPage(models.Model):
    """`slug` is its address below /status/. A private page is never put where anybody can read it.

    `since` is when it was first published: of the days before, the page claims nothing.
    """

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    private = models.BooleanField(default=False)
    since = models.DateTimeField()
    sample = models.BooleanField(default=False)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class StatusComponent(models.Model):
    """A part as customers know it; its state follows what was said publicly about `flow`."""

    page = models.ForeignKey(StatusPage, on_delete=models.CASCADE, related_name="components")
    name = models.CharField(max_length=120)
    flow = models.ForeignKey(Flow, null=True, blank=True, on_delete=models.SET_NULL)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "id"]


class PageVersion(models.Model):
    """All that a page shows, as JSON, so that it can be rendered again without asking anything else."""

    page = models.ForeignKey(StatusPage, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["page", "number"], name="one_version_a_number")]
