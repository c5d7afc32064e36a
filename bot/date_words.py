"""The words by which students name a day, as patterns and tables."""

import re

from bot.durations import NUMBER

MONTH = (
    r"(?:jan(?:uary)?|feb(?:r?uary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|"
    r"aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
WEEKDAY = (
    r"(?:mon(?:day)?|tue(?:s|sday)?|(?:wed(?:nesday|nsday|ensday)?|wensday|wendsday)|thu(?:rs?|rsday|rday)?|thrusday|"
    r"fri(?:day)?|firday|sat(?:urday|erday)?|sun(?:day)?)s?"
)
WHOLE_WEEKDAY = re.compile(r"(?:day|tues|thurs?|weds?)s?$", re.I)
_SPELLED = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh "
    "twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth "
    "nineteenth twentieth"
)
SPELLED_DAYS = {word: day for day, word in enumerate(_SPELLED.split(), 1)}
SPELLED_DAY = "|".join(sorted(SPELLED_DAYS, key=len, reverse=True))
DAY = rf"(?:\d{{1,2}}(?:st|nd|rd|th)?|{SPELLED_DAY})"
TOMORROW = r"(?:tom+or+ow|tomm?orr?ows?|tmrr?w|tmr|tmw|tmmrw|2morr?ow|tomoro)"
TODAY = r"(?:today|tonight|2day|2nite|tonite|this (?:morning|afternoon|evening))"
YESTERDAY = r"(?:yesterday|yesturday|yday|last night)"
HOLIDAY = (
    r"(?:thanksgiving|christmas eve|christmas|xmas|new year'?s eve|new year'?s(?: day)?"
    r"|halloween|valentine'?s(?: day)?|mlk day|presidents'? day|memorial day"
    r"|juneteenth|labor day|veterans day|(?:the )?(?:fourth|4th) of july)"
)
SPAN_OF_DAYS = r"(?:days?|weeks?|wks?|months?|weekends?)"
NOT_A_COUNT = r"(?!\s*(?:hours?|hrs?|mins?|minutes?|days?|weeks?|of|cup))"
NOT_A_PLACE = r"(?! (?:grade|period|hour|chapter|floor|time))"
FROM_DAY = rf"(?:{TOMORROW}|today|(?:this |next )?{WEEKDAY})"
_PATTERNS = [
    rf"(?:the )?day after {TOMORROW}\b",
    r"(?:the )?day before yesterday\b",
    rf"{NUMBER} (?:weeks?|days?) (?:from|after) {FROM_DAY}\b",
    rf"{WEEKDAY} after next\b",
    rf"(?:the )?{HOLIDAY}(?! break)",
    rf"(?:{WEEKDAY},? (?:the )?)?{MONTH}\.? {DAY}\b(?:,? \d{{4}}\b)?(?! ?hours?\b)",
    rf"(?:{WEEKDAY},? )?(?:the )?{DAY} (?:of )?{MONTH}\b(?:,? \d{{4}}\b)?",
    rf"the {DAY} (?:of )?(?:next|this) month\b",
    r"\d{4}-\d{2}-\d{2}\b",
    rf"(?:{WEEKDAY},? )?the \d{{1,2}}(?:st|nd|rd|th)\b{NOT_A_PLACE}",
    rf"(?:by|on|before|until|till) \d{{1,2}}(?:st|nd|rd|th)\b{NOT_A_PLACE}",
    rf"(?:{WEEKDAY},? )?\d{{1,2}}/\d{{1,2}}(?:/\d{{2,4}})?\b{NOT_A_COUNT}",
    rf"(?:{TODAY}|{TOMORROW}|{YESTERDAY})\b",
    r"(?:in|within)(?: about| like| another| the next)? "
    rf"{NUMBER} (?:more )?{SPAN_OF_DAYS}\b",
    rf"{NUMBER} {SPAN_OF_DAYS} (?:from now|ago|out|back)\b",
    r"(?:next|last|this|over the|this past|this coming) weekend\b",
    r"(?:next|last) (?:week|month|year)\b",
    r"(?:(?:early|mid|late)[ -]|(?:beginning|start|middle) of )"
    rf"(?:next month|{MONTH})\b",
    rf"(?:(?:next|this|last|on|by|this coming|coming|this past) )*{WEEKDAY}\b",
    rf"(?:by|in|before|until|till|this|next|last) (?:the end of )?{MONTH}\b",
    rf"(?:the )?end of {MONTH}\b",
]
EXPRESSIONS = [re.compile(rf"\b{pattern}", re.I) for pattern in _PATTERNS]
ANY_TIME_WORD = re.compile(
    r"\d|day|week|wk|month|year|semester|morr|tom|tm|ni(?:te|ght)|morning|noon|even|"
    rf"mas\b|hallow|valentine|juneteenth|ago\b|thanksg|{MONTH}|{WEEKDAY}",
    re.I,
)
END_OF = re.compile(
    r"\b(?:by |at |before )?(?:the )?end of (?:the |this )?"
    r"(next )?(week|weekend|month|school year|year|semester)\b",
    re.I,
)
PAST = re.compile(
    r"\b(?:worked|did|was|were|went|spent|volunteered|helped|shadowed|finished|had|"
    r"been|interned|coached|babysat|tutored|log|logged|put down|add|added|ago|"
    r"already|got|took|started|cleaned|built|made|taught|happened|completed|done)\b",
    re.I,
)
AHEAD = re.compile(
    r"\b(?:will|'?ll|going to|gonna|want|wanna|plan|by|before|remind|due|done by)\b",
    re.I,
)
NOT_A_DAY_BEFORE = re.compile(
    r"\b(?:i|he|she|we|they|who|just|the|my|an?|psat|act|take|taking|took|retake|"
    r"studying for|study for|practice|or|and)\s*$",
    re.I,
)
