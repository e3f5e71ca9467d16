"""The repository's files as the pages of a site: what lies outside of this folder is brought in, and links follow.

A link to what has no page (a source, a test) keeps its words and loses its target; one to a document that is not
there stays as it is, and ``mkdocs build --strict`` tells of it.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File

ROOT = Path(__file__).parents[1]
BROUGHT = {
    "README.md": "index.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
    "SECURITY.md": "security.md",
    "tests/probes/README.md": "recordings.md",
}
"""Files of the repository, and what they are called on the site."""
PLACES = BROUGHT | {"examples": "examples.md", "LICENSE": "license.md"}
SOURCES = {page: source for source, page in BROUGHT.items()}
_LINK = re.compile(r"(?<!!)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^)\s#]+)(#[^)\s]*)?\)")


def on_files(files: Any, config: Any) -> Any:
    """Add the pages whose sources lie elsewhere."""
    pages = {page: (ROOT / source).read_text("utf-8") for source, page in BROUGHT.items()}
    pages["examples.md"] = "# Examples\n" + "".join(
        f"\n## {name}\n\n```{language}\n{path.read_text('utf-8')}```\n" for name, language, path in programs()
    )
    pages["license.md"] = f"# Licence\n\n```text\n{(ROOT / 'LICENSE').read_text('utf-8')}```\n"
    for page, text in pages.items():
        files.append(File.generated(config, page, content=text))
    return files


def programs() -> Iterator[tuple[str, str, Path]]:
    """The examples: what each is called below their folder, its language, its file."""
    for path in sorted((ROOT / "examples").rglob("*")):
        if language := {".py": "python", ".toml": "toml"}.get(path.suffix):
            yield path.relative_to(ROOT / "examples").as_posix(), language, path


def public() -> str:
    """A heading and the docstring's place for each public name: where it lives says the name itself."""
    import banner

    known = ((name, getattr(banner, name)) for name in sorted(banner.__all__, key=str.casefold))
    places = (
        (name, f"{one.__module__}.{one.__qualname__}") for name, one in known if hasattr(one, "__qualname__")
    )
    return "\n".join(f"## {name}\n\n::: {place}\n" for name, place in places)


def on_page_markdown(markdown: str, *, page: Any, **_: Any) -> str:
    """Let the links of a page lead where its neighbours stand now, and fill in the reference."""
    if page.file.src_uri == "reference.md":
        markdown = markdown.replace("::: banner\n", public(), 1)
    source = SOURCES.get(page.file.src_uri, f"docs/{page.file.src_uri}")

    def followed(link: re.Match[str]) -> str:
        words, target, anchor = link[1], link[2], link[3] or ""
        if ":" in target:
            return link[0]
        path = posixpath.normpath(posixpath.join(posixpath.dirname(source), target))
        if path in PLACES:
            return f"[{words}]({PLACES[path]}{anchor})"
        if path.startswith("examples/"):
            return f"[{words}](examples.md)"
        if path.startswith("docs/") or not (ROOT / path).exists():
            return f"[{words}]({path.removeprefix('docs/')}{anchor})"
        return words

    text = _LINK.sub(followed, markdown)
    return re.sub(r'(["(])docs/pictures/', r"\1pictures/", text) if source == "README.md" else text
