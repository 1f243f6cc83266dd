"""Names and addresses as they are kept and said. Pure."""


def plain_email(text: str) -> str:
    """Return a mail address as it is kept and looked up."""
    return text.strip().lower()


def one_line(text: str) -> str:
    """Return a name without line ends and doubled spaces: it may end up in a mail's header."""
    return " ".join(text.split())


def first_name(name: str) -> str:
    """Return what a mail says hello to."""
    return one_line(name).partition(" ")[0]


def in_a_sentence(name: str) -> str:
    """Return a name as it stands inside a sentence; "LGBT+ people" keeps its letters."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]
