/* SPDX-License-Identifier: Apache-2.0 */
#include "config/yaml.h"

#include "base/str.h"
#include "config/ids.h"
#include "config/source_text.h"
#include "config/yaml_problem.h"
#include "config/yaml_tree.h"

#include <string.h>

#include <yaml.h>

struct loader {
    struct arena *arena;
    struct diags *diags;
    struct source_text text;
    yaml_parser_t parser;
    struct yaml_tree tree;
    size_t node_count;
    /* One place in two measures, libyaml's mark.index and bytes of text.bytes; it only moves on. */
    size_t index, offset;
};

/* The byte offset of a mark. Marks count code points, and events come in the order of the text: so this is
 * linear in all. */
static size_t offset_of(struct loader *loader, const yaml_mark_t *mark)
{
    if (loader->text.ascii)
        return mark->index < loader->text.size ? mark->index : loader->text.size;
    while (loader->index < mark->index && loader->offset < loader->text.size) {
        do
            loader->offset++;
        while (loader->offset < loader->text.size &&
               ((unsigned char)loader->text.bytes[loader->offset] & 0xc0) == 0x80);
        loader->index++;
    }
    return loader->offset;
}

static struct span event_span(const struct loader *loader, const yaml_event_t *event)
{
    const yaml_mark_t *start = &event->start_mark, *end = &event->end_mark;
    bool one_line = start->line == end->line;
    size_t length = one_line ? end->column - start->column : 0;
    return source_text_span(&loader->text, start->line, start->column, one_line && length == 0 ? 1 : length);
}

static struct yaml_node *new_node(struct loader *loader, const yaml_event_t *event, enum node_kind kind)
{
    struct span span = event_span(loader, event);
    if (++loader->node_count > YAML_NODES_MAX) {
        struct diag *diag = diag_error(loader->diags, span, ID_YAML_TOO_MANY_VALUES,
                                       "the file has more than %d values", YAML_NODES_MAX);
        diag_hint(loader->diags, diag, "split it by team");
        return NULL;
    }
    size_t offset = offset_of(loader, &event->start_mark);
    char sign = offset < loader->text.size ? loader->text.bytes[offset] : 0;
    if (sign == '&') {
        yaml_refuse(loader->diags, span, ID_YAML_ANCHOR, "YAML anchors are not allowed",
                    "write the values out; a text that begins with '&' must be in quotes");
        return NULL;
    }
    if (sign == '!') {
        yaml_refuse(loader->diags, span, ID_YAML_TAG, "YAML tags are not allowed",
                    "leave the tag out; a text that begins with '!' must be in quotes");
        return NULL;
    }
    struct yaml_node *node = ARENA_NEW(loader->arena, struct yaml_node);
    *node = (struct yaml_node){.kind = kind, .span = span};
    return node;
}

/* Escapes in double quotes can make characters that source_text_open() could not see. */
static bool check_text(struct loader *loader, struct span span, const char *text, size_t size)
{
    uint32_t c;
    for (size_t i = str_plain_run(text, size), length; i < size; i += length) {
        length = str_decode_utf8(text + i, size - i, &c);
        if (!length || (str_is_invisible(c) && c != '\n' && c != '\t')) {
            struct diag *diag = diag_error(loader->diags, span, ID_INVISIBLE_CHARACTER,
                                           "an escape stands for the invisible character U+%04X",
                                           length ? (unsigned)c : 0xfffdu);
            diag_hint(loader->diags, diag, "remove it");
            return false;
        }
    }
    return true;
}

static bool take_scalar(struct loader *loader, const yaml_event_t *event)
{
    struct yaml_node *node = new_node(loader, event, NODE_TEXT);
    if (!node)
        return false;
    const char *text = (const char *)event->data.scalar.value;
    size_t size = event->data.scalar.length;
    if (event->data.scalar.style == YAML_DOUBLE_QUOTED_SCALAR_STYLE &&
        !check_text(loader, node->span, text, size))
        return false;
    node->text = arena_strndup(loader->arena, text, size);
    node->plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    return yaml_tree_add(&loader->tree, node);
}

