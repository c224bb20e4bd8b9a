"""What the whole-command tests share: the command, files to work in, and readers of our outputs that owe nothing to our
own code. Imported by tests/**/*_test.py, which ctest runs with PYTHONPATH set to this folder and SEMEME to the command.
"""
import contextlib
import fcntl
import importlib
import json
import os
import pathlib
import shutil
import struct
import subprocess
import sys
import tempfile
import threading

ROOT = pathlib.Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "data" / "samples"
WORDNET = pathlib.Path("/usr/share/wordnet")

# Exit codes of the command.
OK, NO_MATCH, USAGE, BAD_DATA, NO_INPUT, INTERNAL, CANNOT_CREATE, INPUT_OUTPUT, LOCKED = 0, 1, 2, 65, 66, 70, 73, 74, 75

_SIZES = {"F64": 8, "F32": 4, "F16": 2, "BF16": 2, "I64": 8, "I32": 4, "I16": 2, "I8": 1, "U8": 1}


def skip(reason):
    """Ends this test as skipped."""
    print(f"skipped: {reason}")
    sys.exit(77)


def oracle(name):
    """The module `name` of tests/requirements.txt: the system's, else that of the environment that tests/run makes; skips the test
    if neither has it.
    """
    made = ROOT / "build" / "oracles"
    found = [str(path) for path in made.glob("lib/python3*/site-packages")]
    sys.path += [path for path in found if path not in sys.path]
    try:
        return importlib.import_module(name)
    except ImportError as problem:
        return skip(f"{problem}: not on this system nor in {made}, which tests/run makes where it can reach a package index")


def command():
    """Path of the command under test: $SEMEME, else the release build's, else any on PATH."""
    for candidate in (os.environ.get("SEMEME"), ROOT / "build" / "release" / "sememe", shutil.which("sememe")):
        if candidate and pathlib.Path(candidate).exists():
            return str(candidate)
    return skip("no sememe command; build it or set SEMEME")


def shared():
    """The folder with real data that does not ship, or None: $SEMEME_SHARED or ../shared/data beside the checkout."""
    for candidate in (os.environ.get("SEMEME_SHARED"), ROOT.parent / "shared" / "data"):
        if candidate and pathlib.Path(candidate).is_dir():
            return pathlib.Path(candidate)
    return None


def need_shared(*names):
    """Paths below the shared folder; skips the test if one is absent."""
    folder = shared()
    if folder is None:
        skip("no ../shared/data beside the checkout and SEMEME_SHARED is not set")
    paths = [folder / name for name in names]
    for path in paths:
        if not path.exists():
            skip(f"{path} is not there")
    return paths if len(paths) > 1 else paths[0]


def need_wordnet():
    """The folder of WordNet's files; skips the test if the package wordnet-base is not installed."""
    if not (WORDNET / "data.noun").exists():
        skip(f"{WORDNET} is not there; apt-get install wordnet-base")
    return WORDNET


