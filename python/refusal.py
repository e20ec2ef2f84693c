"""An error that people can mend, as Modelyard reports it."""

from typing import Any, Dict


class Refusal(Exception):
    """What is wrong and how to mend it. `code` is one of Modelyard's: DATA_INVALID, MODEL_UNSUPPORTED."""

    def __init__(self, code: str, field: str, value: Any, remedy: str) -> None:
        super().__init__(f"{remedy} ({field}: {value})")
        self.body: Dict[str, Any] = {
            "code": code,
            "message": str(self),
            "detail": {"field": field, "value": value, "remedy": remedy},
        }
