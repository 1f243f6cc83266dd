"""What those who run a group have changed, while it waits to be looked at."""

from sqlmodel import Session, col, select

from asset_hub.directory.models import Asker, Asks, ChangeRequest, ChangeState, Service


def parts_waiting(session: Session, service: Service) -> set[str]:
    """Return the names of the parts that its owners have changed and nobody has looked at."""
    wanted = select(ChangeRequest.after).where(
        ChangeRequest.service_id == service.id,
        ChangeRequest.state == ChangeState.WAITING,
        ChangeRequest.asks == Asks.CHANGE,
        col(ChangeRequest.asker) == Asker.OWNER,
    )
    return {name for after in session.exec(wanted) for name in after}
