"""Processes read while another imports: none may fail, wait for the writer, or see half of what it writes. Usage:
readers_test.py [readers], 4 if not given."""
import multiprocessing
import sqlite3
import subprocess
import sys
import time

from support import command, folder, need_wordnet, run

READERS = int(sys.argv[1]) if len(sys.argv) > 1 else 4
LEAST = 100  # reads of each reader, however busy the machine


def read(path, whole, begun, stop, results):
    """Asks until told to stop, LEAST times at least; reports (reads, wrong answers, 99th percentile in ms)."""
    times, wrong = [], 0
    # Connections that open at the same moment make way for the one that sets up the shared memory of the log: a wait
    # SQLite asks every reader to allow for, and the reason ours do. From the first answer on nobody waits.
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=5)
    try:
        database.execute("SELECT count(*) FROM sources").fetchone()
        database.execute("PRAGMA busy_timeout = 0")
        begun.release()
        while not stop.is_set() or len(times) < LEAST:
            start = time.perf_counter()
            found = database.execute(
                "SELECT (SELECT count(*) FROM sources), (SELECT count(*) FROM senses WHERE lemma IN "
                "(SELECT rowid FROM lemmas WHERE key = 'able')), (SELECT max(rowid) FROM synsets)").fetchone()
            times.append(time.perf_counter() - start)
            time.sleep(0.002)
            wrong += found not in whole
    except sqlite3.Error as error:
        begun.release()
        results.put((len(times), f"{error}", 0))
        return
    times.sort()
    results.put((len(times), wrong, times[int(len(times) * 0.99)] * 1e3))


def readers(path, whole, work):
    """Runs `work` under the eyes of the readers; their results."""
    begun, stop, results = multiprocessing.Semaphore(0), multiprocessing.Event(), multiprocessing.Queue()
    processes = [multiprocessing.Process(target=read, args=(path, whole, begun, stop, results)) for _ in range(READERS)]
    for process in processes:
        process.start()
    for _ in processes:
        begun.acquire()
    work()
    stop.set()
    found = [results.get() for _ in processes]
    for process in processes:
        process.join()
    return found


wordnet = need_wordnet()
with folder() as here:
    kb = here / "kb.db"
    run("import", "wordnet", wordnet, "--kb", kb, "-q")
    state = sqlite3.connect(kb).execute(
        "SELECT (SELECT count(*) FROM sources), (SELECT count(*) FROM senses WHERE lemma IN (SELECT rowid FROM lemmas "
        "WHERE key = 'able')), (SELECT max(rowid) FROM synsets)").fetchone()
    whole = {state, (2, 2 * state[1], 2 * state[2])}
    idle = readers(kb, whole, lambda: time.sleep(2))
    line = [command(), "-q", "import", "wordnet", str(wordnet), "--kb", str(kb), "--edition", "second", "--name", "other"]

    def other():
        # The same bytes under another name are known; a byte more makes them another edition.
        copy = here / "copy"
        copy.mkdir()
        for file in wordnet.iterdir():
            (copy / file.name).write_bytes(file.read_bytes() + (b"zzz zz\n" if file.name == "noun.exc" else b""))
        line[line.index(str(wordnet))] = str(copy)
        subprocess.run(line, check=True)

    busy = readers(kb, whole, other)
    for reads, wrong, _ in idle + busy:
        assert wrong == 0 and reads >= LEAST, (reads, wrong)
    p99 = [max(r[2] for r in each) for each in (idle, busy)]
    print(f"{READERS} readers, {sum(r[0] for r in busy):,} reads during an import: 0 errors, 0 wrong answers; "
          f"p99 {p99[0]:.3f} ms idle, {p99[1]:.3f} ms during")