def wordnet_kb(work):
    """A knowledge base of WordNet 3.0 and nothing else, to be read only. Imported once for each build of the command and kept in
    its build folder; a command from elsewhere imports it into `work`. Skips the test as need_wordnet does.
    """
    wordnet, built = need_wordnet(), pathlib.Path(command()).resolve()
    if not (built.parent / "CMakeCache.txt").exists() or not os.access(built.parent, os.W_OK):
        run("import", "wordnet", wordnet, "--kb", work / "wordnet.db")
        return work / "wordnet.db"
    kept = built.parent / f"wordnet-of-tests-{built.stat().st_mtime_ns}.db"
    with open(built.parent / "wordnet-of-tests.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            for old in built.parent.glob("wordnet-of-tests-*"):
                old.unlink()
            new = built.parent / "wordnet-of-tests-new"
            run("import", "wordnet", wordnet, "--kb", new)
            new.rename(kept)
    return kept


@contextlib.contextmanager
def folder():
    """A temporary folder, gone at the end."""
    with tempfile.TemporaryDirectory(prefix="sememe-test-") as name:
        yield pathlib.Path(name)


def run(*arguments, expect=OK, env=None, memory_bytes=None, timeout=300, cwd=None):
    """Runs the command; fails with all it said unless it ends with the exit code `expect` (None: any). The result has
    .peak_bytes, the largest resident set, held against memory_bytes if given, and .cpu_seconds.
    """
    line = [command(), *map(str, arguments)]
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        process = subprocess.Popen(line, stdout=out, stderr=err, env=dict(os.environ, **(env or {})), cwd=cwd)
        watch = threading.Timer(timeout, process.kill)
        watch.start()
        _, status, usage = os.wait4(process.pid, 0)
        watch.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        texts = []
        for file in (out, err):
            file.seek(0)
            texts.append(file.read().decode("utf-8", "replace"))
    done = subprocess.CompletedProcess(line, process.returncode, *texts)
    done.peak_bytes = usage.ru_maxrss * 1024
    done.cpu_seconds = usage.ru_utime + usage.ru_stime
    said = f"$ {' '.join(line)}\n{done.stdout[-3000:]}{done.stderr[-3000:]}"
    if expect is not None and done.returncode != expect:
        raise AssertionError(f"exit {done.returncode}, expected {expect}\n{said}")
    if memory_bytes and done.peak_bytes > memory_bytes:
        raise AssertionError(f"resident peak {done.peak_bytes:,} over {memory_bytes:,}\n{said}")
    return done


def run_json(*arguments, **options):
    """The JSON document the command prints with --json."""
    return json.loads(run(*arguments, "--json", **options).stdout)


def refused(*arguments, code, says=(), **options):
    """Runs a command that must fail with `code` and name each of `says` on stderr."""
    done = run(*arguments, expect=code, **options)
    for text in [says] if isinstance(says, str) else says:
        if text not in done.stderr:
            raise AssertionError(f"expected '{text}' in the message\n{done.stderr}")
    if done.stdout.strip():
        raise AssertionError(f"a refused command printed data:\n{done.stdout[:500]}")
    return done


def read_safetensors(path):
    """(header dict without metadata, metadata, data bytes); checks that the tensors tile the data."""
    raw = pathlib.Path(path).read_bytes()
    (size,) = struct.unpack_from("<Q", raw)
    header = json.loads(raw[8:8 + size])
    metadata = header.pop("__metadata__", {})
    data = raw[8 + size:]
    end = 0
    for entry in sorted(header.values(), key=lambda e: e["data_offsets"]):
        begin, stop = entry["data_offsets"]
        count = 1
        for extent in entry["shape"]:
            count *= extent
        assert begin == end and stop - begin == count * _SIZES[entry["dtype"]], entry
        end = stop
    assert end == len(data), (end, len(data))
    return header, metadata, data


def tensor(path, name=None):
    """One tensor of a safetensors file as a float32 (or integer) numpy array; the only one if no name is given."""
    import numpy as np
    header, _, data = read_safetensors(path)
    entry = header[name] if name else next(iter(header.values()))
    raw = data[slice(*entry["data_offsets"])]
    if entry["dtype"] == "BF16":
        values = (np.frombuffer(raw, "<u2").astype("<u4") << 16).view("<f4")
    else:
        kind = entry["dtype"].lower().replace("bf", "f")
        values = np.frombuffer(raw, f"<{kind[0]}{_SIZES[entry['dtype']]}")
    return values.reshape(entry["shape"])


def safetensors_bytes(tensors, metadata=None):
    """A safetensors file of {name: (dtype, shape, bytes)}, in that order."""
    header, offset = ({"__metadata__": metadata} if metadata else {}), 0
    for name, (dtype, shape, raw) in tensors.items():
        header[name] = {"dtype": dtype, "shape": list(shape), "data_offsets": [offset, offset + len(raw)]}
        offset += len(raw)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + b"".join(raw for _, _, raw in tensors.values())


def write_table(path, array, name="embed_tokens.weight", dtype="F32"):
    """Writes a 2-D numpy array as a one-tensor safetensors file."""
    import numpy as np
    kind = {"F64": "<f8", "F32": "<f4", "F16": "<f2"}[dtype]
    raw = np.ascontiguousarray(array).astype(kind).tobytes()
    pathlib.Path(path).write_bytes(safetensors_bytes({name: (dtype, array.shape, raw)}))
    return path


def write_composition(path, rows, atoms, *more):
    """Writes a composition: rows[t] lists (column, weight in 255ths) of token t, columns ascending; `atoms` names the
    columns, all sememes. `more` are the rows of further slots.
    """
    def raw(values, code):
        return struct.pack(f"<{len(values)}{code}", *values)
    slots = (rows, *more)
    names = "".join(name + "\n" for name in atoms).encode()
    tensors = {
        "atom.kinds": ("U8", [len(atoms)], bytes(len(atoms))),
        "atom.names": ("U8", [len(names)], names),
        "token.routes": ("U8", [len(rows)], bytes(1 if row else 9 for row in rows)),
    }
    for j, slot in enumerate(slots):
        entries = [entry for row in slot for entry in row]
        tensors[f"slot.{j}.columns"] = ("I16", [len(entries)], raw([c for c, _ in entries], "h"))
        tensors[f"slot.{j}.counts"] = ("U8", [len(slot)], raw([len(row) for row in slot], "B"))
        tensors[f"slot.{j}.weights"] = ("U8", [len(entries)], raw([w for _, w in entries], "B"))
    metadata = {"format": "sememe.composition.1", "slots": str(len(slots)), "vocabulary_checksum": "", "provenance": ""}
    pathlib.Path(path).write_bytes(safetensors_bytes(tensors, metadata))
    return path


def relative_error(got, want):
    """Squared error over squared target, both after removing the target's column means, in double precision."""
    got, want = got.astype("f8"), want.astype("f8")
    return float(((got - want) ** 2).sum() / ((want - want.mean(0)) ** 2).sum())


def sample_composition(path, count=None):
    """A composition of the sample vocabulary, or its first `count` tokens, that needs no lexicon: the three last letters of
    each token.
    """
    tokens = [line.split("\t")[0] for line in (SAMPLES / "counts.txt").read_text(encoding="utf-8").splitlines()][:count]
    endings = sorted({token[-3:] for token in tokens if token.isascii()})
    column = {ending: i for i, ending in enumerate(endings)}
    rows = [[(column[token[-3:]], 255)] if token[-3:] in column else [] for token in tokens]
    return write_composition(path, rows, endings)
