"""What people do there, for the joy of it."""

from asset_hub.directory.models import TermKind
from asset_hub.directory.topics.topic import topics

INTERESTS = topics(TermKind.INTEREST, None, [
    ("music", "Singing and music", "Choirs, bands, listening together",
     "sing, singing, choir, community choir, band, brass band, orchestra, guitar, ukulele, piano, "
     "drumming, folk music, open mic, karaoke, play an instrument"),
    ("arts", "Arts and crafts", "Painting, knitting, making things",
     "painting, drawing, art class, craft, crafts, knitting, knit and natter, crochet, sewing, "
     "quilting, pottery, ceramics, card making, embroidery, watercolours, textiles"),
    ("gardening", "Gardening and growing", "Allotments, gardens, plants",
     "gardening, garden, allotment, growing vegetables, plants, flowers, orchard, seeds, "
     "community garden, greenhouse, horticulture, flower arranging"),
    ("nature", "Walks and nature", "Walking, birds, the outdoors",
     "walk, walks, walking group, ramble, ramblers, hiking, birdwatching, birds, countryside, "
     "fresh air, outdoors, park, woods, woodland, green gym, litter pick, wildlife"),
    ("dance", "Dancing", "Every kind of dance",
     "dance, dancing, tea dance, ballroom, line dancing, salsa, zumba, bollywood, ceilidh, "
     "tap, ballet, disco"),
    ("games", "Games and cards", "Bingo, chess, board games",
     "bingo, chess, cards, bridge, whist, dominoes, board games, scrabble, quiz, pool, snooker, "
     "darts, bowls, boccia, jigsaw, table tennis"),
    ("books", "Books and learning", "Reading, history, languages, talks",
     "reading group, book club, library, local history, history society, talks, lectures, "
     "u3a, learn a language, french, spanish, philosophy, poetry, family history"),
    ("making", "Mending and making", "Sheds, repair cafés, tools",
     "shed, men's shed, mens shed, woodwork, repair cafe, mend, fix things, tools, "
     "bike repair, upcycling, model making, metalwork, electronics"),
    ("faith", "Faith and belief", "Worship, prayer, quiet reflection",
     "church, chapel, mosque, temple, synagogue, gurdwara, prayer, pray, worship, bible, quran, "
     "faith, spiritual, reflection, chaplain"),
    ("giving", "Helping others", "Volunteering, good neighbours, giving time",
     "volunteer, volunteering, give something back, help out, good cause, fundraising, "
     "lend a hand, time bank, trustee, mentor somebody, free time to give"),
    ("cookery", "Cooking and baking", "Cooking, baking and eating for pleasure",
     "baking, bake, cakes, bread making, supper club, world food, cooking together, "
     "jam making, come dine, curry night"),
    ("sports", "Sport and teams", "Playing, watching, coaching",
     "team, cricket, rugby, netball, hockey, tennis, badminton, golf, running club, athletics, "
     "boxing, martial arts, judo, cycling club, fishing, angling, bowling green"),
    ("water", "Swimming and water", "Pools, rivers, boats",
     "swim, aqua aerobics, wild swimming, canoe, kayak, rowing, sailing, narrowboat, paddle, "
     "canal, lido"),
    ("stage", "Drama, comedy and film", "Acting, watching, talking about it",
     "drama, theatre, acting, amateur dramatics, pantomime, film club, cinema, film night, comedy, "
     "storytelling, improvisation"),
    ("writing", "Writing and stories", "Poems, memories, blogs",
     "creative writing, writing group, write poems, memoir, life story, journalling, "
     "writers, spoken word, short stories, write a book, write it all down"),
    ("photography", "Photos and pictures", "Cameras, phones, looking closely",
     "photography, camera, photos, camera club, take pictures, video making, "
     "film making, old photos, photo walk, picture framing"),
    ("animals", "Animals", "Dogs, horses, farms",
     "dogs, dog walking, cats, horses, horse riding, pony, city farm, care farm, alpacas, bees, "
     "beekeeping, therapy dog, animal rescue"),
    ("outings", "Trips and outings", "Days out, holidays, going together",
     "trip, trips, outing, coach trip, seaside, museum, day trip, holiday club, theatre trip, "
     "eat out, pub lunch"),
])  # fmt: skip
