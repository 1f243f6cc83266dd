"""Draw WTForms fields with the GOV.UK Frontend macros, escaped and without inline anything.

A widget reads everything from its field (see `core.fields`); a template says `{{ form.name }}`.
Keyword arguments at that call go to the macro as they are (`classes="…"`), except
`mark_optional=True`, which adds "(optional)" to the label of a field that may be left empty.
"""

from typing import Any

from flask import current_app
from markupsafe import Markup, escape
from wtforms import Field, Form

Params = dict[str, Any]

COUNT_FROM = 75  # per cent of a limit: until then nobody needs to know that there is one


def macro(component: str, name: str, params: Params) -> Markup:
    """Return what one GOV.UK macro draws: the component's folder, the macro's name, its words."""
    path = f"govuk_frontend_jinja/components/{component}/macro.html"
    drawn = getattr(current_app.jinja_env.get_template(path).module, name)(params)
    return Markup(drawn)  # noqa: S704 (the macro has escaped every text it was given)


def error_summary(form: Form) -> Params:
    """Return the parameters of govukErrorSummary; each link goes to the control to mend."""
    items: list[Params] = [{"text": str(message)} for message in getattr(form, "form_errors", [])]
    for field in form:
        if field.errors:
            item: Params = {"text": str(field.errors[0])}
            if getattr(field.widget, "input_type", "") != "hidden":
                item["href"] = f"#{getattr(field, 'focus_id', field.id)}"
            items.append(item)
    return {"titleText": "There is a problem", "errorList": items}


def _label(field: Field, mark_optional: bool) -> Params:
    text = str(field.label.text)
    if mark_optional and not field.flags.required and not getattr(field, "never_marked", False):
        text += " (optional)"
    size = getattr(field, "label_size", "s")
    return {"text": text, "classes": "govuk-visually-hidden" if size == "hidden" else size}


def _base(field: Field, given: Params, kind: str = "label") -> Params:
    """Return what every component shares; `kind` is label or fieldset."""
    label = _label(field, bool(given.pop("mark_optional", False)))
    if label["classes"] != "govuk-visually-hidden":
        prefix = "govuk-label" if kind == "label" else "govuk-fieldset__legend"
        label["classes"] = f"{prefix}--{label['classes']}"
    params: Params = {"id": field.id, "name": field.name, "attributes": {}}
    params |= {"label": label} if kind == "label" else {"fieldset": {"legend": label}}
    if field.description:
        params["hint"] = {"text": str(field.description)}
    if field.errors:
        params["errorMessage"] = {"text": str(field.errors[0])}
    given.pop("class", None)
    given.pop("required", None)
    own: Params = dict(getattr(field, "options", {}))
    own["classes"] = " ".join(filter(None, [own.get("classes"), given.pop("classes", "")]))
    return params | own | given


class TextWidget:
    """A text box of one line."""

    input_type = "text"

    def __init__(self, input_type: str = "text") -> None:
        self.input_type = input_type

    def __call__(self, field: Field, **given: Any) -> Markup:
        """Draw the field."""
        params = _base(field, given) | {"type": self.input_type, "value": field._value()}
        return macro("input", "govukInput", params)


class PasswordWidget:
    """A box whose letters can be shown or hidden; it never repeats what was typed."""

    input_type = "password"

    def __call__(self, field: Field, **given: Any) -> Markup:
        """Draw the field."""
        return macro("password-input", "govukPasswordInput", _base(field, given))


class TextAreaWidget:
    """A box of several lines, counting letters when there is a limit."""

    input_type = "textarea"

    def __call__(self, field: Field, **given: Any) -> Markup:
        """Draw the field.

        Line ends go out as references: the macros indent what they nest, and would otherwise
        add two spaces to every line of a person's text each time a form came back.
        """
        lines = str(escape(field._value())).replace("\n", "&#10;")
        params = _base(field, given) | {"value": Markup(lines)}  # noqa: S704 (escaped above)
        limit = field.flags.maxlength
        if limit and not getattr(field, "uncounted", False):
            counting = {"maxlength": str(limit), "threshold": COUNT_FROM}
            words = {"textareaDescriptionText": f"You can enter up to {limit:,} characters"}
            return macro("character-count", "govukCharacterCount", params | counting | words)
        return macro("textarea", "govukTextarea", params)


