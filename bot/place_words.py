"""The words that make a phrase the name of a place to work, help or learn."""

KINDS = """
academy|agency|airport|arena|auto shop|bakery|bank|barbershop|barber shop|body shop|
bookstore|boys and girls club|bureau|cafe|camp|center|centre|chapel|church|city hall|
clinic|club|co-op|coffee shop|college|company|construction site|corporation|
council|courthouse|daycare|day care|dealership|deli|dentist office|diner|
doctor's office|factory|farm|farmers market|fire department|fire house|fire station|
firehouse|firm|flower shop|food bank|food pantry|foundation|garage|garden center|
greenhouse|grocery store|gym|hair salon|hall|hardware store|hospice|hospital|hotel|
humane society|kennel|lab|laboratory|landscaping|law firm|law office|library|
machine shop|mill|ministry|mosque|museum|nature center|nursery|nursing home|
office|orchestra|pantry|park district|pet store|pharmacy|plant|police department|
police station|pool|preschool|ranch|rec center|recreation center|repair shop|rescue|
restaurant|salon|senior center|shelter|shop|software|soup kitchen|stables?|station|
store|studio|supermarket|synagogue|temple|theater|theatre|thrift store|university|
urgent care|vet|vet clinic|vet's office|warehouse|workshop|ymca|ywca|zoo
"""
NAMED_ONLY = """
academy|agency|bank|bureau|center|centre|college|company|corporation|council|
foundation|hall|landscaping|ministry|office|plant|software|station|store|shop|
university|works|club|vet|firm|gym|pool|lab
"""
TRADE_NAMES = """
associates|auto|builders|co|electric|farms|foods|group|homes|inc|llc|motors|partners|
plumbing|services|software|solutions|systems|tech|works
"""
EMPLOYERS = """
4-h|aldi|amazon|american red cross|applebee's|arby's|bath and body works|best buy|
big brothers big sisters|bob evans|boy scouts|burger king|chick-fil-a|chickfila|
chipotle|cleveland clinic|costco|culver's|culvers|cvs|dairy queen|dick's|dollar general|
dollar tree|domino's|dunkin|fedex|feeding america|gamestop|giant eagle|
girl scouts|goodwill|habitat for humanity|home depot|honda|humane society|ikea|
key club|kings island|kohl's|kroger|kroger's|little caesars|lowe's|lowes|marc's|
mcdonald's|mcdonalds|mickey d's|meals on wheels|meijer|menards|nationwide|
ohio health|ohiohealth|old navy|panera|petco|petsmart|raising cane's|raising canes|
red cross|rite aid|ronald mcdonald house|salvation army|sam's club|scouts|sheetz|
sonic|special olympics|starbucks|subway|taco bell|target|tim hortons|tj maxx|ups|usps|
walgreens|walmart|wendy's|wendys|white castle|ymca|ywca|the y
"""


def alternatives(words: str) -> str:
    """Return words between bars as one pattern, the longest first."""
    found = {word.strip() for word in words.replace("\n", "").split("|")}
    return "|".join(sorted(found - {""}, key=len, reverse=True))
