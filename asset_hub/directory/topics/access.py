"""How one gets in and around."""

from asset_hub.directory.models import TermKind
from asset_hub.directory.topics.topic import topics

ACCESS = topics(TermKind.ACCESS, None, [
    ("step-free", "No steps", "You can get in and around without steps",
     "wheelchair, wheelchair access, step free, no stairs, can't do stairs, level access, ramped, "
     "on the flat, pushchair, rollator, lift to all floors"),
    ("hearing-loop", "Hearing loop", "A working hearing loop",
     "hearing loop, induction loop, loop system, t switch, t setting, telecoil, "
     "loop for hearing aids, hear what is said, microphone used, captions"),
    ("bring-someone", "Bring somebody with you", "A friend or carer is welcome",
     "bring a friend, bring my carer, come with me, can I bring, plus one, companion, "
     "support worker, carer goes free, somebody to come along, too shy to go alone"),
    ("from-home", "From home", "By phone, online, or somebody comes to you",
     "from home, on zoom, zoom, by phone, over the phone, helpline, online group, comes to you, "
     "home visit, home visits, virtual, without going out"),
    ("drop-in", "Just turn up", "No booking, no letter from a doctor",
     "drop in, turn up, no appointment, no booking, just come, walk in, "
     "no need to book, no referral, any time you like"),
    ("accessible-toilet", "Accessible toilet", "With room for a wheelchair",
     "accessible toilet, disabled toilet, changing places, loo I can use, toilet with rails"),
    ("near-a-bus-stop", "Near a bus stop", "A few minutes’ walk from it",
     "on the bus, bus stop, bus route, can get there by bus, without a car, don't drive"),
    ("parking", "Parking", "On the spot or very near",
     "parking, car park, somewhere to park, blue badge, disabled parking, drop off at the door"),
    ("quiet-space", "A quiet space", "A room or corner away from noise",
     "quiet, quiet room, not too loud, autism friendly, sensory, away from the noise, calm"),
    ("met-at-the-door", "Somebody meets you", "At the door, the first time you come",
     "meet me there, met at the door, somebody to greet me, won't know anyone, first time nerves"),
])  # fmt: skip
