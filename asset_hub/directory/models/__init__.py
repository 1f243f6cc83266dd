"""What a community has, in Open Referral's names (HSDS 3): organisations, services, places, times.

`Service` is what people work on. `Listing` and `ListingPlace` are the published copy: written
when a service is approved, read by every public page, never joined to anything private.
"""

from asset_hub.directory.models.changes import (
    Asker,
    Asks,
    ChangeLink,
    ChangeLinkFor,
    ChangeRequest,
    ChangeState,
    Parts,
    Photo,
    Revision,
    RevisionCause,
    Watch,
)
from asset_hub.directory.models.doubles import Duplicate, DuplicateState, Merge, ServiceKey
from asset_hub.directory.models.drafts import LinkFor, ListingDraft, ListingLink
from asset_hub.directory.models.freshness import Sign, Signal, Step, Upkeep
from asset_hub.directory.models.listing import Listing, ListingPlace
from asset_hub.directory.models.services import (
    Away,
    Closure,
    Contact,
    Freq,
    Kind,
    Location,
    Organization,
    Schedule,
    Service,
    ServiceAtLocation,
    ServiceEvent,
    Standing,
    Visibility,
)
from asset_hub.directory.models.topics import (
    ServiceNotFor,
    ServiceTerm,
    TaxonomyTerm,
    TermKind,
    TopicEvent,
)

__all__ = [
    "Asker",
    "Asks",
    "Away",
    "ChangeLink",
    "ChangeLinkFor",
    "ChangeRequest",
    "ChangeState",
    "Closure",
    "Contact",
    "Duplicate",
    "DuplicateState",
    "Freq",
    "Kind",
    "LinkFor",
    "Listing",
    "ListingDraft",
    "ListingLink",
    "ListingPlace",
    "Location",
    "Merge",
    "Organization",
    "Parts",
    "Photo",
    "Revision",
    "RevisionCause",
    "Schedule",
    "Service",
    "ServiceAtLocation",
    "ServiceEvent",
    "ServiceKey",
    "ServiceNotFor",
    "ServiceTerm",
    "Sign",
    "Signal",
    "Standing",
    "Step",
    "TaxonomyTerm",
    "TermKind",
    "TopicEvent",
    "Upkeep",
    "Visibility",
    "Watch",
]
