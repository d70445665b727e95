"""The documentation says what the program does: every command, option, setting, path and link."""

from __future__ import annotations

import argparse
import ast
import re
import shlex
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, get_args
from urllib.parse import unquote

import pytest
from pydantic import BaseModel

from builder.cli.arguments import make_parser
from builder.cli.ask import answer_object, passages_object
from builder.cli.main import COMMANDS
from builder.config import Config, load_config
from builder.records import ARMS, Answer, Chunk, Passage, Question
from connectors.readers import READERS

ROOT = Path(__file__).parents[2]
PACKAGES = ("connectors", "builder", "ui")
COMMON_OPTIONS = {"-h", "--help", "--debug"}
FOR_ALL = {"config", "errors", "jsonl", "records", "text", "workspace"}
"""Parts of `builder` that the table of imports leaves out: everybody may use them."""


@cache
def tracked_files() -> tuple[Path, ...]:
    """Files of the checkout, those not yet added included."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.skip("not a git checkout")
    paths = (ROOT / name for name in done.stdout.split("\0") if name)
    return tuple(sorted({path for path in paths if path.is_file()}))


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def pages() -> list[Path]:
    return [path for path in tracked_files() if path.suffix == ".md" and is_ours(path)]


def is_ours(path: Path) -> bool:
    """The sample company's documents are data, not documentation."""
    return not path.is_relative_to(ROOT / "samples" / "company") and not path.is_relative_to(
        ROOT / "samples" / "sources"
    )


def section(text: str, title: str) -> str:
    """What stands under a heading, down to the next one of its level or above."""
    found = re.search(rf"^(#+) {re.escape(title)}\n", text, re.MULTILINE)
    assert found, f"there is no section `{title}`"
    rest = text[found.end() :]
    end = re.search(rf"^#{{1,{len(found[1])}}} ", rest, re.MULTILINE)
    return rest[: end.start()] if end else rest


