/* SPDX-License-Identifier: Apache-2.0 */
#include "render/escape.h"
#include "render/json_parts.h"
#include "render/render.h"
#include "render/text_parts.h"

enum { COLUMN_ACCOUNT, COLUMN_PRINCIPAL, COLUMN_KIND, COLUMN_WHAT, COLUMN_WHY, COLUMN_COUNT };

static const char *const headings[COLUMN_COUNT] = {"ACCOUNT", "PRINCIPAL", "KIND", "WHAT", "WHY"};

/* Row 0 is the heading. */
static void write_cell(struct buf *out, const void *table, size_t row, size_t column)
{
    const struct left_list *left = table;
    const struct language *language = &language_terminal;
    if (row == 0) {
        buf_add_text(out, headings[column]);
        return;
    }
    const struct left_behind *item = &left->items[row - 1];
    switch (column) {
    case COLUMN_ACCOUNT: wording_account(out, language, item->environment, item->account_id); break;
    case COLUMN_PRINCIPAL:
        if (item->principal)
            wording_principal(out, language, item->principal_kind, item->principal, NULL);
        else
            RAW(out, "-");
        break;
    case COLUMN_KIND: buf_add_text(out, left_kind_name(item->kind)); break;
    case COLUMN_WHAT: wording_policy(out, language, item->what, item->account_id); break;
    default:
        escape_terminal(out, item->detail);
        buf_addf(out, " [%s]%s", item->reason, item->goes ? ": goes with the next apply" : "");
        break;
    }
}

static void add_headline(struct buf *out, struct style style, const struct imported *imported)
{
    paint_begin(out, style, PAINT_BOLD);
    wording_count(out, imported->accounts, "account", "accounts");
    RAW(out, ": ");
    wording_count(out, imported->attachments, "attachment", "attachments");
    if (imported->leases) {
        RAW(out, ", ");
        wording_count(out, imported->leases, "lease", "leases");
    }
    RAW(out, " by ");
    wording_count(out, imported->policies, "policy", "policies");
    buf_addf(out, "; %zu left behind", imported->left.count);
    if (imported->filtered)
        buf_addf(out, ", %zu not asked for", imported->filtered);
    paint_end(out, style);
    RAW(out, "\n");
}

static void add_files(struct buf *out, const struct imported *imported)
{
    for (size_t i = 0; i < imported->files.count; i++) {
        const struct imported_file *file = &imported->files.items[i];
        if (imported->dry_run)
            RAW(out, "\n# ");
        else if (imported->is_written)
            RAW(out, "written      ");
        else
            RAW(out, "not written  ");
        escape_terminal(out, file->path);
        RAW(out, "\n");
        if (imported->dry_run)
            buf_add(out, file->text, file->size); /* the loader has read it: it holds nothing invisible */
    }
}

void render_import_text(struct buf *out, const struct imported *imported, struct style style)
{
    struct columns columns;
    add_headline(out, style, imported);
    add_files(out, imported);
    if (!imported->left.count)
        return;
    RAW(out, "\n");
    paint_begin(out, style, PAINT_BOLD);
    buf_addf(out, "%zu left behind: no file says this", imported->left.count);
    paint_end(out, style);
    RAW(out, "\n");
    columns_init(&columns, COLUMN_COUNT, write_cell, &imported->left, imported->left.count + 1);
    for (size_t row = 0; row <= imported->left.count; row++) {
        if (row == 0)
            paint_begin(out, style, PAINT_DIM);
        columns_print(&columns, out, row);
        if (row == 0)
            paint_end(out, style);
        RAW(out, "\n");
    }
    columns_free(&columns);
}

static void write_files(struct json_writer *writer, const struct imported *imported)
{
    json_key(writer, "files");
    json_begin_array(writer);
    for (size_t i = 0; i < imported->files.count; i++) {
        json_begin_object(writer);
        json_key_string(writer, "path", imported->files.items[i].path);
        json_key_bool(writer, "written", imported->is_written);
        json_key_string(writer, "text", imported->files.items[i].text);
        json_end_object(writer);
    }
    json_end_array(writer);
}

static void write_left(struct json_writer *writer, const struct left_list *left)
{
    json_key(writer, "left_behind");
    json_begin_array(writer);
    for (size_t i = 0; i < left->count; i++) {
        const struct left_behind *item = &left->items[i];
        json_begin_object(writer);
        json_key_string(writer, "account_id", item->account_id);
        json_key_string(writer, "environment", item->environment);
        json_key_string(writer, "kind", left_kind_name(item->kind));
        json_principal(writer, item->principal_kind, item->principal, NULL);
        json_key_string(writer, "what", item->what);
        json_key_string(writer, "reason", item->reason);
        json_key_string(writer, "message", item->detail);
        json_key_bool(writer, "goes", item->goes);
        json_end_object(writer);
    }
    json_end_array(writer);
}

void render_import_json(struct buf *out, const struct imported *imported)
{
    struct json_writer writer = json_document_begin(out, "import");
    json_key_time(&writer, "now", imported->now_s);
    json_key_string(&writer, "team", imported->team);
    json_key_bool(&writer, "dry_run", imported->dry_run);
    json_key_bool(&writer, "adopt", imported->adopts);
    json_key(&writer, "counts");
    json_begin_object(&writer);
    json_key_int(&writer, "accounts", (int64_t)imported->accounts);
    json_key_int(&writer, "attachments", (int64_t)imported->attachments);
    json_key_int(&writer, "leases", (int64_t)imported->leases);
    json_key_int(&writer, "policies", (int64_t)imported->policies);
    json_key_int(&writer, "left_behind", (int64_t)imported->left.count);
    json_key_int(&writer, "not_asked_for", (int64_t)imported->filtered);
    json_end_object(&writer);
    write_files(&writer, imported);
    write_left(&writer, &imported->left);
    json_document_end(&writer);
}
