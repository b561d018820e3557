/* SPDX-License-Identifier: Apache-2.0 */
#include "base/time.h"
#include "render/escape.h"
#include "render/wording.h"

#include <stdio.h>

enum { DATE_LENGTH = 10 };

static void add_instant(struct buf *out, const struct language *language, int64_t at_s)
{
    char text[TIME_TEXT_SIZE];
    time_format(at_s, text);
    buf_addf(out, "%.*s%s%s", DATE_LENGTH, text, language->day_ends, text + DATE_LENGTH + 1);
}

/* How far away an instant is; it says nothing that lasts. */
static void add_distance(struct buf *out, const struct language *language, int64_t at_s, int64_t now_s)
{
    char duration[DURATION_TEXT_SIZE], distance[DURATION_TEXT_SIZE + sizeof " ago"];
    time_format_duration(at_s - now_s, duration);
    snprintf(distance, sizeof distance, at_s > now_s ? "in %s" : "%s ago", duration);
    buf_add_text(out, language->ages);
    buf_add_text(out, language->open);
    for (const char *c = distance; *c; c++) {
        if (*c == ' ')
            buf_add_text(out, language->space);
        else
            buf_add_char(out, *c);
    }
    buf_add_text(out, language->close);
    buf_add_text(out, language->aged);
}

void wording_end(struct buf *out, const struct language *language, int64_t ends_at_s, int64_t now_s)
{
    if (!ends_at_s) {
        RAW(out, "no end");
        return;
    }
    buf_add_text(out, language->until);
    add_instant(out, language, ends_at_s);
    add_distance(out, language, ends_at_s, now_s);
}

/* A start: how far away it is matters only while it lies ahead. */
static void add_start(struct buf *out, const struct language *language, int64_t starts_at_s, int64_t now_s)
{
    buf_add_text(out, language->from);
    add_instant(out, language, starts_at_s);
    if (starts_at_s > now_s)
        add_distance(out, language, starts_at_s, now_s);
    buf_add_text(out, language->next);
    if (!*language->until) /* a heading says so of one instant, not of two */
        RAW(out, "until ");
}

static void add_former_end(struct buf *out, const struct language *language, int64_t ends_at_s)
{
    if (!ends_at_s) {
        RAW(out, "had no end");
        return;
    }
    buf_add_text(out, language->was_until);
    add_instant(out, language, ends_at_s);
}

static void add_former_start(struct buf *out, const struct language *language, int64_t starts_at_s)
{
    if (!starts_at_s) {
        RAW(out, "had no start");
        return;
    }
    RAW(out, "was from ");
    add_instant(out, language, starts_at_s);
}

/* What is held stays as it is; what was asked for has not been granted. */
static void add_held_term(struct buf *out, const struct language *language, const struct delta_row *row,
                          int64_t now_s)
{
    const struct fact *stays = row->before ? row->before : row->after;
    wording_end(out, language, stays->ends_at_s, now_s);
    if (!row->after || row->after->ends_at_s == stays->ends_at_s)
        return;
    buf_add_text(out, language->next);
    RAW(out, "asked for ");
    if (row->after->ends_at_s)
        add_instant(out, language, row->after->ends_at_s);
    else
        RAW(out, "no end");
}

void wording_term(struct buf *out, const struct language *language, const struct delta_row *row, int64_t now_s)
{
    int64_t before = row->before ? row->before->ends_at_s : 0, after = row->after ? row->after->ends_at_s : 0;
    if (row_fact(row)->starts_at_s && (row->after || row->kind == CHANGE_HOLD))
        add_start(out, language, row_fact(row)->starts_at_s, now_s);
    if (row->kind == CHANGE_HOLD) {
        add_held_term(out, language, row, now_s);
        return;
    }
    if (row->after)
        wording_end(out, language, after, now_s);
    else
        RAW(out, "ends on apply");
    if (row->before && (!row->after || before != after)) {
        buf_add_text(out, language->next);
        add_former_end(out, language, before);
    }
    if (row->before && row->after && row->before->starts_at_s != row->after->starts_at_s) {
        buf_add_text(out, language->next);
        add_former_start(out, language, row->before->starts_at_s);
    }
}
