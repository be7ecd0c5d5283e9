"""What the server answers when it does not do what was asked."""

from typing import Any


class ApiError(Exception):
    """An answer `ok: false` with its code, its words and perhaps the seconds to wait."""

    def __init__(self, code: int, description: str, *, retry_after: int | None = None) -> None:
        super().__init__(description)
        self.code, self.description, self.retry_after = code, description, retry_after

    def body(self) -> dict[str, Any]:
        """The JSON of the answer."""
        told: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.retry_after is not None:
            told["parameters"] = {"retry_after": self.retry_after}
        return told


def bad(words: str) -> ApiError:
    """A request that can't be done as it is."""
    return ApiError(400, f"Bad Request: {words}")


def forbidden(words: str) -> ApiError:
    """A chat in which this bot may not speak."""
    return ApiError(403, f"Forbidden: {words}")


def conflict(words: str) -> ApiError:
    """Two ways of getting updates at once."""
    return ApiError(409, f"Conflict: {words}")


def flood(seconds: int) -> ApiError:
    """Too much, too fast."""
    return ApiError(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
