"""Base forms against WordNet's own files, read here by another program: every line of its lists of exceptions, plurals of its
joined nouns, and regular forms of its single words by the rules of morphy(7WN).
"""
import json
import sys

import support

PARTS = {"noun": "n", "verb": "v", "adj": "a", "adv": "r"}
RULES = {"n": [("s", ""), ("ses", "s"), ("xes", "x"), ("zes", "z"), ("ches", "ch"), ("shes", "sh"), ("men", "man"), ("ies", "y")],
         "v": [("s", ""), ("ies", "y"), ("es", "e"), ("es", ""), ("ed", "e"), ("ed", ""), ("ing", "e"), ("ing", "")],
         "a": [("er", ""), ("est", ""), ("er", "e"), ("est", "e")], "r": []}
STRIDE = 97  # every so many words of an index


def read(folder):
    exceptions, index = {}, {}
    for name, part in PARTS.items():
        exceptions[part] = {}
        for line in (folder / f"{name}.exc").read_text(encoding="latin-1").splitlines():
            form, *bases = [word.replace("_", " ") for word in line.split()]
            exceptions[part].setdefault(form.lower(), []).extend(base.lower() for base in bases)
        lines = (folder / f"index.{name}").read_text(encoding="latin-1").splitlines()
        index[part] = [line.split(" ")[0].replace("_", " ") for line in lines if not line.startswith(" ")]
    return exceptions, index


def regular(form, part, known):
    """Bases the rules find, by the manual page; a noun in -ful is inflected before it, one in -ss or of two letters not at all."""
    tail = "ful" if part == "n" and form.endswith("ful") else ""
    if part == "n" and not tail and (form.endswith("ss") or len(form) <= 2):
        return []
    body = form[:len(form) - len(tail)]
    found = [body[:len(body) - len(end)] + put + tail for end, put in RULES[part] if body.endswith(end)]
    return [base for base in found if base in known and base != form]


def ask(forms, kb):
    """{form: {(base, part)}} as the command says; many forms in each call."""
    answers = {}
    for first in range(0, len(forms), 4000):
        part = forms[first:first + 4000]
        out = json.loads(support.run("explain", "--json", "--kb", kb, "--", *part).stdout)
        assert len(out) == len(part), (len(out), len(part))
        for form, entry in zip(part, out):
            answers[form] = {(base["key"], base["part_of_speech"]) for base in entry["bases"]}
    return answers


def main():
    wordnet = support.need_wordnet()
    exceptions, index = read(wordnet)
    known = {part: set(words) for part, words in index.items()}
    with support.folder() as folder:
        kb = support.wordnet_kb(folder)
        wanted = {}  # (form, part): bases
        for part, forms in exceptions.items():
            for form, bases in forms.items():
                wanted[form, part] = {base for base in bases if base != form}
        listed = len(wanted)
        for part, endings in (("n", ("s", "es")), ("v", ("s", "ed", "ing")), ("a", ("er", "est"))):
            for word in index[part][::STRIDE]:
                for end in endings:
                    for form in {word + end, word[:-1] + end}:
                        if (form, part) in wanted or not form.isalpha() or not form.isascii():
                            continue
                        bases = set(regular(form, part, known[part]))
                        if bases:
                            wanted[form, part] = bases
        joined = {"coats of arms": "coat of arms", "hot dogs": "hot dog", "mothers-in-law": "mother-in-law",
                  "men of letters": "man of letters", "points of view": "point of view"}
        for form, base in joined.items():
            wanted[form, "n"] = {base}
        forms = sorted({form for form, _ in wanted})
        answers = ask(forms, kb)
        wrong = []
        for (form, part), bases in wanted.items():
            got = {base for base, of in answers[form] if of == part}
            # The doubled consonants we take off beyond WordNet's rules may only add to what they give.
            if got != bases and (form in exceptions[part] or not bases <= got):
                wrong.append((form, part, sorted(bases), sorted(got)))
        for line in wrong[:20]:
            print("wrong: %s (%s) is %s, not %s" % line)
        print(f"{len(wanted) - len(wrong)} of {len(wanted)} forms have WordNet's bases, {listed} of them its exceptions")
        assert listed > 5000 and not wrong, f"{len(wrong)} wrong"


if __name__ == "__main__":
    sys.exit(main())
