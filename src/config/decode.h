/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Nodes to structs, by table. A record is a mapping with known keys; its table has one row for each key: how
 * the value is written, where it goes, what each text in it must look like, and what it means. "Did you
 * mean", the JSON Schemas (schema_json.c) and the reference page (reference.c) come from the same rows.
 *
 * The tables decide types, never YAML: `no`, `012345678901` and `1e3` are texts where a text is wanted.
 * Everything that is kept is copied into the decoder's arena: the tree can go.
 */
#ifndef IAMLEASE_CONFIG_DECODE_H
#define IAMLEASE_CONFIG_DECODE_H

#include "config/decode_word.h"
#include "model/configuration.h"

struct field;

/* Decodes `node`, the value of field->key, into `record`; most write to the member at field->offset. */
typedef void field_decoder(struct decoder *decoder, const struct yaml_node *node, const struct field *field,
                           void *record);

/* Adds an element to the list in `container`, which is at field->offset, and fills in its place and, in a
 * mapping, its name. */
typedef void *element_add(struct arena *arena, void *container, const struct yaml_node *node);

/* How a value looks in YAML: for the JSON Schema and the reference page. */
enum value_shape {
    SHAPE_TEXT, /* any text, also none */
    SHAPE_WORD,
    SHAPE_WORDS,        /* a list */
    SHAPE_WORD_OR_LIST, /* one, or a list */
    SHAPE_NUMBER,
    SHAPE_PERCENT,
    SHAPE_BOOLEAN,
    SHAPE_WORDS_BY_NAME,         /* a mapping from names to words */
    SHAPE_WORD_OR_WORDS_BY_NAME, /* one of the words, or such a mapping */
    SHAPE_CONDITIONS,            /* operators → keys → values */
    SHAPE_RECORD,
    SHAPE_RECORDS,        /* a list */
    SHAPE_RECORDS_BY_NAME /* a mapping from names to records */
};

/* A kind of value: how it is read, and how it looks. */
struct value_type {
    field_decoder *decode;
    enum value_shape shape;
};

struct field {
    const char *key;
    const struct value_type *type;
    size_t offset;
    bool required;                 /* must be given; a list must hold something */
    bool filled;                   /* when it is given, a list must hold something */
    bool may_be_null;              /* a key without a value is as good as no key */
    bool may_be_empty;             /* type_name: the empty text is a value */
    const char *needs;             /* a key without which this one means nothing, or NULL */
    const char *help;              /* one sentence, without full stop, for the schema and the reference */
    const char *initial;           /* what holds when it is not given, for the reference, or NULL */
    const struct grammar *grammar; /* types of words: what each must be, or NULL */
    const struct grammar *single_grammar; /* SHAPE_WORD_OR_WORDS_BY_NAME: what the one word must be */
    const struct grammar *key_grammar;    /* types by name: what each name must be */
    const struct record *record;          /* types of records: what is in each */
    element_add *add;                     /* type_records… */
    int64_t min, max;                     /* type_number, type_percent */
};

enum choice_kind {
    CHOICE_EXACTLY_ONE,
    CHOICE_AT_MOST_ONE,
    CHOICE_AT_LEAST_ONE /* for the schema; an empty list is as good as none, so config/check_policies.c judges it */
};

/* What holds between keys of one record. */
struct choice {
    enum choice_kind kind;
    const char *keys[7]; /* ending with NULL */
};

struct record {
    const char *what; /* for messages: "an entry of temporary-access" */
    const struct field *fields;
    size_t count;
    const struct choice *choices; /* ending with one without keys, or NULL */

    /* Called when all fields are decoded, or NULL. `whole`: nothing of it was refused. */
    void (*finish)(struct decoder *decoder, const struct yaml_node *node, bool whole, void *target);
};

/* A row's table: RECORD("a statement", statement_fields) or, with more members behind. */
#define RECORD(name, table, ...)                                                                    \
    {                                                                                               \
        .what = (name), .fields = (table), .count = sizeof(table) / sizeof((table)[0]), __VA_ARGS__ \
    }

/* Decodes a mapping into the struct at `target`. */
void decode_record(struct decoder *decoder, const struct yaml_node *node, const struct record *record,
                   void *target);

/* Whether `node` is a list, with something in it where `field` wants that. */
bool decode_expect_list(struct decoder *decoder, const struct yaml_node *node, const struct field *field);

/* Decodes one text, or each of a list, as `add` takes it; field->grammar must match. */
void decode_word_or_list(struct decoder *decoder, const struct yaml_node *node, const struct field *field,
                         void (*add)(struct arena *arena, void *list, struct located word), void *list);

/* Types for tables; in brackets the member at field->offset. */
extern const struct value_type
    type_text; /* [const char *] any text, also none; white space is folded to single spaces */
extern const struct value_type type_name;         /* [const char *] */
extern const struct value_type type_located_one;  /* [struct located_list] one text */
extern const struct value_type type_located_list; /* [struct located_list] a list of texts */
extern const struct value_type type_strings;      /* [struct strings] one text or a list of them */
extern const struct value_type type_number;       /* [int64_t] */
extern const struct value_type type_percent;      /* [int64_t] "25%" */
extern const struct value_type type_boolean;      /* [bool] */
extern const struct value_type type_record;       /* [a struct of field->record] */
extern const struct value_type type_records;      /* [a list for field->add] a list of mappings */
extern const struct value_type
    type_records_by_name; /* [a list for field->add] a mapping from names to mappings */

#endif
