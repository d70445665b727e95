"""Every sentence on the screen, in Japanese and English, side by side."""

from __future__ import annotations

from typing import Literal, NamedTuple

Language = Literal["ja", "en"]
LANGUAGES: dict[Language, str] = {"ja": "日本語", "en": "English"}


class Wording(NamedTuple):
    """One sentence in each language."""

    ja: str
    en: str


TEXTS: dict[str, Wording] = {
    "subtitle": Wording(
        "社内資料にもとづいてお答えし、根拠の箇所をあわせて示します。",
        "Answers come from your company's documents, with the passages they rest on.",
    ),
    "ask": Wording("質問を入力してください", "Ask a question"),
    "welcome": Wording("何をお調べしますか？", "What would you like to know?"),
    "welcome_hint": Wording(
        "ふだんの言葉で質問してください。例：「返品は何日以内ですか？」",
        "Ask in your own words, for example “How many days do I have to return an item?”",
    ),
    "welcome_examples": Wording("質問の例", "For example"),
    "searching": Wording("資料を調べています…", "Looking through the documents…"),
    "waiting": Wording(
        "順番を待っています（ほかの質問に回答中です）…",
        "Waiting for another question to be answered…",
    ),
    "verified": Wording("確認済み", "Verified"),
    "verified_help": Wording(
        "回答の数値・名称・文が、引用した資料の中に見つかりました。",
        "Every number, name and sentence of the answer was found in the cited passages.",
    ),
    "quoted": Wording("資料から引用", "Quoted from the document"),
    "quoted_help": Wording(
        "資料の文をそのまま示しています。", "These are the document's own words."
    ),
    "product": Wording("商品データから", "From the product data"),
    "product_help": Wording(
        "商品台帳の値をそのまま示しています。",
        "The values stand in the product catalogue as shown.",
    ),
    "refused": Wording("資料に記載なし", "Not in the documents"),
    "refused_help": Wording(
        "答えの根拠になる箇所が、資料に見つかりませんでした。",
        "No passage was found that supports an answer.",
    ),
    "talk": Wording("あいさつ", "Small talk"),
    "talk_help": Wording("資料は調べていません。", "Nothing was looked up."),
    "own": Wording("資料外の回答", "Not from the documents"),
    "own_help": Wording(
        "資料に記載がないため、モデルの一般的な知識による回答です。正しさは確認されていません。",
        "The documents do not say. The model answered of its own; nothing confirms it.",
    ),
    "unverified": Wording("未確認", "Not verified"),
    "unverified_help": Wording(
        "回答の一部が資料で確認できていません。出典をご確認ください。",
        "Part of the answer could not be confirmed. Please check it against the sources.",
    ),
    "seconds": Wording("{seconds:.1f} 秒", "{seconds:.1f} s"),
    "sources": Wording("出典", "Sources"),
    "others": Wording("ほかに参照した箇所（{count}）", "Other passages looked at ({count})"),
    "nearest": Wording("近い内容の箇所（{count}）", "Closest passages ({count})"),
    "comment": Wording("どこが違っていましたか？（任意）", "What was wrong with it? (optional)"),
    "send": Wording("送信", "Send"),
    "commented": Wording("ご意見：{comment}", "Your comment: {comment}"),
    "thanks": Wording("ご意見を保存しました。", "Your comment was saved."),
    "new_chat": Wording("新しい会話", "New conversation"),
    "language": Wording("表示言語 / Language", "Language / 表示言語"),
    "arm": Wording("回答のしかた", "How to answer"),
    "arm_help": Wording(
        "いちばん上が、このボットでおすすめの方法です。",
        "The first one is recommended for this bot.",
    ),
    "arm_tuned+rag": Wording("検索＋学習", "Search + tuned"),
    "arm_rag": Wording("検索のみ", "Search only"),
    "arm_tuned": Wording("学習のみ", "Tuned only"),
    "arm_few-shot": Wording("例示のみ", "Examples only"),
    "arm_base": Wording("元のモデル", "Original model"),
    "history": Wording("これまでの会話", "Past conversations"),
    "no_history": Wording("まだ会話はありません。", "No conversations yet."),
    "older": Wording("以前の会話（{count}）", "Older ({count})"),
    "manage": Wording("この会話の名前変更・削除", "Rename or delete this conversation"),
    "title": Wording("会話の名前", "Name of the conversation"),
    "rename": Wording("名前を変更", "Rename"),
    "delete": Wording("削除", "Delete"),
    "delete_sure": Wording(
        "会話とその評価が消えます。元に戻せません。",
        "The conversation and its ratings will be gone for good.",
    ),
    "anonymous": Wording(
        "会話の履歴は、このブラウザーにだけ表示されます。",
        "Your conversations are shown in this browser only.",
    ),
    "signed_in": Wording("ログイン中：{name}", "Signed in as {name}"),
    "log_in": Wording("ログイン", "Sign in"),
    "log_in_first": Wording("ご利用にはログインが必要です。", "Please sign in to use this page."),
    "log_out": Wording("ログアウト", "Sign out"),
    "no_bot": Wording("ボットを開けませんでした", "The bot could not be opened"),
    "no_folder": Wording(
        "ボットのフォルダーが指定されていません。`monoshiri ui BOT` で起動してください。",
        "No bot folder was given. Start this page with `monoshiri ui BOT`.",
    ),
    "failed": Wording("回答できませんでした。", "The question could not be answered."),
    "crashed": Wording(
        "予期しない問題が起きました。ページを再読み込みしても直らないときは、"
        "管理者に時刻とあわせてお知らせください。",
        "Something unexpected went wrong. If reloading the page does not help, please tell "
        "your administrator, with the time.",
    ),
    "gone": Wording("その会話は見つかりませんでした。", "That conversation was not found."),
    "caution": Wording(
        "大切な判断の前に、出典をご確認ください。",
        "Please check the sources before you rely on an answer.",
    ),
}


class Texts:
    """The sentences in one language."""

    def __init__(self, language: Language) -> None:
        self.language = language

    def __call__(self, key: str, **values: object) -> str:
        """The sentence for `key`, with its `{placeholders}` filled."""
        return getattr(TEXTS[key], self.language).format(**values)  # type: ignore[no-any-return]


def language_of(locale: str | None) -> Language:
    """The screen language for a browser's locale: Japanese unless it asks for another."""
    return "ja" if not locale or locale.lower().startswith("ja") else "en"
