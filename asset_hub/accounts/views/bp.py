"""The blueprint every page of this capability hangs on."""

from flask import Blueprint

bp = Blueprint("accounts", __name__)
