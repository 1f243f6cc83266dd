"""The blueprint all pages of the directory hang on."""

from flask import Blueprint

bp = Blueprint("directory", __name__)
