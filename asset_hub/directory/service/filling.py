"""From a form's answers to rows, by way of parts."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from asset_hub.directory.models import Parts, Service
from asset_hub.directory.rules import answers as of
from asset_hub.directory.rules import snapshot
from asset_hub.directory.rules.current import answers_of
from asset_hub.directory.rules.filled import parts_from
from asset_hub.directory.rules.when import others_of, slots_of
from asset_hub.directory.service.putting import put


def fill(session: Session, service: Service, answers: Mapping[str, Any]) -> list[str]:
    """Give a service its answers; return the names of those that changed.

    `organization_name` is left to the caller.
    """
    changed, parts = answered(service, answers)
    put(session, service, parts)
    return changed


def answered(service: Service, answers: Mapping[str, Any]) -> tuple[list[str], Parts]:
    """Return the names of the answers that say something new, and the parts they all make."""
    before = of.flat(answers_of(service))
    changed = sorted(name for name, value in answers.items() if before.get(name) != value)
    numbers = {schedule.id: number for number, schedule in enumerate(service.schedules)}
    asked = [numbers[schedule.id] for schedule in slots_of(service.schedules)]
    not_true = answers.get("gone") or ()
    gone = [n for n, words in others_of(service.schedules).items() if words in not_true]
    foreign = {term.slug for term in (*service.terms, *service.not_for) if not term.ours}
    now = snapshot.parts_of(service)
    return changed, parts_from(answers, now, set(changed), asked, gone, foreign)
