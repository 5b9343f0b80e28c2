"""The Django app of the reactions: no tables, one file a reaction, all found by their place."""

from firstcall.journal.house import Room, import_rooms


class Reactions(Room):
    name = "firstcall.reactions"
    label = "reactions"

    def ready(self) -> None:
        import_rooms(self.name)
