"""Holds the similarities of 200 random pairs of nouns, and 60 of verbs, against the definitions of the measures, computed
here from WordNet's own files with nothing but the standard library."""
import collections
import json
import math
import random

from support import folder, need_wordnet, run, run_json

wordnet = need_wordnet()
SHIFT = {"v": lambda o: o - 18 if 613036 <= o <= 2422681 else o, "n": lambda o: o}


def read(letter, name):
    """(hypernyms by synset id, words by synset id, counts by synset id)"""
    parents, keys = {}, {}
    for line in (wordnet / f"data.{name}").read_text("latin-1").splitlines():
        if line.startswith(" "):
            continue
        f = line.split(" | ")[0].split()
        ident = lambda offset: f"{SHIFT[letter](int(offset)):08}-{letter}"
        words = int(f[3], 16)
        pointers = [f[5 + 2 * words + 4 * i:9 + 2 * words + 4 * i] for i in range(int(f[4 + 2 * words]))]
        parents[ident(f[0])] = sorted({ident(p[1]) for p in pointers if p[0] in ("@", "@i")})
        kind = {"n": 1, "v": 2}[letter]
        keys[ident(f[0])] = {f"{f[4 + 2 * i].lower()}%{kind}:{f[1]}:{int(f[5 + 2 * i], 16):02}::" for i in range(words)}
    return parents, keys


counted = {}
for line in (wordnet / "cntlist.rev").read_text("latin-1").splitlines():
    key, _, count = line.split()
    counted[key] = int(count)


class Oracle:
    def __init__(self, letter, name):
        self.parents, keys = read(letter, name)
        roots = [s for s, up in self.parents.items() if not up]
        if len(roots) > 1:
            for root in roots:
                self.parents[root] = ["*root*"]
            self.parents["*root*"] = []
        self.nodes = {}
        self.above = {}
        order = sorted(self.parents, key=lambda s: len(self.up(s)))
        for s in order:
            self.nodes[s] = self.longest(s)
        self.height = max(self.nodes.values()) - 1
        frequency = collections.Counter()
        total = 0
        for s in keys:
            # two spellings of a lemma in one synset share a key here or there: the first one counts
            mass = 1 + sum(counted.get(key, 0) for key in keys[s])
            total += mass
            for c in self.up(s):
                frequency[c] += mass
        self.content = {c: -math.log(frequency[c] / total) for c in frequency}

    def up(self, s):
        """Distance of every ancestor."""
        if s not in self.above:
            found, queue = {s: 0}, collections.deque([s])
            while queue:
                here = queue.popleft()
                for parent in self.parents[here]:
                    if parent not in found:
                        found[parent] = found[here] + 1
                        queue.append(parent)
            self.above[s] = found
        return self.above[s]

    def longest(self, s):
        if s not in self.nodes:
            self.nodes[s] = 1 + max((self.longest(p) for p in self.parents[s]), default=0)
        return self.nodes[s]

    def measures(self, a, b):
        x, y = self.up(a), self.up(b)
        common = set(x) & set(y)
        d = min(x[c] + y[c] for c in common)
        depth, away = max((self.nodes[c], -(x[c] + y[c])) for c in common)
        ic = max(self.content[c] for c in common)
        distance = self.content[a] + self.content[b] - 2 * ic
        return {"path": 1 / (1 + d), "wup": 2 * depth / (2 * depth - away), "lch": -math.log((1 + d) / (2 * self.height)),
                "res": ic, "jcn": 1 / distance if distance > 0 else None,
                "lin": 2 * ic / (self.content[a] + self.content[b])}


random.seed(7)
with folder() as here:
    kb = here / "kb.db"
    run("import", "wordnet", wordnet, "--kb", kb, "-q")
    checked = 0
    for letter, name, count in (("n", "noun", 200), ("v", "verb", 60)):
        oracle = Oracle(letter, name)
        pool = [s for s in oracle.parents if s != "*root*"]
        pairs = [tuple(random.sample(pool, 2)) for _ in range(count)]
        pairs[0] = ("02084071-n", "02121620-n") if letter == "n" else pairs[0]
        pairs[1] = (pairs[1][0], pairs[1][0])
        (here / "pairs").write_text("".join(f"{a}\t{b}\n" for a, b in pairs))
        want = [oracle.measures(a, b) for a, b in pairs]
        for measure in ("path", "wup", "lch", "res", "jcn", "lin"):
            got = run_json("similarity", "--pairs", here / "pairs", "--measure", measure, "--kb", kb)
            for pair, value, expected in zip(pairs, got, want):
                value, expected = value["value"], expected[measure]
                if value is None or expected is None or expected > 1e6:
                    assert value is None or value > 1e6, (measure, pair, value, expected)
                else:
                    assert abs(value - expected) <= 1e-9 * max(1, abs(expected)), (measure, pair, value, expected)
                checked += 1
    # Words take the best pair of their senses; a corpus of one's own changes the information content.
    senses = [s["synset"] for s in run_json("query", "dog", "--pos", "n", "--kb", kb)]
    others = [s["synset"] for s in run_json("query", "cat", "--pos", "n", "--kb", kb)]
    noun = Oracle("n", "noun")
    best = max(noun.measures(a, b)["wup"] for a in senses for b in others)
    [word] = run_json("similarity", "dog", "cat", "--kb", kb)
    assert abs(word["value"] - best) < 1e-9, (word, best)
    (here / "corpus").write_text("The dog saw a cat. " * 1000)
    [plain] = run_json("similarity", "dog", "cat", "--measure", "res", "--kb", kb)
    [own] = run_json("similarity", "dog", "cat", "--measure", "res", "--corpus", here / "corpus", "--kb", kb)
    assert own["value"] < plain["value"], (own, plain)
    assert run("similarity", "dog", "xyzzyx", "--kb", kb, expect=1).stdout == "dog\txyzzyx\t-\n"
    print(f"{checked} values agree to 1e-9")
