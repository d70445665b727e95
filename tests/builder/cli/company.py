"""A small shop's documents, catalogue and settings for a bot that is built in half a minute."""

from __future__ import annotations

from pathlib import Path

DOCUMENTS = {
    "returns.md": """# Returns

## Time limit

Unused goods may be returned within 14 days of delivery. Worn clothes cannot be returned.

## Costs

The customer pays the return postage of 8 euros. A refund is paid within 10 days of the return.
""",
    "delivery.md": """# Delivery

## Times

Standard delivery takes 3 working days. Express delivery takes 1 working day.

## Costs

Standard delivery costs 5 euros. Delivery is free for orders above 50 euros.
""",
    "leave.md": """# Annual leave

## Entitlement

Full-time employees receive 25 days of annual leave a year. Part-time employees receive 15 days of
annual leave a year.

## Requests

Leave must be requested at least 4 weeks in advance. Requests are sent to the team leader.
""",
    "security.md": """# Information security

## Passwords

A password must have at least 12 characters. Passwords must be changed every 90 days.

## Incidents

A lost laptop must be reported within 2 hours. Reports are sent to security@example.com.
""",
    "warranty.md": """# Warranty

## Period

The warranty period is 24 months for kettles. The warranty period is 12 months for batteries.

## Repairs

A repair takes 7 working days. Repairs under warranty are free of charge.
""",
    "返品規程.md": """# 返品規程

## 期限

未使用の商品は到着後14日以内に返品できます。セール品は返品できません。

## 送料

返品の送料800円はお客様の負担とします。
""",
}
CATALOGUE = """SKU,Name,Price,Weight
K-210,Kettle Classic,49.90,1.2 kg
K-310,Kettle Pro,79.90,1.5 kg
T-100,Toaster Mini,29.90,0.9 kg
"""
SETTINGS = """
[bot]
name = "Shop Guide"
contact = "help@example.com"

[training]
max_minutes = 0.05
rank = 4
batch_tokens = 400
micro_batch_tokens = 400
validations = 1

[dataset]
max_pairs = 50

[retrieval]
passages = 2

[answer]
max_tokens = 8

[evaluation]
questions = 2
"""


def write_company(folder: Path) -> Path:
    """Write the documents and the catalogue."""
    folder.mkdir(parents=True)
    for name, text in DOCUMENTS.items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "catalogue.csv").write_text(CATALOGUE, encoding="utf-8")
    return folder
