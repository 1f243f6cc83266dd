"""What a password must be, and how names and addresses are kept."""

import re

from asset_hub.core.errors import RuleBroken

SHORTEST_PASSWORD = 12  # letters; NIST SP 800-63B §3.1.1.2 asks for length and nothing silly
LONGEST_PASSWORD = 200
FEWEST_LETTERS = 5  # different ones: "aaaaaaaaaaaa" is guessed first
LEFT_OVER = 8  # letters a password must have beside the person's own name and address

# What most passwords of twelve letters are made of, once figures and signs at the ends are off.
COMMON = frozenset({
    "abcabcabcabc", "admin", "adminadmin", "administration", "administrator", "april",
    "arsenalfc", "asdfghjkl", "asdfghjklzxc", "assethub", "august", "autumn", "baseball",
    "basketball", "batman", "changeme", "changemenow", "charlie", "chelseafc", "community",
    "computer", "december", "dragon", "england", "everton", "facebook", "february", "football",
    "footballclub", "freedom", "friday", "google", "iloveyou", "iloveyoubaby", "iloveyouforever",
    "iloveyouso", "internet", "january", "jennifer", "jordan", "july", "june", "letmein",
    "letmeinnow", "letmeinplease", "liverpool", "liverpoolfc", "manchester", "manchestercity",
    "manchesterunited", "march", "master", "michael", "monday", "monkey", "mustang",
    "mynewpassword", "mypassword", "newpassword", "november", "october", "passw0rd", "password",
    "passwordpassword", "passwords", "practice", "princess", "qazwsxedc", "qazwsxedcrfv",
    "qwerty", "qwertyqwerty", "qwertyuiop", "qwertyuiopasdf", "samsung", "secret", "september",
    "shadow", "spring", "starwars", "summer", "sunday", "sunshine", "superman", "supersecret",
    "surgery", "thepassword", "thomas", "topsecret", "trustno", "welcome", "welcomeback",
    "welcomehome", "whatever", "winter", "zxcvbnm",
})  # fmt: skip


def must_be_good_password(password: str, *, name: str, email: str, field: str = "password") -> None:
    """Refuse a password that is short, among the first ones guessed, or the person's own name."""
    if len(password) < SHORTEST_PASSWORD:
        raise RuleBroken(
            f"Your password must have {SHORTEST_PASSWORD} characters or more."
            " Three or four words in a row are easy to remember.",
            field=field,
        )
    if _is_guessed_first(password.casefold()):
        raise RuleBroken("Choose a password that is harder to guess", field=field)
    letters = rest = re.sub(r"[\W_]", "", password.casefold())
    own = {part for part in re.split(r"[\W_]+", f"{name} {email}".casefold()) if len(part) > 2}
    for part in sorted(own, key=len, reverse=True):
        rest = rest.replace(part, "")
    if rest != letters and len(rest) < LEFT_OVER:
        raise RuleBroken("Choose a password that is not made of your name or email", field=field)


def _is_guessed_first(password: str) -> bool:
    letters = re.sub(r"[\W_]", "", password)
    core = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", password)
    few = len(set(password)) < FEWEST_LETTERS
    return few or letters in COMMON or core in COMMON or (bool(letters) and _runs(letters))


def _runs(text: str) -> bool:
    """Return whether a text only counts up or down: 123456789012, abcdefghijkl."""
    row = "01234567890123456789 abcdefghijklmnopqrstuvwxyz"
    return text in row or text[::-1] in row
