"""Text that speaks to a language model instead of to a reader.

What is found is neither quoted nor taken as support. The patterns can't find every instruction;
what they miss is shown as plain words, and nothing acts on it.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from builder.text.blocks import blocks_of

INVISIBLE = re.compile(
    r"[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e"
    r"\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
"""Characters without a shape: control, zero width, direction of writing, tags."""
# Cyrillic and Greek letters that look like Latin ones.
_LOOKALIKES = str.maketrans("аеорсухіјѕԁһӏԛԝνοαικρτυ", "aeopcyxijsdhlqwvoaikptu")
_TARGET = (
    r"(?:instructions?|prompts?|rules?|guidelines?|directions?|messages?|context|passages?|text)"
)
_SPEAKS = r"(?:reply|answer|say|respond|recommend|tell|output|write|state|claim)"
_REPLY = r"(?:answer|reply|replie|response|output)"
_PATTERNS = (
    rf"\b(?:ignore|disregard|forget|override|bypass)\b[^.\n]{{0,40}}?\b(?:previous|above|prior"
    rf"|earlier|preceding|system|all|your|other)\b[^.\n]{{0,30}}?\b{_TARGET}",
    r"\b(?:ignore|disregard|forget)\s+(?:everything|all(?:\s+of)?(?:\s+this)?|the\s+above)",
    rf"\b(?:ignore|disregard|forget|(?:stop|not|n't|never) follow(?:ing)?|no (?:attention|notice)"
    r"|never mind)\b[^.\n]{0,30}?\b(?:you (?:were|are|have been|had been) (?:told|given|taught"
    rf"|instructed|asked)|your (?:own |previous |original )?{_TARGET}"
    r"|(?:text|message|prompt) above)",
    r"\b(?:previous|above|preceding|earlier) (?:text|instructions?|prompts?|messages?|passages?)\b"
    r"[^.\n]{0,10}\b(?:not|no longer|never|void|invalid|n't)\b",
    rf"\b(?:anyone|whoever|anybody|any (?:system|reader|model|program)|whatever)\b[^.\n]{{0,20}}"
    rf"\b(?:read|answer)(?:s|ing)?\b[^.\n]{{0,40}}\b(?:should|must|shall|has to|will|is to)\b"
    rf"[^.\n]{{0,15}}\b{_SPEAKS}",
    r"\byour new (?:task|instructions?|goal|objective|prompt)s? (?:is|are)\b"
    r"|\bnew (?:system )?instructions?\s*[:：]",
    rf"\b(?:your|every|each|all) {_REPLY}s?\b[^.\n]{{0,10}}\b(?:must|should|shall|has to|have to)\b"
    r"[^.\n]{0,12}\b(?:begin|start|end|contain|include|mention|recommend)\b",
    r"\b(?:start|begin|end|finish|preface|prefix|open|close)\b"
    rf" (?:every|each|all|your|the) {_REPLY}",
    rf"\b(?:write|recommend|mention|include|say|put|link|quote|advertise|praise)\b[^.\n]{{0,50}}"
    rf"\bin (?:your|every|each|all)(?: of your)? {_REPLY}",
    r"\b(?:send|post|forward|upload|submit|transmit|leak)\b[^.\n]{0,20}"
    r"\b(?:conversation|chat|dialogue|transcript|prompt|question|history)s?\b[^.\n]{0,20}\bto\b[^.\n]{0,20}(?:https?:|www\.|@)",
    r"\btell (?:whoever|anyone who|everyone who) asks\b"
    r"|\banswer (?:every|all|any) questions? with\b",
    r"\b(?:must not|should not|shall not|do not|don't|never|without)"
    r" (?:cit|quot|nam|mention|show)\w* (?:any |your |the )?(?:sources?|citations?)\b",
    r"\b(?:contents?|text|value)s? of your"
    r" (?:configuration|instructions?|prompt|memory|context|system)"
    r"|\bwhat are your (?:system |original |hidden )?(?:instructions|prompt)"
    r"|\b(?:translate|summari[sz]e|repeat|encode|spell|print|show|reveal|output|copy) your"
    r" (?:system |own )?(?:message|prompt|configuration|instructions)",
    r"\b(?:system|developer)\s+(?:prompt|message|override)\b",
    r"^\W*(?:system|assistant|developer|user|human|ai)\s*[:：]",
    r"^\W*\[\s*(?:system|inst|/inst|assistant)\b",
    r"\b(?:reveal|print|output|repeat|show|leak|disclose)\s+(?:me\s+)?(?:your|the)\s+(?:full\s+|entire\s+"
    r"|hidden\s+|initial\s+)?(?:system\s+)?(?:prompt|instructions)\b",
    r"\byou\s+are\s+(?:now\s+(?:an?|the|my|called|named|free|unrestricted|dan|in\s+\w+\s+mode)\b"
    r"|no\s+longer\s+(?:an?\s+(?:ai|assistant|bot|chatbot|model)|bound|limited|restricted)\b)|\bfrom\s+now\s+on\b[^.\n]{0,20}\byou\b|\bact\s+as\s+(?:if|an?)\b"
    r"|\bpretend\s+(?:to|that)\b|\brole-?play\b|\bjailbreak|\bdeveloper\s+mode\b|\bas\s+an\s+ai\b",
    r"\b(?:tell|ask|instruct|convince|advise|inform)\s+the\s+(?:user|reader|person|asker)s?\b",
    r"\b(?:chatbot|assistant|language\s+model|llm|ai|bot)s?\b[^.\n]{0,30}\b(?:must|should|shall|please"
    r"|has\s+to|have\s+to|need(?:s)?\s+to|is\s+to|are\s+to)\b",
    r"\b(?:respond|reply|answer|say|output)\b[^.\n]{0,20}\b(?:only|exactly|nothing\s+but|with\s+the"
    r"\s+(?:word|text|phrase|following|link|image))\b",
    r"\b(?:add|append|include|insert|embed|render|display)\b[^.\n]{0,40}\b(?:answer|reply|response"
    r"|markdown\s+image)\b",
    r"(?:上記|以上|これまで|以前|前述|先|今まで|すべて|全て|システム)の?[^。\n]{0,12}"
    r"(?:指示|命令|プロンプト|ルール|規則|文章|内容)[^。\n]{0,6}(?:無視|忘れ|破棄|取り消)",
    r"(?:これまで|今まで|以前|直前|(?<![一-鿿])[前上])の?(?:指示|命令|プロンプト|文章|言われた)[^。\n]{0,10}"
    r"(?:忘れ|無視|従わ|破棄|無効|取り消)",
    r"これを読んだ(?:ら|者|人|あなた)[^。\n]{0,60}(?:答え|回答|返答|伝え|出力)",
    r"あなたの新しい(?:役割|任務|仕事|指示|目的)|新しい(?:指示|命令)\s*[:：]",
    r"(?:すべて|全て|毎回|今後)の(?:回答|返答|答え)[^。\n]{0,60}(?:付け|加え|入れ|含め|始め|終え|書)"
    r"|(?:回答|返答|答え)(?:は|に|では|には)(?:必ず|常に)[^。\n]{0,60}"
    r"(?:始め|終え|付け|含め|入れ|すすめ|勧め|推薦|宣伝)",
    r"あなた(?:へ|に対する|に与えられた)の?(?:指示|設定|命令|プロンプト)|設定内容をそのまま(?:出力|表示|回答)",
    r"(?:会話|質問|対話|やり取り)(?:内容)?を[^。\n]{0,40}(?:https?:|@)[^。\n]{0,60}(?:送|転送|投稿)",
    r"(?:出典|引用元|情報源)(?:は|を)(?:示さ|書か|付け|出さ|明かさ)(?:ない|ず)(?:で|に|こと|よう)",
    r"(?:利用者|ユーザー?|質問者|読者|読み手)(?:に|へ)[^。\n]{0,60}(?:と(?:伝え|答え|言|案内|回答|返答)"
    r"|(?:送る|入力する|送信する|教える)よう)",
    r"(?:AI|アシスタント|チャットボット|ボット|言語モデル)(?:は|へ|に)[^。\n]{0,60}"
    r"(?:せよ|ください|しなさい|すること|答え|返答|表示|出力)",
    r"(?:あなた|君|お前)は[^。\n]{0,20}(?:今から|これから|もはや|として(?:振|ふ)る舞)"
    r"|(?:今から|これから)あなたは|システムプロンプト|(?:と|を)(?:だけ|のみ)(?:答え|返答|回答|出力|返し)",
    r"(?:回答|答え|返答)の?(?:末尾|最後|冒頭|中)?に[^。\n]{0,40}(?:付け|追加|入れ|含め|表示|挿入)",
    r"<\s*\|.{0,40}?\|\s*>|<<\s*/?\s*SYS\s*>>|\[\s*/?\s*INST\s*\]|<\s*/?\s*(?:start|end)_of_turn\s*>",
    r"<\s*/?\s*(?:tool_call|function_calls?|invoke|tool_use|thinking|scratchpad)\b"
    r"|[\"']?(?:tool|function|name)[\"']?\s*:\s*[\"'][^\"'\n]{1,60}[\"']\s*,\s*[\"']?(?:arguments"
    r"|parameters|input)[\"']?\s*:",
    r"\b(?:javascript|vbscript)\s*:\s*\S|\bdata:\s*(?:text|image|application)/|!\[[^\]\n]*\]\([^)\n]*[?=]"
    r"|<\s*(?:script|iframe|object|embed|meta|base)\b|\bon(?:error|load|click)\s*=",
    r"^\W*(?:question|質問|earlier\s+(?:question|answer))\s*[:：][^\n]{0,200}\b(?:answer|答え|回答)\s*[:：]",
    r"^\s*[=+@-]\s*(?:cmd|HYPERLINK|IMPORT\w+|WEBSERVICE|IMAGE|DDE)\b",
)
_INSTRUCTION = re.compile("|".join(f"(?:{p})" for p in _PATTERNS), re.IGNORECASE | re.MULTILINE)


def visible(text: str) -> str:
    """The text without characters that have no shape or turn the direction of writing."""
    return INVISIBLE.sub("", text)


@lru_cache(maxsize=8192)
def is_instruction(text: str) -> bool:
    """Whether the text tells a model what to do, imitates its prompt, or holds active content."""
    folded = unicodedata.normalize("NFKC", visible(text))
    return bool(
        _INSTRUCTION.search(folded) or _INSTRUCTION.search(folded.lower().translate(_LOOKALIKES))
    )


@lru_cache(maxsize=2048)
def instruction_spans(text: str) -> tuple[tuple[int, int], ...]:
    """(start, end) of each block (paragraph, item, row) that holds an instruction: what stands
    beside one is not trusted either."""
    if not is_instruction(text):
        return ()
    return tuple(
        (block.start, block.end)
        for block in blocks_of(0, text, markup=False)
        if is_instruction(text[block.start : block.end])
    )


def without_instructions(text: str) -> str:
    """The text without the blocks that hold instructions."""
    out, at = [], 0
    for start, end in instruction_spans(text):
        out.append(text[at:start])
        at = end
    return "".join([*out, text[at:]])
