"""Which flows an alert would tell of."""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from firstcall.detect.models.alert import Alert
from firstcall.detect.models.source import Source
from firstcall.ready.models.component import Component
from firstcall.ready.queries.ripple import the_net


def watched_flows() -> frozenset[int]:
    """Flows that need a part which a source is about, or of which an alert ever came. Three statements at most."""
    heard = Component.objects.filter(
        Exists(Alert.objects.filter(component=OuterRef("pk")))
        | Exists(Source.objects.filter(component=OuterRef("pk"), ended_at=None))
    )
    net = the_net()
    reached = (one.node for number in heard.values_list("pk", flat=True) for one in net.ripple(("component", number)))
    return frozenset(number for noun, number in reached if noun == "flow")
