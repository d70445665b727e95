"""The chat store: what is kept, who reaches it, and several writers at once."""

from __future__ import annotations

import dataclasses
import multiprocessing
import sqlite3
import threading
from pathlib import Path

import pytest

from builder.bot.store import ChatStore, NoSuchChat
from builder.errors import WorkspaceError
from builder.records import Answer, Chunk, Citation, Passage

INJECTION = "x'); DROP TABLE turns; --"


def answer(question: str = "返品は何日以内？", words: str = "14日以内です。") -> Answer:
    chunk = Chunk(
        "c",
        "d",
        "規程.docx",
        "規程",
        "第4章",
        ("返品",),
        "ja",
        "prose",
        words,
        words,
        ((0, 0, 7),),
        5,
    )
    return Answer(
        id="q1",
        question=question,
        answer=words,
        refused=False,
        citations=(Citation("規程.docx", "第4章", words),),
        verified=True,
        arm="rag",
        seconds=0.5,
        prompt_tokens=10,
        completion_tokens=5,
        passages=(Passage(chunk, 1.0, 0.9, 0.8),),
    )


@pytest.fixture
def store(tmp_path: Path) -> ChatStore:
    return ChatStore(tmp_path / "bot.db")


def test_a_turn_comes_back_as_it_was_stored(store: ChatStore) -> None:
    chat = store.new_conversation("ann", "返品")
    stored = store.add_turn(chat.id, "ann", answer())

    reopened = ChatStore(store.path)

    assert reopened.turns(chat.id, "ann") == [stored]
    assert stored.answer == answer()
    assert reopened.conversations("ann") == [chat]


def test_conversations_are_newest_first_and_turns_oldest_first(store: ChatStore) -> None:
    chats = [store.new_conversation("ann", f"chat {number}") for number in range(5)]
    for number in range(5):
        store.add_turn(chats[0].id, "ann", answer(question=f"question {number}"))

    assert store.conversations("ann") == chats[::-1]
    asked = [turn.question for turn in store.turns(chats[0].id, "ann")]
    assert asked == [f"question {number}" for number in range(5)]


def test_another_user_reaches_nothing(store: ChatStore) -> None:
    chat = store.new_conversation("ann", "private")
    turn = store.add_turn(chat.id, "ann", answer())

    assert store.conversations("eve") == []
    attempts = (
        lambda: store.turns(chat.id, "eve"),
        lambda: store.add_turn(chat.id, "eve", answer("eve was here")),
        lambda: store.rate(turn.id, "eve", 1, "eve was here"),
        lambda: store.rename_conversation(chat.id, "eve", "eve was here"),
        lambda: store.delete_conversation(chat.id, "eve"),
    )
    for attempt in attempts:
        with pytest.raises(NoSuchChat):
            attempt()
    assert store.conversations("ann") == [chat]
    assert store.turns(chat.id, "ann") == [turn]


def test_what_is_not_mine_and_what_is_not_there_read_the_same(store: ChatStore) -> None:
    chat = store.new_conversation("ann", "private")
    with pytest.raises(NoSuchChat) as foreign:
        store.turns(chat.id, "eve")
    with pytest.raises(NoSuchChat) as absent:
        store.turns("0" * 36, "eve")
    assert str(foreign.value).replace(chat.id, "") == str(absent.value).replace("0" * 36, "")


def test_ratings_are_set_changed_and_taken_back(store: ChatStore) -> None:
    chat = store.new_conversation("ann", "t")
    turn = store.add_turn(chat.id, "ann", answer())
    other = store.add_turn(chat.id, "ann", answer("second"))

    store.rate(turn.id, "ann", -1, "金額が違う")
    assert store.turns(chat.id, "ann")[0] == dataclasses.replace(
        turn, rating=-1, comment="金額が違う"
    )
    store.rate(other.id, "ann", 1)
    assert [(t.id, t.rating) for t in store.feedback()] == [(turn.id, -1), (other.id, 1)]
    store.rate(turn.id, "ann", 0)
    assert [t.id for t in store.feedback()] == [other.id]


