"""What a question asks to have explained (`What is a credit hour?`, `特別休暇とは何ですか`), and
whether a text explains it: definitional questions, by patterns for English and Japanese."""

from __future__ import annotations

import re
from functools import lru_cache

from builder.text.terms import normalize

_NAME = (
    r"[^\s?？、。「」『』,;:()（）][^?？、。「」『』,;:()（）]{0,38}?[^\s?？、。「」『』,;:()（）]"
)
_ARTICLE = r"(?:an?\s+|the\s+)?"
# No `of`, `for`, `in`: `What is a deadline for a claim?` asks for a fact about it.
_NOUNS = (
    r"(?:[a-z][\w/+#-]*)(?:\s(?!(?:of|for|in|on|at|to|with|by|if|when|that)\b)[a-z][\w/+#-]*){0,3}"
)
_ASKED_ENGLISH = (
    rf"\bwhat(?:'s|\sis|\sare)\s+(?:exactly\s+)?(?:an?\s+|meant\sby\s+{_ARTICLE})?"
    rf"(?!(?:the|an?|my|your|their|his|her|our|its|this|that|it|they|there)\b)({_NOUNS})\s*(?:\?|$)",
    rf"\bwhat\sdo(?:es)?\s[a-z]+\smean\s(?:by|with|when\sthey\ssay)\s+{_ARTICLE}({_NAME})"
    r"\s*(?:[?.]|$)",
    rf"\bwhat\sdo(?:es)?\s+(?!(?:it|that|this|people|they|we|you)\b){_ARTICLE}({_NAME})\s+"
    r"(?:mean|stand\sfor|refer\sto)\b",
    rf"\b(?:meaning|definition)\sof\s+{_ARTICLE}({_NAME})\s*(?:[?.]|$)",
    rf"\bdifferences?\sbetween\s+{_ARTICLE}({_NAME})\sand\s+{_ARTICLE}({_NAME})\s*(?:[?.]|$)",
    rf"\bhow\s(?:do(?:es)?|is|are)\s+{_ARTICLE}({_NAME})\sdiffer(?:ent)?\sfrom\s+{_ARTICLE}"
    rf"({_NAME})\s*(?:[?.]|$)",
)
_WHAT = r"(?:何|なん|なに|どういう|どんな|どのような)"
_ASKED_JAPANESE = (
    rf"({_NAME})[」』]?(?:とは|って|というのは)[、\s]?(?:一体|いったい)?(?:{_WHAT}(?:のこと|もの|意味)?"
    r"(?:を指|を言|を意味|で(?:す|しょう|した)|だ|の(?:こと)?|こと|か|\s*[?。]?$)|[?。]?$)",
    rf"({_NAME})[」』]?の(?:意味|定義)",
    rf"({_NAME})[」』]?(?:は|と)どういう意味",
    rf"({_NAME})と({_NAME})の(?:違い|ちがい|差)",
    rf"({_NAME})と({_NAME})(?:って|は|とでは|では)(?:、)?(?:何が|なにが|どこが|どう)(?:違|ちが|異な)",
)
_EXPLAINED_ENGLISH = (
    r"(?<!\w){x}s?(?!\w)[\"'”’)*_]{{0,3}}\s*(?:\([^)\n]{{1,40}}\)\s*)?(?:(?:means?|refers?\sto"
    r"|stands?\sfor|describes?|denotes?)\b|(?:is|are)\b(?!\s(?:also\s)?"
    r"(?:not|available|required|needed|due|allowed|approved|paid|subject)\b))"
)
_LISTED = (
    r"(?m)^\s*(?:[-*•・]|\d+\.)?\s*[*_]{{0,2}}{x}s?[*_]{{0,2}}\s*(?::|–|—|\s-\s)\s*[*_]{{0,2}}\s?\S"
)
_EXPLAINED_JAPANESE = (
    r"{x}[」』]?(?:[（(][^）)\n]{{1,40}}[）)])?(?:とは|というのは|・{{2,}}|\.{{3,}}|は、?[^。\n]{{2,80}}"
    r"(?:のこと(?:です|をいう|を指|。)|を(?:いう|言う|指す|指します|いいます)|という。))"
)
_CALLED_JAPANESE = r"(?:を|、|以下)[「『]?{x}[」』]?(?:と(?:いう|呼|称)|という(?:名|こと))"
_WAYS = (_EXPLAINED_ENGLISH, _EXPLAINED_JAPANESE, _CALLED_JAPANESE, _LISTED)
"""Each for either language: a Japanese text explains `PTO` too. `{x}`: the name."""

SHORT = 3  # letters of a name whose last `s` belongs to it


def defines(question: str, text: str) -> bool:
    """Whether the text explains what the question asks to have explained; never where it asks for
    something else."""
    folded = normalize(text)
    return any(pattern.search(folded) for pattern in _explaining(question))


@lru_cache(maxsize=1024)
def _explaining(question: str) -> tuple[re.Pattern[str], ...]:
    """What explains the things that are asked for, each in its ways."""
    patterns = []
    for name in _asked(normalize(question)):
        one = name.removesuffix("s") if len(name) > SHORT else name
        patterns += [re.compile(way.format(x=re.escape(one))) for way in _WAYS]
    return tuple(patterns)


def _asked(question: str) -> list[str]:
    """The names that the question asks to have explained."""
    for pattern in (*_ASKED_ENGLISH, *_ASKED_JAPANESE):
        if match := re.search(pattern, question.strip()):
            return [name.strip(" \"'“”") for name in match.groups() if name]
    return []
