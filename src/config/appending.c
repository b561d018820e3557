/* SPDX-License-Identifier: Apache-2.0 */
#include "config/appending.h"

#include "base/buf.h"
#include "base/json.h"
#include "base/str.h"
#include "base/time.h"
#include "config/entry_list.h"

enum { TEXT_MAX = 2 * 1024 * 1024, TRIES_MAX = 64 };

/* The entry as one JSON object: that is YAML too, in a list of any style. */
static void write_flow(struct buf *out, const struct new_entry *entry)
{
    char instant[TIME_TEXT_SIZE];
    struct json_writer writer = json_writer_new(out, false);
    const struct {
        const char *key, *text;
    } texts[] = {{"description", entry->description},
                 {"expires_at", time_format(entry->expires_at_s, instant)},
                 {"user", entry->user},
                 {"environment", entry->environment}};
    const struct {
        const char *key, *text;
    } optional[] = {{"reason", entry->reason}, {"ticket", entry->ticket}, {"port_run", entry->port_run}};
    json_begin_object(&writer);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        json_key_string(&writer, texts[i].key, texts[i].text);
    json_key_strings(&writer, "permissions", entry->permissions);
    json_key_strings(&writer, "resources", entry->resources);
    for (size_t i = 0; i < sizeof optional / sizeof *optional; i++)
        if (optional[i].text && *optional[i].text)
            json_key_string(&writer, optional[i].key, optional[i].text);
    json_end_object(&writer);
}

/* A text in quotes as JSON has it, which YAML reads alike: nothing in it can be anything but text. */
static void add_quoted(struct buf *out, const char *text)
{
    struct json_writer writer = json_writer_new(out, false);
    json_string(&writer, text);
}

struct lines {
    struct buf *out;
    const char *indent, *newline;
    bool begun;
};

static void add_key(struct lines *lines, const char *key)
{
    buf_addf(lines->out, "%s%s%s:", lines->indent, lines->begun ? "  " : "- ", key);
    lines->begun = true;
}

static void add_text(struct lines *lines, const char *key, const char *text)
{
    if (!text || !*text)
        return;
    add_key(lines, key);
    buf_add_char(lines->out, ' ');
    add_quoted(lines->out, text);
    buf_add_text(lines->out, lines->newline);
}

static void add_list(struct lines *lines, const char *key, const struct strings *list)
{
    add_key(lines, key);
    buf_add_text(lines->out, lines->newline);
    for (size_t i = 0; i < list->count; i++) {
        buf_addf(lines->out, "%s    - ", lines->indent);
        add_quoted(lines->out, list->items[i]);
        buf_add_text(lines->out, lines->newline);
    }
}

/* The same as people write it. */
static void write_block(struct buf *out, const char *indent, const char *newline,
                        const struct new_entry *entry)
{
    char instant[TIME_TEXT_SIZE];
    struct lines lines = {out, indent, newline, false};
    add_text(&lines, "description", entry->description);
    add_key(&lines, "expires_at");
    buf_addf(out, " %s%s", time_format(entry->expires_at_s, instant), newline);
    add_text(&lines, "user", entry->user);
    add_text(&lines, "environment", entry->environment);
    add_list(&lines, "permissions", entry->permissions);
    add_list(&lines, "resources", entry->resources);
    add_text(&lines, "reason", entry->reason);
    add_text(&lines, "ticket", entry->ticket);
    add_text(&lines, "port_run", entry->port_run);
}

struct appending {
    struct arena *arena;
    const struct source_file *file;
    const struct new_entry *entry;
    const struct yaml_node *list;  /* as it is: NULL where there is none */
    const struct yaml_node *added; /* what must come to it */
};

