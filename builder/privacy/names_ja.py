"""Names of persons in Japanese: before an honorific or a title, behind a label."""

from __future__ import annotations

import re
from collections.abc import Iterator

from builder.privacy.finding import Finding, plain
from builder.privacy.name_lists import surnames_ja

_KANJI = "一-龯々ヶ"
_HONORIFIC = re.compile(
    r" ?(?:さん|様(?![式子々態相])|氏(?![名族神])|殿(?![堂下様])|先生|くん|ちゃん)"
)
_TITLE = re.compile(
    r" ?(?:代表取締役|取締役|副?社長|専務|常務|部長|課長|係長|主任|店長|室長|次長|所長|工場長|会長"
    r"|支配人|教授|医師|弁護士|税理士|主査|リーダー|マネージャー|係員)"
)
_OF_PLACES = frozenset({"店長", "所長", "工場長", "支配人"})
_PLACES = frozenset(
    "千葉 福島 石川 山口 宮崎 長崎 福井 秋田 福岡 岡山 長野 松山 高松 東 西 南 北 豊田 川崎 町田"
    " 浜田 長岡 船橋 金沢 松本 青山 中野 品川 上野 高田 三田 成田 大森 鎌倉".split()
)
_TITLE_INSIDE = frozenset("東 南 西 北 関".split())  # 東部長, 関係長
_BEFORE = re.compile(
    rf"[{_KANJI}]{{1,8}}(?: [{_KANJI}]{{1,3}}| [ぁ-ん]{{2,5}}| [ァ-ヶー]{{2,6}}"
    r"|[ぁ-ん]{2,3})?$"
)
_KATAKANA = re.compile(r"(?<![ァ-ヶー])[ァ-ヶー]{2,10}(?:[・=][ァ-ヶー]{2,10}){0,3}$")
_NO_NAME = frozenset(
    "パート アルバイト バイト スタッフ ゲスト クライアント テナント コンビニ キャスト ファン ペット"
    " ママ パパ ボランティア モデル プロ ナース エージェント タクシー ホテル".split()
)
_ORGANISATION = re.compile(
    r"(?:製薬|電機|電気|商店|商事|商会|工業|建設|産業|物産|酒造|運輸|運送|不動産|銀行|病院|医院|食品"
    r"|製作所|株式|有限|会社|社|組合|組|堂|屋|県|市|区|町|村|駅|支店|店|部|課|室|係|局|所|工場|本部"
    r"|学校|大学|高校|地区|方面|担当|窓口|チーム|グループ|センター|者|員|各位|御中)$"
)
_ROLE = re.compile(
    r"[者人員客家生手屋方主婦工社店先会部課係室局長師親族皆各御貴本同両某諸彼摂華源平仕模多一異何神王奥"
    r"貴殿姉兄妹弟母父娘息様供連隣達宮御神]$|^[各御貴]"
)
_STRONG = re.compile(
    r"(?:氏 ?名|お名前|ご芳名|申請者|受取人|口座名義人?|名義人|被保険者|契約者|患者|世帯主|保護者"
    r"|(?:社員|従業員|利用者|会員|顧客|担当者|本人)の?(?:氏)?名)(?:名|氏名)?"
    r"(?:は|[ \t]*:)[ \t]*"
)
_LISTED = re.compile(
    r"(?:担当者?|責任者|記入者|作成者|承認者|出席者?|参加者|欠席者?|議長|司会|書記|記録|代表者?|発表者"
    r"|講師|執筆者?|著者|連絡先|差出人|宛先|宛名|氏 ?名|お名前|名前|申請者|上長|店長|部長|課長"
    r"|^From|^To|^Cc)[ \t]*[:|][ \t|]*(?P<list>[^\n|]{2,80})",
    re.M,
)
_ROW = re.compile(rf"(?<=\|) ?(?P<name>[{_KANJI}]{{1,4}} [{_KANJI}ぁ-んァ-ヶー]{{1,5}}) ?(?=\|)")
_BEFORE_MAIL = re.compile(rf"(?:^|[\s:,;\"])(?P<name>[{_KANJI}]{{2,5}})(?=\"? ?<[^<>\s]+@)", re.M)
_AFTER_TITLE = re.compile(
    r"(?:社長|取締役|専務|常務|部長|課長|係長|主任|店長|室長|次長|所長|工場長|会長|支配人|講師|医師"
    r"|弁護士|税理士)[ の]"
)
_FULL = re.compile(rf"[{_KANJI}]{{1,4}}(?: ?[{_KANJI}]{{1,3}}| [ぁ-んァ-ヶー]{{2,6}})?")
_UNKNOWN = re.compile(rf"[{_KANJI}]{{2,3}} [{_KANJI}ぁ-んァ-ヶー]{{1,5}}|[{_KANJI}]{{3,5}}")
_HALF_KANA = re.compile(rf"[{_KANJI}]{{1,3}}[ぁ-ん]{{2,3}}(?=$|[\s、。,(|])", re.M)
_HEADERS = re.compile(
    r"住所|番号|年月日|性別|年齢|未定|必須|記入|不明|任意|入力|部署|所属|職|なし|漢字"
)


