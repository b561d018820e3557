/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any texts as YAML that is written, and read again: each, with a NUL between them, is an item of a list, a
 * key and a value. What is read is what was meant, and says the same to whoever guesses types.
 */
#include "base/str.h"
#include "base/vec.h"
#include "config/source_text.h"
#include "config/yaml.h"
#include "config/yaml_writer.h"
#include "require.h"

enum { TEXTS_MAX = 64, OUT_MAX = 16 * SOURCE_TEXT_MAX };

static struct strings split(struct arena *arena, const uint8_t *data, size_t size)
{
    struct strings texts = {0};
    for (size_t at = 0; at < size && texts.count < TEXTS_MAX;) {
        const char *text = fuzz_text(arena, data + at, size - at);
        strings_add_unique(arena, &texts, text);
        at += strlen(text) + 1;
    }
    return texts;
}

static bool write_all(struct buf *out, const struct strings *texts)
{
    struct yaml_writer *writer = yaml_writer_new(out);
    yaml_begin_mapping(writer);
    yaml_key_strings(writer, "list", texts);
    yaml_text(writer, "pairs");
    yaml_begin_mapping(writer);
    for (size_t i = 0; i < texts->count; i++)
        yaml_key_text(writer, texts->items[i], texts->items[i]);
    yaml_end_mapping(writer);
    yaml_end_mapping(writer);
    return yaml_writer_finish(writer);
}

/* What the loader takes: UTF-8 without what nobody sees, but for tabs and line ends. */
static bool is_readable(const char *text)
{
    uint32_t c;
    for (size_t size = strlen(text), length; size; text += length, size -= length) {
        length = str_decode_utf8(text, size, &c);
        if (!length || (str_is_invisible(c) && c != '\t' && c != '\n'))
            return false;
    }
    return true;
}

/* A word without quotes is one to every reader: what else means something begins with another character, or
 * is one of these. */
static void check_plain(const struct yaml_node *node)
{
    if (!node->plain)
        return;
    REQUIRE(str_only(node->text, "._-") && strchr("abcdefghijklmnopqrstuvwxyz", *node->text | ('a' - 'A')));
    static const char *const words[] = {"y", "n", "yes", "no", "on", "off", "true", "false", "null"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        REQUIRE(str_casecmp(node->text, words[i]) != 0);
}

static void check_same(const struct yaml_node *root, const struct strings *texts)
{
    const struct yaml_node *list = root->first, *pairs = list->next;
    REQUIRE(list->kind == NODE_LIST && yaml_count(list->first) == texts->count);
    REQUIRE(pairs->kind == NODE_MAPPING && yaml_count(pairs->first) == texts->count && !pairs->next);
    const struct yaml_node *item = list->first, *pair = pairs->first;
    for (size_t i = 0; i < texts->count; i++, item = item->next, pair = pair->next) {
        REQUIRE(item->kind == NODE_TEXT && str_eq(item->text, texts->items[i]));
        REQUIRE(pair->kind == NODE_TEXT && str_eq(pair->text, texts->items[i]));
        REQUIRE(str_eq(pair->key->text, texts->items[i]));
        check_plain(item);
        check_plain(pair);
        check_plain(pair->key);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct strings texts = split(arena, data, size);
    bool readable = true;
    for (size_t i = 0; i < texts.count; i++)
        readable = readable && is_readable(texts.items[i]);
    struct buf out;
    buf_init(&out, OUT_MAX);
    bool written = write_all(&out, &texts);
    REQUIRE(written || !readable);
    if (written && out.size <= SOURCE_TEXT_MAX && texts.count) {
        struct diags diags = diags_new(arena);
        struct source_file file = {.path = "a.yaml", .text = out.bytes, .size = out.size};
        struct yaml_node *root;
        bool read = yaml_parse(arena, &file, &root, &diags) && !diags.errors;
        REQUIRE(read == readable);
        if (read)
            check_same(root, &texts);
    }
    buf_free(&out);
    return 0;
}
