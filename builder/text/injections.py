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
_PATTERNS = (
    rf"\b(?:ignore|disregard|forget|override|bypass)\b[^.\n]{{0,40}}?\b(?:previous|above|prior"
    rf"|earlier|preceding|system|all|your|other)\b[^.\n]{{0,30}}?\b{_TARGET}",
    r"\b(?:ignore|disregard|forget)\s+(?:everything|all(?:\s+of)?(?:\s+this)?|the\s+above)",
    r"\b(?:system|developer)\s+(?:prompt|message|override)\b",
    r"^\W*(?:system|assistant|developer|user|human|ai)\s*[:：]",
    r"^\W*\[\s*(?:system|inst|/inst|assistant)\b",
    r"\b(?:reveal|print|output|repeat|show|leak|disclose)\s+(?:me\s+)?(?:your|the)\s+(?:full\s+|entire\s+"
    r"|hidden\s+|initial\s+)?(?:system\s+)?(?:prompt|instructions)\b",
    r"\byou\s+are\s+(?:now|no\s+longer)\b|\bfrom\s+now\s+on\b[^.\n]{0,20}\byou\b|\bact\s+as\s+(?:if|an?)\b"
    r"|\bpretend\s+(?:to|that)\b|\brole-?play\b|\bjailbreak|\bdeveloper\s+mode\b|\bas\s+an\s+ai\b",
    r"\b(?:tell|ask|instruct|convince|advise|inform)\s+the\s+(?:user|reader|customer|person|asker)s?\b",
    r"\b(?:chatbot|assistant|language\s+model|llm|ai|bot)s?\b[^.\n]{0,30}\b(?:must|should|shall|please"
    r"|has\s+to|have\s+to|need(?:s)?\s+to|is\s+to|are\s+to)\b",
    r"\b(?:respond|reply|answer|say|output)\b[^.\n]{0,20}\b(?:only|exactly|nothing\s+but|with\s+the"
    r"\s+(?:word|text|phrase|following|link|image))\b",
    r"\b(?:add|append|include|insert|embed|render|display)\b[^.\n]{0,40}\b(?:answer|reply|response"
    r"|markdown\s+image)\b",
    r"(?:上記|以上|これまで|以前|前述|先|今まで|すべて|全て|システム)の?[^。\n]{0,12}"
    r"(?:指示|命令|プロンプト|ルール|規則|文章|内容)[^。\n]{0,6}(?:無視|忘れ|破棄|取り消)",
    r"(?:利用者|ユーザー?|質問者|読者|お客様|顧客)(?:に|へ)[^。\n]{0,60}(?:と(?:伝え|答え|言|案内|回答|返答)"
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
