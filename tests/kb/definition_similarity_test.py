"""Holds the HowNet similarity of words against Liu & Li's formulas, computed here on made-up definitions that are kept as
trees: neither our parser nor our taxonomy takes part in the expected values."""
import itertools
import pickle
import random

from support import folder, run, run_json

chooser = random.Random(20)
SEMEMES = [f"thing{i}|物{i}" for i in range(40)]
PARENT = {i: chooser.choice([None] if i < 2 else range(i)) for i in range(36)}  # the last four stand nowhere
ROLES = ["agent", "patient", "location", "modifier"]


def ancestors(i):
    way, steps = {}, 0
    while i is not None:
        way[i] = steps
        i, steps = PARENT.get(i), steps + 1
    return way


def sememes(a, b):
    if a == b:
        return 1.0
    x, y = (ancestors(i) if i in PARENT else {} for i in (a, b))
    common = set(x) & set(y)
    return 1.6 / ((min(x[c] + y[c] for c in common) if common else 20) + 1.6)


def features(a, b):
    if a[0] != b[0]:
        return 0.0
    if isinstance(a[1], int) and isinstance(b[1], int):
        return sememes(a[1], b[1])
    return (1.0 if a[1] == b[1] else 0.0) if isinstance(a[1], str) and isinstance(b[1], str) else 0.2


def sets(a, b, like):
    if not a and not b:
        return 1.0
    pairs = sorted(((-like(x, y), i, j) for (i, x), (j, y) in itertools.product(enumerate(a), enumerate(b))))
    used_a, used_b, total = set(), set(), 0.0
    for value, i, j in pairs:
        if i not in used_a and j not in used_b:
            used_a.add(i), used_b.add(j)
            total -= value
    count = max(len(a), len(b))
    return (total + 0.2 * (count - len(used_a))) / count


def definitions(a, b):
    levels = [sememes(a["main"], b["main"]), sets(a["others"], b["others"], sememes),
              sets(a["roles"], b["roles"], features), sets(a["signs"], b["signs"], features)]
    product, total = 1.0, 0.0
    for beta, level in zip((0.5, 0.2, 0.17, 0.13), levels):
        product *= level
        total += beta * product
    return total


def made_definition():
    some = lambda most: range(chooser.randrange(most + 1))
    return {"main": chooser.randrange(40), "others": [chooser.randrange(40) for _ in some(3)],
            "roles": [(chooser.choice(ROLES), chooser.choice([chooser.randrange(40), '"Rome"', '"Oslo"'])) for _ in some(3)],
            "signs": [(chooser.choice(ROLES), chooser.choice("~$?")) for _ in some(2)]}


def text(d):
    value = lambda v: f"{{{SEMEMES[v]}}}" if isinstance(v, int) else f"{{{v}}}"
    members = [value(v) for v in d["others"]] + [f"{r}={value(v)}" for r, v in d["roles"]] + [f"{r}={{{s}}}" for r, s in d["signs"]]
    return "{" + SEMEMES[d["main"]] + (":" + ",".join(members) if members else "") + "}"


words = {f"word{i}": [made_definition() for _ in range(1 + i % 3)] for i in range(40)}
entries = {}
for word, meanings in words.items():
    for meaning in meanings:
        number = f"{len(entries) + 1:012}"
        entries[number] = {"No": number, "ch_word": "词" + number, "ch_grammar": "noun", "en_word": word, "en_grammar": "noun",
                           "Def": text(meaning)}
with folder() as here:
    resources = here / "resources"
    resources.mkdir()
    (resources / "HowNet_dict_complete").write_bytes(pickle.dumps(entries, protocol=4))
    (resources / "sememe_all").write_bytes(pickle.dumps({name: 1 for name in SEMEMES}, protocol=4))
    (resources / "sememe_triples_taxonomy.txt").write_text(
        "".join(f"{SEMEMES[up]} hyponym {SEMEMES[i]}\n" for i, up in PARENT.items() if up is not None), encoding="utf-8")
    run("import", "openhownet", resources, "--kb", here / "kb.db")
    pairs = [tuple(chooser.choice(list(words)) for _ in "ab") for _ in range(400)]
    (here / "pairs.tsv").write_text("".join(f"{a}\t{b}\n" for a, b in pairs))
    found = run_json("similarity", "--pairs", here / "pairs.tsv", "--measure", "hownet", "--kb", here / "kb.db")
    seen = set()
    for (a, b), each in zip(pairs, found, strict=True):
        expected = max(definitions(x, y) for x in words[a] for y in words[b])
        assert abs(each["value"] - expected) < 1e-9, (a, b, each, expected)
        seen.add(round(expected, 6))
    assert len(seen) > 100, "the pairs are too alike to tell anything"
print(f"{len(pairs)} pairs of words agree, {len(seen)} different values")
