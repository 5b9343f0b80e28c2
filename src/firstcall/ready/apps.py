"""The Django app of ready."""

from firstcall.journal.house import Room


class Ready(Room):
    name = "firstcall.ready"
    label = "ready"
