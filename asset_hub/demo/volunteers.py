"""Neighbours who offered to help: some welcomed, some waiting for a word."""

from sqlmodel import Session, select

from asset_hub.demo.town import Town, Words
from asset_hub.volunteers import service as volunteers
from asset_hub.volunteers.models import Stage, Volunteer, Wants

FIRST_NUMBER = 960_300  # of Ofcom's range for drama


def offer_all(session: Session, town: Town, offers: list[Words]) -> None:
    """Make every offer, and welcome those who were."""
    for number, words in enumerate(offers, FIRST_NUMBER):
        account = town.accounts.get(words.get("account", ""))
        email = account.email if account else f"{words['name'].split()[0].lower()}@people.example"
        volunteers.offer(
            session,
            community_id=town.communities[words["community"]].id,
            name=words["name"],
            email=email,
            wants=Wants(words["wants"]),
            phone=f"01632 {number}",
            interests=words["interests"],
            days=words["days"],
            languages=words.get("languages", "English"),
            travels=words["travels"],
            about=words["about"],
            by=account,
            address=f"demo:{number}",
            now=town.at(words["applied"]),
        )
        if words["stage"] == Stage.WELCOMED:
            made = session.exec(select(Volunteer).where(Volunteer.email == email)).one()
            now = town.at(words["applied"] - 2)
            volunteers.welcome(session, made, by=town.accounts["coordinator"], now=now)
