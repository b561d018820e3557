/* SPDX-License-Identifier: Apache-2.0 */
#include "config/yaml_writer.h"

#include "base/arena.h"
#include "base/str.h"

#include <string.h>

#include <yaml.h>

struct yaml_writer {
    struct arena *arena; /* the writer is in it */
    yaml_emitter_t emitter;
    bool failed;
};

static int write_bytes(void *context, unsigned char *bytes, size_t size)
{
    struct buf *out = context;
    buf_add(out, (const char *)bytes, size);
    return !out->failed;
}

/* libyaml owns the event from here on, whatever happens. */
static void emit(struct yaml_writer *writer, yaml_event_t *event, int made)
{
    if (!made) {
        writer->failed = true;
        return;
    }
    if (writer->failed)
        yaml_event_delete(event);
    else if (!yaml_emitter_emit(&writer->emitter, event))
        writer->failed = true;
}

struct yaml_writer *yaml_writer_new(struct buf *out)
{
    struct arena *arena = arena_new();
    struct yaml_writer *writer = ARENA_NEW(arena, struct yaml_writer);
    yaml_event_t event;
    writer->arena = arena;
    if (!yaml_emitter_initialize(&writer->emitter))
        out_of_memory();
    yaml_emitter_set_output(&writer->emitter, write_bytes, out);
    yaml_emitter_set_unicode(&writer->emitter, 1);
    yaml_emitter_set_width(&writer->emitter, -1);
    emit(writer, &event, yaml_stream_start_event_initialize(&event, YAML_UTF8_ENCODING));
    emit(writer, &event, yaml_document_start_event_initialize(&event, NULL, NULL, NULL, 1));
    return writer;
}

bool yaml_writer_finish(struct yaml_writer *writer)
{
    yaml_event_t event;
    emit(writer, &event, yaml_document_end_event_initialize(&event, 1));
    emit(writer, &event, yaml_stream_end_event_initialize(&event));
    bool ok = !writer->failed;
    yaml_emitter_delete(&writer->emitter);
    arena_free(writer->arena);
    return ok;
}

void yaml_begin_mapping(struct yaml_writer *writer)
{
    yaml_event_t event;
    emit(writer, &event, yaml_mapping_start_event_initialize(&event, NULL, NULL, 1, YAML_BLOCK_MAPPING_STYLE));
}

void yaml_end_mapping(struct yaml_writer *writer)
{
    yaml_event_t event;
    emit(writer, &event, yaml_mapping_end_event_initialize(&event));
}

void yaml_begin_list(struct yaml_writer *writer)
{
    yaml_event_t event;
    emit(writer, &event,
         yaml_sequence_start_event_initialize(&event, NULL, NULL, 1, YAML_BLOCK_SEQUENCE_STYLE));
}

void yaml_end_list(struct yaml_writer *writer)
{
    yaml_event_t event;
    emit(writer, &event, yaml_sequence_end_event_initialize(&event));
}

/* Words that some version of YAML, or some reader, takes for a truth value, a number or nothing. */
static bool is_reserved(const char *text)
{
    static const char *const words[] = {"y",    "n",     "yes",  "no",  "on",  "off",
                                        "true", "false", "null", "nan", "inf", "infinity"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (str_casecmp(text, words[i]) == 0)
            return true;
    return false;
}

/* Numbers, dates and what has a meaning in YAML begin with something else than a letter, or hold something else. */
static bool is_plain(const char *text)
{
    return *text && str_only(text, "._-") && str_only((char[]){*text, 0}, "") &&
           !(*text >= '0' && *text <= '9') && !is_reserved(text);
}

void yaml_text(struct yaml_writer *writer, const char *text)
{
    yaml_event_t event;
    const size_t size = strlen(text);
    yaml_char_t *value = (yaml_char_t *)arena_strdup(writer->arena, text);
    const bool plain = is_plain(text);
    if (size > INT32_MAX) {
        writer->failed = true;
        return;
    }
    emit(writer, &event,
         yaml_scalar_event_initialize(&event, NULL, NULL, value, (int)size, plain, 1,
                                      plain ? YAML_PLAIN_SCALAR_STYLE : YAML_DOUBLE_QUOTED_SCALAR_STYLE));
}

void yaml_key_text(struct yaml_writer *writer, const char *key, const char *text)
{
    yaml_text(writer, key);
    yaml_text(writer, text);
}

void yaml_key_number(struct yaml_writer *writer, const char *key, int64_t number)
{
    yaml_event_t event;
    yaml_text(writer, key);
    char *value = arena_printf(writer->arena, "%lld", (long long)number);
    emit(writer, &event,
         yaml_scalar_event_initialize(&event, NULL, NULL, (yaml_char_t *)value, (int)strlen(value), 1, 1,
                                      YAML_PLAIN_SCALAR_STYLE));
}

void yaml_key_strings(struct yaml_writer *writer, const char *key, const struct strings *strings)
{
    yaml_text(writer, key);
    yaml_begin_list(writer);
    for (size_t i = 0; i < strings->count; i++)
        yaml_text(writer, strings->items[i]);
    yaml_end_list(writer);
}
