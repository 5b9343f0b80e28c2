"""The Django app of the desk: no tables, only screens."""

from firstcall.journal.house import Room


class Desk(Room):
    name = "firstcall.desk"
    label = "desk"
