"""The base of every form: values for the domain, and saving with domain errors shown."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import request
from flask_wtf import FlaskForm
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import Session
from wtforms.fields import HiddenField, SubmitField

from asset_hub.core import db, ids
from asset_hub.core.errors import RuleBroken
from asset_hub.core.fields import HiddenField as HubHidden
from asset_hub.core.fields import Limit, Required

CHANGED = (
    "Somebody else changed this while you were writing. "
    "Check what is below against the page as it is now, then save again."
)
MOST = 2**31 - 1  # what a column of whole numbers holds
TOO_OLD = "This page is too old. Open it again."


def once_only() -> Any:
    """Return the hidden field that makes a double click one: its column is unique."""
    return HubHidden(default=ids.token, validators=[Required(TOO_OLD), Limit(64)])


def posted_version(name: str = "version") -> int | None:
    """Return the version of a row that the posted form was opened on, None for nonsense."""
    found = request.form.get(name, type=int)
    return found if found is not None and 0 <= found <= MOST else None


class Form(FlaskForm):
    """A WTForm that hands clean values to a service and takes its refusals back."""

    form_errors: list[str]

    def values(self) -> dict[str, Any]:
        """Return the entered values, ready to be keyword arguments of a service."""
        skip = {"csrf_token", "version"} | {f.name for f in self if isinstance(f, SubmitField)}
        return {name: value for name, value in self.data.items() if name not in skip}

    @contextmanager
    def saving(self) -> Iterator[Session]:
        """Run the block in a transaction; a broken rule becomes an error on this form.

        `return redirect(…)` inside the block leaves after the commit; when the block was refused,
        the view goes on to render the form, whose `status` is then 422.
        """
        try:
            with db.transaction() as session:
                yield session
        except RuleBroken as broken:
            self.refuse(broken)
        except StaleDataError:
            self.refuse(RuleBroken(CHANGED))

    def refuse(self, broken: RuleBroken) -> None:
        """Show a broken rule beside the field it is about, or above the form."""
        if broken.field in self:
            field = self[broken.field]
            field.errors = [*field.errors, broken.message]
        else:
            self.form_errors = [*self.form_errors, broken.message]

    @property
    def status(self) -> int:
        """Return the HTTP status of the page that shows this form."""
        return 422 if self.errors else 200


class EditForm(Form):
    """A form that remembers which version of a row it was opened on."""

    version = HiddenField()

    def must_be_current(self, row: Any) -> None:
        """Refuse a save over somebody else's; call it inside `saving()`."""
        opened, self.version.data = str(self.version.data), str(row.version)
        if opened != str(row.version):
            self.version.raw_data = [str(row.version)]
            raise RuleBroken(CHANGED)
