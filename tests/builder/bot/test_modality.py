"""An answer's rule against its source's: as firm, and of the same kind."""

from __future__ import annotations

import pytest

from builder.bot.modality import same_polarity, same_rule

KEPT = [
    ("Receipts are due within 30 days.", "Hand in receipts within 30 days."),
    ("You may take 20 days.", "Employees can take 20 days a year."),
    ("You must tell your manager.", "Employees shall tell their manager first."),
    ("They usually arrive in 3 days.", "Parcels usually arrive in 3 days."),
    ("Within 30 days.", "Receipts must be handed in within 30 days."),
    ("Up to 20 days.", "Employees may take up to 20 days."),
    ("上長の承認が必要があります。", "上長の承認を得なければならない。"),
    ("20日まで取得できます。", "年20日まで取得することができる。"),
    ("取り消すことがあります。", "内定を取り消すことがある。"),
    ("You don't need to ask.", "You can leave, and you don't have to ask."),
    ("You can ask Ann if you need to leave.", "If you need to leave, you can ask Ann."),
    ("It is due on 31 May 2025.", "Due 2025-05-31."),
    ("昼に休んでもよいです。", "昼休みに休むことができる。"),
    ("Badges are made on Mondays.", "Badges are made on Mondays. They usually come on Tuesday."),
    ("毎年6月に行います。", "健康診断は採用時及び毎年6月に行う。"),
]
CHANGED = [
    ("The check may be made in June.", "The check is made in June."),
    ("Parcels arrive in 3 days.", "Parcels usually arrive in 3 days."),
    ("You might get a laptop.", "You get a laptop."),
    ("You must take 20 days.", "Employees may take 20 days."),
    ("You can tell your manager.", "Employees must tell their manager."),
    ("毎年6月に行うことがあります。", "健康診断は毎年6月に行う。"),
    ("内定を取り消します。", "内定を取り消すことがある。"),
    ("20日取得しなければなりません。", "20日まで取得することができる。"),
    ("届け出ることができます。", "会社に届け出なければならない。"),
    ("賞与を支給する。", "賞与を支給するものではない。"),
    ("Pets are allowed.", "Pets are allowed in no office."),
    ("申請しなければなりません。", "申請してはならない。"),
    ("The check may be made in May.", "The check is made in May."),
    ("支給するでしょう。", "賞与は6月に支給する。"),
]


@pytest.mark.parametrize(("sentence", "source"), KEPT)
def test_the_same_rule_in_other_words_is_the_same(sentence: str, source: str) -> None:
    assert same_rule(sentence, source)


@pytest.mark.parametrize(("sentence", "source"), CHANGED)
def test_a_rule_made_softer_harder_or_another_is_seen(sentence: str, source: str) -> None:
    assert not same_rule(sentence, source)


@pytest.mark.parametrize(
    ("sentence", "source", "same"),
    [
        ("Leave is paid.", "Leave is not paid.", False),
        ("Leave isn't paid.", "Leave is not paid.", True),
        ("休暇は有給です。", "休暇は有給とする。", True),
        ("退職金は支給します。", "退職金は支給しない。", False),
        ("使用できます。", "使用を禁止する。", False),
    ],
)
def test_a_denial_is_neither_lost_nor_won(sentence: str, source: str, same: bool) -> None:
    assert same_polarity(sentence, source) is same
