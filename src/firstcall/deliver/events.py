"""Journal kinds of deliver."""

from django.utils.translation import gettext_lazy as _

from firstcall.journal.kinds import kind

JOB_RETRIED = kind("job.retried", _("{by} asked for '{what}' to be tried again"), glyph="clock", regions=("now",))
