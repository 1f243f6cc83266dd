"""Decisions about accounts, made without a database: values in, value out or RuleBroken."""

from asset_hub.accounts.rules.passwords import (
    LONGEST_PASSWORD,
    SHORTEST_PASSWORD,
    must_be_good_password,
)
from asset_hub.accounts.rules.roles import (
    ACCEPT_WITHIN,
    CONFIRM_WITHIN,
    ENDED_BY,
    GIVEN_BY,
    RESET_WITHIN,
    SAME_CLICK,
    SEEN_EVERY,
    idle_limit,
    is_over_people,
    whole_limit,
)
from asset_hub.core.calendar import UNDO_WITHIN
from asset_hub.core.words import first_name, one_line, plain_email

__all__ = [
    "ACCEPT_WITHIN",
    "CONFIRM_WITHIN",
    "ENDED_BY",
    "GIVEN_BY",
    "LONGEST_PASSWORD",
    "RESET_WITHIN",
    "SAME_CLICK",
    "SEEN_EVERY",
    "SHORTEST_PASSWORD",
    "UNDO_WITHIN",
    "first_name",
    "idle_limit",
    "is_over_people",
    "must_be_good_password",
    "one_line",
    "plain_email",
    "whole_limit",
]