def find_japanese_names(text: str) -> Iterator[Finding]:
    """Names with an honorific or title, or behind a label; without the honorific."""
    yield from _titled(text)
    for match in _STRONG.finditer(text):
        yield from _behind_label(text, match.end())
    for match in _LISTED.finditer(text):
        yield from _in_list(text, *match.span("list"))
    for match in _BEFORE_MAIL.finditer(text):
        if not _ORGANISATION.search(match["name"]):
            yield _finding(text, *match.span("name"))
    for match in _ROW.finditer(text):
        if match["name"].split()[0] in surnames_ja():
            yield _finding(text, *match.span("name"))


def _titled(text: str) -> Iterator[Finding]:
    for match in _HONORIFIC.finditer(text):
        found = _before(text, match.start(), match[0].strip())
        if found:
            yield _finding(text, *found)
    for match in _TITLE.finditer(text):
        yield from _with_title(text, match)
    for match in _AFTER_TITLE.finditer(text):
        yield from _known_at(text, match.end(), least=2)


def surname_of(name: str) -> str:
    """The known surname that a name begins with, the longest; empty where there is none."""
    known = surnames_ja()
    return next((name[:n] for n in range(min(4, len(name)), 0, -1) if name[:n] in known), "")


def _finding(text: str, start: int, end: int) -> Finding:
    return Finding("name", start, end, plain(text[start:end]))


def _before(text: str, end: int, honorific: str) -> tuple[int, int] | None:
    """Where the name in front of an honorific stands."""
    window = text[max(0, end - 16) : end]
    offset = end - len(window)
    if katakana := _KATAKANA.search(window):
        word = katakana[0]
        is_role = word in _NO_NAME or ("・" not in word and word.endswith("ー"))
        return (
            None if is_role or honorific in ("くん", "先生") else (offset + katakana.start(), end)
        )
    run = _BEFORE.search(window)
    if run is None:
        return None
    if start := _known_start(run[0]):
        return offset + run.start() + start[0], end
    # A rare surname: the whole run of kanji, where no other word ends so.
    kanji = re.search(rf"(?<![{_KANJI}ァ-ヶー])[{_KANJI}]{{2,5}}(?: [{_KANJI}]{{1,3}})?$", window)
    if honorific not in ("様", "氏", "殿") or kanji is None:
        return None
    if _ROLE.search(kanji[0]) or _ORGANISATION.search(kanji[0]):
        return None
    return offset + kanji.start(), end


def _known_start(run: str) -> tuple[int] | None:
    """Where in the run a known surname begins, with at most a given name behind it."""
    for at in range(len(run)):
        surname = surname_of(run[at:])
        rest = run[at + len(surname) :].strip()
        if not surname or len(rest) > 6:
            continue
        if _ORGANISATION.search(rest) or (at and len(surname) == 1):
            continue
        if re.fullmatch(rf"[{_KANJI}]{{4,}}", rest):
            continue
        return (at,)
    return None


def _with_title(text: str, match: re.Match[str]) -> Iterator[Finding]:
    end, title = match.start(), match[0].strip()
    run = re.search(rf"[{_KANJI}]{{1,4}}(?: [{_KANJI}]{{1,3}})?$", text[max(0, end - 9) : end])
    if run is None:
        return
    start = end - len(run[0])
    surname = surname_of(run[0])
    rest = run[0][len(surname) :].strip()
    if not surname or surname in _TITLE_INSIDE or _ORGANISATION.search(run[0]) or len(rest) > 3:
        return
    if title in _OF_PLACES and surname in _PLACES:
        return
    if start and re.match(r"[ァ-ヶー]", text[start - 1]):
        return
    yield _finding(text, start, end)


def _known_at(text: str, start: int, least: int) -> Iterator[Finding]:
    """A name with a known surname that begins just here."""
    while start < len(text) and text[start] == " ":
        start += 1
    match = _FULL.match(text, start)
    if match is None:
        return
    name, surname = match[0], surname_of(match[0])
    follows = text[match.end() : match.end() + 1]
    if not surname or len(plain(name)) < least or re.match(rf"[{_KANJI}ー]", follows):
        return
    rest = name[len(surname) :]
    if _ORGANISATION.search(name) or (rest and rest[0] in "はがのをにへとも"):
        return
    yield _finding(text, start, match.end())


def _behind_label(text: str, start: int) -> Iterator[Finding]:
    match = _HALF_KANA.match(text, start) or _UNKNOWN.match(text, start)
    known = list(_known_at(text, start, least=2))
    if match is None or (known and not _HALF_KANA.match(text, start)):
        yield from known
        return
    if not _HEADERS.search(match[0]) and not _ORGANISATION.search(match[0]):
        yield _finding(text, *match.span())


def _in_list(text: str, start: int, end: int) -> Iterator[Finding]:
    """Names with a known surname in `山田太郎、佐藤（営業）、…`."""
    for token in re.finditer(r"(?:^|(?<=[、,，・/;と|]))[^、,，・/;|]+", text[start:end]):
        bare = re.sub(r"^(?:[^\s:：]{0,8}[部課室係] )", "", token[0])
        shift = len(token[0]) - len(bare)
        found = list(_known_at(text[:end], start + token.start() + shift, least=2))
        yield from found
