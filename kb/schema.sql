-- The sememe graph. One idea per table; the words are those of the glossary in CONTRIBUTING.md.
-- Every row belongs to a source, directly or through its owner, and goes when the source is forgotten.
-- Opens in any sqlite3 of 3.37 or newer. All text is well-formed UTF-8.

PRAGMA application_id = 0x53454D31;  -- "SEM1": how a file is known to be ours
PRAGMA user_version = 2;             -- of this schema

-- Imported datasets: one row per edition.
CREATE TABLE sources (
    rowid    INTEGER PRIMARY KEY AUTOINCREMENT,
    name     TEXT NOT NULL,   -- 'wordnet'
    version  TEXT NOT NULL,   -- '3.0'
    language TEXT NOT NULL,   -- BCP-47 of its lemmas; '' if several
    license  TEXT NOT NULL,
    url      TEXT NOT NULL,
    citation TEXT NOT NULL,
    checksum TEXT NOT NULL,   -- of the imported bytes
    UNIQUE (name, version)
) STRICT;

-- Rows an import wrote, by table: so that nobody has to count.
CREATE TABLE source_counts (
    source INTEGER NOT NULL REFERENCES sources (rowid) ON DELETE CASCADE,
    what   TEXT NOT NULL,     -- a table name, or 'derived definitions'
    count  INTEGER NOT NULL,
    PRIMARY KEY (source, what)
) STRICT, WITHOUT ROWID;

-- Lemmas, once per source, language and part of speech.
CREATE TABLE lemmas (
    rowid          INTEGER PRIMARY KEY,
    source         INTEGER NOT NULL REFERENCES sources (rowid) ON DELETE CASCADE,
    language       TEXT NOT NULL,  -- BCP-47
    part_of_speech TEXT NOT NULL,  -- n v a r t c p x u, as in WN-LMF
    lemma          TEXT NOT NULL,  -- as the source lists it
    key            TEXT NOT NULL   -- NFKC_Casefold of it: what is looked up
) STRICT;

-- Further written forms of a lemma (plurals, spellings) a source lists.
CREATE TABLE forms (
    lemma INTEGER NOT NULL REFERENCES lemmas (rowid) ON DELETE CASCADE,
    form  TEXT NOT NULL,
    key   TEXT NOT NULL,
    PRIMARY KEY (key, lemma, form)
) STRICT, WITHOUT ROWID;

-- Sets of senses with one meaning (WordNet), or one record naming words of several languages (HowNet).
CREATE TABLE synsets (
    rowid          INTEGER PRIMARY KEY,
    source         INTEGER NOT NULL REFERENCES sources (rowid) ON DELETE CASCADE,
    id             TEXT NOT NULL,  -- the source's: '02084071-n'
    part_of_speech TEXT NOT NULL,  -- as in lemmas, and s: satellite adjective
    domain         TEXT NOT NULL,  -- lexicographer file or subject; '' if none
    gloss          TEXT NOT NULL,
    ili            TEXT            -- interlingual index, e.g. 'i46360'
) STRICT;

-- One meaning of one lemma.
CREATE TABLE senses (
    rowid     INTEGER PRIMARY KEY,
    source    INTEGER NOT NULL REFERENCES sources (rowid) ON DELETE CASCADE,
    lemma     INTEGER NOT NULL REFERENCES lemmas (rowid) ON DELETE CASCADE,
    synset    INTEGER REFERENCES synsets (rowid) ON DELETE CASCADE,
    rank      INTEGER NOT NULL,  -- 0-based, most frequent first, within its lemma
    frequency INTEGER NOT NULL,  -- corpus count the source states, 0 if none
    id        TEXT,              -- the source's: 'dog%1:05:00::'
    written   TEXT,              -- spelling of this sense where it differs from its lemma: 'Turkey'
    tag       TEXT,              -- the source's own part-of-speech tag, if finer
    gloss     TEXT,              -- only where the sense itself has one
    sememes   BLOB               -- of its own definition, in reading order, as kb/packed_sememes.hpp says
) STRICT;

