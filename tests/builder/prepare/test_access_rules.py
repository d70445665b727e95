"""Folder rules err on the closed side."""

from __future__ import annotations

import unicodedata

import pytest

from builder.config import AccessRule
from builder.prepare.access import AccessRules


def rules(*given: tuple[str, str], paths: tuple[str, ...] = ()) -> AccessRules:
    made = [AccessRule(path=path, groups=tuple(groups.split())) for path, groups in given]
    return AccessRules(made, paths)


def groups(source: str, access: AccessRules) -> tuple[str, ...] | None:
    return access.groups(access.matching(source))


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("hr/", "hr/salary.md"),
        ("/hr/**", "hr/salary.md"),
        ("./hr/", "hr/salary.md"),
        (" hr/ ", "hr/salary.md"),
        ("HR/", "hr/Salary.md"),
        ("hr/", "HR/salary.md"),
        ("hr/salary.md", "hr/salary.md (2)"),
        ("/hr/**", "handbook/hr/salary.md"),
        ("/hr/salary.md", "handbook/hr/salary.md (2) (2)"),
        ("hr/salary.md", "old handbook/hr/salary.md"),
        ("a.zip", "a.zip/hr/x.md"),
        ("a.zip/hr/", "a.zip/hr/x.md"),
        ("/a.zip/hr/", "handbook/a.zip (2)/hr/x.md"),
        ("**/hr/**", "a.zip/hr/x.md"),
        ("mail/*.eml", "mail/offer.eml/contract.pdf"),
        ("https://intra.example/hr/", "https://intra.example/hr/x?page=2"),
        ("https://intra.example/hr/**", "https://intra.example/hr/a/b"),
        ("sales/customers", "sales/customers"),
        ("規程/ガ*", unicodedata.normalize("NFD", "規程/ガイド.md")),
        (unicodedata.normalize("NFD", "規程/ガ*"), "規程/ガイド.md"),
    ],
)
def test_a_rule_closes_every_spelling_of_what_it_names(path: str, source: str) -> None:
    access = rules((path, "hr"), paths=("/srv/handbook", "~/old handbook/"))
    assert groups(source, access) == ("hr",)


@pytest.mark.parametrize("source", ["hrx/salary.md", "docs/x.md", "other/hr.md"])
def test_other_documents_stay_open(source: str) -> None:
    access = rules(("/hr/**", "hr"), paths=("/srv/handbook",))
    assert groups(source, access) == ()


def test_every_matching_rule_must_be_met() -> None:
    access = rules(("**", "staff hr board"), ("hr/", "hr board"), ("**/*secret*", "board"))
    assert groups("news.md", access) == ("board", "hr", "staff")
    assert groups("hr/pay.md", access) == ("board", "hr")
    assert groups("hr/secret.md", access) == ("board",)


def test_rules_without_a_common_group_let_nobody_read() -> None:
    assert groups("hr/pay.md", rules(("**", "staff"), ("hr/", "hr"))) is None


@pytest.mark.parametrize("path", ["", "  ", "!hr/", "#hr", "hr\\"])
def test_patterns_that_close_nothing_are_refused(path: str) -> None:
    with pytest.raises(ValueError, match="path"):
        AccessRule(path=path, groups=("hr",))
