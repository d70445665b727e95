"""Japanese verb forms."""

from __future__ import annotations

import pytest

from builder.dataset.japanese import ask, conditional, masu_stem, plain_from_negative, polite


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("会社に提出しなければならない。", "会社に提出しなければなりません。"),
        ("転売してはならない。", "転売してはいけません。"),
        ("手当を支給する。", "手当を支給します。"),
        ("休暇を与える。", "休暇を与えます。"),
        ("書面で行う。", "書面で行います。"),
        ("半日単位で取得できる。", "半日単位で取得できます。"),
        ("返品は受け付けない。", "返品は受け付けません。"),
        ("手当は支払わない。", "手当は支払いません。"),
        ("30時間とする。", "30時間とします。"),
        ("制服を着る。", "制服を着ます。"),
        ("会社に限る。", "会社に限ります。"),
        ("二人で分担してよい。", "二人で分担して構いません。"),
        ("すでに丁寧です。", "すでに丁寧です。"),
        ("3日", "3日"),
    ],
)
def test_polite(sentence: str, expected: str) -> None:
    assert polite(sentence) == expected


@pytest.mark.parametrize(
    ("stem", "when", "plain"),
    [
        ("提出し", "提出すれば", "提出する"),
        ("行わ", "行えば", "行う"),
        ("得", "得れば", "得る"),
        ("届け出", "届け出れば", "届け出る"),
        ("守ら", "守れば", "守る"),
    ],
)
def test_from_a_negative_stem(stem: str, when: str, plain: str) -> None:
    assert (conditional(stem), plain_from_negative(stem)) == (when, plain)


@pytest.mark.parametrize(
    ("core", "duty", "question"),
    [
        ("何時間とする", False, "何時間ですか"),
        ("いつまでに提出する", True, "いつまでに提出すればよいですか"),
        ("何日の休暇を与える", False, "何日の休暇が与えられますか"),
        ("誰が行うことがある", False, ""),
    ],
)
def test_ask(core: str, duty: bool, question: str) -> None:
    assert ask(core, duty=duty) == question


def test_a_noun_has_no_stem() -> None:
    assert masu_stem("上限") == ""
