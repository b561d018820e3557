/* SPDX-License-Identifier: Apache-2.0 */
#include "render/wording.h"

#include "base/str.h"
#include "base/time.h"
#include "render/aging.h"
#include "render/escape.h"

#include <stdio.h>
#include <string.h>

enum { SHORT_ID = 7, LIST_MAX = 20 };

/* Words in a line: all that is not a table's cell. */
#define IN_A_LINE                                                                                            \
    .open = " (", .close = ")", .next = ", ", .from = "from ", .until = "until ", .was_until = "was until ", \
    .day_ends = "T", .space = " ", .ages = "", .aged = ""
#define IN_MARKDOWN .name = escape_markdown_code, .sentence = escape_markdown_text

const struct language language_terminal = {.name = escape_terminal, .sentence = escape_terminal, IN_A_LINE};
const struct language language_html = {.name = escape_html_code, .sentence = escape_html_code, IN_A_LINE};
const struct language language_markdown = {IN_MARKDOWN, IN_A_LINE};
const struct language language_cell = {
    IN_MARKDOWN,       .open = "<br>",      .close = "",         .next = "<br>",
    .from = "from ",   .until = "",         .was_until = "was ", .day_ends = "<br>",
    .space = "&nbsp;", .ages = AGING_BEGIN, .aged = AGING_END,
};

void wording_count(struct buf *out, size_t count, const char *one, const char *many)
{
    buf_addf(out, "%zu %s", count, count == 1 ? one : many);
}

void wording_errors(struct buf *out, size_t errors, size_t warnings)
{
    if (errors)
        wording_count(out, errors, "error", "errors");
    if (errors && warnings)
        RAW(out, ", ");
    if (warnings)
        wording_count(out, warnings, "warning", "warnings");
}

void wording_principal(struct buf *out, const struct language *language, enum principal_kind kind,
                       const char *name, const char *declared_as)
{
    bool aliased = declared_as && !str_eq(declared_as, name);
    if (aliased) {
        language->name(out, declared_as);
        buf_add_text(out, language->open);
        RAW(out, "IAM ");
    }
    buf_addf(out, "%s ", principal_kind_name(kind));
    language->name(out, name);
    if (aliased)
        buf_add_text(out, language->close);
}

void wording_holder(struct buf *out, const struct language *language, const struct fact *fact)
{
    if (!fact_is_provider(fact)) {
        wording_principal(out, language, fact->principal_kind, fact->principal, fact->declared_as);
        return;
    }
    RAW(out, "OIDC provider ");
    language->name(out, fact->principal);
}

void wording_account(struct buf *out, const struct language *language, const char *environment,
                     const char *account_id)
{
    if (environment) {
        language->name(out, environment);
        buf_add_text(out, language->open);
    }
    language->name(out, account_id);
    if (environment)
        buf_add_text(out, language->close);
}

/* Two values as one name, with a literal between them. */
static void add_joined(struct buf *out, const struct language *language, const char *first,
                       const char *between, const char *second)
{
    struct buf joined;
    buf_init(&joined, SIZE_MAX / 4);
    buf_add_text(&joined, first);
    buf_add_text(&joined, between);
    buf_add_text(&joined, second);
    language->name(out, joined.bytes);
    buf_free(&joined);
}

void wording_grant(struct buf *out, const struct language *language, const char *team, const char *grant)
{
    add_joined(out, language, team, "/", grant);
}

void wording_policy(struct buf *out, const struct language *language, const char *arn, const char *account_id)
{
    static const char policy[] = ":policy/";
    const char *owner = strstr(arn, "::"), *name = strstr(arn, policy);
    if (str_prefix(arn, "arn:") && owner && name && owner + 2 <= name) {
        size_t size = (size_t)(name - owner - 2);
        bool of_aws = size == 3 && memcmp(owner + 2, "aws", 3) == 0;
        if (of_aws || (size == strlen(account_id) && memcmp(owner + 2, account_id, size) == 0)) {
            language->name(out, name + sizeof policy - 1);
            if (of_aws)
                RAW(out, " (AWS managed)");
            return;
        }
    }
    language->name(out, arn);
}

void wording_commit(struct buf *out, const struct language *language, const char *name, const char *id)
{
    char text[SHORT_ID + 1] = "";
    if (!id) {
        language->name(out, name ? name : "nothing");
        return;
    }
    snprintf(text, sizeof text, "%s", id);
    if (!name || str_prefix(name, text)) {
        language->name(out, text);
        return;
    }
    language->name(out, name);
    RAW(out, " (");
    language->name(out, text);
    RAW(out, ")");
}

void wording_list(struct buf *out, const struct language *language, const struct strings *strings,
                  const char *account_id)
{
    for (size_t i = 0; i < strings->count && i < LIST_MAX; i++) {
        if (i)
            RAW(out, ", ");
        wording_policy(out, language, strings->items[i], account_id);
    }
    if (strings->count > LIST_MAX)
        buf_addf(out, " and %zu more", strings->count - LIST_MAX);
}

void wording_sides(struct buf *out, const struct language *language, const struct plan *plan)
{
    if (plan->base_name || plan->base_id) {
        RAW(out, "from ");
        wording_commit(out, language, plan->base_name, plan->base_id);
        RAW(out, " to ");
    } else {
        RAW(out, "at ");
    }
    wording_commit(out, language, plan->head_name, plan->head_id);
}

void wording_context(struct buf *out, const struct language *language, const struct plan *plan)
{
    char now[TIME_TEXT_SIZE];
    wording_sides(out, language, plan);
    buf_addf(out, ", as of %s", time_format(plan->now_s, now));
}

void wording_changes(struct buf *out, const struct delta *delta)
{
    const char *separator = "";
    for (enum change_kind kind = CHANGE_HOLD + 1; delta->count && kind < CHANGE_KIND_COUNT; kind++) {
        if (!delta->counts[kind] && kind != CHANGE_GRANT && kind != CHANGE_REVOKE)
            continue;
        buf_addf(out, "%s%zu to %s", separator, delta->counts[kind], change_kind_name(kind));
        separator = ", ";
    }
    if (delta->counts[CHANGE_HOLD]) {
        buf_addf(out, "%s%zu held", separator, delta->counts[CHANGE_HOLD]);
        separator = ", ";
    }
    if (delta->side.count) {
        buf_add_text(out, separator);
        wording_count(out, delta->side.count, "change of settings or accounts",
                      "changes of settings or accounts");
    }
}

const char *wording_change(enum change_kind kind)
{
    return kind == CHANGE_HOLD ? "held" : change_kind_name(kind);
}

const struct fact *row_fact(const struct delta_row *row)
{
    return row->after ? row->after : row->before;
}
