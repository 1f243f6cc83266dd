"""Neighbours who offered to help: some welcomed, some waiting for a word."""

from sqlmodel import Session

from asset_hub.demo.town import Town, Words
from asset_hub.volunteers.models import Stage, Volunteer, Wants


def offer_all(session: Session, town: Town, volunteers: list[Words]) -> None:
    """Write down every offer; who was welcomed holds the role already."""
    for number, words in enumerate(volunteers, 960_300):
        account = town.accounts.get(words.get("account", ""))
        first = words["name"].split()[0].lower()
        offer = Volunteer(
            community_id=town.communities[words["community"]].id,
            account_id=account.id if account else None,
            name=words["name"],
            email=account.email if account else f"{first}@people.example",
            phone=f"01632 {number}",
            wants=Wants(words["wants"]),
            interests=words["interests"],
            days=words["days"],
            languages=words.get("languages", "English"),
            travels=words["travels"],
            about=words["about"],
            stage=Stage(words["stage"]),
            applied_at=town.at(words["applied"]),
        )
        if offer.stage is Stage.WELCOMED:
            offer.decided_at = town.at(words["applied"] - 2)
            offer.decided_by_id = town.accounts["coordinator"].id
        session.add(offer)
    session.flush()
