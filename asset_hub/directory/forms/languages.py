"""Choosing languages: the few that most groups speak in sight, the others folded."""

from asset_hub.core.fields import CheckboxesField, Choice
from asset_hub.directory.forms.topics import TopicsWidget

IN_SIGHT = 2


class LanguagesField(CheckboxesField):
    """Languages; what was chosen before is never folded away unseen."""

    widget = TopicsWidget()

    def groups(self) -> list[tuple[str, list[Choice]]]:
        """Return the choices under their headings; those without one are in sight."""
        shown = list(self.shown())
        rest = shown[IN_SIGHT:]
        return [("", shown[:IN_SIGHT]), (f"{len(rest)} more languages", rest)]

    def offered_first(self) -> list[Choice]:
        """Return nothing: no language is likelier than another."""
        return []

    def words_of(self, _: str) -> str:
        """Return no words: there is no filter over these."""
        return ""
