"""The ids of what an import writes: lasting, so that the same file gives the same ids."""

import re
from uuid import UUID, uuid5

NAMESPACE = UUID("6b0c1f62-8f0e-5a1b-9f3a-2f9b8a6d4e10")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.I)


def own_id(key: str) -> UUID | None:
    """Return the id that a feed gave, when it is one."""
    return UUID(key) if _UUID.fullmatch(key) else None


def derived(source: str, key: str) -> UUID:
    """Return the lasting id of what a source knows by something else, or by a taken id."""
    return uuid5(NAMESPACE, f"{source}/{key}")


def runner_key(key: str) -> str:
    """Return what an organisation's id is derived from."""
    return f"organization/{key}"


def place_id(key: UUID, number: int) -> UUID:
    """Return the lasting id of a service's place."""
    return uuid5(key, f"place {number}")


def meets_id(key: UUID, number: int) -> UUID:
    """Return the lasting id of the row that joins a service and its place."""
    return uuid5(key, f"meets {number}")
