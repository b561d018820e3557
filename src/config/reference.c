/* SPDX-License-Identifier: Apache-2.0 */
/* The tables as Markdown. All texts in them are ours, so nothing is escaped. */
#include "base/str.h"
#include "config/schema.h"

static void write_words(struct buf *out, const struct grammar *grammar)
{
    for (size_t i = 0; grammar->words[i]; i++)
        buf_addf(out, "%s`%s`", !i ? "" : grammar->words[i + 1] ? ", " : " or ", grammar->words[i]);
}

/* One word: all that it can be when these are few, otherwise what it is. */
static void write_word(struct buf *out, const struct grammar *grammar)
{
    if (grammar->words && !grammar->pattern)
        write_words(out, grammar);
    else
        buf_add_text(out, grammar->what);
}

static void write_shape(struct buf *out, const struct field *field)
{
    switch (field->type->shape) {
    case SHAPE_TEXT: buf_add_text(out, "a text"); return;
    case SHAPE_WORD: write_word(out, field->grammar); return;
    case SHAPE_WORDS:
        buf_add_text(out, "a list, each ");
        write_word(out, field->grammar);
        return;
    case SHAPE_WORD_OR_LIST:
        write_word(out, field->grammar);
        buf_add_text(out, ", or a list");
        return;
    case SHAPE_NUMBER:
        buf_addf(out, "a whole number from %lld to %lld", (long long)field->min, (long long)field->max);
        return;
    case SHAPE_PERCENT:
        buf_addf(out, "`%lld%%` to `%lld%%`", (long long)field->min, (long long)field->max);
        return;
    case SHAPE_BOOLEAN: write_words(out, &grammar_boolean); return;
    case SHAPE_WORD_OR_WORDS_BY_NAME:
        write_words(out, field->single_grammar);
        buf_addf(out, ", or a mapping: %s \xe2\x86\x92 %s", field->key_grammar->what, field->grammar->what);
        return;
    case SHAPE_WORDS_BY_NAME:
        buf_addf(out, "a mapping: %s \xe2\x86\x92 %s", field->key_grammar->what, field->grammar->what);
        return;
    case SHAPE_CONDITIONS:
        buf_addf(out, "a mapping: %s \xe2\x86\x92 %s \xe2\x86\x92 one value or a list",
                 field->key_grammar->what, field->grammar->what);
        return;
    case SHAPE_RECORD: buf_add_text(out, "a mapping, see below"); return;
    case SHAPE_RECORDS: buf_add_text(out, "a list of mappings, see below"); return;
    case SHAPE_RECORDS_BY_NAME:
        buf_addf(out, "a mapping: %s \xe2\x86\x92 a mapping, see below", field->key_grammar->what);
        return;
    }
}

/* The choice of exactly one in which a key stands, or NULL. */
static const struct choice *choice_of(const struct record *record, const char *key)
{
    for (const struct choice *choice = record->choices; choice && choice->keys[0]; choice++)
        for (size_t i = 0; choice->kind != CHOICE_AT_MOST_ONE && choice->keys[i]; i++)
            if (str_eq(choice->keys[i], key))
                return choice;
    return NULL;
}

static void write_presence(struct buf *out, const struct record *record, const struct field *field)
{
    const struct choice *choice = choice_of(record, field->key);
    if (field->required) {
        buf_add_text(out, "yes");
    } else if (choice) {
        buf_add_text(out, choice->kind == CHOICE_EXACTLY_ONE ? "one of " : "at least one of ");
        for (size_t i = 0; choice->keys[i]; i++)
            buf_addf(out, "%s`%s`", i ? ", " : "", choice->keys[i]);
    } else if (field->needs) {
        buf_addf(out, "with `%s`", field->needs);
    } else if (field->initial) {
        buf_addf(out, "no: `%s`", field->initial);
    } else {
        buf_add_text(out, "no");
    }
}

/* `path`: where the mapping stands, "temporary-access[]"; "" for the whole file. */
static void write_record(struct arena *scratch, struct buf *out, const struct record *record, const char *path)
{
    if (*path)
        buf_addf(out, "\n### `%s`\n", path);
    buf_add_text(out, "\n| key | value | must be given | meaning |\n|---|---|---|---|\n");
    for (size_t i = 0; i < record->count; i++) {
        const struct field *field = &record->fields[i];
        buf_addf(out, "| `%s` | ", field->key);
        write_shape(out, field);
        buf_add_text(out, " | ");
        write_presence(out, record, field);
        buf_addf(out, " | %s |\n", field->help);
    }
    for (size_t i = 0; i < record->count; i++) {
        const struct field *field = &record->fields[i];
        if (!field->record)
            continue;
        const char *below = field->type->shape == SHAPE_RECORD    ? ""
                            : field->type->shape == SHAPE_RECORDS ? "[]"
                                                                  : ".<name>";
        write_record(scratch, out, field->record,
                     arena_printf(scratch, "%s%s%s%s", path, *path ? "." : "", field->key, below));
    }
}

void schema_write_reference(struct buf *out)
{
    static const enum file_kind kinds[] = {FILE_ACCOUNTS,  FILE_POLICIES, FILE_PERMANENT,
                                           FILE_TEMPORARY, FILE_ROLES,    FILE_SETTINGS};
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        const struct record *record = schema_record(kinds[i]);
        if (kinds[i] == FILE_SETTINGS)
            buf_addf(out, "%s## `%s`\n", i ? "\n" : "", record->what);
        else
            buf_addf(out, "%s## `%s/<team>.yaml`\n", i ? "\n" : "", record->fields[0].key);
        write_record(scratch, out, record, "");
    }
}
