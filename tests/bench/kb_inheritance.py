"""How well the main sememe of a synset nobody defined is guessed (kb/resolve.hpp): the definitions of WordNet's synsets that people
wrote are hidden one at a time, and the guess is compared with what they say. Also how often main sememes agree over each kind of link.

    SEMEME=build/release/sememe PYTHONPATH=tests /usr/bin/python3 tests/bench/kb_inheritance.py

A re-telling of kb/resolve.cpp in Python over the tables of a knowledge base, so also a check of the idea; SEMEME_KB names one to use
instead of one made for the occasion.
"""
import collections
import os
import pathlib
import re
import sqlite3
import sys

import support

UP = ("instance_hypernym", "hypernym")
KINDS = ("similar", *UP, "pertainym", "participle", "derivation")


class Network:
    def __init__(self, path):
        db = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        self.main, self.all = {}, {}
        for synset, text in db.execute("SELECT synset, text FROM definitions WHERE derived = 0 AND synset IS NOT NULL ORDER BY rowid"):
            names = re.findall(r"[A-Za-z][\w\- ]*\|[^:={},;\s\"]+", text)
            if names:
                self.main.setdefault(synset, []).append(names[0])
                self.all.setdefault(synset, []).extend(names)
        names = dict(db.execute("SELECT rowid, name FROM relation_names"))
        self.part = dict(db.execute("SELECT rowid, part_of_speech FROM synsets"))
        self.links, self.below = collections.defaultdict(list), collections.defaultdict(list)
        rows = list(db.execute("SELECT from_synset, relation, to_synset FROM synset_relations"))
        rows += db.execute("SELECT a.synset, relation, b.synset FROM sense_relations JOIN senses AS a ON a.rowid = from_sense "
                           "JOIN senses AS b ON b.rowid = to_sense WHERE a.synset IS NOT NULL AND b.synset IS NOT NULL")
        for a, relation, b in rows:
            if names[relation] in KINDS:
                self.links[a].append((KINDS.index(names[relation]), b))
                if names[relation] in UP:
                    self.below[b].append(a)
        for links in self.links.values():
            links.sort()
        named = collections.defaultdict(list)
        for (name,) in db.execute("SELECT name FROM sememes WHERE name LIKE '%|%' ORDER BY rowid"):
            named[name.split("|")[0].lower()].append(name)
        self.namesakes = collections.defaultdict(list)
        for synset, rank, key in db.execute("SELECT s.synset, s.rank, l.key FROM senses AS s JOIN lemmas AS l ON l.rowid = s.lemma "
                                            "WHERE s.synset IS NOT NULL AND l.part_of_speech <> 'n'"):
            for name in named.get(key, ()):
                self.namesakes[synset].append((rank, name))

    def nearest(self, start):
        """(steps, synsets with definitions)"""
        visited, first = [(start, False)], 0
        for step in range(1, 9):
            last = len(visited)
            for synset, sideways in visited[first:last]:
                for kind, other in self.links[synset]:
                    aside = KINDS[kind] not in UP
                    place = (other, sideways or aside)
                    if not (aside and sideways) and place not in visited:
                        visited.append(place)
            found = list(dict.fromkeys(s for s, _ in visited[last:] if s in self.main and s != start))
            if found or len(visited) == last or len(visited) > 2000:
                return step, found[:3]
            first = last
        return 0, []

    def family(self, synset):
        """The main sememe most children or sisters have, or none."""
        sisters = []
        satellite = self.part[synset] == "s"
        for kind, parent in self.links[synset]:
            if satellite and KINDS[kind] == "similar":
                sisters += [parent, *(s for k, s in self.links[parent] if KINDS[k] == "similar")]
            elif not satellite and KINDS[kind] in UP:
                sisters += self.below[parent]
        for group, least in ((self.below[synset], 0.6), (sisters, 0.5), (self.below[synset], 0.5)):
            group = [s for s in group if s != synset and s in self.main]
            if len(group) >= 3:
                name, count = collections.Counter(self.main[s][0] for s in group).most_common(1)[0]
                if count >= least * len(group):
                    return name
        return None

    def namesake(self, synset, inherited):
        if self.part[synset] not in "vasr":
            return None
        names = [name for _, name in sorted(self.namesakes[synset])]
        return next((name for name in names if name in inherited), names[0] if names else None)


def agreement(network):
    counts = collections.defaultdict(lambda: [0, 0])
    for synset, mains in network.main.items():
        for kind, other in network.links[synset]:
            if other in network.main:
                cell = counts[KINDS[kind], network.part[synset] + network.part[other]]
                cell[0] += 1
                cell[1] += bool(set(mains) & set(network.main[other]))
    print("| link | parts of speech | pairs | main sememes agree |\n|---|---|---|---|")
    for (kind, parts), (pairs, agree) in sorted(counts.items(), key=lambda entry: -entry[1][0]):
        if pairs >= 100:
            print(f"| {kind} | {parts[0]} to {parts[1]} | {pairs:,} | {agree / pairs:.2f} |")


def main():
    with support.folder() as folder:
        kb = pathlib.Path(os.environ.get("SEMEME_KB", folder / "kb.db"))
        if not kb.exists():
            support.run("import", "wordnet", support.need_wordnet(), "--kb", kb)
            support.run("import", "definitions", support.need_shared("lexicons/wordnet_synset_definitions.tsv"), "--kb", kb)
        network = Network(kb)
    agreement(network)
    score = collections.defaultdict(lambda: [0, 0, 0])
    guesses = collections.defaultdict(lambda: [0, 0, 0])
    for synset, mains in network.main.items():
        steps, near = network.nearest(synset)
        plain = network.main[near[0]][0] if near else None
        family = network.family(synset)
        namesake = network.namesake(synset, {name for s in near for name in network.all[s]} | {family})
        guess = namesake or family or plain
        for part in (network.part[synset], "all"):
            score[part][0] += 1
            score[part][1] += plain in mains
            score[part][2] += guess in mains
        for name, one in (("namesake", namesake), ("family", family)):
            if one:
                cell = guesses[name, network.part[synset]]
                cell[0] += 1
                cell[1] += one in mains
                cell[2] += plain in mains
    print("\n| part of speech | synsets | nearest definition | with family and names |\n|---|---|---|---|")
    for part, (count, plain, guess) in score.items():
        print(f"| {part} | {count:,} | {plain / count:.3f} | {guess / count:.3f} |")
    print("\n| guess | part of speech | synsets | right | nearest definition right |\n|---|---|---|---|---|")
    for (name, part), (count, right, plain) in sorted(guesses.items()):
        print(f"| {name} | {part} | {count:,} | {right / count:.2f} | {plain / count:.2f} |")


if __name__ == "__main__":
    sys.exit(main())
