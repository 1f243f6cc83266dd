"""What a group helps with: company, feelings, money, home."""

from asset_hub.directory.models import TermKind, Theme
from asset_hub.directory.topics.topic import topics

NEEDS = (
    *topics(TermKind.NEED, Theme.PEOPLE, [
        ("company", "Company and friendship", "Meeting people, feeling less alone",
         "on my own, all alone, nobody to talk to, no one to talk to, haven't got any friends, "
         "lonely, loneliness, isolated, get out of the house, meet people, make friends, chat, "
         "a cup of tea, coffee morning, new to the area, just moved here, don't know anyone, "
         "friendly faces, company, social group, lunch club"),
        ("befriending", "A visit or a call", "Somebody who comes round or rings for a chat",
         "can't get out, housebound, stuck at home, nobody visits, someone to visit, "
         "someone to ring me, phone friend, telephone call, befriending, befriender, "
         "never see a soul, my mum is on her own, checks on me, good neighbour scheme"),
        ("something-to-do", "Something to do", "Filling the day, finding a new interest",
         "bored, at a loose end, nothing to do, just retired, retirement, days are long, "
         "need a hobby, keep busy, days out, something to look forward to, a reason to get up, "
         "since I stopped work, activities, clubs"),
    ]),
    *topics(TermKind.NEED, Theme.FEELINGS, [
        ("grief", "Grief and loss", "After somebody has died, or another loss",
         "lost my husband, lost my wife, lost my mum, lost my dad, lost a baby, widow, widower, "
         "widowed, passed away, died, someone has died, bereaved, bereavement, grieving, grief, "
         "miscarriage, stillbirth, lost my dog, miss him so much, miss her so much"),
        ("worry", "Worry and low mood", "Anxiety, stress, feeling down",
         "worried sick, can't stop worrying, anxious, anxiety, panic attacks, panicking, stressed, "
         "stress, feeling down, low mood, fed up, tearful, crying all the time, depressed, "
         "depression, can't cope, overwhelmed, burnt out, nerves, on edge"),
        ("suicidal", "Thoughts of suicide or self-harm", "When living feels too much",
         "want to die, don't want to be here, end it all, kill myself, suicide, suicidal, "
         "no point any more, better off without me, hurting myself, cutting myself, self harm, "
         "can't go on like this, lost somebody to suicide"),
        ("mental-illness", "Living with mental illness", "Recovery, peer support, daily life",
         "mental health, bipolar, schizophrenia, psychosis, hearing voices, personality disorder, "
         "ocd, obsessive, breakdown, been sectioned, mental health team, recovery college, "
         "peer support, my tablets, community psychiatric nurse"),
        ("trauma", "After something terrible", "Abuse in the past, violence, war, accidents",
         "flashbacks, ptsd, trauma, traumatic, nightmares about it, abused as a child, "
         "childhood abuse, survivor, bad memories, can't get over it, accident changed me, "
         "what I saw in the war, complex trauma"),
        ("confidence", "Confidence and self-esteem", "Feeling better about oneself, speaking up",
         "no confidence, lost my confidence, shy, feel useless, feel worthless, self esteem, "
         "believe in myself, assertive, scared of people, social anxiety, find my voice, "
         "stand up for myself"),
        ("sleep", "Sleep and rest", "Sleeping better, relaxing, unwinding",
         "can't sleep, awake all night, insomnia, tired all the time, exhausted, wake up early, "
         "switch off, unwind, relax, relaxation, mindfulness, meditation, breathing exercises"),
        ("eating-disorder", "A hard time with eating", "Anorexia, bulimia, bingeing",
         "anorexia, anorexic, bulimia, making myself sick, binge eating, bingeing, "
         "starving myself, scared of food, hate my body, eating disorder, won't eat, "
         "obsessed with calories"),
        ("alcohol-drugs", "Alcohol and drugs", "Drinking less, recovery, families",
         "drinking too much, can't stop drinking, alcohol, alcoholic, drugs, addiction, addicted, "
         "in recovery, sober, relapse, rehab, cocaine, heroin, cannabis, weed, painkillers, "
         "my partner drinks, getting clean, dry out"),
        ("gambling", "Gambling", "Stopping, debts from it, families",
         "gambling, betting, bookies, slot machines, online casino, scratch cards, "
         "chasing my losses, gambled it away, my husband gambles, can't stop betting"),
    ], urgent=["suicidal"]),
    *topics(TermKind.NEED, Theme.MONEY, [
        ("money", "Money and debt", "Bills, debt, budgeting",
         "in debt, debts, debt, behind with bills, can't pay my bills, bailiffs, overdrawn, "
         "skint, broke, no money, money worries, budgeting, loan shark, council tax arrears, "
         "payday loan, catalogue debt, bankrupt, credit union, can't make ends meet"),
        ("benefits", "Benefits and allowances", "What one can claim, and help with the forms",
         "benefits, universal credit, pip, attendance allowance, pension credit, carers allowance, "
         "blue badge form, sanctioned, stopped my money, turned down for, what can I claim, "
         "claim form, tribunal, mandatory reconsideration, housing benefit, disability benefit"),
        ("food", "Food when money is short", "Food banks, pantries, free meals",
         "hungry, nothing to eat, empty cupboards, food bank, foodbank, food parcel, pantry, "
         "free meal, free school meals, holiday hunger, feed the kids, food voucher, "
         "community fridge, cheap food, surplus food"),
        ("essentials", "Clothes, furniture and things for a home", "Given, lent or very cheap",
         "need a bed, no cooker, no furniture, second hand, school uniform, warm coat, "
         "baby clothes, baby things, pram, toiletries, period products, clothes bank, "
         "furniture project, white goods, borrow tools, charity shop"),
        ("work", "Work and training", "Finding work, skills, volunteering as a start",
         "need a job, looking for work, out of work, unemployed, made redundant, lost my job, "
         "cv, job interview, job club, jobcentre, apprenticeship, career change, back to work, "
         "zero hours, start a business, self employed, training course, work experience"),
        ("learning", "Learning, reading and writing", "Courses, reading, writing, numbers",
         "can't read, trouble reading, struggle to read, spelling, dyslexia, dyslexic, maths, "
         "numeracy, literacy, go back to college, evening class, never got any qualifications, "
         "gcse, adult education, learn something new, homework help"),
        ("english", "Learning English", "Classes, conversation, interpreting",
         "learn english, english classes, esol, english is not my first language, "
         "speak better english, conversation class, interpreter, translate a letter, "
         "don't understand the letters, practise english"),
        ("online", "Using phones and computers", "Getting online, staying safe there",
         "computer, laptop, tablet, smartphone, mobile phone, internet, wifi, get online, "
         "email account, forgot my password, video call, nhs app, it help, digital, "
         "can't do it online, not good with computers, fill it in online"),
    ]),
    *topics(TermKind.NEED, Theme.HOME, [
        ("housing", "Housing", "Finding a place to live, rent, landlords, neighbours",
         "rent arrears, behind with the rent, eviction, evicted, landlord, notice to quit, "
         "council house, housing list, overcrowded, need to move, moving house, bedroom tax, "
         "noisy neighbours, sheltered housing, tenancy, damp, mould, mortgage"),
        ("homeless", "Nowhere to stay", "Sleeping rough, sofas, hostels",
         "homeless, nowhere to go, nowhere to stay, sleeping rough, rough sleeper, sofa surfing, "
         "sleeping in my car, kicked out, thrown out, hostel, night shelter, on the streets, "
         "temporary accommodation"),
        ("warmth", "Keeping warm", "Warm places, energy bills, insulation",
         "cold house, freezing, can't afford the heating, heating, energy bills, gas bill, "
         "electric bill, meter, top up, warm space, warm hub, insulation, draughty, boiler, "
         "fuel poverty, heat or eat, energy prices"),
        ("repairs", "Repairs and changes at home", "Grab rails, small jobs, gardens",
         "handyman, odd jobs, grab rail, stairlift, ramp, walk in shower, adaptations, "
         "fix the tap, light bulb, leaking roof, broken boiler, garden is overgrown, mow the lawn, "
         "key safe, smoke alarm, clear the house"),
        ("help-at-home", "Help with everyday things", "Shopping, cleaning, meals, pets",
         "can't manage, shopping for me, do my shopping, cleaning, cleaner, housework, laundry, "
         "meals on wheels, cook for myself, walk the dog, pet care, collect my prescription, "
         "home help, put the bins out, too much stuff, hoarding"),
        ("transport", "Getting about", "Lifts, community transport, passes",
         "lift to hospital, lift to the doctor, get to my appointment, no car, can't drive, "
         "gave up driving, no bus, bus pass, community transport, dial a ride, minibus, taxi, "
         "blue badge, shopmobility, scooter, volunteer driver, transport"),
    ]),
)  # fmt: skip
