"""What a group helps with: illness, the body, family, safety."""

from asset_hub.directory.models import TermKind, Theme
from asset_hub.directory.topics.topic import topics

LIVING = (
    *topics(TermKind.NEED, Theme.CARING, [
        ("caring", "Caring for someone", "Breaks and support for carers",
         "look after my husband, look after my wife, look after my mum, look after my dad, carer, "
         "carers, unpaid carer, young carer, caring for, need a break, respite, day centre, "
         "sitting service, worn out looking after, who looks after me, my son needs me all day"),
        ("memory", "Memory and dementia", "Memory cafés, dementia, those who care",
         "forgetful, forgetting things, losing her memory, losing his memory, memory loss, "
         "confused, wanders off, dementia, alzheimers, alzheimer's, memory cafe, "
         "memory clinic, doesn't know me any more, keeps asking the same thing"),
        ("long-term-illness", "Living with illness or pain", "Long-term conditions, pain, fatigue",
         "in pain, chronic pain, bad back, arthritis, fibromyalgia, long covid, chronic fatigue, "
         "multiple sclerosis, parkinson's, parkinsons, epilepsy, lupus, long term condition, "
         "never well, flare up, bad day with my, kidney, crohns, colitis"),
        ("cancer", "Cancer", "During and after treatment, and for families",
         "cancer, tumour, chemo, chemotherapy, radiotherapy, mastectomy, lost my hair, wig, "
         "prostate, leukaemia, lymphoma, all clear, after treatment, just been diagnosed, "
         "living with cancer"),
        ("end-of-life", "Nearing the end of life", "Hospice, planning, those who love them",
         "dying, terminal, terminally ill, hospice, palliative, end of life, months to live, "
         "die at home, make a will, funeral plan, lasting power of attorney, last wishes, "
         "death cafe, a good death"),
        ("after-hospital", "Coming home from hospital", "Getting going again after an operation",
         "out of hospital, came out of hospital, home from hospital, discharged, "
         "after my operation, new hip, new knee, hip replacement, recovering from surgery, "
         "intensive care, getting back on my feet, reablement"),
    ]),
    *topics(TermKind.NEED, Theme.BODY, [
        ("moving", "Getting moving", "Gentle exercise, balance, walking, sport",
         "exercise, get fit, keep fit, fitness, unfit, out of puff, gentle exercise, stretching, "
         "sport, swimming, football, walking football, gym, yoga, tai chi, pilates, "
         "seated exercise, chair exercise, couch to 5k, physiotherapy exercises, stiff joints"),
        ("falls", "Steady on your feet", "Balance, falls, fear of falling",
         "fell over, had a fall, keep falling, falls, frightened of falling, wobbly, unsteady, "
         "balance, balance class, strength and balance, walking stick, frame, osteoporosis, "
         "weak bones, dizzy"),
        ("eating-well", "Eating well", "Cooking, meals together, a healthy weight",
         "lose weight, losing weight, overweight, healthy weight, diet, healthy eating, "
         "learn to cook, cooking, cookery, cook and eat, slimming, recipes, off my food, "
         "cook on a budget, vegetables, eat together"),
        ("smoking", "Stopping smoking", "Help to stop, and to stay stopped",
         "give up smoking, stop smoking, quit smoking, packing in the fags, cigarettes, smoker, "
         "vaping, vape, nicotine, patches, smoker's cough"),
        ("diabetes", "Diabetes", "Living with it, or keeping it away",
         "diabetes, diabetic, type 1, type 2, blood sugar, insulin, pre diabetes, prediabetes, "
         "borderline diabetic, sugar levels"),
        ("heart-lungs", "Heart, breathing and stroke", "Rehabilitation, clubs, singing for lungs",
         "heart attack, heart failure, angina, bypass, stent, blood pressure, cardiac rehab, "
         "breathless, short of breath, copd, asthma, emphysema, lungs, inhaler, stroke, tia, "
         "aphasia, lost my speech, pulmonary"),
        ("hearing", "Hearing", "Deafness, hearing aids, lip-reading, signing",
         "deaf, going deaf, hard of hearing, can't hear, hearing aid, hearing aid batteries, "
         "hearing loss, lip reading, sign language, bsl, tinnitus, ringing in my ears"),
        ("sight", "Sight", "Blindness, poor sight, reading and getting about with it",
         "blind, partially sighted, losing my sight, can't see, poor sight, macular, glaucoma, "
         "cataract, talking books, talking newspaper, large print, guide dog, white cane, "
         "sight loss, visually impaired"),
        ("learning-disability", "Learning disability", "Friends, skills, work, say",
         "learning disability, learning disabilities, learning difficulties, down's syndrome, "
         "downs syndrome, supported living, special needs, easy read, self advocacy, "
         "people first, day service"),
        ("autism", "Autism and ADHD", "For children, adults and families, diagnosed or not",
         "autism, autistic, asperger, aspergers, on the spectrum, adhd, attention deficit, "
         "neurodivergent, neurodiverse, meltdowns, sensory, waiting for a diagnosis, masking, "
         "can't concentrate, late diagnosis"),
    ]),
    *topics(TermKind.NEED, Theme.FAMILY, [
        ("pregnancy", "Having a baby", "Pregnancy, birth, the first weeks, feeding",
         "pregnant, expecting, pregnancy, new baby, newborn, new mum, new dad, breastfeeding, "
         "feeding my baby, baby blues, postnatal, postnatal depression, antenatal, midwife, "
         "bump, premature, unplanned pregnancy"),
        ("parenting", "Being a parent", "Babies, children, family life",
         "toddler, toddlers, playgroup, stay and play, mums, dads, single parent, single mum, "
         "parenting, tantrums, kids are driving me mad, bringing up grandchildren, kinship carer, "
         "fostering, childcare, half term, family hub, story time"),
        ("child-extra-help", "A child who needs more help", "Special needs, behaviour, school",
         "send, ehcp, special educational needs, child with a disability, disabled child, "
         "excluded from school, won't go to school, school refuser, behaviour problems, "
         "speech and language, bullied, bullying, short breaks, my child is struggling"),
        ("growing-up", "Growing up", "For teenagers and young adults, and those who worry",
         "teenager, teenagers, teen, youth club, exam stress, peer pressure, leaving care, "
         "care leaver, gangs, knife crime, hanging around, my daughter won't talk to me, "
         "somewhere for young people, first job"),
        ("separation", "Separation and family trouble", "Divorce, contact, living apart",
         "divorce, divorced, separated, splitting up, split up, left me, marriage is over, "
         "relationship trouble, arguing all the time, see my children, contact centre, "
         "child maintenance, mediation, estranged, grandparents' rights"),
        ("womens-health", "Menopause and women’s health", "Talking, learning, moving together",
         "menopause, hot flushes, the change, perimenopause, hrt, periods, heavy periods, "
         "endometriosis, pcos, pelvic floor, bladder weakness, infertility, trying for a baby"),
        ("identity", "Sexuality and gender", "Coming out, transition, friends and families",
         "coming out, gay, lesbian, bisexual, bi, trans, transgender, non binary, gender identity, "
         "queer, transition, my son is gay, my child is trans, pronouns, hiv"),
    ]),
    *topics(TermKind.NEED, Theme.SAFETY, [
        ("safety", "Feeling safe", "Domestic abuse, hate crime, feeling safe at home",
         "scared to go home, frightened of my partner, he hits me, she hits me, hit me, "
         "controlling, won't let me go out, takes my money, domestic abuse, domestic violence, "
         "refuge, stalking, being followed, forced marriage, honour, hate crime, racist abuse, "
         "not safe, attacked in the street"),
        ("sexual-violence", "Rape and sexual abuse", "Now or long ago, for anybody",
         "raped, rape, sexually assaulted, sexual assault, sexual abuse, touched me, "
         "made me do things, sexual violence, grooming, groomed, rape crisis, "
         "spiked my drink, intimate pictures"),
        ("scams", "Scams and doorstep crime", "Spotting them, and afterwards",
         "scam, scammed, conned, fraud, cold callers, nuisance calls, rogue trader, doorstep, "
         "gave them my bank details, phishing, text message asking for money, romance scam, "
         "lost my savings, trading standards"),
        ("rights", "Rights and advice", "Law, complaints, being heard, filling in forms",
         "know my rights, legal advice, solicitor, law centre, citizens advice, advice, "
         "fill in a form, help with forms, complaint, complain, discrimination, unfair, "
         "advocate, advocacy, speak up for me, employment rights, immigration advice, "
         "asylum claim"),
        ("after-prison", "Trouble with the law", "Prison, probation, families outside",
         "prison, out of prison, released, probation, criminal record, on licence, tag, "
         "my son is inside, visiting prison, ex offender, arrested, court, "
         "turn my life around, community payback"),
    ], urgent=["safety", "sexual-violence"]),
)  # fmt: skip
