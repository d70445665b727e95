"""bot.toml as builds write it: what it said before, and the sources."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builder.config import load_config
from builder.config_file import QUICK, make_config
from builder.errors import ConfigError
from builder.workspace import Workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "bot")


def written(workspace: Workspace) -> dict[str, Any]:
    return tomllib.loads(workspace.config.read_text(encoding="utf-8"))


ODD = [
    'with "quotes"',
    "C:\\data\\new",
    "改行\nと\tタブ",
    "物知り 🎉",
    "'''",
    '"""',
    "# no comment",
    "[table]",
    "\x7f\x01",
    "",
]


def test_the_first_build_names_its_sources(workspace: Workspace, tmp_path: Path) -> None:
    make_config(workspace, [str(tmp_path / "docs"), "https://example.com/a"], None, {})
    config = load_config(workspace.config)
    assert config.sources.paths == (str((tmp_path / "docs").resolve()), "https://example.com/a")


def test_relative_paths_hold_from_anywhere(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    make_config(workspace, ["docs", "."], None, {})
    assert load_config(workspace.config).sources.paths == (str(tmp_path / "docs"), str(tmp_path))


@pytest.mark.parametrize("name", ODD)
def test_any_name_and_any_path_come_back(workspace: Workspace, name: str) -> None:
    values = {"bot": {"name": name, "contact": f"<{name}>"}}
    make_config(workspace, [f"https://x/{name}"], None, values)
    config = load_config(workspace.config)
    assert (config.bot.name, config.bot.contact) == (name, f"<{name}>")
    assert config.sources.paths == (f"https://x/{name}",)
    make_config(workspace, ["https://y"], None, {})
    assert load_config(workspace.config).bot == config.bot


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_comes_back(tmp_path: Path, name: str) -> None:
    workspace = Workspace(tmp_path / "bot")
    make_config(workspace, ["https://x"], None, {"bot": {"name": name}})
    assert load_config(workspace.config).bot.name == name


GIVEN = """
# ours
[bot]
name = '物知り "くん"'
purpose = "C:\\\\tools"

[training]
max_minutes = inf
learning_rate = 1e-05

[[access]]
path = "人事/**"
groups = ["hr", '役員 "会"']

[[access]]
path = '*.secret\\x'
groups = ["board"]
"""


def test_a_given_file_is_taken_over_and_kept_by_later_builds(
    workspace: Workspace, tmp_path: Path
) -> None:
    own = tmp_path / "own.toml"
    own.write_text(GIVEN, encoding="utf-8")
    expected = load_config(own)
    make_config(workspace, ["https://x"], own, {})
    for sources in (["https://x"], ["https://y", "https://z"]):
        make_config(workspace, sources, None, {})
        config = load_config(workspace.config)
        assert config.sources.paths == tuple(sources)
        assert config.model_copy(update={"sources": expected.sources}) == expected
    assert [rule.groups for rule in load_config(workspace.config).access] == [
        ("hr", '役員 "会"'),
        ("board",),
    ]
    assert own.read_text(encoding="utf-8") == GIVEN
    assert "# ours" in workspace.config.read_text(encoding="utf-8")


def test_other_keys_of_the_sources_stay(workspace: Workspace, tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('[sources]\npaths = ["old"]\nignore = ["*.tmp"]\nmax_file_mb = 5\n')
    make_config(workspace, ["https://new"], own, {})
    assert written(workspace)["sources"] == {
        "paths": ["https://new"],
        "ignore": ["*.tmp"],
        "max_file_mb": 5,
    }


def test_a_file_from_a_windows_editor_is_taken_over(workspace: Workspace, tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_bytes('[bot]\r\nname = "物知り"\r\n'.encode("utf-8-sig"))
    make_config(workspace, ["https://x"], own, {})
    assert load_config(workspace.config).bot.name == "物知り"


def test_further_values_win_over_the_file(workspace: Workspace, tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text("[training]\nepochs = 9.0\nrank = 4\n")
    make_config(workspace, ["https://x"], own, QUICK)
    training = load_config(workspace.config).training
    assert (training.epochs, training.rank) == (QUICK["training"]["epochs"], 4)


@pytest.mark.parametrize("text", ["[bot]\nnmae = 1\n", "[bot", "[training]\nrank = -1\n"])
def test_a_file_with_faults_is_refused_and_nothing_is_written(
    workspace: Workspace, tmp_path: Path, text: str
) -> None:
    own = tmp_path / "own.toml"
    own.write_text(text)
    with pytest.raises(ConfigError, match=r"own\.toml"):
        make_config(workspace, ["https://x"], own, {})
    assert not workspace.root.exists()
    make_config(workspace, ["https://x"], None, {})
    workspace.config.write_text(text)
    with pytest.raises(ConfigError):
        make_config(workspace, ["https://y"], None, {})
    assert workspace.config.read_text() == text
