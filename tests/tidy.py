"""clang-tidy over every source of the project, once each, on all cores; findings in headers are counted once.

    cmake --preset tidy && tests/tidy.py build/tidy [lib/packed kb/check.cpp ...]

Prints every finding and a summary by check; ends with 1 if there is any, or if it scanned nothing. Most of the time goes into
the headers of others that a source includes, so sources compiled alike are looked at some together, as one unit that includes
them; where they do not compile so (two of them name something of their own alike), half of them at a time.
"""
import argparse
import collections
import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
FOLDERS = ("lib", "kb", "importers", "apps", "tests")
TOGETHER = 10
FINDING = re.compile(r"^(/[^:]+):(\d+):(\d+): (?:warning|error): (.*) \[([^\]]+)\]$")
NOT_COMPILED = "clang-diagnostic-error"


def batches(build, wanted):
    """[(compile command without source and object, its folder, sources)] of the sources below or equal to one of `wanted`."""
    alike, seen = collections.defaultdict(list), set()
    for entry in json.loads((build / "compile_commands.json").read_text()):
        path = pathlib.Path(entry["file"])
        if path in seen or not any(path.is_relative_to(ROOT / each) for each in wanted):
            continue
        seen.add(path)
        flags = re.sub(r" -o \S+ -c \S+$", "", entry["command"])
        alike[flags, entry["directory"]].append(path)
    return [(*key, sorted(paths)[i:i + TOGETHER]) for key, paths in alike.items() for i in range(0, len(paths), TOGETHER)]


def findings_of(flags, folder, sources):
    """(finding as "path:line:column: message", its check) of each finding; what clang-tidy says otherwise when it fails."""
    with tempfile.TemporaryDirectory() as work:
        unit = sources[0]
        if len(sources) > 1:
            unit = pathlib.Path(work) / "sources.cpp"
            unit.write_text("".join(f'#include "{path}"\n' for path in sources))
        database = [{"directory": folder, "file": str(unit), "command": f"{flags} -c {unit}"}]
        (pathlib.Path(work) / "compile_commands.json").write_text(json.dumps(database))
        done = subprocess.run(["clang-tidy-14", "-p", work, f"--config-file={ROOT / '.clang-tidy'}", "--quiet", unit],
                              capture_output=True, text=True)
    found = []
    for line in done.stdout.splitlines():
        match = FINDING.match(line)
        if match and pathlib.Path(match[1]).is_relative_to(ROOT):
            where, row, column, message, check = match.groups()
            found.append((f"{os.path.relpath(where, ROOT)}:{row}:{column}: {message}", check))
    if len(sources) > 1 and (done.returncode != 0 or any(check == NOT_COMPILED for _, check in found)):
        half = len(sources) // 2
        return findings_of(flags, folder, sources[:half]) + findings_of(flags, folder, sources[half:])
    if done.returncode != 0 and not found:
        found.append((f"{unit}: clang-tidy ended with {done.returncode}: {done.stderr[-500:]}", "clang-tidy"))
    return found


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("build", type=pathlib.Path, help="folder with compile_commands.json")
    arguments.add_argument("wanted", nargs="*", default=FOLDERS, help="folders or sources, from the repository's root")
    arguments.add_argument("--jobs", type=int, default=os.cpu_count())
    arguments.add_argument("--counts", type=pathlib.Path, help="gets how many sources passed, failed and were skipped")
    options = arguments.parse_args()
    work = batches(options.build.resolve(), options.wanted)
    files = sum(len(sources) for *_, sources in work)
    if not files:
        sys.exit(f"tidy: no source of ours in {options.build}; wrong folder?")
    seen, checks = set(), collections.Counter()
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for future in concurrent.futures.as_completed([pool.submit(findings_of, *each) for each in work]):
            for finding in future.result():
                if finding not in seen:
                    seen.add(finding)
                    checks[finding[1]] += 1
                    print(f"{finding[0]} [{finding[1]}]", flush=True)
    for check, count in checks.most_common():
        print(f"{count:6} {check}")
    print(f"tidy: {files} sources, {len(seen)} findings")
    if options.counts:
        faulty = len({finding.split(":")[0] for finding, _ in seen})
        options.counts.write_text(f"{files - min(faulty, files)} {faulty} 0\n")
    sys.exit(1 if seen else 0)


if __name__ == "__main__":
    main()
