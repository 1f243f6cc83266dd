"""Fields of words: one line, several lines, and the kinds with a form of their own."""

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from wtforms import fields as stock

from asset_hub.core.fields.base import HubField
from asset_hub.core.fields.words import Limit, clean_text, first_text
from asset_hub.core.widgets import ButtonWidget, PasswordWidget, TextAreaWidget, TextWidget

FULL_POSTCODE = re.compile(r"(GIR|[A-Z]{1,2}[0-9][A-Z0-9]?)([0-9][A-Z]{2})")
OUTWARD = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?")


class TextField(HubField):
    """One line of text; `data` is always a str, empty when nothing was entered."""

    widget: Any = TextWidget()
    lines = False
    strip = True
    limit = 255
    defaults: dict[str, Any] = {}

    def __init__(
        self,
        label: str | None = None,
        validators: Sequence[Any] | None = None,
        *,
        width: int | str | None = None,
        autocomplete: str | None = None,
        prefix: str = "",
        suffix: str = "",
        options: dict[str, Any] | None = None,
        classes: str = "",
        **rest: Any,
    ) -> None:
        own: dict[str, Any] = dict(self.defaults)
        if width:
            fixed = isinstance(width, int) or width.isdigit()
            size = f"govuk-input--width-{width}" if fixed else f"govuk-!-width-{width}"
            classes = f"{size} {classes}".strip()
        if autocomplete:
            own["autocomplete"] = autocomplete
        own |= {k: {"text": v} for k, v in (("prefix", prefix), ("suffix", suffix)) if v}
        super().__init__(label, validators, options=own | (options or {}), classes=classes, **rest)

    def own_checks(self, rest: dict[str, Any]) -> list[Any]:
        """Keep texts within a limit even where the form sets none."""
        given = rest.pop("max_length", None)
        return [Limit(given)] if given else []

    def process_data(self, value: Any) -> None:
        """Take a value from the site's side."""
        self.data = "" if value is None else str(value)

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        """Take what was posted, cleaned."""
        if valuelist:
            typed = clean_text(first_text(valuelist), lines=self.lines, strip=self.strip)
            self.data = typed
            if typed:
                self.data = self.understand(typed)

    def understand(self, typed: str) -> str:
        """Return the value a text means, or raise ValueError with what to say about it."""
        return typed

    def pre_validate(self, form: Any) -> None:
        """Refuse a text beyond the kind's own limit when the form has none."""
        if self.flags.maxlength is None:
            Limit(self.limit)(form, self)

    def _value(self) -> str:
        return str(self.data or "")


class EmailField(TextField):
    """An email address; `data` has its domain in small letters."""

    widget = TextWidget("email")
    limit = 254
    defaults = {"autocomplete": "email", "spellcheck": False, "autocapitalize": "none"}

    def understand(self, typed: str) -> str:
        """Return the address as it is to be written to."""
        try:
            return str(validate_email(typed, check_deliverability=False).normalized)
        except (EmailNotValidError, ValueError):
            raise ValueError(
                "Enter an email address in the correct format, like name@example.com"
            ) from None


class PhoneField(TextField):
    """A telephone number in any spacing; `data` is spaced the usual way (0161 496 0123)."""

    widget = TextWidget("tel")
    limit = 40
    defaults = {"autocomplete": "tel", "classes": "govuk-input--width-20"}

    def understand(self, typed: str) -> str:
        """Return the number as people write it; short numbers (111, 116 123) stay as they are."""
        if re.fullmatch(r"[0-9 ]{3,7}", typed) and len(typed.replace(" ", "")) <= 6:
            return re.sub(r" +", " ", typed)
        try:
            number = phonenumbers.parse(typed, "GB")
            known = phonenumbers.is_possible_number(number)
        except phonenumbers.NumberParseException:
            known = False
        if not known:
            raise ValueError("Enter a phone number, like 0161 496 0123 or 07700 900 123")
        at_home = number.country_code == 44
        style = phonenumbers.PhoneNumberFormat
        form = style.NATIONAL if at_home else style.INTERNATIONAL
        return str(phonenumbers.format_number(number, form))


class PostcodeField(TextField):
    """A postcode in any spacing and case; `data` is like "M33 7XX".

    With `partial=True` the first half ("M33") will do.
    """

    limit = 20
    defaults = {
        "autocomplete": "postal-code",
        "spellcheck": False,
        "autocapitalize": "characters",
        "classes": "govuk-input--width-10",
    }

    def own_checks(self, rest: dict[str, Any]) -> list[Any]:
        """Take out `partial`."""
        self.partial = bool(rest.pop("partial", False))
        return super().own_checks(rest)

    def understand(self, typed: str) -> str:
        """Return the postcode in its usual form."""
        squeezed = re.sub(r"[^A-Z0-9]", "", typed.upper())
        if whole := FULL_POSTCODE.fullmatch(squeezed):
            return f"{whole[1]} {whole[2]}"
        if self.partial and OUTWARD.fullmatch(squeezed):
            return squeezed
        like = "M33 or M33 7XX" if self.partial else "M33 7XX"
        raise ValueError(f"Enter a postcode, like {like}")


class WebsiteField(TextField):
    """A web address; `data` always starts with http:// or https:// (javascript: is refused)."""

    widget = TextWidget("url")
    limit = 500
    defaults = {"autocomplete": "url", "spellcheck": False, "autocapitalize": "none"}

    def understand(self, typed: str) -> str:
        """Return the address, adding https:// where it was left out."""
        address = typed if re.match(r"[a-z][a-z0-9+.-]*:", typed, re.I) else f"https://{typed}"
        refusal = "Enter a web address, like www.example.org"
        try:
            parts = urlsplit(address)
            host = parts.hostname or ""
            sound = parts.scheme in ("http", "https") and parts.username is None
        except ValueError:
            raise ValueError(refusal) from None
        if not sound or "." not in host.strip(".") or re.search(r"[\s<>\"\\]", address):
            raise ValueError(refusal)
        return address


class PasswordField(TextField):
    """A password: not stripped, never shown again. `autocomplete` says new or current."""

    widget = PasswordWidget()
    strip = False
    limit = 1000
    never_marked = True
    defaults = {"autocomplete": "current-password"}

    def _value(self) -> str:
        return ""


class TextAreaField(TextField):
    """Several lines of text, counted as they are typed when there is a limit."""

    widget = TextAreaWidget()
    lines = True
    limit = 10_000

    def __init__(
        self,
        label: str | None = None,
        validators: Sequence[Any] | None = None,
        *,
        rows: int = 5,
        options: dict[str, Any] | None = None,
        **rest: Any,
    ) -> None:
        super().__init__(label, validators, options={"rows": rows} | (options or {}), **rest)


class HiddenField(stock.HiddenField):
    """A value the page carries along; cleaned like any other text."""

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        """Take what was posted, cleaned."""
        if valuelist:
            self.data = clean_text(first_text(valuelist))[:5000]


class SubmitField(stock.SubmitField):
    """A second button of a form; `data` is true when it was the one pressed."""

    widget = ButtonWidget()
