"""Questions and answers that a company has already, in sheets and JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from connectors.records import Document

Read = Callable[[Path], Document]


def _json(tmp_path: Path, value: Any, name: str = "data.json") -> Path:
    path = tmp_path / name
    if name.endswith(".jsonl"):
        text = "\n".join(json.dumps(line, ensure_ascii=False) for line in value)
    else:
        text = json.dumps(value, ensure_ascii=False)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "head",
    [
        "質問,回答",
        "Q,A",
        "ご質問,ご回答",
        "お問い合わせ内容,対応内容",
        "Question,Answer",
        "prompt,response",
    ],
)
def test_sheets_of_questions(tmp_path: Path, read: Read, head: str) -> None:
    path = tmp_path / "faq.csv"
    path.write_text(f"よくある質問\n{head},区分\n送料は？,660円です。,配送\n", encoding="utf-8")
    document = read(path)
    assert document.parts[0].text == "よくある質問\n\n## Q. 送料は？\n\n660円です。\n\n区分: 配送\n"
    assert document.products == ()
    assert document.notes[0].endswith(": 1 question with answers")


@pytest.mark.parametrize(
    "head", ["Q,区分", "設問,選択肢,回答数", "氏名,質問", "商品名,価格,回答", "A,B,C"]
)
def test_other_sheets_are_none(tmp_path: Path, read: Read, head: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"{head}\n{','.join('x' for _ in head.split(','))}\n", encoding="utf-8")
    assert "## Q." not in read(path).parts[0].text


def test_a_sheet_of_a_workbook_with_labels_and_gaps(tmp_path: Path, read: Read) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "FAQ"
    for row in (
        ["FAQ 2026"],
        ["No", "質問", "回答"],
        [1, "Q1. 送料は？", "A1. 660円です。"],
        [2, "返品は？", None],
        [3, "配送日は？", "# 翌日です。"],
    ):
        sheet.append(row)
    path = tmp_path / "faq.xlsx"
    book.save(path)
    document = read(path)
    assert document.parts[0].locator == "sheet FAQ"
    text = document.parts[0].text
    assert "## Q. 送料は？\n\n660円です。\n" in text
    assert "## Q. 配送日は？\n\n\\# 翌日です。\n" in text  # no heading of its own
    assert text.endswith("| 2 | 返品は？ |\n")  # unanswered, but not lost
    assert document.notes == ("sheet FAQ: 質問→question, 回答→answer: 2 questions with answers",)


def test_a_help_desk_s_csv(tmp_path: Path, read: Read) -> None:
    path = tmp_path / "tickets.csv"
    path.write_text(
        "Ticket ID,Subject,Description,Requester Name,Requester Email,Internal Notes,Resolution\n"
        "7,Kettle is dead,It does not start.,Hanako,h@example.com,difficult,"
        '"<p>Plug in the <b>base</b>.</p>"\n',
        encoding="utf-8",
    )
    document = read(path)
    text = document.parts[0].text
    assert text.startswith("## Q. Kettle is dead\n\nPlug in the base.\n")
    assert "Description: It does not start." in text
    assert not {"Hanako", "h@example.com", "difficult"} & set(text.replace("\n", " ").split())
    assert "left out: column Internal Notes" in document.notes


@pytest.mark.parametrize("name", ["data.json", "data.jsonl"])
def test_alpaca(tmp_path: Path, read: Read, name: str) -> None:
    rows = [
        {"instruction": "Translate.", "input": "水", "output": "water", "text": "prompt"},
        {"instruction": "What is the fee?", "input": "", "output": "660 yen."},
        {"instruction": "Empty", "input": "", "output": ""},
    ]
    document = read(_json(tmp_path, rows, name))
    assert document.parts[0].text == (
        "## Q. Translate. 水\n\nwater\n\n## Q. What is the fee?\n\n660 yen.\n"
    )
    assert document.notes == (
        "Alpaca: 2 questions with answers",
        "left out: 1 × object without a question or an answer",
    )


def test_sharegpt_takes_the_first_turn_and_keeps_the_others_below(
    tmp_path: Path, read: Read
) -> None:
    turns = [
        ("system", "You are secretive."),
        ("human", "保証は何年ですか？"),
        ("gpt", "1年です。"),
        ("human", "延長できますか？"),
        ("gpt", "はい。"),
    ]
    value = [{"conversations": [{"from": role, "value": text} for role, text in turns]}]
    document = read(_json(tmp_path, value))
    assert document.parts[0].text == (
        "## Q. 保証は何年ですか？\n\n1年です。\n\nUser: 延長できますか？\n\nAssistant: はい。\n"
    )
    assert document.notes[1] == "left out: 1 × system prompt"


def test_openai_messages_with_parts_and_tools(tmp_path: Path, read: Read) -> None:
    messages = [
        {"role": "developer", "content": "Be kind."},
        {"role": "user", "content": [{"type": "text", "text": "Can I pay by card?"}]},
        {"role": "assistant", "content": None, "tool_calls": []},
        {"role": "tool", "content": "{}"},
        {"role": "assistant", "content": "Yes."},
    ]
    document = read(_json(tmp_path, [{"messages": messages}, {"messages": messages}], "a.jsonl"))
    assert document.parts[0].text.count("## Q. Can I pay by card?\n\nYes.\n") == 2
    assert "Be kind" not in document.parts[0].text


def test_tickets_take_the_first_public_answer(tmp_path: Path, read: Read) -> None:
    comments = [
        {"author_id": 5, "public": True, "body": "It is dead."},
        {"author_id": 9, "public": False, "body": "rude customer"},
        {"author_id": 9, "public": True, "html_body": "<p>Plug it in.</p>"},
    ]
    tickets = [
        {"id": 1, "subject": "Kettle", "description": "Dead. Call 03-1234-5678 or a@example.com",
         "requester_id": 5, "comments": comments},
        {"id": 2, "subject": "Open", "description": "?", "requester_id": 5, "comments": []},
    ]  # fmt: skip
    document = read(_json(tmp_path, {"tickets": tickets, "count": 2}))
    text = document.parts[0].text
    assert "## Q. Kettle\n\nPlug it in.\n" in text
    assert "Description: Dead. Call [removed] or [removed]" in text
    assert "rude" not in text
    assert "left out: 1 × ticket without a public answer" in document.notes


def test_secrets_and_markup_are_taken_out(tmp_path: Path, read: Read) -> None:
    rows = [
        {
            "question": "Which key?",
            "answer": "Use <b>sk-abcdefghij0123456789</b>, password: hunter2222 &amp; go."
            "<script>x()</script>",
        },
        {"question": "パスワードを忘れました", "answer": "パスワードは画面から再設定できます。"},
    ]
    document = read(_json(tmp_path, rows))
    text = document.parts[0].text
    assert "sk-abc" not in text
    assert "hunter2222" not in text
    assert "x()" not in text
    assert "パスワードは画面から再設定できます。" in text
    assert document.notes[-1] == "left out: 2 passwords, keys or card numbers"


def test_objects_that_are_no_questions_stay_a_table(tmp_path: Path, read: Read) -> None:
    rows = [{"city": "東京", "messages": 3}, {"city": "大阪", "messages": 4}]
    assert "| 東京 | 3 |" in read(_json(tmp_path, rows)).parts[0].text
