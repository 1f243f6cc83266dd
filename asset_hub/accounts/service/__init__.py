"""What happens to accounts. Every function needs a session; none commits."""

from asset_hub.accounts.service.admins import make_admin
from asset_hub.accounts.service.grants import (
    disable,
    enable,
    end_grant,
    givable,
    give_back,
    grant,
    may_end,
    may_give,
    show_as,
)
from asset_hub.accounts.service.invitations import (
    accept,
    accept_as_newcomer,
    invite,
    send_again,
    still_stands,
    withdraw,
)
from asset_hub.accounts.service.passwords import (
    ask_reset,
    change_password,
    check_password,
    hashed,
    renew_hash,
    reset_password,
)
from asset_hub.accounts.service.registration import (
    confirm,
    establish,
    new_account,
    register,
    rename,
)
from asset_hub.accounts.service.registration import send_again as send_confirmation_again
from asset_hub.accounts.service.sessions import (
    end_others,
    end_session,
    end_token,
    open_session,
    seen,
)
from asset_hub.accounts.service.tidying import forget_account, tidy
from asset_hub.accounts.service.tries import count_letter, count_password, count_sign_in

__all__ = [
    "accept",
    "accept_as_newcomer",
    "ask_reset",
    "change_password",
    "check_password",
    "confirm",
    "count_letter",
    "count_password",
    "count_sign_in",
    "disable",
    "enable",
    "end_grant",
    "end_others",
    "end_session",
    "end_token",
    "establish",
    "forget_account",
    "givable",
    "give_back",
    "grant",
    "hashed",
    "invite",
    "make_admin",
    "may_end",
    "may_give",
    "new_account",
    "open_session",
    "register",
    "rename",
    "renew_hash",
    "reset_password",
    "seen",
    "send_again",
    "send_confirmation_again",
    "show_as",
    "still_stands",
    "tidy",
    "withdraw",
]
