"""What a browser sends of itself: from where, on which device."""

from ipaddress import ip_address, ip_network

BROWSERS = (
    ("Edg", "Edge"), ("OPR", "Opera"), ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"), ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)  # fmt: skip
MACHINES = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"),
    ("CrOS", "Chromebook"), ("Mac OS X", "Mac"), ("Linux", "Linux"),
)  # fmt: skip


def network_of(address: str) -> str:
    """Return what a client can hardly change: its IPv4 address, or the /64 of its IPv6."""
    try:
        found = ip_address(address)
    except ValueError:
        return "unknown"
    return str(ip_network(f"{found}/64", strict=False)) if found.version == 6 else str(found)


def device_words(user_agent: str) -> str:
    """Return what a browser calls itself, as its owner would say it: "Firefox on Windows"."""
    browser = next((word for mark, word in BROWSERS if mark in user_agent), "A browser")
    machine = next((word for mark, word in MACHINES if mark in user_agent), "another device")
    return f"{browser} on {machine}"
