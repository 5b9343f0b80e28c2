"""The Django app of learn."""

from firstcall.journal.house import Room


class Learn(Room):
    name = "firstcall.learn"
    label = "learn"
