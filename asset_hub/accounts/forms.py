"""Forms for accounts."""

from typing import Any
from uuid import UUID

from asset_hub.accounts.models import Account, Passkey
from asset_hub.accounts.rules import LONGEST_PASSWORD, must_be_good_password
from asset_hub.core import ids
from asset_hub.core.db import limit
from asset_hub.core.errors import RuleBroken
from asset_hub.core.fields import (
    EmailField,
    HiddenField,
    PasswordField,
    RadioField,
    SelectField,
    TextField,
)
from asset_hub.core.forms import Form, once_only

NEW_PASSWORD = "At least 12 characters. Three or four words in a row are easy to remember."  # noqa: S105


def _name() -> TextField:
    return TextField(
        "Your name",
        thing="your name",
        required=True,
        hint="As people here know you.",
        autocomplete="name",
        max_length=limit(Account.name),
    )


def _new_password(label: str = "Choose a password") -> PasswordField:
    return PasswordField(
        label,
        thing="a password",
        required=True,
        hint=NEW_PASSWORD,
        autocomplete="new-password",
        max_length=LONGEST_PASSWORD,
    )


def _email(label: str = "Your email address", hint: str = "") -> EmailField:
    return EmailField(
        label,
        thing="an email address",
        required=True,
        hint=hint,
        max_length=limit(Account.email),
    )


class _GoodPassword(Form):
    """A form whose new password is looked at with everything else, so that all is said at once.

    `known` gives the name and address of who chooses it, where the form does not ask for them.
    """

    chosen = "password"
    known: tuple[str, str] = ("", "")

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the fields, and that the password is a good one."""
        fine = bool(super().validate(extra_validators))
        field, (name, email) = self[self.chosen], self.known
        if field.errors:
            return False
        try:
            must_be_good_password(
                str(field.data),
                name=_said(self, "name") or name,
                email=_said(self, "email") or email,
                field=self.chosen,
            )
        except RuleBroken as broken:
            self.refuse(broken)
            return False
        return fine


def _said(form: Form, name: str) -> str:
    return str(form[name].data or "") if name in form else ""


class SignInForm(Form):
    """An address and a password."""

    email = _email("Email address")
    password = PasswordField(
        "Password", thing="your password", required=True, max_length=LONGEST_PASSWORD
    )


class RegisterForm(_GoodPassword):
    """Everything it takes to have an account."""

    name = _name()
    email = _email(hint="We send a link to it, to make sure it is yours.")
    password = _new_password()


class ConfirmForm(Form):
    """One button; and the password, where the link is opened on another device."""

    password = PasswordField(
        "Your password",
        thing="your password",
        required=True,
        hint="The one you chose when you registered.",
        max_length=LONGEST_PASSWORD,
    )


class ForgottenForm(Form):
    """The address to send a link to."""

    email = _email(hint="The one you sign in with.")


class ResetForm(_GoodPassword):
    """A new password, by a mailed link."""

    password = _new_password("Choose a new password")


class NameForm(Form):
    """What somebody is called."""

    name = _name()


class PasswordForm(_GoodPassword):
    """A new password, knowing the present one."""

    chosen = "new_password"

    password = PasswordField(
        "Your present password",
        thing="your present password",
        required=True,
        max_length=LONGEST_PASSWORD,
    )
    new_password = _new_password("Choose a new password")


class NewcomerForm(_GoodPassword):
    """What somebody invited still has to say."""

    name = _name()
    password = _new_password()


class PlaceField(SelectField):
    """A place; whether it may be left out depends on the role, so its label does not say."""

    never_marked = True


class InviteForm(Form):
    """Whom to invite, to what, where. `request_key` lets a double click invite once."""

    request_key = HiddenField(default=lambda: str(ids.new()))
    name = TextField(
        "Their name",
        thing="their name",
        required=True,
        hint="As people here know them. They can change it.",
        max_length=limit(Account.name),
        autocomplete="off",
    )
    email = EmailField(
        "Their email address",
        thing="their email address",
        required=True,
        hint="One that only they read: whoever opens the link gets the role.",
        max_length=limit(Account.email),
        autocomplete="off",
    )
    role = RadioField(
        "What will they be?",
        thing="what they will be",
        required=True,
        hint="One role for each invitation. Send another for a second role.",
    )
    place = PlaceField(
        "Where?",
        thing="where",
        hint="The community or practice the role is for.",
    )

    def values(self) -> dict[str, Any]:
        """Return the values with the place as a column and an id."""
        found = super().values()
        column, _, key = (found["place"] or "").partition(":")
        found["place"] = {column: UUID(key)} if key else {}
        found["request_key"] = _uuid(found["request_key"])
        return found


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return ids.new()


FIGURES = {"inputmode": "numeric", "spellcheck": False, "autocapitalize": "none"}


def _code(label: str, hint: str, *, figures: bool, required: bool = True) -> TextField:
    """Return the field of a code; of recovery codes no browser shall keep a copy."""
    return TextField(
        label,
        thing="the code",
        required=required,
        hint=hint,
        width=20,
        max_length=40,
        autocomplete="one-time-code" if figures else "off",
        options=FIGURES if figures else {"spellcheck": False, "autocapitalize": "none"},
        mark_optional=False,
    )


class CodeForm(Form):
    """The six figures that an app shows."""

    code = _code("Code", "Six figures. A new code comes every half minute.", figures=True)


class LettersForm(Form):
    """A code on paper, or one that a helper said."""

    code = _code(
        "Recovery code",
        "Twelve letters and figures, like 7k4m-x2qp-9thd. Small or large letters will do.",
        figures=False,
    )


class ProofForm(Form):
    """The password, or a code: one of the two."""

    password = PasswordField("Your password", thing="your password", max_length=LONGEST_PASSWORD)
    code = _code(
        "Code from your app",
        "Or one of your recovery codes.",
        figures=False,
        required=False,
    )


class CodesForm(Form):
    """One button for new recovery codes; pressed twice, it shows the same ones."""

    once = once_only()


class PasskeyForm(Form):
    """What its owner calls a passkey."""

    name = TextField(
        "Name of this passkey",
        thing="a name for this passkey",
        required=True,
        hint="So that you know it again, like “My phone” or “The blue stick”.",
        max_length=limit(Passkey.name),
        autocomplete="off",
    )
