"""Tickets of a help desk as JSON: subject, description, comments.

The answer is the first public comment that is not the customer's; what the staff wrote among
themselves is left out, and so are the customer's addresses.
"""

from __future__ import annotations

import re
from typing import Any

from connectors.qa.pairs import Pair

_SUBJECTS = ("subject", "raw_subject", "title", "件名")
_TEXTS = ("description", "body", "content", "問い合わせ内容", "内容")
_COMMENTS = ("comments", "conversations", "replies", "thread")
_BODIES = ("plain_body", "body_text", "body", "html_body", "content", "text", "message")
_STAFF = frozenset(("agent", "admin", "staff", "support", "operator", "担当者"))
_CUSTOMER = frozenset(("end-user", "end_user", "customer", "user", "requester", "顧客"))
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+|(?<![\d-])0\d{1,4}-\d{1,4}-\d{3,4}(?![\d-])")
_REMOVED = "[removed]"


def from_ticket(entry: dict[str, Any]) -> tuple[Pair | None, str] | None:
    """The ticket's question and its first public answer; no pair where nobody answered, None where
    the object is no ticket."""
    subject, text = _first(entry, _SUBJECTS), _first(entry, _TEXTS)
    comments = next((entry[name] for name in _COMMENTS if name in entry), None)
    if not (subject or text) or not isinstance(comments, list):
        return None
    if not all(isinstance(comment, dict) for comment in comments):
        return None
    public = [comment for comment in comments if not _is_internal(comment)]
    answers = [_body(comment) for comment in public if _is_staffs(comment, entry)]
    answer = next(filter(None, answers), "")
    if not answer:
        return None, "ticket without a public answer"
    asked = _ADDRESS.sub(_REMOVED, text)
    more = (("Description", asked),) if subject and asked and asked != subject else ()
    missing = "ticket with internal notes" if len(public) < len(comments) else ""
    return Pair(_ADDRESS.sub(_REMOVED, subject) or asked, answer, more), missing


def _first(entry: dict[str, Any], names: tuple[str, ...]) -> str:
    found = (entry.get(name) for name in names)
    return next((value.strip() for value in found if isinstance(value, str) and value.strip()), "")


def _body(comment: dict[str, Any]) -> str:
    return _first(comment, _BODIES)


def _is_internal(comment: dict[str, Any]) -> bool:
    return comment.get("public") is False or comment.get("private") is True


def _is_staffs(comment: dict[str, Any], ticket: dict[str, Any]) -> bool:
    author = comment.get("author")
    role = author.get("role") if isinstance(author, dict) else author
    role = str(comment.get("author_role") or comment.get("role") or role or "").lower()
    if role in _STAFF or role in _CUSTOMER:
        return role in _STAFF
    if "incoming" in comment:
        return comment["incoming"] is False
    asker = ticket.get("requester_id", ticket.get("submitter_id"))
    writer = comment.get("author_id", comment.get("user_id"))
    return asker is not None and writer is not None and writer != asker
