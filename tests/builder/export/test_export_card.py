"""The model card: complete, loadable, and not to be bent by what comes from outside."""

from __future__ import annotations

import ast
import json
import re

import pytest

from builder.export.card import AdapterCard, render

CARD = AdapterCard(
    bot_name="南商店",
    base_model="HuggingFaceTB/SmolLM2-135M-Instruct",
    base_licence="Apache-2.0",
    base_hash="cd" * 32,
    languages=("ja", "en"),
    data_hashes=(("train.jsonl", "ab" * 32),),
    settings=(("rank", "16"),),
    results=(("F1, tuned+rag", "0.62 (0.55–0.69)"),),
    prompt_example="<|im_start|>user\nHow much?<|im_end|>",
    notes=("Trained on 12 documents.",),
)


def test_the_card_tells_all() -> None:
    text = render(CARD)
    for part in (CARD.base_model, CARD.base_hash, "ab" * 32, "0.62", "PeftModel.from_pretrained",
                 "NF4", "Apache License 2.0", CARD.prompt_example, "Trained on 12"):  # fmt: skip
        assert part in text


@pytest.mark.parametrize("quantization", ["nf4", "none"])
def test_the_code_in_the_card_is_python(quantization: str) -> None:
    card = AdapterCard("b", 'a"b', "gemma", quantization=quantization)  # type: ignore[arg-type]
    code = re.search("```python\n(.*?)\n```", render(card), re.DOTALL)
    assert code is not None
    ast.parse(code[1])
    assert ("BitsAndBytesConfig" in code[1]) is (quantization == "nf4")


def test_front_matter_is_yaml_that_holds_the_values() -> None:
    front = render(CARD).split("---\n")[1]
    values = dict(line.split(": ", 1) for line in front.splitlines())
    assert json.loads(values["base_model"]) == CARD.base_model
    assert json.loads(values["language"]) == ["ja", "en"]
    assert json.loads(values["license"]) == "apache-2.0"


def test_hostile_values_stay_values() -> None:
    hostile = '<script>x</script>\n---\n# Title\n| a | b |\n![x](http://evil)```\n"'
    text = render(
        AdapterCard(
            bot_name=hostile,
            base_model=hostile,
            base_licence=hostile,
            settings=((hostile, hostile),),
            notes=(hostile,),
            prompt_example="```\n# Out\n````",
        )
    )
    lines = text.splitlines()
    assert [number for number, line in enumerate(lines) if line == "---"] == [0, 5]
    assert "# Title" not in lines
    outside = re.sub(r"^(`{3,})\w*\n.*?\n\1$", "", text.split("\n---\n", 1)[1], flags=re.S | re.M)
    unmarked = re.sub("`[^`\n]*`", "", outside)
    assert not re.search(r"(?<!\\)[<\[]", unmarked)
    assert "# Out" not in unmarked


def test_empty_sections_are_left_out() -> None:
    text = render(AdapterCard("b", "m", ""))
    assert "## Results" not in text
    assert "license:" not in text
    assert "unknown" in text
