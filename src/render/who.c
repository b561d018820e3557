/* SPDX-License-Identifier: Apache-2.0 */
#include "render/escape.h"
#include "render/json_parts.h"
#include "render/text_parts.h"

enum {
    COLUMN_ACCOUNT,
    COLUMN_PRINCIPAL,
    COLUMN_HAS,
    COLUMN_MODE,
    COLUMN_UNTIL,
    COLUMN_GRANT,
    COLUMN_FLAGS,
    COLUMN_COUNT
};

static const char *const headings[COLUMN_COUNT] = {"ACCOUNT", "PRINCIPAL",  "HAS",  "MODE",
                                                   "UNTIL",   "TEAM/GRANT", "FLAGS"};

/* No entry asks for it, and nobody asked for it in Port. */
static bool is_odd(const struct holding *holding)
{
    return !holding->declared && !holding->direct;
}

static void add_flags(struct buf *out, const struct holding *holding)
{
    if (holding->ended)
        RAW(out, "ended");
    if (holding->ended && !holding->declared)
        RAW(out, ", ");
    if (holding->direct)
        RAW(out, "granted directly");
    else if (!holding->declared)
        RAW(out, "not declared");
}

/* The heading of the column says "until". */
static void add_until(struct buf *out, int64_t ends_at_s, int64_t now_s)
{
    struct language in_column = language_terminal;
    in_column.until = "";
    wording_end(out, &in_column, ends_at_s, now_s);
}

/* Row 0 is the heading. */
static void write_cell(struct buf *out, const void *table, size_t row, size_t column)
{
    const struct holdings *holdings = table;
    const struct language *language = &language_terminal;
    if (row == 0) {
        buf_add_text(out, headings[column]);
        return;
    }
    const struct holding *holding = &holdings->items[row - 1];
    switch (column) {
    case COLUMN_ACCOUNT: wording_account(out, language, holding->environment, holding->account_id); break;
    case COLUMN_PRINCIPAL:
        wording_principal(out, language, holding->principal_kind, holding->principal, NULL);
        break;
    case COLUMN_HAS: wording_policy(out, language, holding->what, holding->account_id); break;
    case COLUMN_MODE: buf_add_text(out, access_mode_name(holding->mode)); break;
    case COLUMN_UNTIL: add_until(out, holding->ends_at_s, holdings->now_s); break;
    case COLUMN_GRANT:
        if (holding->grant)
            wording_grant(out, language, holding->team ? holding->team : "unknown", holding->grant);
        else
            RAW(out, "-");
        break;
    default: add_flags(out, holding); break;
    }
}

static void add_headline(struct buf *out, struct style style, const struct holdings *holdings)
{
    size_t ended = 0, undeclared = 0;
    for (size_t i = 0; i < holdings->count; i++) {
        ended += holdings->items[i].ended;
        undeclared += is_odd(&holdings->items[i]);
    }
    if (!holdings->count) {
        RAW(out, "Nobody has access that iamlease knows of.\n");
        return;
    }
    paint_begin(out, style, PAINT_BOLD);
    wording_count(out, holdings->count, "grant", "grants");
    if (ended)
        buf_addf(out, ", %zu ended", ended);
    if (undeclared)
        buf_addf(out, ", %zu not declared", undeclared);
    paint_end(out, style);
    RAW(out, "\n\n");
}

void render_who_text(struct buf *out, const struct holdings *holdings, struct style style)
{
    struct arena *arena CLEANUP(arena_freep) = arena_new();
    struct summary no_names = {.arena = arena, .names = map_new(arena)};
    struct columns columns;
    add_headline(out, style, holdings);
    columns_init(&columns, COLUMN_COUNT, write_cell, holdings, holdings->count + 1);
    for (size_t row = 0; holdings->count && row <= holdings->count; row++) {
        bool is_marked = row > 0 && (holdings->items[row - 1].ended || is_odd(&holdings->items[row - 1]));
        if (row == 0 || is_marked)
            paint_begin(out, style, row == 0 ? PAINT_DIM : PAINT_YELLOW);
        columns_print(&columns, out, row);
        if (row == 0 || is_marked)
            paint_end(out, style);
        RAW(out, "\n");
    }
    columns_free(&columns);
    text_problems(out, style, &holdings->problems, &no_names);
}

void render_who_json(struct buf *out, const struct holdings *holdings)
{
    struct json_writer writer = json_document_begin(out, "who");
    json_key_time(&writer, "now", holdings->now_s);
    json_key(&writer, "holdings");
    json_begin_array(&writer);
    for (size_t i = 0; i < holdings->count; i++) {
        const struct holding *holding = &holdings->items[i];
        json_begin_object(&writer);
        json_key_string(&writer, "account_id", holding->account_id);
        json_key_string(&writer, "environment", holding->environment);
        json_principal(&writer, holding->principal_kind, holding->principal, NULL);
        json_key_string(&writer, "team", holding->team);
        json_key_string(&writer, "grant", holding->grant);
        json_key_string(&writer, "has", holding->what);
        json_key_string(&writer, "mode", access_mode_name(holding->mode));
        json_key_time(&writer, "ends_at", holding->ends_at_s);
        json_key_bool(&writer, "ended", holding->ended);
        json_key_bool(&writer, "declared", holding->declared);
        json_key_bool(&writer, "direct", holding->direct != NULL);
        json_end_object(&writer);
    }
    json_end_array(&writer);
    json_problems(&writer, &holdings->problems);
    json_document_end(&writer);
}
