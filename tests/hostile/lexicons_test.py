"""Hostile lexicon files: bytes that are no text, lines without end, braces without number, archives that lie, bombs. Each
ends as documented (read whole, read with its bad lines refused and counted, or refused with exit 65 and the file's name),
soon, and within 64 MiB + 2 x its size of memory beyond what an ordinary import needs.
"""
import gzip
import io
import os
import pickle
import resource
import struct
import zipfile
import zlib

import support

# A sound file of each text format; the sound lines hold enough Chinese for their encoding to be plain.
HAN = "一二三四五六七八九十甲乙丙丁戊己庚辛壬癸"
SOUND = {
    "babelsememe": "".join(f"bn:{i:08d}n\ta|{HAN[i]} b|{HAN}\n" for i in range(10)),
    "hownet2000": "".join(f"{HAN[i]}{HAN}\tN\ta|{HAN[i]},*b|{HAN}\n" for i in range(10)),
    "hownet": "".join(f"NO.={i}\nW_C={HAN[i]}{HAN}\nG_C=N\nDEF={{a|{HAN}}}\n\n" for i in range(10)),
    "tsv": "".join(f"{HAN[i]}\tzh-Hans\tn\ta|{HAN[i]} b|{HAN}\n" for i in range(10)),
    "ehownet": "".join(f"{HAN[i]}{HAN}\tNa\t{{a|{HAN}:r={{~}}}}\n" for i in range(10)),
    "hownet-flat": "".join(f"{HAN[i]}{HAN}\n{HAN[i]} {HAN}\n" for i in range(10)),
}
ROWS = {"babelsememe": "synsets"}  # the table a sound line makes a row of; senses for the others
# A line that takes the place of a sound one and must be refused, alone, whatever is in it.
BAD = {
    "babelsememe": "bn:99999999n\ta|%s\n", "hownet2000": "%s\tN\ta|b\n", "hownet": "NO.=99\nW_C=%s\nDEF={a|b}\n\n",
    "tsv": "%s\tzh\tn\ta|b\n", "ehownet": "%s\tNa\t{a|b}\n", "hownet-flat": "%s\n甲 乙\n",
}
ILL_FORMED = {"overlong": b"\xc0\x80", "surrogate": b"\xed\xa0\x80", "past U+10FFFF": b"\xf4\x90\x80\x80",
              "truncated": b"\xe4\xb8", "stray byte": b"\x80", "0xFF": b"\xff", "NUL": b"a\0b", "carriage return": b"a\rb"}


