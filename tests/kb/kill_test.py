"""Kills imports at random moments: the knowledge base must hold all of an import or nothing of it, pass SQLite's own check,
and have no leftovers after the next start. Usage: kill_test.py [rounds], 12 if not given."""
import random
import shutil
import sqlite3
import subprocess
import sys
import time

from support import command, folder, need_wordnet, run

ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 12
random.seed(20)


def state(path):
    """(sources, synsets), after SQLite's own check."""
    database = sqlite3.connect(path)
    assert database.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    found = tuple(database.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in ("sources", "synsets"))
    database.close()
    return found


wordnet = need_wordnet()
with folder() as here:
    # Adjectives and adverbs of the real one: an import of half a second.
    small = here / "small"
    small.mkdir()
    for name in ("noun", "verb"):
        for kind in ("data", "index"):
            (small / f"{kind}.{name}").write_text("  1 nothing\n")
    for name in ("adj", "adv"):
        for kind in ("data", "index"):
            shutil.copy(wordnet / f"{kind}.{name}", small)
    first = here / "first.db"
    start = time.monotonic()
    run("import", small, "--kb", first)
    took = time.monotonic() - start
    whole = state(first)
    assert whole == (1, 18156 + 3621), whole

    outcomes = {}
    for turn in range(ROUNDS):
        new = turn % 2 == 0
        place = here / f"round{turn}"
        place.mkdir()
        kb = place / "kb.db"
        if not new:
            shutil.copy(first, kb)
        line = [command(), "-q", "import", str(small), "--kb", str(kb), "--edition", "second"]
        if not new:  # other bytes, or it would be a no-op
            (small / "adj.exc").write_text(f"odder odd{turn}\n")
        process = subprocess.Popen(line)
        time.sleep(random.uniform(0, took * 1.5))
        process.kill()
        process.wait()
        if kb.exists():
            expected = {whole} if new else {whole, (2, 2 * whole[1])}
            found = state(kb)
            assert found in expected, (turn, found)
            outcomes[found] = outcomes.get(found, 0) + 1
        else:
            assert new
            outcomes["none"] = outcomes.get("none", 0) + 1
        # The next start clears up and goes through.
        run("import", small, "--kb", kb, "--edition", "third", "-q")
        assert [p.name for p in place.iterdir() if ".tmp-" in p.name] == [], list(place.iterdir())
        shutil.rmtree(place)
    print(f"{ROUNDS} kills: {outcomes}")
