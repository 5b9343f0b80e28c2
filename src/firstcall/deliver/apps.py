"""The Django app of deliver."""

from firstcall.journal.house import Room


class Deliver(Room):
    name = "firstcall.deliver"
    label = "deliver"
