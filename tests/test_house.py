"""The repository holds itself to its laws (CONTRIBUTING.md): sizes, names, words, nothing unused."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import Field, Model

ROOT = Path(__file__).resolve().parent.parent
FLOORS = ("meg", "desk", "dext_connector", "banking", "achats", "ledger", "firms")
LONGEST_MODULE = 300
LONGEST_FUNCTION = 20
LONGEST_SCRIPT = 120
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "core", "services", "service", "signals", "misc"}
# A function may be longer only for a reason that stands here.
LONGER_FOR_A_REASON: dict[str, str] = {}
# Templates that Django or a library loads by its own name.
LOADED_BY_DJANGO = {"400.html", "403.html", "403_csrf.html", "404.html", "500.html"}


def modules() -> list[Path]:
    found = [path for floor in FLOORS for path in (ROOT / floor).rglob("*.py") if "migrations" not in path.parts]
    return sorted([*found, ROOT / "manage.py"])


def files_of_tests() -> list[Path]:
    return sorted((ROOT / "tests").rglob("*.py"))


def templates() -> list[Path]:
    return sorted(
        path for folder in (ROOT / "templates", *map(ROOT.joinpath, FLOORS)) for path in folder.rglob("*.html")
    )


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of the body, its docstring left out."""
    has_docstring = ast.get_docstring(function) is not None
    body = function.body[1:] if has_docstring else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_no_module_is_longer_than_300_lines() -> None:
    sizes = {name_of(path): len(path.read_text().splitlines()) for path in (*modules(), *files_of_tests())}
    assert {name: size for name, size in sizes.items() if size > LONGEST_MODULE} == {}


def test_no_function_is_longer_than_20_lines_without_a_reason() -> None:
    long = {
        f"{name_of(path)}:{function.name}": length(function)
        for path in modules()
        for function in functions(path)
        if length(function) > LONGEST_FUNCTION
    }
    assert {name: lines for name, lines in long.items() if name not in LONGER_FOR_A_REASON} == {}
    assert set(LONGER_FOR_A_REASON) <= set(long), "a reason that is no longer needed"


def test_modules_are_named_after_a_noun_or_a_deed() -> None:
    names = {name_of(path) for path in modules() if {path.stem, *path.relative_to(ROOT).parts[:-1]} & FORBIDDEN_NAMES}
    assert names == set()


def test_packages_are_no_deeper_than_app_package_module() -> None:
    of_django = {"management", "templatetags"}
    deep = [path for path in modules() if len(path.relative_to(ROOT).parts) > 3 and not of_django & set(path.parts)]
    assert deep == []


def test_no_floor_listens_to_signals_of_the_database() -> None:
    """What a floor tells those above is an event, written in the transaction of the change."""
    words = ("django.db.models.signals", "django.dispatch")
    assert [name_of(path) for path in modules() if any(word in path.read_text() for word in words)] == []


def test_no_module_imports_itself_by_way_of_others() -> None:
    """Imports inside functions count too. CycleError names the circle."""
    by_name = {dotted(path): path for path in modules()}
    TopologicalSorter({name: imported(path) & by_name.keys() for name, path in by_name.items()}).prepare()


def test_no_package_imports_itself_by_way_of_others() -> None:
    """The rooms of a floor have an order too; what lies at its root is common to them. CycleError names the circle."""
    rooms: defaultdict[str, set[str]] = defaultdict(set)
    names = {dotted(path) for path in modules()}
    for path in modules():
        above = room(dotted(path))
        rooms[above] |= {room(name) for name in imported(path) & names} - {above, ""}
    del rooms[""]
    TopologicalSorter(rooms).prepare()


def room(name: str) -> str:
    """« achats.books » of « achats.books.posting »; "" of what lies at the root of a floor."""
    return ".".join(name.split(".")[:2]) if name.count(".") > 1 else ""


def dotted(path: Path) -> str:
    """« banking.models » of `banking/models/__init__.py`."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imported(path: Path) -> set[str]:
    """All that may be a module in what the file imports."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
    return found


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        name_of(path)
        for path in modules()
        if path.name not in {"__init__.py", "apps.py", "urls.py"}
        and "commands" not in path.parts
        and not says_what_it_is_for(path)
    ]
    assert silent == []


def says_what_it_is_for(path: Path) -> bool:
    """A docstring of the module, or of the first class or function in it."""
    tree = ast.parse(path.read_text())
    defined = [node for node in tree.body if isinstance(node, ast.ClassDef | ast.FunctionDef)]
    return bool(ast.get_docstring(tree) or any(ast.get_docstring(node) for node in defined))


