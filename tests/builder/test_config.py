"""bot.toml: every fault named, all at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import BaseModel, ValidationError

from builder.config import Config, load_config
from builder.errors import ConfigError


def load(tmp_path: Path, text: str) -> Config:
    path = tmp_path / "bot.toml"
    path.write_text(text, encoding="utf-8")
    return load_config(path)


def faults(tmp_path: Path, text: str) -> str:
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, text)
    assert caught.value.exit_status == 2
    assert str(tmp_path / "bot.toml") in str(caught.value)
    return str(caught.value)


def test_an_empty_file_is_every_default(tmp_path: Path) -> None:
    assert load(tmp_path, "") == Config()


def test_every_default_is_valid_by_its_own_rules() -> None:
    assert Config.model_validate(Config().model_dump()) == Config()


def test_nothing_can_be_changed_afterwards() -> None:
    with pytest.raises(ValidationError):
        Config().training.rank = 1


@pytest.mark.parametrize("name", sorted(Config.model_fields))
def test_unknown_keys_are_refused_in_every_table(tmp_path: Path, name: str) -> None:
    if name == "access":
        text, key = '[[access]]\npath = "a"\ngroups = ["b"]\ncolour = 1\n', "access.0.colour"
    else:
        text, key = f"[{name}]\ncolour = 1\n", f"{name}.colour"
    assert f"unknown key `{key}`" in faults(tmp_path, text)


def test_unknown_tables_and_loose_keys_are_refused(tmp_path: Path) -> None:
    found = faults(tmp_path, "loose = 1\n[trainning]\nrank = 8\n")
    assert "unknown key `loose`" in found
    assert "unknown key `trainning`" in found


def test_all_faults_come_at_once(tmp_path: Path) -> None:
    found = faults(
        tmp_path,
        '[training]\nrank = -1\nepochs = "many"\n[retrieval]\ndense_weight = 1.5\n'
        '[answer]\narm = "best"\n[bot]\nnmae = "x"\n[chunks]\ntokens = 5000\n',
    )
    for key in (
        "training.rank",
        "training.epochs",
        "retrieval.dense_weight",
        "answer.arm",
        "bot.nmae",
        "chunks.tokens",
    ):
        assert f"`{key}`" in found
    assert "tuned+rag" in found  # what may be said instead


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[teacher]\nurl = "http://localhost:8000"\n', "teacher.model is not"),
        (
            "[training]\nbatch_tokens = 512\nmicro_batch_tokens = 1024\n",
            "micro_batch_tokens is larger than training.batch_tokens",
        ),
        ('[[access]]\npath = "hr/"\ngroups = []\n', "access.0.groups"),
        ('[[access]]\npath = "hr/"\n', "access.0.groups"),
        ('[access]\npath = "hr/"\ngroups = ["hr"]\n', "access"),
        ('training = "fast"\n', "training"),
        ("[training]\nlearning_rate = nan\n", "training.learning_rate"),
        ('[sources]\npaths = "one"\n', "sources.paths"),
    ],
)
def test_contradictions_and_wrong_forms_are_refused(tmp_path: Path, text: str, said: str) -> None:
    assert said in faults(tmp_path, text)


@pytest.mark.parametrize(
    "text", ["[training", "rank = = 1", "[a]\n[a]\n", 'x = "\\q"', "name = Monoshiri\n"]
)
def test_bad_toml_names_the_place(tmp_path: Path, text: str) -> None:
    found = faults(tmp_path, text)
    assert "not valid TOML" in found
    assert "line" in found


def test_files_that_can_not_be_read(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such file"):
        load_config(tmp_path / "missing.toml")
    with pytest.raises(ConfigError, match="UTF-8"):
        load_config(tmp_path)
    (tmp_path / "sjis.toml").write_bytes('[bot]\nname = "物知り"\n'.encode("cp932"))
    with pytest.raises(ConfigError, match="UTF-8"):
        load_config(tmp_path / "sjis.toml")


def test_a_file_from_a_windows_editor(tmp_path: Path) -> None:
    path = tmp_path / "bot.toml"
    path.write_bytes('[bot]\r\nname = "物知り"\r\n'.encode("utf-8-sig"))
    assert load_config(path).bot.name == "物知り"


def test_every_key_has_one_spelling_and_a_default() -> None:
    for name, field in Config.model_fields.items():
        section = field.annotation
        assert field.alias is None
        if isinstance(section, type) and issubclass(section, BaseModel):
            assert section() == getattr(Config(), name)
            assert all(inner.alias is None for inner in section.model_fields.values())
