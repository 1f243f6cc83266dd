"""What is known by another name: old names, initials, what people call a thing. Pure.

Only names that are the same everywhere in England; a place's own are in what it lists.
"""

# typed → what it is called where it is listed
ALSO = {
    "age concern": "age uk",
    "help the aged": "age uk",
    "iapt": "talking therapies",
    "cab": "citizens advice",
    "citizens advice bureau": "citizens advice",
    "spastics society": "scope",
    "marriage guidance": "relate",
    "wrvs": "royal voluntary service",
    "rvs": "royal voluntary service",
    "action on hearing loss": "rnid",
    "addaction": "we are with you",
    "marie stopes": "msi reproductive choices",
    "drinkline": "drinkaware",
    "sure start": "children's centre family hub",
    "surestart": "children's centre family hub",
    "connexions": "careers young people",
    "job centre": "jobcentre",
    "dole office": "jobcentre",
    "labour exchange": "jobcentre",
    "meals on wheels": "meals delivered",
    "aa": "alcoholics anonymous",
    "na": "narcotics anonymous",
    "ga": "gamblers anonymous",
    "camhs": "child adolescent mental health",
    "cahms": "child adolescent mental health",
    "cmht": "community mental health team",
    "sen": "send special educational needs",
    "sendias": "sendiass",
    "wi": "women's institute",
    "u3a": "u3a university of the third age",
    "raf": "royal air force",
    "rbl": "royal british legion",
    "british legion": "royal british legion",
    "ms": "multiple sclerosis",
    "mnd": "motor neurone disease",
    "copd": "copd breathe easy",
    "asd": "autism",
    "esol": "esol english",
    "dv": "domestic violence abuse",
    "cap": "christians against poverty",
    "nct": "national childbirth trust",
    "olds": "older people",
    "oap": "older people",
    "weight watchers": "ww weight watchers",
    "alcoholics": "alcoholics anonymous",
    "blind society": "sight loss blind",
    "deaf club": "deaf",
    "mother and toddler": "parent toddler",
    "mums and tots": "parent toddler",
    "keep fit": "keep fit exercise",
}
FORMS = sorted(((tuple(old.split()), new) for old, new in ALSO.items()), key=lambda f: -len(f[0]))


def also(words: list[str]) -> list[str]:
    """Return the words of the other names of what was typed."""
    found: list[str] = []
    for old, new in FORMS:
        for start in range(len(words) - len(old) + 1):
            if tuple(words[start : start + len(old)]) == old:
                found += new.replace("'", "").split()
                break
    return list(dict.fromkeys(found))