def text_cases():
    """(label, format, bytes, exit code, rows or None, refused lines or None)"""
    for name, sound in SOUND.items():
        data = sound.encode()
        yield f"{name}: sound", name, data, 0, 10, 0
        for label, bad in ILL_FORMED.items():
            line = (BAD[name] % "\x01").encode().replace(b"\x01", bad)
            yield f"{name}: {label}", name, data + line, 0, 10, 1
        crlf = data.replace(b"\n", b"\r\n")
        yield f"{name}: CRLF", name, crlf, 0, 10, 0
        yield f"{name}: no last line end", name, data.rstrip(b"\n"), 0, 10, 0
        yield f"{name}: byte order mark", name, b"\xef\xbb\xbf" + data, 0, 10, 0
        yield f"{name}: UTF-16LE", name, b"\xff\xfe" + sound.encode("utf-16-le"), 0, 10, 0
        yield f"{name}: UTF-16BE", name, b"\xfe\xff" + sound.encode("utf-16-be"), 0, 10, 0
        yield f"{name}: GB18030", name, sound.encode("gb18030"), 0, 10, 0
        yield f"{name}: CR only", name, data.replace(b"\n", b"\r"), 65, None, None
        yield f"{name}: a line of 10 MB", name, data + (BAD[name] % ("x" * 10_000_000)).encode(), 0, 10, None
        yield f"{name}: a line of 10 MB without end", name, data + b"x" * 10_000_000, 0, 10, None
        yield f"{name}: empty", name, b"", 65, None, None
        yield f"{name}: only blanks", name, b"   \n\t\n  \n", 65, None, None
        yield f"{name}: only NUL bytes", name, b"\0" * 100_000, 65, None, None
        yield f"{name}: random bytes", name, bytes((i * i * 31 + i // 7) % 256 for i in range(100_000)), 65, None, None
    many = "".join("one\ten\tn\ta|b\n" for _ in range(100_000))
    yield "tsv: 100,000 senses of one word", "tsv", many.encode(), 0, 100_000, 0
    for label, text in {
        "unbalanced": "{a|b:r={c|d}", "1,000 deep": "{a|b:r=" * 1000 + "{c|d}" + "}" * 1000, "a million braces": "{" * 1_000_000,
        "a bar without braces": "x{a|b}", "closing first": "}a|b{", "no value": "{a|b:r=}", "no head": "{:r={a}}", "open quote": '{"a|b}',
        "long name": "{" + "a" * 70_000 + "}", "wide": "{a|b:" + ",".join("{c|d}" for _ in range(20_000)) + "}",
    }.items():
        yield f"KDML: {label}", "tsv", f"sound\ten\tn\ta|b\nword\ten\tn\t{text}\n".encode(), 0, 1, 1
    yield "KDML: unknown role, trailing remark", "hownet", "NO.=1\nW_E=w\nDEF={a|b:Unheard={c|d}}RMK=x\n".encode(), 0, 1, 0


HEAD = '<?xml version="1.0" encoding="UTF-8"?><LexicalResource><Lexicon id="a" language="en" version="1">'
BODY = ('<LexicalEntry id="e"><Lemma writtenForm="w" partOfSpeech="n"/><Sense id="s" synset="y"/></LexicalEntry>'
        '<Synset id="y" partOfSpeech="n"/>')
TAIL = "</Lexicon></LexicalResource>"


def lmf_cases():
    """(label, bytes, exit code)"""
    whole = (HEAD + BODY + TAIL).encode()
    packed = gzip.compress(whole)
    yield "sound", whole, 0
    yield "packed", packed, 0
    laughs = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
    yield "billion laughs", f'<!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]><LexicalResource>&l9;</LexicalResource>'.encode(), 65
    yield "quadratic blow-up", f'<!DOCTYPE x [<!ENTITY a "{"x" * 50_000}">]><LexicalResource>{"&a;" * 50_000}</LexicalResource>'.encode(), 65
    yield "external entity", b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><LexicalResource>&a;</LexicalResource>', 65
    yield "parameter entity", b'<!DOCTYPE x [<!ENTITY % a SYSTEM "http://127.0.0.1:9/x"> %a;]><LexicalResource/>', 65
    yield "deep", b"<a>" * 100_000, 65
    yield "an attribute without end", b'<a b="' + b"x" * 10_000_000, 65
    yield "a comment without end", b"<!--" + b"x" * 10_000_000, 65
    yield "a text of 10 MB", (HEAD + '<Synset id="y"><Definition>' + "x" * 10_000_000).encode(), 65
    yield "cut", whole[:150], 65
    yield "another document", b"<html/>", 65
    yield "empty", b"", 65
    yield "ill-formed UTF-8", whole.replace(b'"w"', b'"\xff"'), 65
    yield "duplicate attribute", whole.replace(b'id="e"', b'id="e" id="f"'), 65
    yield "unknown encoding", whole.replace(b"UTF-8", b"EBCDIC"), 65
    for cut in (1, 2, 9, 11, len(packed) // 2, len(packed) - 9, len(packed) - 1):
        yield f"gzip cut at {cut}", packed[:cut], 65
    for at in (4 + 6, len(packed) // 2, len(packed) - 8, len(packed) - 1):
        yield f"gzip with byte {at} changed", packed[:at] + bytes([packed[at] ^ 0xFF]) + packed[at + 1:], 65
    yield "bytes behind the gzip", packed + b"tail", 65
    yield "gzip in gzip", gzip.compress(packed), 65
    bomb = zlib.compressobj(9, zlib.DEFLATED, 31)
    out = [bomb.compress(HEAD.encode())] + [bomb.compress(b" " * (1 << 20)) for _ in range(300)] + [bomb.flush()]
    yield "bomb", b"".join(out), 65


def archive(files, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as zipped:
        for name, data in files.items():
            zipped.writestr(name, data)
    return out.getvalue()


def zip_cases():
    sound = pickle.dumps({"1": {"No": "1", "en_word": "w", "Def": "{a|b}"}}, 4)
    whole = archive({"HowNet_dict_complete": sound})
    yield "sound", whole, 0
    yield "names that would climb out", archive({"../../../../tmp/HowNet_dict_complete": sound}), 0
    yield "empty archive", archive({}), 66
    yield "bomb", archive({"HowNet_dict_complete": b"]" * (100 << 20)}), 65
    yield "nested", archive({"HowNet_dict_complete": whole}), 65
    for cut in (4, 30, len(whole) // 2, len(whole) - 1, len(whole) - 22):
        yield f"cut at {cut}", whole[:cut], 65
    central = whole.rindex(b"PK\x01\x02")
    for label, at, form, value in (("CRC", 16, "<I", 1), ("packed size", 20, "<I", 2**32 - 2), ("size", 24, "<I", 2**32 - 2),
                                   ("small size", 24, "<I", 1), ("name length", 28, "<H", 65535), ("offset", 42, "<I", 2**31),
                                   ("method", 10, "<H", 99), ("encryption", 8, "<H", 1)):
        data = bytearray(whole)
        struct.pack_into(form, data, central + at, value)
        yield f"lying {label}", bytes(data), 65


def pickle_cases():
    sound = pickle.dumps({"1": {"No": "1", "en_word": "w", "Def": "{a|b}"}}, 4)
    yield "sound", sound, 0
    for cut in range(0, len(sound), 7):
        yield f"cut at {cut}", sound[:cut], 65
    for label, data in {
        "a value alone": pickle.dumps(7), "memo index": b"]r\xff\xff\xff\x7f.", "unknown memo": b"]h\x05.", "lying length": b"X\xff\xff\xff\xffa",
        "lying length of 64 bits": b"\x8d" + b"\xff" * 8, "lying LONG4": b"\x8b\xff\xff\xff\x7f1", "lying frame": b"\x80\x04\x95" + b"\xff" * 8,
        "stack underflow": b"00000", "no mark": b"]e.", "five million lists": b"]" * 5_000_000, "five million marks": b"(" * 15_000_000,
        "five million memo entries": b"]" + b"\x94" * 20_000_000, "nothing": b"", "text": b"hello", "protocol 255": b"\x80\xff].",
        "100,000 deep": b"(" * 100_000 + b"l" * 100_000 + b".",
    }.items():
        yield label, data, 65
    for opcode in b"cRbioPQ\x81\x82\x83\x84\x92\x93\x97\x98":
        yield f"opcode 0x{opcode:02X}", b"](]" + bytes([opcode]) + b"\x01\x01\x01\x01os\nsystem\n.", 65


def main():
    faults, tried = [], 0
    with support.folder() as work:
        ordinary = work / "ordinary.tsv"
        ordinary.write_text("w\ten\tn\ta|b\n")
        start = support.run("import", "tsv", ordinary, "--kb", work / "start.db", "--json").peak_bytes

        def attempt(label, kind, path, data, code, rows=None, refused=None, table="senses"):
            nonlocal tried
            tried += 1
            kb = work / "kb.db"
            done = support.run("import", kind, path, "--kb", kb, "--json", expect=None)
            if done.returncode != code:
                return faults.append(f"{label}: exit {done.returncode}, expected {code}: {done.stderr.strip()[:300]}")
            if code == 0:
                report = support.json.loads(done.stdout)
                found = (report["rows_by_table"].get(table, 0), report["rejected"])
                if rows is not None and found[0] != rows or refused is not None and found[1] != refused:
                    faults.append(f"{label}: {found} rows and refusals, expected {(rows, refused)}: {done.stderr.strip()[:300]}")
                for left in work.glob("kb.db*"):
                    left.unlink()
            elif path.name not in done.stderr:
                faults.append(f"{label}: the message does not name the file: {done.stderr.strip()[:300]}")
            elif list(work.glob("kb.db*")):
                faults.append(f"{label}: a refused import left {[p.name for p in work.glob('kb.db*')]}")
            size = max(len(data), 1)
            # A new process starts its count at what this one, which forked it, has resident.
            floor = max(start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)
            if done.peak_bytes > floor + 64 * 2**20 + 2 * size and rows != 100_000:
                faults.append(f"{label}: {done.peak_bytes:,} bytes resident for a file of {size:,}")

        for label, kind, data, code, rows, refused in text_cases():
            path = work / "input.txt"
            path.write_bytes(data)
            attempt(label, kind, path, data, code, rows, refused, ROWS.get(kind, "senses"))
        for label, data, code in lmf_cases():
            path = work / "input.xml"
            path.write_bytes(data)
            attempt(f"lmf: {label}", "lmf", path, data, code)
        for label, data, code in zip_cases():
            path = work / "input.zip"
            path.write_bytes(data)
            attempt(f"zip: {label}", "openhownet", path, data, code)
        (work / "resources").mkdir()
        for label, data, code in pickle_cases():
            path = work / "resources" / "HowNet_dict_complete"
            path.write_bytes(data)
            attempt(f"pickle: {label}", "openhownet", path, data, code)

        for kind in (*SOUND, "definitions", "lmf", "openhownet"):
            support.refused("import", kind, work / "none", "--kb", work / "x.db", code=support.NO_INPUT)
        os.mkfifo(work / "fifo")
        for kind in (*SOUND, "definitions", "lmf"):
            support.refused("import", kind, work / "fifo", "--kb", work / "x.db", code=support.INPUT_OUTPUT)
    print(f"{tried} hostile lexicons tried")
    assert not faults, "\n".join(faults)
    assert tried >= 230, tried


main()
