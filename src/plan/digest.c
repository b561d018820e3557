/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/digest.h"

#include "base/buf.h"
#include "base/hash.h"
#include "base/str.h"
#include "plan/setting_list.h"
#include "plan/side_changes.h"

#include <assert.h>
#include <string.h>

/* 100,000 rows come to 7 MB. */
enum { DIGEST_TEXT_MAX = 256 * 1024 * 1024 };

/* The first line, so that a later way of doing this never gives what this one gave. */
static const char version[] = "iamlease digest 1";

static bool is_same_file(struct span a, struct span b)
{
    return a.file && b.file &&
           (a.file == b.file ||
            (a.file->size == b.file->size && memcmp(a.file->text, b.file->text, a.file->size) == 0));
}

/* Most teams do not change: what stands in the same text declares the same, as long as users are named alike. */
static bool is_unchanged(const struct digest_rows *rows, const struct team_config *before,
                         const struct team_config *after)
{
    bool same = rows->users_are_named_alike && before->accounts.count == after->accounts.count &&
                before->policies.count == after->policies.count &&
                before->entries.count == after->entries.count;
    if (same && after->accounts.count)
        same =
            is_same_file(before->accounts.items[0].account_id.span, after->accounts.items[0].account_id.span);
    if (same && after->policies.count)
        same = is_same_file(before->policies.items[0].span, after->policies.items[0].span);
    const struct source_file *file = NULL;
    for (size_t i = 0; same && i < after->entries.count; i++) { /* they come from two files */
        const struct access_entry *entry = &after->entries.items[i];
        if (entry->span.file != file || !file)
            same = is_same_file(before->entries.items[i].span, entry->span);
        file = entry->span.file;
    }
    return same;
}

static void declare(struct arena *arena, const struct config *config, const struct team_config *team,
                    struct declared_team *ret)
{
    *ret = (struct declared_team){.team = team};
    if (team)
        declared_rows(arena, arena, &config->settings, team, &ret->declared);
}

static void add_team(struct digest_rows *rows, const struct digest_input *input,
                     const struct team_config *before, const struct team_config *after)
{
    if (before && after && is_unchanged(rows, before, after))
        return;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct declared_team was, is;
    declare(arena, input->before, before, &was);
    declare(arena, input->after, after, &is);
    digest_rows_add(rows, &was, &is);
}

static void add_teams(struct digest_rows *rows, const struct digest_input *input)
{
    const struct config *before = input->before, *after = input->after;
    for (size_t i = 0, j = 0; i < before->count || j < after->count;) {
        int order = i == before->count  ? 1
                    : j == after->count ? -1
                                        : strcmp(before->items[i].name, after->items[j].name);
        add_team(rows, input, order <= 0 ? &before->items[i] : NULL, order >= 0 ? &after->items[j] : NULL);
        i += order <= 0;
        j += order >= 0;
    }
}

/* What of the rules touches the rows: of their accounts, of their grants, of their teams, and what touches all. */
static void write_rules(const struct digest_input *input, struct digest_rows *rows, struct buf *out)
{
    struct setting_list rules = {0};
    for (size_t i = 0; i < rows->account_ids.count; i++) {
        const struct account_rules *account =
            input->account_rules ? account_rules_find(input->account_rules, rows->account_ids.items[i]) : NULL;
        if (account)
            buf_addf(out, "account %s %lld %d %d %lld\n", account->account_id, (long long)account->max_days,
                     account->require_reason, account->require_mfa, (long long)account->approvals);
    }
    for (size_t i = 0; i < rows->grant_names.count; i++)
        buf_addf(out, "grant %s %lld\n", rows->grant_names.items[i],
                 (long long)rules_max_days(input->rules, NULL, rows->grant_names.items[i]));
    setting_list_make_rules(rows->arena, input->rules, &rules);
    for (size_t i = 0; i < rules.count && rows->rows.count; i++) {
        const char *name = rules.items[i].name;
        bool touches = str_prefix(name, "limits.") || str_prefix(name, "guardrails.") || str_eq(name, "teams");
        for (size_t j = 0; j < rows->teams.count; j++)
            touches |= str_eq(name, arena_printf(rows->arena, "teams.%s.accounts", rows->teams.items[j]));
        if (touches)
            buf_addf(out, "rule %s %s\n", name, rules.items[i].value);
    }
}

static void write_side_changes(const struct digest_input *input, struct arena *arena, struct buf *out)
{
    struct delta delta = {0};
    const struct side_input side = {.before = input->before, .after = input->after};
    side_changes_compute(arena, &side, &delta);
    for (size_t i = 0; i < delta.side.count; i++) {
        const struct side_change *change = &delta.side.items[i];
        buf_addf(out, "%s %s\n%s\n%s\n", change->id, change->what, change->before ? change->before : "",
                 change->after ? change->after : "");
    }
}

const char *digest_of_rows(struct arena *arena, const struct digest_input *input, struct digest_rows *rows)
{
    struct buf out;
    char hex[SHA256_HEX_SIZE];
    strings_sort(&rows->rows);
    strings_sort(&rows->account_ids);
    strings_sort(&rows->grant_names);
    buf_init(&out, DIGEST_TEXT_MAX);
    buf_addf(&out, "%s\n", version);
    for (size_t i = 0; i < rows->rows.count; i++)
        buf_addf(&out, "%s\n", rows->rows.items[i]);
    write_rules(input, rows, &out);
    write_side_changes(input, rows->arena, &out);
    bool whole = buf_finish(&out);
    assert(whole);
    const char *digest = arena_strdup(arena, sha256_hex(out.bytes, out.size, hex));
    buf_free(&out);
    return digest;
}

const char *digest_compute(struct arena *arena, const struct digest_input *input)
{
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    struct digest_rows rows = digest_rows_new(scratch, &input->before->settings, &input->after->settings);
    add_teams(&rows, input);
    return digest_of_rows(arena, input, &rows);
}
