"""Short codes that can be read out, typed from paper, and not guessed. Pure.

Eight of 27 letters and figures: no vowels (no code is a word), nothing that looks like another
(no 0, 1, L, Y). 27^8 is 282,000 million; twenty wrong ones an hour are allowed.
"""

import secrets

LETTERS = "23456789BCDFGHJKMNPQRSTVWXZ"
LONG = 8


def new_code() -> str:
    """Return a code nobody can guess."""
    return "".join(secrets.choice(LETTERS) for _ in range(LONG))


def plain(typed: str) -> str:
    """Return a code as it is kept, however it was typed; empty when it cannot be one."""
    found = "".join(typed[:40].upper().replace("-", " ").split())
    return found if len(found) == LONG and set(found) <= set(LETTERS) else ""


def said(code: str) -> str:
    """Return a code as it is printed: "BCDF-2345"."""
    return f"{code[:4]}-{code[4:]}"
