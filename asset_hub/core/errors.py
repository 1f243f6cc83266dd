"""Errors the domain raises and the web layer knows how to show."""


class RuleBroken(Exception):
    """Say, in words fit for the person on the screen, why the domain refused."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class Missing(Exception):
    """What was asked for does not exist, or is out of this person's reach: a 404."""


class TooOften(Exception):
    """Something was tried too many times; `retry_after` is in seconds: a 429."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"try again in {retry_after} s")
        self.retry_after = retry_after
