/* SPDX-License-Identifier: Apache-2.0 */
#include "config/removing.h"

#include "base/str.h"
#include "config/entry_list.h"

enum { TRIES_MAX = 64 };

/* The first byte of a line, counted from 1; behind the last line the end of the text. */
static const char *line_at(const struct source_file *file, uint32_t line)
{
    const char *at = file->text, *end = file->text + file->size;
    while (line-- > 1 && at < end) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        at = newline ? newline + 1 : end;
    }
    return at;
}

/* White space, or a comment. */
static bool is_silent(const char *line, const char *end)
{
    while (line < end && (*line == ' ' || *line == '\t' || *line == '\r'))
        line++;
    return line == end || *line == '\n' || *line == '#';
}

/* Comments in front of the next entry, or at the end of the file, belong to what follows. */
static const char *end_of_entry(const struct source_file *file, const struct yaml_node *entry)
{
    const char *end = entry->next ? line_at(file, entry->next->span.line) : file->text + file->size;
    const char *kept = end;
    for (uint32_t line = entry->span.line + 1; line_at(file, line) < end; line++) {
        const char *at = line_at(file, line);
        if (!is_silent(at, end))
            kept = end;
        else if (kept == end)
            kept = at;
    }
    return kept;
}

/* Whether a list is the other without one entry. */
static bool is_right(const struct yaml_node *before, const struct yaml_node *gone,
                     const struct yaml_node *after)
{
    const struct yaml_node *left = after && after->kind == NODE_LIST ? after->first : NULL;
    if (!after || (after->kind != NODE_LIST && !yaml_is_null(after)))
        return false;
    for (const struct yaml_node *item = before->first; item; item = item->next) {
        if (item == gone)
            continue;
        if (!left || !entry_list_is_same(item, left))
            return false;
        left = left->next;
    }
    return !left;
}

struct removing {
    struct arena *arena;
    const struct source_file *file;
    const struct yaml_node *list, *gone;
    const char *text; /* the result, once it is right */
};

/* Leaves out the bytes from `from` to `to`; whether the rest is right. */
static bool leave_out(struct removing *removing, const char *from, const char *to)
{
    const struct source_file *file = removing->file;
    struct yaml_node *root = NULL;
    removing->text = arena_printf(removing->arena, "%.*s%s", (int)(from - file->text), file->text, to);
    return entry_list_parse(removing->arena, file->path, removing->text, strlen(removing->text), &root) &&
           is_right(removing->list, removing->gone, entry_list_find(root));
}

static const char *skip_space(const char *at)
{
    return at + strspn(at, " \t\r\n");
}

/* An entry in braces: up to one of the next, with the comma behind it or else the one before it. */
static bool remove_flow(struct removing *removing)
{
    const char *line = line_at(removing->file, removing->gone->span.line), *from = strchr(line, '{');
    size_t tries = 0;
    for (const char *to = from ? strchr(from, '}') : NULL; to && tries < TRIES_MAX; to = strchr(to + 1, '}')) {
        const char *behind = skip_space(to + 1), *before = from;
        tries++;
        if (*behind == ',' && leave_out(removing, from, skip_space(behind + 1)))
            return true;
        while (before > removing->file->text && strchr(" \t\r\n", before[-1]))
            before--;
        if (before > removing->file->text && before[-1] == ',' && leave_out(removing, before - 1, to + 1))
            return true;
        if (leave_out(removing, from, to + 1))
            return true;
    }
    return false;
}

int config_remove_entry(struct arena *arena, struct span entry, const char **ret_text, struct err *err)
{
    struct arena *scratch CLEANUP(arena_freep) = arena_new();
    const struct source_file *file = entry.file;
    struct yaml_node *root = NULL;
    struct removing removing = {.arena = scratch, .file = file};
    if (entry_list_parse(scratch, file->path, file->text, file->size, &root))
        removing.list = entry_list_find(root);
    const struct yaml_node *item =
        removing.list && removing.list->kind == NODE_LIST ? removing.list->first : NULL;
    for (; item; item = item->next)
        if (item->span.line == entry.line && item->span.column == entry.column)
            removing.gone = item;
    if (removing.gone && (leave_out(&removing, line_at(file, entry.line), end_of_entry(file, removing.gone)) ||
                          remove_flow(&removing))) {
        *ret_text = arena_strdup(arena, removing.text);
        return 0;
    }
    return err_set(
        err, ERR_REFUSED,
        "the entry at line %u of %s cannot be taken out without changing what stands beside it; do it in a "
        "pull request of your own",
        entry.line, file->path);
}
