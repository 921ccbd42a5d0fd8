"""The house keeps to its plan: who may import whom, and what may be imported when."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MOST_MODULES = 24
SUBJECTS = ("store", "ingest", "nlp", "search", "export")
MAY_IMPORT = {
    "models": set[str](),
    **{package: {"models"} for package in SUBJECTS},
    "web": {"models", *SUBJECTS},
    "slugline": {"models", *SUBJECTS, "web"},
}
HEAVY = {
    *("spacy", "sklearn", "numpy", "scipy", "whoosh", "flask", "feedparser", "httpx", "sqlalchemy"),
    *("alembic", "nh3", "rich", "pycountry", "py3langid", "waitress", "courlan"),
    *("tantivy", "opensearchpy"),
}


@cache
def modules(package: str) -> tuple[tuple[Path, ast.Module], ...]:
    return tuple(
        (path, ast.parse(path.read_text(encoding="utf-8")))
        for path in sorted((ROOT / package).rglob("*.py"))
    )


@cache
def imported(tree: ast.AST) -> tuple[str, ...]:
    names: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names += (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.append(node.module)
    return tuple(names)


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_imports_follow_the_way_of_the_data(package: str) -> None:
    found = modules(package)
    assert found
    for path, tree in found:
        ours = {name.split(".")[0] for name in imported(tree)} & set(MAY_IMPORT)
        assert ours <= MAY_IMPORT[package] | {package}, f"{path} imports {ours}"


def test_no_two_modules_import_each_other_by_any_way() -> None:
    """Also where only types are imported, or within a function."""
    trees = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): tree
        for package in MAY_IMPORT
        for path, tree in modules(package)
    }
    TopologicalSorter(
        {name: {other for other in named(tree) if other in trees} for name, tree in trees.items()}
    ).prepare()


def named(tree: ast.AST) -> Iterator[str]:
    """Yield every name that may be a module which this one imports."""
    yield from imported(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("package", sorted(set(MAY_IMPORT) - {"slugline"}))
def test_only_the_front_door_knows_the_environment(package: str) -> None:
    for path, tree in modules(package):
        names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        assert not names & {"environ", "getenv"}, f"{path} reads the environment"
        assert "slugline.settings" not in set(imported(tree))


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_a_module_begins_with_what_it_is_for(package: str) -> None:
    for path, tree in modules(package):
        docstring = ast.get_docstring(tree)
        empty = not tree.body
        migration = "migrations" in path.parts
        assert docstring or empty or migration, f"{path} does not say what it is for"


def test_no_module_is_a_drawer_of_leftovers() -> None:
    drawers = {"utils", "util", "helpers", "helper", "manager", "common", "misc"}
    for package in MAY_IMPORT:
        for path, _ in modules(package):
            assert path.stem not in drawers, path


@pytest.mark.parametrize("command", [["--help"], ["run", "--help"], ["search", "--help"]])
def test_help_imports_nothing_heavy(command: list[str]) -> None:
    code = (
        "import sys\n"
        "from slugline.cli import slugline\n"
        f"slugline({command!r}, standalone_mode=False)\n"
        "print('IMPORTED', *sorted({name.split('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    names = set(done.stdout.split("IMPORTED")[1].split())
    assert not names & HEAVY


ENGINES = ("whoosh", "tantivy", "opensearch")


@pytest.mark.parametrize("engine", ENGINES)
def test_an_engine_imports_no_other_engine(engine: str) -> None:
    others = tuple(f"search.engines.{other}" for other in ENGINES if other != engine)
    for path, tree in modules(f"search/engines/{engine}"):
        assert not [name for name in named(tree) if name.startswith(others)], path


def test_only_the_store_knows_its_database() -> None:
    for package in MAY_IMPORT:
        for path, tree in modules(package):
            roots = {name.split(".")[0] for name in imported(tree)}
            assert package == "store" or not roots & {"sqlalchemy", "alembic"}, path


def test_how_the_shipped_model_is_made_is_imported_by_nothing_else() -> None:
    for package in MAY_IMPORT:
        for path, tree in modules(package):
            if "shipped" not in path.parts:
                names = [name for name in named(tree) if name.startswith("nlp.topics.shipped")]
                assert not names, path


def test_models_are_plain_data() -> None:
    """They import nothing but Python's own library and each other."""
    for path, tree in modules("models"):
        roots = {name.split(".")[0] for name in imported(tree)}
        assert roots <= sys.stdlib_module_names | {"models"}, path


PICKLES = {"pickle", "cPickle", "cloudpickle", "dill", "joblib", "shelve", "marshal"}
PICKLED = {".pkl", ".pickle", ".joblib", ".dill", ".pt"}


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_nothing_is_pickled_or_unpickled(package: str) -> None:
    """Whoever writes a pickle runs code where it is read; Whoosh's own stay in its directory."""
    for path, tree in modules(package):
        assert not {name.split(".")[0] for name in imported(tree)} & PICKLES, path
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            for given in call.keywords:
                if given.arg == "allow_pickle":
                    value = given.value
                    assert isinstance(value, ast.Constant), path
                    assert value.value is False, path
    files = [path for path in (ROOT / package).rglob("*") if path.is_file()]
    assert [path for path in files if path.suffix in PICKLED] == []


def test_a_folder_can_be_held_in_the_head() -> None:
    folders = Counter(
        path.parent
        for package in MAY_IMPORT
        for path, _ in modules(package)
        if "migrations" not in path.parts and path.name != "__init__.py"
    )
    for folder, size in folders.items():
        assert size <= MOST_MODULES, f"{folder} has {size} modules"


def test_every_error_for_people_is_in_the_tree_that_models_errors_draws() -> None:
    drawn = ast.get_docstring(ast.parse((ROOT / "models" / "errors.py").read_text())) or ""
    bases = {
        node.name: {base.id for base in node.bases if isinstance(base, ast.Name)}
        for package in MAY_IMPORT
        for _, tree in modules(package)
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    }
    family = {"SluglineError"}
    for _ in range(4):
        family |= {name for name, parents in bases.items() if parents & family}
    assert {"SluglineError", "UsageError", "QueryError", "ServeError"} <= family
    assert {name for name in family if name not in drawn} == set()


def test_a_rule_that_is_not_kept_says_why() -> None:
    """As `# noqa: S105 - no password` or `# type: ignore[misc]  # Whoosh ships no types`."""
    unexplained = re.compile(r"# (?:noqa|type: ignore)(?!(?:: [A-Z0-9, ]+ - |\[[a-z, -]+\] +# )\S)")
    for package in (*MAY_IMPORT, "tests", "bench"):
        for path in (ROOT / package).rglob("*.py"):
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
                assert not unexplained.search(line), f"{path}:{number}"