def test_every_template_is_used() -> None:
    sources = "".join(path.read_text() for path in (*modules(), *templates()))
    unused = [
        name
        for path in templates()
        if (name := template_name(path)) not in LOADED_BY_DJANGO
        and not name.startswith(("admin/", "registration/"))
        and f'"{name}' not in sources
        and f"'{name}" not in sources
    ]
    assert unused == []


def template_name(path: Path) -> str:
    """« achats/invoice_list.html », as a view names it."""
    parts = path.relative_to(ROOT).parts
    return "/".join(parts[parts.index("templates") + 1 :])


def scripts() -> dict[str, str]:
    """The text of each module of the script, by its name."""
    return {path.stem: path.read_text() for path in (ROOT / "static/meg").glob("*.js")}


def test_every_module_of_the_script_is_short_and_says_what_it_is_for() -> None:
    assert [name for name, text in scripts().items() if len(text.splitlines()) > LONGEST_SCRIPT] == []
    assert [name for name, text in scripts().items() if not text.startswith("// ")] == []


def test_the_modules_of_the_script_are_all_loaded_side_by_side_and_none_imports_itself_by_way_of_others() -> None:
    """A circle of imports has no name by content, which production gives (meg.static_files)."""
    imports = {
        name: set(re.findall(r'^import .*"\./(\w+)\.js";$', text, re.MULTILINE)) for name, text in scripts().items()
    }
    preloaded = re.findall(
        r'"modulepreload" href="\{% static "meg/(\w+)\.js" %\}"', (ROOT / "templates/scripts.html").read_text()
    )
    assert set(TopologicalSorter(imports).static_order()) == {"entry", *preloaded} == set(scripts())
    assert not [name for name in preloaded if not any(name in names for names in imports.values())]


def test_no_inline_script_or_style_that_the_content_security_policy_would_block() -> None:
    pattern = re.compile(r"<style|\sstyle=|\son[a-z]+=\"|<script(?![^>]*\bsrc=)")
    assert [name_of(path) for path in templates() if pattern.search(path.read_text())] == []


def test_no_path_of_a_machine_and_no_tool_of_its_authors_is_named() -> None:
    words = re.compile("/work" + "/|/home" + "/|farm" + "-studio")
    texts = [
        *modules(),
        *files_of_tests(),
        *templates(),
        *ROOT.glob("*.md"),
        *ROOT.glob("docs/**/*.md"),
        ROOT / "Makefile",
    ]
    assert [name_of(path) for path in texts if words.search(path.read_text())] == []


GLOSSARY = dict(re.findall(r"^\| `(\w+)` \| ([^|]+?) \|", (ROOT / "docs/glossary.md").read_text(), re.MULTILINE))


def our_models() -> list[type[Model]]:
    return [model for model in apps.get_models() if model._meta.app_label in FLOORS and not model._meta.auto_created]


def test_every_model_has_its_row_in_the_glossary() -> None:
    names = {model.__name__ for model in our_models()}
    assert {model.__name__: str(model._meta.verbose_name) for model in our_models()} == {
        name: word for name, word in GLOSSARY.items() if name in names or name[0].isupper()
    }


def test_every_state_says_on_the_screen_what_the_glossary_says() -> None:
    choices = [
        (str(value), str(label)) for field in fields() for value, label in field.flatchoices if value in GLOSSARY
    ]
    assert choices
    assert [(value, label) for value, label in choices if not agrees(label, GLOSSARY[value])] == []


def agrees(label: str, word: str) -> bool:
    """Alike, whatever the gender: an invoice is « Refusée », a match « Refusé »."""
    return label.removesuffix("e") == word.removesuffix("e")


def fields() -> list[Field]:
    return [field for model in our_models() for field in model._meta.get_fields() if isinstance(field, Field)]


@pytest.mark.parametrize("model", our_models(), ids=lambda model: model.__name__)
def test_every_field_has_a_french_name(model: type[Model]) -> None:
    """Django's default is the name in the code, with spaces."""
    english = [
        field.name
        for field in fields()
        if field.model is model
        and field.name not in {"id", "password", "last_login", "is_superuser", "groups", "user_permissions"}
        and "_" in field.name
        and field.verbose_name == field.name.replace("_", " ")
    ]
    assert english == []
