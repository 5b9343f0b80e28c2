"""The Django app of inform."""

from firstcall.journal.house import Room


class Inform(Room):
    name = "firstcall.inform"
    label = "inform"
