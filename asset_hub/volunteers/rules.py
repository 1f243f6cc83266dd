"""What may become of an offer, decided without a database."""

from datetime import timedelta

from asset_hub.core.powers import Role
from asset_hub.volunteers.models import Wants

MOST_OFFERS = 10  # from one address in OFFERS_PER: a drop-in where many apply on one computer
MOST_MAILS = 5  # to one mail address in OFFERS_PER, whoever types it
OFFERS_PER = timedelta(hours=24)
WELCOMED_A_PAGE = 50

ROLES = {Wants.CHAMPION: Role.CHAMPION, Wants.NAVIGATOR: Role.NAVIGATOR}


def role_of(wants: Wants) -> Role:
    """Return the role a welcome gives: an offer can lead to these two and no other."""
    return ROLES[wants]
