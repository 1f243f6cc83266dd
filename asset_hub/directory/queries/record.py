"""What everybody may know of one published group, as the texts that were stored."""

from uuid import UUID

from asset_hub.core.reading import rows

_RECORD = (
    "SELECT CAST(l.card AS TEXT), p.feature FROM listing l "
    "LEFT JOIN listing_place p ON p.service_id = l.service_id "
    "WHERE l.service_id = :key ORDER BY p.id"
)


def record(key: UUID) -> tuple[str, list[str]] | None:
    """Return a published group's card and the features of its public places, each as JSON.

    None when there is no such group, or it is not published.
    """
    found = rows(_RECORD, {"key": key.hex})
    if not found:
        return None
    return found[0][0], [feature for _, feature in found if feature]
