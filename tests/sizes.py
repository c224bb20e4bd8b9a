"""Holds hand-written sources to their sizes: a file has at most 400 lines, a function 80 lines and 6 parameters. Run by ctest as
`sizes.py <repository root>`; functions are found by lizard (tests/requirements.txt). Fails when it scanned nothing and when
it does not see a planted breach of each kind.
"""
import pathlib
import sys

import support

LINES_OF_FILE, LINES_OF_FUNCTION, PARAMETERS = 400, 80, 6
lizard = support.oracle("lizard")


def faults_of(path, text):
    """(every breach in one file as sentences, how many functions it has)"""
    lines = text.count("\n")
    faults = [f"{path}: {lines} lines, at most {LINES_OF_FILE}"] if lines > LINES_OF_FILE else []
    functions = lizard.analyze_file.analyze_source_code(path, text).function_list
    for function in functions:
        where = f"{path}:{function.start_line}: {function.name}"
        if function.length > LINES_OF_FUNCTION:
            faults.append(f"{where}: {function.length} lines, at most {LINES_OF_FUNCTION}")
        if len(function.parameters) > PARAMETERS:
            faults.append(f"{where}: {len(function.parameters)} parameters, at most {PARAMETERS}")
    return faults, len(functions)


def look_for_planted():
    """Ends the test if a breach is not seen, or one is seen where there is none."""
    body = "  ++a;\n" * (LINES_OF_FUNCTION - 2)
    sound = "void f(int a, int b, int c, int d, int e, int f) {\n" + body + "}\n"
    planted = {"a long file": "// a line\n" * (LINES_OF_FILE + 1), "a long function": sound.replace("}", "  ++b;\n}"),
               "seven parameters": sound.replace("int f)", "int f, int g)")}
    for kind, text in planted.items():
        if len(faults_of("planted.cpp", text)[0]) != 1:
            sys.exit(f"sizes: blind to {kind}")
    if faults_of("planted.cpp", sound + "// a line\n" * (LINES_OF_FILE - LINES_OF_FUNCTION))[0]:
        sys.exit("sizes: sees a breach where there is none")


def main(root):
    look_for_planted()
    root = pathlib.Path(root)
    files = [path for folder in ("lib", "kb", "importers", "apps") for suffix in ("*.hpp", "*.cpp")
             for path in sorted((root / folder).rglob(suffix))]
    faults, functions = [], 0
    for path in files:
        more, count = faults_of(path.relative_to(root).as_posix(), path.read_text(encoding="utf-8"))
        faults += more
        functions += count
    if len(files) < 20 or functions < 100:
        sys.exit(f"sizes: found only {len(files)} source files and {functions} functions below {root}; wrong folder?")
    print("\n".join(faults))
    print(f"sizes: {len(files)} files, {functions} functions, {len(faults)} faults")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main(sys.argv[1])
