"""Holds every include of the project to the table in CONTRIBUTING.md: who may include whom, and each third-party
library's home. Run by ctest as `layering.py <repository root>`; fails when it scanned no file, so that it cannot pass by
looking in the wrong place.
"""
import pathlib
import re
import sys

# layer: (folder, layers it may include besides itself)
LAYERS = {
    "base": ("lib/base", set()),
    "text": ("lib/text", {"base"}),
    "lexicon": ("lib/lexicon", {"base"}),
    "composition": ("lib/composition", {"base"}),
    "formats": ("lib/formats", {"base"}),
    "coding": ("lib/coding", {"base"}),
    "tensor": ("lib/tensor", {"base"}),
    "prior": ("lib/prior", {"base", "tensor"}),
    "packed": ("lib/packed", {"base", "coding", "tensor", "prior"}),
    "table": ("lib/table", {"base", "formats", "prior", "packed"}),
    "vocabulary": ("lib/vocabulary", {"base", "text", "formats"}),
    "compose": ("lib/compose", {"base", "text", "lexicon", "vocabulary", "composition"}),
    "entangle": ("lib/entangle", {"base", "tensor", "composition", "prior"}),
    "packing": ("lib/packing", {"base", "coding", "tensor", "prior", "packed", "entangle"}),
    "kb": ("kb", {"base", "text", "lexicon"}),
    "importers": ("importers", {"base", "text", "lexicon", "kb"}),
    "apps": ("apps", None),
    "tests": ("tests", None),
}

# header pattern: (library, files that may include it, may a header of ours include it)
HOMES = [
    (r"(sqlite3\.h|SQLiteCpp/)", "SQLite", r"kb/[^/]+\.cpp|tests/kb/.*", False),
    (r"unicode/", "ICU", r"lib/text/[^/]+\.cpp", False),
    (r"boost/", "Boost", r"kb/graph\.cpp", False),
    (r"Eigen/Core", "Eigen", r"lib/(tensor|prior|packed|entangle|packing)/.*|tests/.*", True),
    (r"(Eigen|unsupported/Eigen)/", "Eigen", r"lib/(tensor|prior|packed|entangle|packing)/[^/]+\.cpp|tests/.*", False),
    (r"protozero/", "protozero", r"lib/(vocabulary|formats)/[^/]+\.cpp|tests/.*", False),
    (r"expat\.h", "expat", r"importers/.*\.cpp", False),
    (r"zlib\.h", "zlib", r"importers/.*\.cpp|tests/.*", False),
    (r"CLI/", "CLI11", r"apps/.*\.cpp", False),
    (r"fmt/", "fmt", r"apps/.*\.cpp|tests/.*", False),
    (r"nlohmann/", "nlohmann-json", r"(apps|lib/formats|lib/vocabulary|kb)/.*\.cpp|tests/.*", False),
    (r"xxhash\.h", "xxHash", r"lib/base/file\.cpp", False),
    (r"doctest/", "doctest", r"tests/.*", True),
    (r"rapidcheck", "rapidcheck", r"tests/.*", True),
]
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
OURS = re.compile(r"^(lib|kb|importers|apps|tests)/")


def layer_of(path):
    """The layer a repository-relative path belongs to, or None."""
    return next((name for name, (folder, _) in LAYERS.items() if path.startswith(folder + "/")), None)


def faults_of(path, text):
    """Every breach in one file, as sentences."""
    layer = layer_of(path)
    if layer is None:
        yield f"{path}: belongs to no layer"
        return
    allowed = LAYERS[layer][1]
    for number, line in enumerate(text.splitlines(), 1):
        found = INCLUDE.match(line)
        if not found:
            continue
        quote, header = found.groups()
        where = f"{path}:{number}"
        if quote == '"' and not OURS.match(header):
            yield f'{where}: "{header}" is not written from the repository root'
        elif quote == '"':
            target = layer_of(header)
            if target == "tests" and layer != "tests":
                yield f"{where}: {layer} includes a test"
            elif allowed is not None and target != layer and target not in allowed:
                yield f"{where}: {layer} may not include {target} ({header})"
        for pattern, library, homes, in_headers in HOMES:
            if re.match(pattern, header):
                if not re.fullmatch(homes, path):
                    yield f"{where}: {library} is not at home here"
                elif path.endswith(".hpp") and not in_headers:
                    yield f"{where}: {library} may not be included by a header"
                break


def main(root):
    root = pathlib.Path(root)
    files = [p for folder in ("lib", "kb", "importers", "apps", "tests")
             for suffix in ("*.hpp", "*.cpp") for p in sorted((root / folder).rglob(suffix))]
    if len(files) < 20:
        sys.exit(f"layering: found only {len(files)} source files below {root}; wrong folder?")
    faults = [fault for p in files
              for fault in faults_of(p.relative_to(root).as_posix(), p.read_text(encoding="utf-8"))]
    # The checker must see what it looks for: a planted breach of each kind has to be found.
    planted = [("lib/text/x.hpp", '#include "kb/database.hpp"'), ("lib/compose/x.hpp", "#include <nlohmann/json.hpp>"),
               ("kb/x.cpp", "#include <boost/graph/graph_traits.hpp>"), ("lib/base/x.cpp", '#include "error.hpp"')]
    for path, line in planted:
        if not list(faults_of(path, line)):
            sys.exit(f"layering: blind to {line} in {path}")
    print("\n".join(faults))
    print(f"layering: {len(files)} files, {len(faults)} faults")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main(sys.argv[1])
