/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Nodes to structs, by table. A record is a mapping with known keys; its table has one row for each key: how
 * the value is decoded, where it goes, and what each text in it must look like. "Did you mean" and the list
 * of known keys come from the same rows.
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

struct field {
    const char *key;
    field_decoder *decode;
    size_t offset;
    bool required;                     /* must be given; a list must hold something */
    bool may_be_null;                  /* a key without a value is as good as no key */
    const struct grammar *grammar;     /* decoders of texts: what each must be, or NULL */
    const struct grammar *key_grammar; /* decode_records_by_name: what each name must be */
    const struct record *record;       /* decode_record_at, decode_records…: what is in each */
    element_add *add;                  /* decode_records… */
    int64_t min, max;                  /* decode_number, decode_percent */
};

struct record {
    const char *what; /* for messages: "an entry of temporary-access" */
    const struct field *fields;
    size_t count;
};

/* A row's table: RECORD("a statement", statement_fields) */
#define RECORD(name, table)                                                            \
    {                                                                                  \
        .what = (name), .fields = (table), .count = sizeof(table) / sizeof((table)[0]) \
    }

/* Decodes a mapping into the struct at `target`. */
void decode_record(struct decoder *decoder, const struct yaml_node *node, const struct record *record,
                   void *target);

/* Decoders for tables; in brackets the member at field->offset. */
field_decoder decode_text; /* [const char *] any text, also none; white space is folded to single spaces */
field_decoder decode_name; /* [const char *] */
field_decoder decode_located_one;     /* [struct located_list] one text */
field_decoder decode_located_list;    /* [struct located_list] a list of texts */
field_decoder decode_strings;         /* [struct strings] a list of texts */
field_decoder decode_number;          /* [int64_t] */
field_decoder decode_percent;         /* [int64_t] "25%" */
field_decoder decode_record_at;       /* [a struct of field->record] */
field_decoder decode_records;         /* [a list for field->add] a list of mappings */
field_decoder decode_records_by_name; /* [a list for field->add] a mapping from names to mappings */

#endif
