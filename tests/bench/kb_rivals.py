"""The same work done by us, by goodmami/wn and by NLTK, in one run on one machine.

    PYTHONPATH=tests:PATH_OF_WN_CHECKOUT /usr/bin/python3 tests/bench/kb_rivals.py

Import: one WN-LMF file of WordNet (our dump of it) by `sememe import lmf` as a process, and by wn.add() in a fresh data
folder. Similarity: Wu-Palmer of random pairs of WordNet's noun lemmas, the best over all pairs of their noun synsets; NLTK
3.8 (apt-get install python3-nltk) with its files loaded, and its own cache warm or cold as it comes; ours as one process
over a file of pairs, loading included, and without loading as the difference of two sizes. wn and NLTK are skipped where
they cannot be imported. CPU seconds of this process and its children beside wall seconds; lower of three for ours.
"""
import os
import pathlib
import random
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support import folder, need_wordnet, run  # noqa: E402

LEXICOGRAPHER_FILES = """adj.all adj.pert adv.all noun.Tops noun.act noun.animal noun.artifact noun.attribute noun.body
noun.cognition noun.communication noun.event noun.feeling noun.food noun.group noun.location noun.motive noun.object
noun.person noun.phenomenon noun.plant noun.possession noun.process noun.quantity noun.relation noun.shape noun.state
noun.substance noun.time verb.body verb.change verb.cognition verb.communication verb.competition verb.consumption
verb.contact verb.creation verb.emotion verb.motion verb.perception verb.possession verb.social verb.stative verb.weather
adj.ppl""".split()


def cpu():
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def timed(work, times=1):
    """(wall, CPU) seconds of the run with the least CPU, and the last result."""
    best = None
    for _ in range(times):
        wall, busy = time.monotonic(), cpu()
        result = work()
        spent = (time.monotonic() - wall, cpu() - busy)
        best = min(best or spent, spent, key=lambda each: each[1])
    return best, result


def fresh_import(lmf):
    with folder() as here:
        run("import", "lmf", lmf, "--kb", here / "kb.db", "-q")


def wn_add(lmf):
    try:
        import wn
    except ImportError as problem:
        print(f"wn: skipped ({problem})")
        return None
    with tempfile.TemporaryDirectory() as data:
        wn.config.data_directory = data
        return timed(lambda: wn.add(str(lmf), progress_handler=None))[0]


def nltk_reader(wordnet, here):
    """NLTK's reader over WordNet's files and the list of lexicographer files that Debian leaves out."""
    try:
        from nltk.corpus.reader.wordnet import WordNetCorpusReader
    except ImportError as problem:
        print(f"NLTK: skipped ({problem})")
        return None
    root = here / "nltk"
    root.mkdir()
    for file in wordnet.iterdir():
        (root / file.name).symlink_to(file)
    (root / "lexnames").write_text("".join(f"{i:02}\t{name}\t1\n" for i, name in enumerate(LEXICOGRAPHER_FILES)))
    return WordNetCorpusReader(str(root), None)


def noun_pairs(wordnet, count):
    nouns = [line.split()[0].replace("_", " ") for line in (wordnet / "index.noun").open() if not line.startswith(" ")]
    chooser = random.Random(4)
    return [(chooser.choice(nouns), chooser.choice(nouns)) for _ in range(count)]


def nltk_values(reader, pairs):
    values = []
    for a, b in pairs:
        scores = (x.wup_similarity(y) or 0 for x in reader.synsets(a.replace(" ", "_"), "n")
                  for y in reader.synsets(b.replace(" ", "_"), "n"))
        values.append(max(scores, default=0))
    return values


def our_values(pairs, kb, here):
    (here / "pairs.tsv").write_text("".join(f"{a}\t{b}\n" for a, b in pairs))
    done = run("similarity", "--pairs", here / "pairs.tsv", "--measure", "wup", "--kb", kb)
    return [line.rsplit("\t", 1)[1] for line in done.stdout.splitlines()]


wordnet = need_wordnet()
with folder() as here:
    run("import", "wordnet", wordnet, "--kb", here / "kb.db", "-q")
    run("dump", "--as", "lmf", "--source", "wordnet", "--out", here / "wordnet.xml", "--kb", here / "kb.db")
    (wall, busy), _ = timed(lambda: fresh_import(here / "wordnet.xml"), times=3)
    print(f"import of WN-LMF    ours {wall:8.2f} s wall {busy:8.2f} s CPU", flush=True)
    rival = wn_add(here / "wordnet.xml")
    if rival:
        print(f"                    wn   {rival[0]:8.2f} s wall {rival[1]:8.2f} s CPU   ratio {rival[0] / wall:.1f} wall, "
              f"{rival[1] / busy:.1f} CPU", flush=True)

    many = noun_pairs(wordnet, 400_000)
    (_, few_busy), _ = timed(lambda: our_values(many[:2], here / "kb.db", here), times=3)
    (wall, busy), ours = timed(lambda: our_values(many, here / "kb.db", here), times=3)
    print(f"Wu-Palmer, a file   ours {len(many) / busy:12,.0f} pairs/s of CPU with loading, "
          f"{len(many) / (busy - few_busy):,.0f} without ({few_busy:.2f} s)", flush=True)
    reader = nltk_reader(wordnet, here)
    if reader:
        nltk_values(reader, many[-200:])
        sample = many[:2000]
        (_, theirs_busy), theirs = timed(lambda: nltk_values(reader, sample))
        agree = sum(abs(float(a) - b) < 1e-9 for a, b in zip(ours, theirs))
        rate = len(sample) / theirs_busy
        print(f"                    NLTK {rate:12,.0f} pairs/s of CPU   ratio {len(many) / busy / rate:.0f} with our loading, "
              f"{len(many) / (busy - few_busy) / rate:.0f} without; {agree} of {len(sample)} values equal")