/* Whether a text is the old list with the entry behind it, and nothing else. */
static bool is_right(const struct appending *appending, const struct buf *text)
{
    struct yaml_node *root;
    if (text->failed ||
        !entry_list_parse(appending->arena, appending->file->path,
                          arena_strndup(appending->arena, text->bytes, text->size), text->size, &root))
        return false;
    const struct yaml_node *list = entry_list_find(root);
    if (!list || list->kind != NODE_LIST)
        return false;
    const struct yaml_node *now = list->first;
    const struct yaml_node *before =
        appending->list && appending->list->kind == NODE_LIST ? appending->list->first : NULL;
    for (; before && now; before = before->next, now = now->next)
        if (!entry_list_is_same(before, now))
            return false;
    return !before && now && !now->next && entry_list_is_same(now, appending->added);
}

static const char *newline_of(const struct source_file *file)
{
    const char *end = file->text ? memchr(file->text, '\n', file->size) : NULL;
    return end && end > file->text && end[-1] == '\r' ? "\r\n" : "\n";
}

/* White space in front of the dash of the first entry; "  " where there is no entry. */
static const char *indent_of(const struct appending *appending)
{
    if (!appending->list || appending->list->kind != NODE_LIST || !appending->list->first)
        return "  ";
    const char *line = appending->file->text;
    for (uint32_t at = 1; at < appending->list->first->span.line; at++) {
        line = strchr(line, '\n');
        if (!line)
            return "  ";
        line++;
    }
    return arena_strndup(appending->arena, line, strspn(line, " "));
}

/* Behind all that is there: right for a list with dashes, and where there is no list yet. */
static bool append_block(const struct appending *appending, struct buf *out)
{
    const struct source_file *file = appending->file;
    const char *newline = newline_of(file);
    buf_clear(out);
    if (file->text)
        buf_add(out, file->text, file->size);
    if (out->size && out->bytes[out->size - 1] != '\n')
        buf_add_text(out, newline);
    if (!appending->list)
        buf_addf(out, "%s:%s", entry_list_key, newline);
    write_block(out, indent_of(appending), newline, appending->entry);
    return is_right(appending, out);
}

/* In front of the bracket that ends a list; a text or a comment may hold others, so the result decides. */
static bool append_flow(const struct appending *appending, struct buf *out)
{
    const struct source_file *file = appending->file;
    size_t tries = 0;
    for (size_t at = file->text ? file->size : 0; at > 0 && tries < TRIES_MAX; at--) {
        if (file->text[at - 1] != ']')
            continue;
        tries++;
        for (int comma = 1; comma >= 0; comma--) {
            buf_clear(out);
            buf_add(out, file->text, at - 1);
            if (comma)
                buf_add_text(out, ", ");
            write_flow(out, appending->entry);
            buf_add(out, file->text + at - 1, file->size - at + 1);
            if (is_right(appending, out))
                return true;
        }
    }
    return false;
}

int config_append_entry(struct arena *arena, const struct source_file *file, const struct new_entry *entry,
                        const char **ret_text, struct err *err)
{
    struct arena *scratch CLEANUP(arena_freep) = arena_new();
    struct yaml_node *root = NULL, *added;
    struct buf text;
    buf_init(&text, TEXT_MAX);
    write_flow(&text, entry);
    bool made = entry_list_parse(scratch, file->path, arena_strndup(scratch, text.bytes, text.size),
                                 text.size, &added);
    struct appending appending = {.arena = scratch, .file = file, .entry = entry, .added = added};
    int rc = 0;
    if (!made) {
        rc = err_set(err, ERR_REFUSED,
                     "what is asked for cannot stand in a file: it holds characters that "
                     "nobody sees, or is too long");
    } else if (file->text && !entry_list_parse(scratch, file->path, file->text, file->size, &root)) {
        rc = err_set(err, ERR_REFUSED, "%s cannot be read; mend it first", file->path);
    } else {
        appending.list = entry_list_find(root);
        if ((root && !appending.list) || (!append_block(&appending, &text) && !append_flow(&appending, &text)))
            rc = err_set(err, ERR_REFUSED,
                         "nothing can be added to %s without changing what stands there; write its list of "
                         "temporary-access as the only thing in it, with dashes",
                         file->path);
    }
    if (rc == 0)
        *ret_text = arena_strndup(arena, text.bytes, text.size);
    buf_free(&text);
    return rc;
}
