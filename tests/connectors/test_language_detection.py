"""The main language of a text."""

from __future__ import annotations

import pytest

from connectors.language import detect


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("返品は30日以内にお願いします。", "ja"),
        ("営業時間", "ja"),
        ("規程は https://example.com/documents/rules/childcare-leave.html を参照", "ja"),
        ("K-210 電気ケトル 1.2L 6,980円", "ja"),
        ("Returns are accepted within 30 days of the purchase.", "en"),
        ("Kettle Toaster Oven", "en"),
        ("The word 物知り (monoshiri) means a person who knows.", "en"),
        ("Die Rückgabe ist innerhalb von 30 Tagen nach dem Kauf mit der Quittung möglich.", "de"),
        ("Les retours sont acceptés dans les 30 jours qui suivent la date de votre achat.", "fr"),
        ("반품은 30일 이내에 가능합니다.", "ko"),
        ("Возврат возможен в течение 30 дней.", "ru"),
        (
            "我们的营业时间是周一至周五上午九点到下午六点如需退货请在三十天内联系客户服务部门" * 2,
            "zh",
        ),
        ("12345 --- 67.8", "und"),
        ("", "und"),
    ],
)
def test_detect(text: str, code: str) -> None:
    assert detect(text) == code


def test_names_are_not_taken_for_portuguese() -> None:
    assert (
        detect("Lozano, Dominguez e Olsen; das Neves; Lima do Carmo\n" + "Smith Jones Berry " * 30)
        == "en"
    )
