"""Who a group is especially for, or not for."""

from asset_hub.directory.models import TermKind
from asset_hub.directory.topics.topic import topics

AUDIENCE = topics(TermKind.AUDIENCE, None, [
    ("older-people", "Older people", "Especially for people later in life",
     "over 50s, over 55s, over 60s, over 65s, pensioner, pensioners, seniors, elderly, oap, "
     "my gran, my grandad, later life, getting on a bit, old age"),
    ("young-people", "Young people", "Especially for teenagers and young adults",
     "youth, young adults, teens, 11 to 18, 16 to 25, students, college students, adolescents, "
     "my teenager, young people"),
    ("families", "Families with children", "Children come too",
     "family, families, bring the kids, mum and baby, parent and toddler, "
     "grandparents and grandchildren, with children, all the family, school holidays, under fives"),
    ("men", "Men", "Especially for men",
     "men, man, blokes, lads, fathers, men only, for my husband, male, gents, men's group"),
    ("women", "Women", "Especially for women",
     "women, woman, ladies, women only, mothers, for my wife, female, girls night, women's group, "
     "sisters"),
    ("disabled-people", "Disabled people", "Run with and for disabled people",
     "disabled, disability, wheelchair user, wheelchair users, impairment, disability group, "
     "inclusive sport, amputee, physical disability"),
    ("lgbt", "LGBT+ people", "Especially for LGBT+ people",
     "lgbt, lgbtq, pride, rainbow, same sex, gay men, lesbians, trans people, "
     "queer people"),
    ("new-here", "People new to this country", "Refugees, asylum seekers, new neighbours",
     "refugee, refugees, asylum seeker, asylum seekers, migrant, migrants, immigrant, immigrants, "
     "new to this country, came from abroad, ukrainian, syrian, afghan, visa"),
    ("veterans", "Veterans", "People who served, and their families",
     "veteran, veterans, ex forces, served in the army, navy, raf, royal marines, armed forces, "
     "armistice, military family, breakfast club for veterans"),
    ("children", "Children", "For children up to about twelve",
     "child, kids, kiddies, under 12s, primary school, after school club, brownies, cubs, "
     "holiday playscheme, little ones"),
    ("under-18s", "Under 18s", "Anybody who is not yet 18",
     "under 18, under 18s, under eighteen, minors, not yet 18, juniors, school age, underage, "
     "still at school, schoolchildren"),
    ("adults", "Adults", "From 18 on, or as the group says",
     "adult, adults, adults only, over 18, over 18s, over eighteen, grown ups, working age, "
     "18 and over, 18 plus"),
    ("for-carers", "People who are carers", "Especially for those who look after somebody",
     "for carers, carers group, carers only, carers cafe, "
     "parent carers, family carers, carers week, carers lunch, carers support group, carers choir"),
    ("minority-ethnic", "People of one culture or language",
     "A shared culture, heritage or language",
     "black, asian, south asian, caribbean, african, chinese, polish, somali, gypsy, "
     "traveller, roma, bame, ethnic minority, my own language, my culture"),
    ("beginners", "Beginners", "No experience is needed",
     "beginner, beginners, complete beginner, never done it before, no experience, first timers, "
     "novice, start from scratch, all abilities, taster session"),
])  # fmt: skip
