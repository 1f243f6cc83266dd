"""What an error page gives back: under names that people read, and nothing that they never saw."""

import re

import pytest
from flask import Flask, render_template

TYPED = [
    ("request_key", "k"),
    ("ods_code", "A12345"),
    ("how_to_join", "Ring <Olive>"),
    ("q", "choir"),
    ("new_password", "hunter2"),
]


@pytest.fixture
def given_back(app: Flask) -> str:
    with app.test_request_context():
        return render_template("errors/_typed.html", typed=TYPED)


def test_what_was_typed_is_given_back_under_readable_names(given_back: str) -> None:
    labels = re.findall(r"<label[^>]*>([^<]*)</label>", given_back)
    assert labels == ["ODS code", "How to join", "What would help"]
    assert "Ring &lt;Olive&gt;" in given_back


def test_what_nobody_typed_goes_along_unseen_and_a_password_never(given_back: str) -> None:
    assert '<input type="hidden" name="request_key" value="k">' in given_back
    assert "hunter2" not in given_back


def test_who_may_not_open_a_page_is_told_why(app: Flask) -> None:
    with app.test_request_context():
        assert "Your role does not include this page." in render_template("errors/403.html")
