"""How Discord says no: an HTTP status with a code of its own.

Codes: https://docs.discord.com/developers/topics/opcodes-and-status-codes#json
"""

from typing import Any

Json = dict[str, Any]  # what goes over the wire


class Refusal(Exception):
    """An answer that is an error."""

    def __init__(self, status: int, code: int, message: str, **more: Any) -> None:
        super().__init__(f"{status} ({code}): {message}")
        self.status = status
        self.code = code
        self.body: Json = {"code": code, "message": message, **more}


def unknown(what: str, code: int) -> Refusal:
    """There is no such thing."""
    return Refusal(404, code, f"Unknown {what}")


def invalid(*problems: tuple[str, str]) -> Refusal:
    """The request's body breaks these limits: (path, what is wrong)."""
    errors: Json = {}
    for path, problem in problems:
        errors[path] = {"_errors": [{"code": "BASE_TYPE_BAD", "message": problem}]}
    return Refusal(400, 50035, "Invalid Form Body", errors=errors)
