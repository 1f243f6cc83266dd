"""What the choices say, and the limits the columns set."""

from asset_hub.directory.models import Kind, Visibility
from asset_hub.directory.rules import when
from asset_hub.directory.rules.answers import NOWHERE
from asset_hub.directory.rules.times import DAYS, MONTHS

KINDS = [
    (Kind.GROUP, "A group", "People who meet"),
    (Kind.ACTIVITY, "An activity", "A class, a walk, a lunch"),
    (Kind.PLACE, "A place to be", "Somewhere people can just turn up"),
    (Kind.ADVICE, "Advice or help", "Somebody who knows, or who does things for people"),
    (Kind.GIFT, "Somebody’s skill", "One person who offers what they can do"),
    (Kind.EXCHANGE, "Swapping and sharing", "Tools, time, food or clothes change hands"),
]

SETTINGS = [
    (
        Visibility.EXACT.value,
        "All of it",
        "For a hall, a café, a park. The map shows the very place",
    ),
    (
        Visibility.AREA.value,
        "Only roughly where it is",
        "“We meet in somebody’s home.” The map shows an area about a kilometre across",
    ),
    (
        Visibility.HIDDEN.value,
        "None of it",
        "Neither the page nor the map says where. People are told when they get in touch",
    ),
    (NOWHERE, "It does not meet anywhere", "It is by phone, online, or comes to people’s homes"),
]

OFTEN = [
    (when.WEEKLY, "Every week"),
    (when.FORTNIGHTLY, "Every other week"),
    (when.MONTHLY, "Every month", "On the first Thursday, say"),
    (when.DATES, "On these dates", "A course, a walk now and then"),
    (when.VARIES, "It varies"),
]
APART = [
    (when.SCHOOL, "It stops in the school holidays", "It meets in term time only"),
    (when.BANK, "It does not meet on bank holidays"),
    (when.SOME_MONTHS, "It does not meet in some months"),
    (when.BEGINS, "It begins on a date"),
    (when.ENDS, "It ends on a date", "A course, for example"),
]
MONTH_CHOICES = [(str(number), name) for number, name in enumerate(MONTHS, 1)]
DAY_CHOICES = list(DAYS.items())
NTHS = [("1", "First"), ("2", "Second"), ("3", "Third"), ("4", "Fourth"), ("-1", "Last")]
COSTS = [("free", "It is free"), ("paid", "It costs something")]
POINTS = [
    ("pin", "At the pin, or at the latitude and longitude I enter"),
    ("near", "Near a postcode that I enter", "The map will show an area"),
    ("centre", "Somewhere in the middle of our community", "The map will show an area"),
    ("unsure", "We are not sure", "A champion will help to find it"),
]
