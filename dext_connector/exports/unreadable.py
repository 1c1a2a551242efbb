"""What makes a whole export unreadable; a row that is wrong is refused by itself, when it is published."""


class UnreadableExport(Exception):
    """Nothing of the file can be taken. `message` is one French sentence, `place` says where (« ligne 4 »), or ""."""

    def __init__(self, message: str, place: str = "") -> None:
        super().__init__(f"{place[:1].upper()}{place[1:]}\u00a0: {message}" if place else message)
        self.message, self.place = message, place
