"""What a library refuses."""

from typing import Optional


class Refused(Exception):
    """The options or the rows are wrong; the message is the library's own."""

    def __init__(self, message: object, option: Optional[str] = None) -> None:
        super().__init__(str(message).strip())
        self.option = option