def rows(text: str) -> list[list[str]]:
    """The cells of every table row, without heads and rules."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    heads = {index - 1 for index, row in enumerate(cells) if set("".join(row)) <= set("- :")}
    return [
        row
        for index, row in enumerate(cells)
        if index not in heads and not set("".join(row)) <= set("- :")
    ]


def code(text: str) -> set[str]:
    """Everything between single backticks."""
    return set(re.findall(r"`([^`\n]+)`", text))


def fenced(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def unfenced(text: str) -> str:
    return re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)


# Commands


def commands() -> dict[str, argparse.ArgumentParser]:
    parser = make_parser()
    chosen = [a for a in parser._actions if isinstance(a, argparse._SubParsersAction)]
    return dict(chosen[0].choices)


def words_of(action: argparse.Action) -> set[str]:
    """What has to be named for one option or argument."""
    needed = {str(choice) for choice in action.choices or ()}
    if action.option_strings:
        needed |= set(action.option_strings)
    elif action.dest != "bot":
        needed.add(str(action.metavar or action.dest))
    if isinstance(action.default, str | int | Path) and not isinstance(action.default, bool):
        needed.add(str(action.default))
    return needed


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_of_a_command_stands_in_its_section(name: str) -> None:
    text = section(read("docs/commands.md"), name)
    documented = {word for piece in code(text) for word in (piece, *piece.split())}
    for action in commands()[name]._actions:
        if not COMMON_OPTIONS & set(action.option_strings):
            assert words_of(action) <= documented, action


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_s_table_names_no_option_that_it_does_not_have(name: str) -> None:
    known = {option for a in commands()[name]._actions for option in a.option_strings}
    firsts = [row[0] for row in rows(section(read("docs/commands.md"), name))]
    assert {word for cell in firsts for word in re.findall(r"(?<![\w-])--?[a-z-]+", cell)} <= known


def test_the_table_of_commands_and_the_parser_agree() -> None:
    assert set(COMMANDS) == set(commands())


def test_options_of_every_command_are_documented_once() -> None:
    text = read("docs/commands.md")
    assert "`--help`" in text
    assert "`--debug`" in text


def test_the_json_forms_are_documented_field_by_field() -> None:
    text = read("docs/commands.md")
    chunk = Chunk("", "", "", "", "", (), "en", "prose", "", "", (), 0)
    passages = passages_object(Question("1", "?"), [Passage(chunk, 0.0, 0.0, 0.0)])
    answer = answer_object(Answer("", "", "", False, (), False, "rag", 0.0, 0, 0))
    for title, keys in (
        ("Answers", {*answer, "source", "locator", "quote"}),
        ("Passages", {*passages, *passages["passages"][0]}),
        ("Questions", {"id", "question", "history", "groups"}),
    ):
        assert keys <= code(section(text, title)), title


def test_arms_and_suffixes_are_documented() -> None:
    text = read("docs/commands.md")
    assert {row[0].strip("`") for row in rows(section(text, "Arms"))} == set(ARMS)
    assert set(READERS) <= code(section(text, "What is read"))


# Configuration


def config_sections() -> Iterator[tuple[str, str, type[BaseModel]]]:
    """(key, heading, model) of every table of bot.toml."""
    yield from _sections_of(Config, "")


def _sections_of(model: type[BaseModel], prefix: str) -> Iterator[tuple[str, str, type[BaseModel]]]:
    for key, field in model.model_fields.items():
        for inner in _models_in(field.annotation):
            name = prefix + key
            is_list = inner is not field.annotation
            yield name, f"[[{name}]]" if is_list else f"[{name}]", inner
            yield from _sections_of(inner, f"{name}.")


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    kinds = (annotation, *get_args(annotation))
    return [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)]


SECTIONS = list(config_sections())


@pytest.mark.parametrize(("heading", "model"), [(h, m) for _, h, m in SECTIONS])
def test_every_setting_is_documented_with_its_default_and_bounds(
    heading: str, model: type[BaseModel]
) -> None:
    table = {
        row[0].strip("`"): row for row in rows(section(read("docs/configuration.md"), heading))
    }
    fields = {k: f for k, f in model.model_fields.items() if not _models_in(f.annotation)}
    assert set(table) == set(fields)
    for key, field in fields.items():
        _, default, bounds, meaning = table[key]
        assert meaning
        if field.is_required():
            assert default == "required"
        else:
            assert _toml(default) == _plain(field.get_default(call_default_factory=True)), key
        assert _bounds(field.metadata) <= set(re.findall(r"\d+(?:\.\d+)?", bounds)), key
        for choice in get_args(field.annotation):
            if isinstance(choice, str):
                assert f"`{choice}`" in bounds, key


def test_the_page_has_no_section_that_bot_toml_does_not_know() -> None:
    headings = re.findall(r"^### (\[.*)$", read("docs/configuration.md"), re.MULTILINE)
    assert sorted(headings) == sorted(heading for _, heading, _ in SECTIONS)


def _toml(cell: str) -> Any:
    return tomllib.loads(f"x = {cell.strip('`')}")["x"]


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _bounds(metadata: list[Any]) -> set[str]:
    found = set()
    for constraint in metadata:
        for name in ("ge", "gt", "le", "lt"):
            if (bound := getattr(constraint, name, None)) is not None:
                found.add(f"{bound:g}")
    return found


def toml_examples() -> list[tuple[str, str]]:
    """(page, text) of every block marked as TOML: those are bot.toml by convention."""
    return [
        (path.name, block)
        for path in pages()
        for block in fenced(path.read_text(encoding="utf-8"), "toml")
    ]


def test_every_example_of_bot_toml_loads(tmp_path: Path) -> None:
    examples = toml_examples()
    assert examples
    for page, text in examples:
        path = tmp_path / page
        path.write_text(text, encoding="utf-8")
        load_config(path)


# Architecture


def tree() -> dict[str, str]:
    """Path → what the tree of ARCHITECTURE.md says about it."""
    found: dict[str, str] = {}
    folder = ""
    block = fenced(section(read("ARCHITECTURE.md"), "The tree"), "")[0]
    for line in block.splitlines():
        name, text = line.split(None, 1)
        if line.startswith("  "):
            name = folder + name
        elif name.endswith("/"):
            folder = name
        found[name] = text
    return found


def test_every_path_of_the_tree_exists() -> None:
    for name, text in tree().items():
        path = ROOT / name
        assert path.is_dir() if name.endswith("/") else path.is_file(), name
        below = path if path.is_dir() else path.parent
        for inner in re.findall(r"\b\w+\.py\b|\b\w+/(?=[ ,])", text):
            assert (below / inner).exists(), f"{name}: {inner}"


@pytest.mark.parametrize("package", PACKAGES)
def test_every_module_and_folder_of_a_package_stands_in_the_tree(package: str) -> None:
    inside = set()
    for path in tracked_files():
        parts = path.relative_to(ROOT).parts
        if parts[0] == package and path.suffix == ".py":
            inside.add("/".join(parts[:2]) + ("/" if len(parts) > 2 else ""))
    named = {name for name in tree() if name.startswith(f"{package}/") and name != f"{package}/"}
    assert inside - {f"{package}/__init__.py"} == named


def test_every_top_level_folder_with_files_stands_in_the_tree() -> None:
    folders = {
        path.relative_to(ROOT).parts[0]
        for path in tracked_files()
        if len(path.relative_to(ROOT).parts) > 1
    }
    assert folders == {name.split("/")[0] for name in tree() if "/" in name}


def test_paths_in_the_running_text_exist() -> None:
    for page in ("ARCHITECTURE.md", "CONTRIBUTING.md"):
        for piece in code(unfenced(read(page))):
            is_example = "rst" in piece
            is_path = re.fullmatch(r"(?:connectors|builder|ui|tests|docs|samples)/[\w./]*", piece)
            if is_path and not is_example:
                assert (ROOT / piece).exists(), f"{page}: {piece}"


def imports() -> dict[str, set[str]]:
    """Part of the project → the parts that it imports, also inside functions."""
    found: dict[str, set[str]] = {}
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            part = _part(".".join(path.relative_to(ROOT).with_suffix("").parts))
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                for name in _imported(node):
                    if name.split(".")[0] in PACKAGES and _part(name) != part:
                        found.setdefault(part, set()).add(_part(name))
    return found


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module:
        return [f"{node.module}.{alias.name}" for alias in node.names]
    return []


def _part(module: str) -> str:
    names = module.split(".")
    return ".".join(names[:2]) if names[0] == "builder" else names[0]


def test_the_table_of_imports_is_true() -> None:
    table = {row[0].strip("`"): code(row[1]) for row in rows(read("ARCHITECTURE.md"))}
    for_all = {f"builder.{name}" for name in FOR_ALL}
    real = imports()
    for part, documented in table.items():
        assert real.get(part, set()) - for_all == documented, part
    assert set(real) - set(table) <= for_all | {"builder.config_file"}


# README and links


def test_the_readme_s_two_commands_are_those_of_run_and_ci() -> None:
    wanted = ["./run demo     # the sample company, end to end", "./run test     # the tests"]
    assert fenced(read("README.md"), "")[0].splitlines() == wanted
    script = read("run")
    assert re.search(r"^#   \./run demo ", script, re.MULTILINE)
    assert re.search(r"^#   \./run test ", script, re.MULTILINE)
    assert re.search(r"^test\)$", script, re.MULTILINE)
    assert "demo" in COMMANDS
    assert re.search(r"^\./run test$", read(".ci/run"), re.MULTILINE)


def test_commands_shown_on_the_pages_parse() -> None:
    shown = [
        shlex.split(line, comments=True)[1:]
        for page in pages()
        for block in fenced(page.read_text(encoding="utf-8"), "")
        for line in block.splitlines()
        if line.startswith("./run ")
    ]
    assert len(shown) > 4
    for arguments in shown:
        if arguments[0] != "test":
            make_parser().parse_args(arguments)


def test_every_relative_link_leads_somewhere() -> None:
    for page in pages():
        text = unfenced(page.read_text(encoding="utf-8"))
        for link in re.findall(r"\]\(([^)\s]+)\)", re.sub(r"`[^`\n]*`", "", text)):
            if re.match(r"[a-z]+:", link):
                continue
            path, _, anchor = unquote(link).partition("#")
            target = (page.parent / path).resolve() if path else page
            assert target.exists(), f"{page.name}: {link}"
            if anchor:
                assert anchor in anchors(target), f"{page.name}: {link}"


def anchors(page: Path) -> set[str]:
    """The anchors that GitHub gives a page's headings."""
    text = unfenced(page.read_text(encoding="utf-8"))
    titles = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def test_the_changelog_names_the_version() -> None:
    version = tomllib.loads(read("pyproject.toml"))["project"]["version"]
    assert version in "".join(re.findall(r"^## .+$", read("CHANGELOG.md"), re.MULTILINE))


# Nothing of one machine

ONE_MACHINE = re.compile(
    r"(?<![\w./:])/(?:" + "|".join(("work", "root", "Users", "home", "tmp", "opt", "mnt")) + r")/\w"
    r"|(?:index|find)-(?:url|links)\s*[=:]|\bPIP_(?:EXTRA_)?INDEX_URL|trusted[-]host"
    r"|//(?:10|192\.168|172\.(?:1[6-9]|2\d|3[01]))\.\d"
)
MADE_UP = re.compile(r"/home/somebody\b")
"""The only home that a test may name."""


def test_no_file_names_a_path_or_host_of_one_machine() -> None:
    found = []
    for path in tracked_files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # the sample company's Office files and PDFs
        for number, line in enumerate(text.splitlines(), 1):
            if ONE_MACHINE.search(MADE_UP.sub("", line)):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}")
    assert found == []