class FileWidget:
    """A box to choose a file."""

    input_type = "file"

    def __call__(self, field: Field, **given: Any) -> Markup:
        """Draw the field."""
        params = _base(field, given)
        if field.accept:
            params["attributes"]["accept"] = ",".join(f".{kind}" for kind in field.accept)
        return macro("file-upload", "govukFileUpload", params)


class ChoicesWidget:
    """Radios or checkboxes, each with its hint and the field it reveals."""

    def __init__(self, component: str) -> None:
        self.component = component
        self.input_type = "radio" if component == "radios" else "checkbox"
        self.name = "govukRadios" if component == "radios" else "govukCheckboxes"

    def __call__(self, field: Field, **given: Any) -> Markup:
        """Draw the field."""
        items = [self._item(field, choice) for choice in field.shown()]
        params = _base(field, given, "fieldset") | {"idPrefix": field.id, "items": items}
        return macro(self.component, self.name, params)

    def _item(self, field: Field, choice: Any) -> Params:
        item: Params = {"value": choice.key, "text": choice.label, "checked": choice.selected}
        if choice.hint:
            item["hint"] = {"text": choice.hint}
        revealed = field.reveals.get(choice.key)
        if revealed is not None and revealed in field._form:
            item["conditional"] = {"html": field._form[revealed]()}
        return item


class SelectWidget:
    """A drop-down list."""

    input_type = "select"

    def __call__(self, field: Field, **given: Any) -> Markup:
        """Draw the field, with a first line that chooses nothing."""
        shown = field.shown()
        items: list[Params] = [
            {"value": choice.key, "text": choice.label, "selected": choice.selected}
            for choice in shown
        ]
        if field.blank is not None and not any(choice.key == "" for choice in shown):
            items.insert(0, {"value": "", "text": field.blank})
        return macro("select", "govukSelect", _base(field, given) | {"items": items})


class TickWidget:
    """One checkbox that says yes to its own label."""

    input_type = "checkbox"

    def __call__(self, field: Field, **given: Any) -> Markup:
        """Draw the field."""
        params = _base(field, given)
        text = params.pop("label")["text"]
        item: Params = {"value": "y", "text": text, "checked": bool(field.data)}
        if "hint" in params:
            item["hint"] = params.pop("hint")
        return macro(
            "checkboxes", "govukCheckboxes", params | {"idPrefix": field.id, "items": [item]}
        )


class DateWidget:
    """Three boxes: day, month and year."""

    input_type = "text"

    def __call__(self, field: Field, **given: Any) -> Markup:
        """Draw the field; only the boxes that are wrong are marked."""
        params = _base(field, given, "fieldset") | {"namePrefix": field.name}
        params["items"] = [self._box(field, part) for part in field.parts]
        return macro("date-input", "govukDateInput", params)

    def _box(self, field: Field, part: str) -> Params:
        wrong = " govuk-input--error" if field.errors and part in field.wrong_parts else ""
        box: Params = {"name": part, "label": part.title(), "id": f"{field.id}-{part}"}
        box["value"] = field.parts[part]
        box["classes"] = f"govuk-input--width-{4 if part == 'year' else 2}{wrong}"
        if field.birthday:
            box["autocomplete"] = f"bday-{part}"
        return box


class ButtonWidget:
    """A submit button that ignores the second of two quick clicks."""

    input_type = "submit"

    def __call__(self, field: Field, **given: Any) -> Markup:
        """Draw the button."""
        params: Params = {"text": str(field.label.text), "name": field.name, "value": "y"}
        params |= {"preventDoubleClick": True, "classes": str(given.get("classes", ""))}
        return macro("button", "govukButton", params)
