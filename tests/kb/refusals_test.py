"""What is refused, how, and that nothing is left behind: files that are no knowledge base of ours, a locked one, inputs that
are not there, a full disk, an interrupted import."""
import os
import shutil
import signal
import sqlite3
import subprocess
import time

from support import (BAD_DATA, CANNOT_CREATE, INPUT_OUTPUT, LOCKED, NO_INPUT, USAGE, command, folder, need_wordnet, refused,
                     run, run_json)


def names(path):
    return sorted(p.name for p in path.iterdir())


with folder() as here:
    text = here / "text.db"
    text.write_text("this is no database, but a text of more than a hundred bytes " * 20)
    foreign = here / "foreign.db"
    with sqlite3.connect(foreign) as database:
        database.execute("CREATE TABLE t (x)")
    empty = here / "empty.db"
    empty.touch()
    before = {p: p.read_bytes() for p in (text, foreign, empty)}
    for verb in (("sources",), ("query", "dog")):
        refused(*verb, "--kb", text, code=BAD_DATA, says=["text.db", "--kb"])
        refused(*verb, "--kb", foreign, code=BAD_DATA, says=["foreign.db", "application_id", "sememe import"])
        refused(*verb, "--kb", empty, code=BAD_DATA, says="empty.db")
        refused(*verb, "--kb", here / "none.db", code=NO_INPUT, says="none.db")
        refused(*verb, "--kb", here, code=INPUT_OUTPUT, says=here.name)
    refused("import", "wordnet", here / "nowhere", "--kb", here / "new.db", code=NO_INPUT, says="nowhere")
    refused("import", "nonsense", here, "--kb", here / "new.db", code=USAGE, says=["nonsense", "wordnet"])
    refused("import", text, "--kb", here / "new.db", code=BAD_DATA, says="no format recognises it")
    assert not (here / "new.db").exists()
    for path, old in before.items():
        assert path.read_bytes() == old, path

    wordnet = need_wordnet()
    for path in (text, foreign, empty):
        refused("import", "wordnet", wordnet, "--kb", path, code=BAD_DATA, says=path.name)
        assert path.read_bytes() == before[path], path
    refused("import", "wordnet", wordnet, "--kb", here / "no" / "kb.db", code=CANNOT_CREATE, says="kb.db")

    # A small WordNet: the adverbs alone, the other files without synsets.
    small = here / "small"
    small.mkdir()
    for name in ("noun", "verb", "adj"):
        for kind in ("data", "index"):
            (small / f"{kind}.{name}").write_text("  1 nothing\n")
    for kind in ("data", "index"):
        shutil.copy(wordnet / f"{kind}.adv", small)
    kb = here / "kb.db"
    report = run_json("import", small, "--kb", kb, "--edition", "small")
    assert report["format"] == "wordnet" and report["rows_by_table"]["synsets"] == 3621, report
    assert all(r["path"].endswith("data.adv") and r["line"] > 0 and r["reason"] for r in report["rejections"])
    old = kb.read_bytes()

    # Another writer holds the lock: the loser waits five seconds for it, then says so and ends with 75.
    holder = sqlite3.connect(kb, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    start = time.monotonic()
    refused("import", "wordnet", wordnet, "--kb", kb, code=LOCKED, says="try again")
    assert time.monotonic() - start > 4
    assert run_json("sources", "--kb", kb), "readers go on"
    holder.execute("ROLLBACK")
    holder.close()

    # A limit on file size stands for a full disk: exit 74, nothing left, and the old rows still there.
    new = here / "full" / "kb.db"
    new.parent.mkdir()
    line = [command(), "import", "wordnet", str(wordnet), "--kb", str(new)]
    done = subprocess.run(["bash", "-c", 'ulimit -f 4000; exec "$@"', "-", *line], capture_output=True, text=True)
    assert done.returncode == INPUT_OUTPUT, done
    assert names(new.parent) == [], names(new.parent)
    done = subprocess.run(["bash", "-c", 'ulimit -f 4000; exec "$@"', "-", *line[:-1], str(kb)], capture_output=True, text=True)
    assert done.returncode == INPUT_OUTPUT and "kb.db" in done.stderr, done
    assert len(run_json("sources", "--kb", kb)) == 1

    # Ctrl-C: exit 130, nothing left. The import is stopped as soon as its temporary file is there, and let go on if it has not
    # come far; so the signal finds it at work however long this test waits for its turn.
    while True:
        process = subprocess.Popen(line, stderr=subprocess.PIPE)
        while not names(new.parent):
            assert not os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT), "it ended and left nothing"
            time.sleep(0.01)
        os.kill(process.pid, signal.SIGSTOP)
        os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)
        if not new.exists() and sum(p.stat().st_size for p in new.parent.iterdir()) < 2**25:
            break
        process.kill()
        process.communicate()
        for left in new.parent.iterdir():
            left.unlink()
    process.send_signal(signal.SIGINT)
    process.send_signal(signal.SIGCONT)
    process.communicate()
    assert process.returncode == 130, process.returncode
    assert names(new.parent) == [], names(new.parent)

    # Two editions that call themselves the same are told apart by their bytes.
    with (small / "data.adv").open("a") as data:
        data.write("  30 changed\n")
    refused("import", small, "--kb", kb, "--edition", "small", code=BAD_DATA, says=["--edition", "sememe forget wordnet@"])
    assert run_json("import", small, "--edition", "2", "--kb", kb)["rows"] > 0
    assert [s["version"] for s in run_json("sources", "--kb", kb)] == ["small", "2"]
    if os.geteuid() != 0:
        (here / "full").chmod(0o500)
        refused("import", small, "--kb", new, code=CANNOT_CREATE, says="kb.db")
        (here / "full").chmod(0o700)