def test_a_rating_outside_the_scale_is_refused(store: ChatStore) -> None:
    chat = store.new_conversation("ann", "t")
    turn = store.add_turn(chat.id, "ann", answer())
    with pytest.raises(WorkspaceError, match="CHECK"):
        store.rate(turn.id, "ann", 5)  # type: ignore[arg-type]
    assert store.turns(chat.id, "ann") == [turn]


def test_deleting_a_conversation_takes_its_turns_along(store: ChatStore) -> None:
    chat = store.new_conversation("ann", "t")
    kept = store.new_conversation("ann", "kept")
    turn = store.add_turn(chat.id, "ann", answer(words="極秘の回答"))
    store.rate(turn.id, "ann", 1)

    store.delete_conversation(chat.id, "ann")

    assert store.conversations("ann") == [kept]
    assert list(store.feedback()) == []
    with pytest.raises(NoSuchChat):
        store.turns(chat.id, "ann")
    rows = sqlite3.connect(store.path).execute("SELECT count(*) FROM turns").fetchone()
    assert rows == (0,)


def test_renaming(store: ChatStore) -> None:
    chat = store.new_conversation("ann", "  many\n words  ")
    assert chat.title == "many words"
    store.rename_conversation(chat.id, "ann", "あ" * 300)
    assert store.conversations("ann")[0].title == "あ" * 80


def test_hostile_text_is_only_text(store: ChatStore) -> None:
    chat = store.new_conversation(INJECTION, INJECTION)
    turn = store.add_turn(chat.id, INJECTION, answer(INJECTION, INJECTION))
    store.rate(turn.id, INJECTION, -1, INJECTION)
    assert store.turns(chat.id, INJECTION)[0].comment == INJECTION
    assert store.conversations("' OR '1'='1") == []


def test_broken_unicode_is_stored(store: ChatStore) -> None:
    chat = store.new_conversation("ann", "a\ud800b")
    store.add_turn(chat.id, "ann", answer("a\ud800b", "c\udfffd"))
    assert store.turns(chat.id, "ann")[0].answer.answer == "c?d"


def test_a_newer_file_is_refused_and_left_alone(store: ChatStore) -> None:
    connection = sqlite3.connect(store.path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    before = store.path.read_bytes()
    with pytest.raises(WorkspaceError, match="newer Monoshiri"):
        ChatStore(store.path)
    assert store.path.read_bytes() == before


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bot.db"
    path.write_text("this is a letter, not a database. " * 50)
    with pytest.raises(WorkspaceError, match=r"bot\.db"):
        ChatStore(path)


def test_a_folder_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="can't be used"):
        ChatStore(tmp_path / "nowhere" / "bot.db")


def _write(path: Path, user: str, count: int) -> None:
    store = ChatStore(path)
    chat = store.new_conversation(user, user)
    for number in range(count):
        turn = store.add_turn(chat.id, user, answer(f"{user} {number}"))
        store.rate(turn.id, user, 1)


def test_several_processes_and_threads_write_at_once(tmp_path: Path) -> None:
    path = tmp_path / "bot.db"
    spawn = multiprocessing.get_context("spawn")
    workers = [spawn.Process(target=_write, args=(path, f"p{n}", 25)) for n in range(3)]
    workers += [threading.Thread(target=_write, args=(path, f"t{n}", 25)) for n in range(5)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)

    store = ChatStore(path)
    users = [f"p{n}" for n in range(3)] + [f"t{n}" for n in range(5)]
    for user in users:
        (chat,) = store.conversations(user)
        asked = [turn.question for turn in store.turns(chat.id, user)]
        assert asked == [f"{user} {number}" for number in range(25)]
    assert len(list(store.feedback())) == 25 * len(users)
