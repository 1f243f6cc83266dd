"""Who may be in danger is told whom to ring first; nobody else is met with sirens."""

import pytest

from asset_hub.directory.rules.meaning import meant
from asset_hub.search.question.danger import Danger, dangers
from tests.conftest import Browser
from tests.search.conftest import Town
from tests.search.test_meaning import OURS_COMPILED

IN_DANGER = """
life: I want to die
life: I don't want to be here any more
life: suicidal
life: my son is cutting himself
life: she says we'd be better off without her and she can't go on
life: self-harm support
body: taken an overdose
body: mum has chest pains
body: I think dad is having a stroke
body: can't breathe
body: he won't wake up
violence: he hits me
violence: scared to go home
violence: my boyfriend threatened to kill me
violence: domestic abuse help
violence: she was raped
violence: of course he beats me
child: my dad hits me and I'm 13
child: worried a child is being hurt
life: I can't go on like this any longer
life: I don't want to be here anymore
life: I want it all to stop, I've got the tablets ready
life: thinking of ending my life
life: my son has been talking about killing himself
life: she says we'd all be better off without her
life: I feel suicidal tonight
life: feeling like there's no point in living since he died
life: I keep hurting myself
life: my daughter is self-harming
life: I've had enough of living
life: I wish I could go to sleep and never wake up
life: he's written goodbye letters
life: thoughts of suicide
life: I'm going to jump off the bridge
life: nobody would miss me if I was gone
life: my friend just sent me a text saying goodbye forever
life: I want to kill myself
body: I've taken too many paracetamol
body: my dad has chest pain and his arm hurts
body: mum's face has dropped on one side
body: he isn't breathing
body: my wife collapsed and won't wake up
body: she is having a fit and it won't stop
body: bleeding that won't stop
body: baby swallowed a battery
body: I think I'm having a heart attack
body: can't breathe, lips swelling up after peanuts
violence: my husband hit me again last night
violence: I'm scared of my boyfriend
violence: he says he'll kill me if I leave
violence: he locked me in and took my phone
violence: my ex keeps following me
violence: my partner won't let me out of the house
violence: I was raped
violence: my son is violent towards me
violence: somebody is breaking into my house
violence: my family want to force me to marry
child: my stepdad touches me at night
child: I think next door are hurting their little boy
child: I'm 13 and my dad hits me
child: a child is being neglected on our street
life: I've bought enough pills to finish it
life: I just can't do life anymore
life: my husband has gone out and left a note
life: my teenager told her friend she wants to be dead
life: life isn't worth it without her
life: I keep thinking about ending things
life: I don't think I'll be here next week
life: he has a rope in the garage and won't talk
life: feel like driving into a wall
life: I hate myself and cut
body: gran has fallen and can't get up and she's bleeding
body: my mate passed out after taking something
body: tightness in my chest and sweating
body: my baby is floppy and very hot
body: my son drank bleach
body: dad suddenly can't talk and his arm is weak
violence: my wife throws things at me and punches me
violence: he controls all my money and checks my phone
violence: my uncle forces me to have sex
violence: I am hiding from my husband
violence: my girlfriend hurts me
violence: someone is following me home
child: my teacher touches me
child: mum leaves us on our own for days
child: my cousin aged 9 has bruises and is scared of her mum
life: I have nothing left to live for
life: I want to disappear for good
life: my grandson says he doesn't want to be alive
life: been having dark thoughts about killing myself
life: they would be happier if I was dead
body: my wife had a seizure
body: she took a whole packet of pills
body: grandad is turning blue
body: he banged his head and is being sick
violence: my dad beats my mum
violence: he pushed me down the stairs
violence: my carer slaps me
violence: I don't feel safe with him
violence: he forces me to do things in bed
child: a man online is asking my daughter for pictures
child: my brother touches me
""".strip().splitlines()
NOT_IN_DANGER = """
suicide bereavement group
lost my brother to suicide
suicide awareness training
first aid course
mental health first aid
stroke club
exercise class after a stroke
had a heart attack two years ago
domestic abuse volunteer
death cafe
boxing
hit the gym
killing time
dying to sing
my husband died
swimming for 8 year olds
knitting
kick start your fitness
choir
killing time on a Tuesday
I could murder a curry
dying to meet new people
to die for cakes
I'm dead tired after work and want to relax
drop dead gorgeous makeover day
hit the gym
hitting the high notes choir
beating the blues
beat boxing for teenagers
kick boxing classes
a kick about on Saturdays
punch needle embroidery
strangles me with laughter comedy night
choking hazards course for childminders
cutting hair for charity
cutting and pasting on a computer
cut my grass
knife skills cookery
jump off point for walks
bungee jump for charity
hanging baskets
hang out with friends
overdose of chocolate fair
shooting stars astronomy club
camera club street shooting
murder mystery evening
killer sudoku
deadly serious chess
heart attack recovery group
after my stroke I want to walk again
life after a heart attack
stroke club
bereaved by suicide
lost my brother to suicide five years ago
suicide prevention training
first aid course for choking babies
domestic abuse awareness volunteer
child protection training for volunteers
I can't carry on my hobby since my eyes got worse
dad is 15 minutes late for the bus
I'm 14 and want to play football
my chest freezer broke and I need a new one
rape seed oil farm visit
stalking butterflies photography
breathe easy group
can't breathe easy singing for lungs
I want to live nearer my grandchildren
we lost the fight at bingo
end of life planning
ending poverty campaign
run away with the circus workshop
a killer view walk
dying for a cuppa
dying my hair blue
dyeing wool
I would kill for a lie in
death by chocolate
die hard film night
dead sea scrolls talk
my plants keep dying
my phone died
battery died on my scooter
suicide squad film club
over the hill and not dead yet cycling
beat the bus walking group
smashing pumpkins carving
take a stab at painting
break a leg drama group
shoot some hoops
bombing around the skate park
crushed velvet sewing
hit by the rise in bills
hit the charity shops
attack of the dance moves
battle of the bands
fight club for seniors boxing
burn calories
end it with a song choir
slapstick comedy
whip up a cake
strangers meal
I can't go on the bus by myself
not able to carry on gardening
scared of spiders
afraid of heights
frightened of the dentist
my dog hurt his paw
run away with the fairies
pills and remedies history talk
chest of drawers to give away
my heart isn't in my job
living with a heart condition
wake up yoga
live and let live group
nothing to live up to
dead good poets
kill the boredom
suicide note play at the theatre
hurts so good massage
he is a heart breaker ballroom
he slaps on the paint art class
tight budget
blue badge help
passed out flyers for the church
she locked herself out, need a handyman
my mum won't let me help her
left a note for the milkman
my knee hurts on stairs
my back is killing me
her hip is killing her
the cat attacked my sofa
I hate myself for eating cake slimming club
""".strip().splitlines()


