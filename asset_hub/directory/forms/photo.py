"""The form about a group's photograph."""

from typing import Any

from asset_hub.core.db import limit
from asset_hub.core.fields import BooleanField, FileField, TextField
from asset_hub.core.forms import EditForm
from asset_hub.directory.models import Photo
from asset_hub.directory.rules.photos import MOST_BYTES


class PhotoForm(EditForm):
    """A photograph, what it shows in words, and everybody's agreement.

    `picture` is what was sent, drawn anew; None keeps the picture that is there.
    """

    picture: Any = None

    photo = FileField(
        "Photograph", thing="a photograph", max_bytes=MOST_BYTES, mark_optional=False,
        hint="A JPEG, PNG or WebP file of 8 MB at most. We keep no record of where it was taken",
    )  # fmt: skip
    alt = TextField(
        "What does it show?", thing="what it shows", required=True, max_length=limit(Photo.alt),
        hint="For people who cannot see it. For example: Six people round a table, laughing",
    )  # fmt: skip
    credit = TextField(
        "Who took it?", max_length=limit(Photo.credit), hint="Shown in small letters below it"
    )
    agreed = BooleanField(
        "Everyone in it has agreed to be shown here",
        required="Confirm that everyone in it has agreed to be shown",
        hint="Or nobody in it can be recognised. For a child, a parent has to agree",
    )  # fmt: skip

    def words(self) -> dict[str, Any]:
        """Return what is kept of a photograph."""
        return {"picture": self.picture, "alt": self.alt.data, "credit": self.credit.data}
