/* SPDX-License-Identifier: Apache-2.0 */
#include "base/diag.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

struct diags diags_new(struct arena *arena)
{
    return (struct diags){.arena = arena};
}

__attribute__((format(printf, 5, 0))) static struct diag *add(struct diags *diags,
                                                              enum diag_severity severity, struct span span,
                                                              const char *id, const char *format, va_list args)
{
    if (severity == DIAG_ERROR)
        diags->errors++;
    else
        diags->warnings++;
    if (diags->count >= DIAG_MAX)
        return NULL;
    struct diag *diag = VEC_ADD(diags->arena, diags);
    *diag = (struct diag){.severity = severity, .id = id, .span = span};
    diag->message = arena_vprintf(diags->arena, format, args);
    return diag;
}

struct diag *diag_error(struct diags *diags, struct span span, const char *id, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    struct diag *diag = add(diags, DIAG_ERROR, span, id, format, args);
    va_end(args);
    return diag;
}

struct diag *diag_warning(struct diags *diags, struct span span, const char *id, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    struct diag *diag = add(diags, DIAG_WARNING, span, id, format, args);
    va_end(args);
    return diag;
}

void diag_hint(struct diags *diags, struct diag *diag, const char *format, ...)
{
    if (!diag)
        return;
    va_list args;
    va_start(args, format);
    diag->hint = arena_vprintf(diags->arena, format, args);
    va_end(args);
}

void diag_relate(struct diag *diag, struct span related)
{
    if (diag)
        diag->related = related;
}

void diag_demote(struct diags *diags, struct diag *diag, const char *remark)
{
    assert(diag->severity == DIAG_ERROR && diags->errors > 0);
    diag->severity = DIAG_WARNING;
    diag->message = arena_printf(diags->arena, "%s%s", diag->message, remark);
    diags->errors--;
    diags->warnings++;
}

static int compare(const struct diag *a, const struct diag *b)
{
    const char *path_a = a->span.file ? a->span.file->path : "",
               *path_b = b->span.file ? b->span.file->path : "";
    int order = strcmp(path_a, path_b);
    if (order)
        return order;
    if (a->span.line != b->span.line)
        return a->span.line < b->span.line ? -1 : 1;
    if (a->span.column != b->span.column)
        return a->span.column < b->span.column ? -1 : 1;
    return 0;
}

/* Merge sort, because qsort does not promise to keep the order of equals. */
static void merge_sort(struct diag *items, struct diag *scratch, size_t count)
{
    if (count < 2)
        return;
    size_t half = count / 2, left = 0, right = half;
    merge_sort(items, scratch, half);
    merge_sort(items + half, scratch, count - half);
    for (size_t i = 0; i < count; i++) {
        bool take_left = right >= count || (left < half && compare(&items[left], &items[right]) <= 0);
        scratch[i] = take_left ? items[left++] : items[right++];
    }
    memcpy(items, scratch, count * sizeof *items);
}

void diags_sort(struct diags *diags)
{
    if (diags->count > 1)
        merge_sort(diags->items, arena_array(diags->arena, diags->count, sizeof *diags->items), diags->count);
}
