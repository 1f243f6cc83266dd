"""Where a list is mailed to, and how it is laid out on paper."""

from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from asset_hub.core.fields import EmailField, TextField
from asset_hub.core.forms import Form, once_only

LETTERS = {"normal": "Normal", "large": "Large", "largest": "Very large"}
PAPER = {"a4": "A4", "a5": "A5, half of that"}


class MailForm(Form):
    """An address that is not kept, and a field that only programs fill in."""

    email = EmailField(
        "Your email address", thing="your email address", required=True,
        hint="We forget it as soon as the mail has left",
    )  # fmt: skip
    website = TextField("Leave this empty")
    once = once_only()


@dataclass(frozen=True)
class Sheet:
    """How a list is printed; whatever is asked for that there is not is the usual."""

    letters: str
    paper: str
    notes: bool
    giver: str

    @classmethod
    def asked(cls, arguments: "MultiDict[str, str]") -> "Sheet":
        """Read it from an address."""
        letters, paper = arguments.get("letters", ""), arguments.get("paper", "")
        return cls(
            letters=letters if letters in LETTERS else "normal",
            paper=paper if paper in PAPER else "a4",
            notes=arguments.get("notes", "") == "1",
            giver=arguments.get("from", "")[:80],
        )