CREATE TABLE synset_examples (
    synset  INTEGER NOT NULL REFERENCES synsets (rowid) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL,
    text    TEXT NOT NULL,
    PRIMARY KEY (synset, ordinal)
) STRICT, WITHOUT ROWID;

CREATE TABLE sense_examples (
    sense   INTEGER NOT NULL REFERENCES senses (rowid) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL,
    text    TEXT NOT NULL,
    PRIMARY KEY (sense, ordinal)
) STRICT, WITHOUT ROWID;

-- Names of relations, shared by all sources: 'hypernym', 'antonym', ...
CREATE TABLE relation_names (
    rowid INTEGER PRIMARY KEY,
    name  TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE synset_relations (
    from_synset INTEGER NOT NULL REFERENCES synsets (rowid) ON DELETE CASCADE,
    relation    INTEGER NOT NULL REFERENCES relation_names (rowid),
    to_synset   INTEGER NOT NULL REFERENCES synsets (rowid) ON DELETE CASCADE,
    source      INTEGER NOT NULL REFERENCES sources (rowid) ON DELETE CASCADE,
    PRIMARY KEY (from_synset, relation, to_synset, source)
) STRICT, WITHOUT ROWID;

CREATE TABLE sense_relations (
    from_sense INTEGER NOT NULL REFERENCES senses (rowid) ON DELETE CASCADE,
    relation   INTEGER NOT NULL REFERENCES relation_names (rowid),
    to_sense   INTEGER NOT NULL REFERENCES senses (rowid) ON DELETE CASCADE,
    source     INTEGER NOT NULL REFERENCES sources (rowid) ON DELETE CASCADE,
    PRIMARY KEY (from_sense, relation, to_sense, source)
) STRICT, WITHOUT ROWID;

CREATE TABLE sense_synset_relations (
    from_sense INTEGER NOT NULL REFERENCES senses (rowid) ON DELETE CASCADE,
    relation   INTEGER NOT NULL REFERENCES relation_names (rowid),
    to_synset  INTEGER NOT NULL REFERENCES synsets (rowid) ON DELETE CASCADE,
    source     INTEGER NOT NULL REFERENCES sources (rowid) ON DELETE CASCADE,
    PRIMARY KEY (from_sense, relation, to_synset, source)
) STRICT, WITHOUT ROWID;

-- Irregular forms: 'geese' -> 'goose'. Both spelled as lemma keys.
CREATE TABLE exceptions (
    form           TEXT NOT NULL,
    part_of_speech TEXT NOT NULL,
    lemma          TEXT NOT NULL,
    source         INTEGER NOT NULL REFERENCES sources (rowid) ON DELETE CASCADE,
    PRIMARY KEY (form, part_of_speech, lemma, source)
) STRICT, WITHOUT ROWID;

-- Sememes, by name, shared by all sources that use the name; ids are never given to another name.
CREATE TABLE sememes (
    rowid INTEGER PRIMARY KEY AUTOINCREMENT,
    name  TEXT NOT NULL UNIQUE  -- 'livestock|牲畜', or one half where the source has one; 'animal.n.01'
) STRICT;

-- Which source has which sememe.
CREATE TABLE inventories (
    source    INTEGER NOT NULL REFERENCES sources (rowid) ON DELETE CASCADE,
    sememe    INTEGER NOT NULL REFERENCES sememes (rowid) ON DELETE CASCADE,
    frequency INTEGER NOT NULL,  -- as the source states it, 0 if it does not
    origin    TEXT NOT NULL,     -- 'inventory': listed; 'definition': met in one; 'derived': by rule
    PRIMARY KEY (source, sememe)
) STRICT, WITHOUT ROWID;

-- The taxonomy ('hypernym', child to parent) and other links between sememes.
CREATE TABLE sememe_relations (
    from_sememe INTEGER NOT NULL REFERENCES sememes (rowid) ON DELETE CASCADE,
    relation    INTEGER NOT NULL REFERENCES relation_names (rowid),
    to_sememe   INTEGER NOT NULL REFERENCES sememes (rowid) ON DELETE CASCADE,
    source      INTEGER NOT NULL REFERENCES sources (rowid) ON DELETE CASCADE,
    PRIMARY KEY (from_sememe, relation, to_sememe, source)
) STRICT, WITHOUT ROWID;

-- Definitions: of a synset (which may be another source's, and may have several) or of one sense.
CREATE TABLE definitions (
    rowid       INTEGER PRIMARY KEY,
    source      INTEGER NOT NULL REFERENCES sources (rowid) ON DELETE CASCADE,
    synset      INTEGER REFERENCES synsets (rowid) ON DELETE CASCADE,
    sense       INTEGER REFERENCES senses (rowid) ON DELETE CASCADE,
    external_id TEXT,              -- e.g. 'bn:00015267n'
    flat        INTEGER NOT NULL,  -- 1: text is names parted by blanks; 0: KDML
    derived     INTEGER NOT NULL,  -- 1: made by a documented rule, not by a person
    text        TEXT NOT NULL,     -- byte for byte as the source has it
    sememes     BLOB,              -- of a synset's, as senses.sememes; those of a sense's stand there
    CHECK ((synset IS NULL) <> (sense IS NULL)),
    CHECK ((synset IS NULL) = (sememes IS NULL))
) STRICT;

-- Sememe to definitions: where each sememe is met.
CREATE TABLE sememe_uses (
    sememe     INTEGER NOT NULL REFERENCES sememes (rowid) ON DELETE CASCADE,
    definition INTEGER NOT NULL REFERENCES definitions (rowid) ON DELETE CASCADE,
    ordinal    INTEGER NOT NULL,  -- 0-based position in reading order; 0 is the main sememe
    depth      INTEGER NOT NULL,  -- edges below the root
    role       TEXT NOT NULL,     -- of the nearest labelled edge above; '' if none
    PRIMARY KEY (sememe, definition, ordinal)
) STRICT, WITHOUT ROWID;

-- What a synset's sememes come to: all its definitions merged, or else those of the nearest synset
-- that has one. Follows from the tables above; rewritten at the end of each import that changes them.
CREATE TABLE synset_sememes (
    synset  INTEGER PRIMARY KEY REFERENCES synsets (rowid) ON DELETE CASCADE,
    steps   INTEGER NOT NULL,  -- 0: own; n: taken from synsets n links away
    sememes BLOB NOT NULL      -- as definitions.sememes, with weights that fall with the steps
) STRICT;

-- Notes a source attaches to a row, kept so that nothing is dropped silently: verb frames, confidence, ...
CREATE TABLE metadata (
    rowid       INTEGER PRIMARY KEY,
    source      INTEGER NOT NULL REFERENCES sources (rowid) ON DELETE CASCADE,
    owner_table TEXT NOT NULL,    -- 'synsets', 'senses', 'synset_relations', ...
    owner       INTEGER NOT NULL, -- rowid there; of a relation, the rowid it goes out from
    key         TEXT NOT NULL,
    value       TEXT NOT NULL
) STRICT;

-- Indexes. (A new file gets them after its first import: sorting once is cheaper than sorting always.)
-- Two hold all that looking up a word with sememes of its own needs, so that it reads no table.
CREATE INDEX IF NOT EXISTS lemmas_by_key ON lemmas (key, part_of_speech);
CREATE UNIQUE INDEX IF NOT EXISTS synsets_by_id ON synsets (id, source);
CREATE INDEX IF NOT EXISTS synsets_by_ili ON synsets (ili) WHERE ili IS NOT NULL;
CREATE INDEX IF NOT EXISTS senses_by_lemma ON senses (lemma, rank, frequency, source, synset, sememes);
CREATE INDEX IF NOT EXISTS senses_by_synset ON senses (synset) WHERE synset IS NOT NULL;
CREATE UNIQUE INDEX IF NOT EXISTS senses_by_id ON senses (id, source) WHERE id IS NOT NULL;
CREATE INDEX IF NOT EXISTS definitions_by_synset ON definitions (synset) WHERE synset IS NOT NULL;
CREATE UNIQUE INDEX IF NOT EXISTS definitions_by_sense ON definitions (sense) WHERE sense IS NOT NULL;
CREATE INDEX IF NOT EXISTS definitions_by_external_id ON definitions (external_id) WHERE external_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS metadata_by_owner ON metadata (owner_table, owner);
