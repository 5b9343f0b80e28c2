"""The Django app of detect."""

from firstcall.journal.house import Room


class Detect(Room):
    name = "firstcall.detect"
    label = "detect"
