"""Words of questions that say nothing about products: everything else has to be understood."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from builder.products.plain import compiled

_ENGLISH = frozenset(
    """a an the of for in on at to with by from and or please tell me can could you i we us our your
    my does do did is are was were be it its this that these those them they their have has had get
    give show list which what what's whats how there there's any some one ones product products item
    items model models catalogue catalog know like would will i'd i'm i've need want looking look
    also then so ok okay and but hi hello thanks thank right now currently come comes each all both
    every other between than as about same s kind sell carry offer check find listed
    belong interested considering just exactly really if under many much that's buy
    purchase today still right should i'd got here sort sorts say says stated state lineup range
    """.split()
)  # fmt: skip
_JAPANESE = (
    "という(?:商品|製品)? について(?:は)? に関して の中で(?:は)? "
    "(?:の)?うち(?:で)?(?:は)? の場合(?:は)? "
    "教えて (?:が)?(?:知り|確認し|買い)たい(?:のですが|です|んですが|の)? お?願いします "
    "(?:て)?(?:くださ|下さ)い(?:ませんか)? (?:て)?(?:いただけ|もらえ|くれ)ます(?:か)? でしょうか "
    "でした(?:っけ|か)? ですか です(?:が|ね|よ)? (?:し|り|き|え|れ|け|い)?ます(?:か|ね)? "
    "ありますか ありますでしょうか ありませんか ある(?:の|か)? あります ありますか あって "
    "どれ(?:くらい|ぐらい|ほど|だけ)? どの(?:くらい|ぐらい)? どう(?:なってい|ですか|です)? "
    "どちら どっち "
    "なん(?:です)? なに 何 いくつ いくら くらい ぐらい ほど 商品 製品 モデル 機種 "
    "もの やつ 一覧 すべて "
    "全て 全部 見せて (?:を)?検討してい(?:ます)? 気になってい(?:ます)? "
    ""
    "(?:が)?(?:欲|ほ)しい(?:の)?(?:ですが)? "
    "かかり かか(?:る|ります) 買うと 買う 買った場合(?:は)? "
    "購入する(?:と)? 注文する(?:と)? なって(?:い)? "
    "なり なる わかり 分かり "
    "登録(?:され)?(?:て)?(?:い)? "
    "入って(?:い)? 入る(?:の)? 入ります 中で(?:は)? "
    "全(?:商品|製品|機種|モデル) され して した する 並べて 炊き い(?:ます|る) ている ていて "
    "とは って では じゃあ? なら "
    "だと だけ "
    "それぞれ それ その これ この そちら こちら あと また ちなみに "
    "すみません こんにちは お ご "
    "のが のは のを ので のですが の は が を に で と も や へ か ね よ な から ありがとう "
    "取り?扱って(?:い)? 売って(?:い)? 扱って(?:い)?"
).split()
_PUNCTUATION = re.compile(r"[\s?!.,;:、。「」『』()\[\]…・~〜'\"–—-]+")


def is_filler_word(word: str) -> bool:
    """Whether the English word, as `plain` gives it, says nothing about products."""
    return word in _ENGLISH or word.removesuffix("'s") in _ENGLISH


@cache
def _japanese() -> tuple[re.Pattern[str], ...]:
    return tuple(compiled(pattern) for pattern in _JAPANESE)


@lru_cache(maxsize=8192)
def japanese_filler(run: str, at: int) -> int:
    """Length of the longest filler that begins there; 0 where none does."""
    found = (pattern.match(run, at) for pattern in _japanese())
    return max((match.end() - at for match in found if match), default=0)


def only_fillers(piece: str) -> bool:
    """Whether a piece says nothing about products."""
    rest = _PUNCTUATION.sub(" ", piece)
    for run in rest.split():
        if run.isascii():
            if not is_filler_word(run):
                return False
        elif not _all_japanese(run):
            return False
    return True


def _all_japanese(run: str) -> bool:
    at = 0
    while at < len(run):
        length = japanese_filler(run, at)
        if not length:
            return False
        at += length
    return True