static bool take_start(struct loader *loader, const yaml_event_t *event, enum node_kind kind)
{
    struct yaml_node *node = new_node(loader, event, kind);
    if (!node)
        return false;
    if (loader->tree.depth == YAML_DEPTH_MAX) {
        struct diag *diag = diag_error(loader->diags, node->span, ID_YAML_TOO_DEEP,
                                       "lists and mappings are nested more than %d deep", YAML_DEPTH_MAX);
        diag_hint(loader->diags, diag, "nothing in this format is deeper than 6");
        return false;
    }
    node->span = source_text_span(&loader->text, event->start_mark.line, event->start_mark.column, 0);
    if (!yaml_tree_add(&loader->tree, node))
        return false;
    yaml_tree_open(&loader->tree, node);
    return true;
}

static bool take_end(struct loader *loader, const yaml_event_t *event)
{
    struct span *span = &yaml_tree_close(&loader->tree)->span;
    struct span end = source_text_span(&loader->text, event->end_mark.line, event->end_mark.column, 1);
    if (span->line == end.line && end.column > span->column)
        span->length = end.column - span->column;
    return true;
}

/*
 * Whatever stands behind the document's end would be a second one. libyaml is not asked: it would read
 * directives first.
 */
static bool take_document_end(struct loader *loader, const yaml_event_t *event)
{
    size_t line = event->end_mark.line, column = event->end_mark.column;
    for (size_t i = offset_of(loader, &event->end_mark); i < loader->text.size; i++) {
        char c = loader->text.bytes[i];
        if (c == '#') {
            const char *end = memchr(loader->text.bytes + i, '\n', loader->text.size - i);
            i = end ? (size_t)(end - loader->text.bytes) : loader->text.size;
            line++;
            column = 0;
        } else if (c == '\n') {
            line++;
            column = 0;
        } else if (c == ' ' || c == '\t' || c == '\r') {
            column++;
        } else {
            return yaml_refuse(loader->diags, source_text_span(&loader->text, line, column, 0),
                               ID_YAML_SECOND_DOCUMENT, "a second YAML document begins here",
                               "a file holds one document; remove '---' or '...'");
        }
    }
    return true;
}

static bool take_event(struct loader *loader, const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_SCALAR_EVENT: return take_scalar(loader, event);
    case YAML_SEQUENCE_START_EVENT: return take_start(loader, event, NODE_LIST);
    case YAML_MAPPING_START_EVENT: return take_start(loader, event, NODE_MAPPING);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT: return take_end(loader, event);
    case YAML_ALIAS_EVENT:
        return yaml_refuse(loader->diags, event_span(loader, event), ID_YAML_ALIAS,
                           "YAML aliases are not allowed",
                           "write the values out; a text that begins with '*' must be in quotes");
    case YAML_DOCUMENT_END_EVENT: return take_document_end(loader, event);
    default: return true;
    }
}

static bool take_events(struct loader *loader)
{
    for (bool ended = false; !ended;) {
        yaml_event_t event;
        if (!yaml_parser_parse(&loader->parser, &event)) {
            if (loader->parser.error == YAML_MEMORY_ERROR)
                out_of_memory();
            yaml_problem_report(&loader->parser, &loader->text, loader->diags);
            return false;
        }
        /* After the document nothing is left to read: take_document_end() has looked. */
        ended = event.type == YAML_DOCUMENT_END_EVENT || event.type == YAML_STREAM_END_EVENT;
        bool taken = take_event(loader, &event);
        yaml_event_delete(&event);
        if (!taken)
            return false;
    }
    return true;
}

bool yaml_parse(struct arena *arena, const struct source_file *file, struct yaml_node **ret_root,
                struct diags *diags)
{
    struct loader loader = {.arena = arena, .diags = diags, .tree = {.arena = arena, .diags = diags}};
    if (!source_text_open(arena, file, &loader.text, diags))
        return false;
    if (!yaml_parser_initialize(&loader.parser))
        out_of_memory();
    /* Otherwise libyaml would guess UTF-16 from the first bytes. */
    yaml_parser_set_encoding(&loader.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&loader.parser, (const unsigned char *)loader.text.bytes, loader.text.size);
    bool ok = take_events(&loader);
    yaml_parser_delete(&loader.parser);
    *ret_root = ok ? loader.tree.root : NULL;
    return ok;
}