@pytest.mark.parametrize("line", IN_DANGER)
def test_words_of_danger_are_heard(line: str) -> None:
    kind, said = line.split(": ")
    assert Danger(kind) in dangers(said, meant(said, OURS_COMPILED).topics)


@pytest.mark.parametrize("said", NOT_IN_DANGER)
def test_who_looks_for_afterwards_for_a_course_or_speaks_in_images_is_not_alarmed(
    said: str,
) -> None:
    assert dangers(said, meant(said, OURS_COMPILED).topics) == ()


def test_who_means_it_now_is_heard_whatever_else_is_said() -> None:
    assert dangers("I lost my brother to suicide and now I want to die") == (Danger.LIFE,)


def test_who_is_hit_today_is_heard_beside_what_was_years_ago() -> None:
    assert Danger.VIOLENCE in dangers("he broke my arm years ago and he still hits me")


def test_a_child_who_is_afraid_is_told_of_childline_and_one_who_plays_is_not() -> None:
    assert Danger.CHILD in dangers("I'm 12 and I'm scared of him")
    assert Danger.CHILD in dangers("he hits me, I'm 14")
    assert dangers("I'm 12 and I like chess") == ()


@pytest.mark.parametrize(
    "address",
    [
        "/find?q=I+want+to+kill+myself",
        "/find?q=I+want+to+kill+myself&view=map",
        "/find?q=I+want+to+kill+myself+zzyzx&topic=unheard-of",  # nothing is found
        "/find?q=I+want+to+kill+myself&page=7",
        "/find?q=I+want+to+kill+myself&pin=choose",
    ],
)
def test_the_numbers_are_first_whatever_is_found_and_however_it_is_shown(
    browser: Browser, town: Town, address: str
) -> None:
    town.add("Choir", at=(53.6, -2.2))
    page = browser.get(address).text
    assert page.index("Is it urgent?") < page.index('role="search"')
    assert "116 123" in page


@pytest.mark.parametrize("address", ["/find", "/find?view=map", "/find?q=zzyzx", "/whats-on"])
def test_the_numbers_stand_on_every_page_of_results(
    browser: Browser, town: Town, address: str
) -> None:
    page = browser.get(address).text
    assert "Is it urgent?" not in page
    for number in ("999", "111", "116 123"):
        assert number in page


def test_a_topic_that_is_urgent_and_surely_meant_is_danger_too() -> None:
    assert dangers("x", [("suicidal", 0.9)]) == (Danger.LIFE,)
    assert dangers("x", [("suicidal", 0.5)]) == ()


def test_the_numbers_stand_first_and_large_or_quietly(browser: Browser, town: Town) -> None:
    town.add("Choir")
    page = browser.get("/find?q=I+want+to+die").text
    assert page.index("Is it urgent?") < page.index('role="search"')
    for number in ("999", "111", "116 123", "85258"):
        assert number in page
    page = browser.get("/find?q=he+hits+me").text
    assert "0808 2000 247" in page
    page = browser.get("/find?q=my+dad+hits+me+and+im+12").text
    assert "0800 1111" in page
    page = browser.get("/find?q=choir").text
    assert "Is it urgent?" not in page
    assert page.count("Urgent help: danger now") == 1
    assert "85258" in page
