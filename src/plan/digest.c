/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/digest.h"

#include "base/buf.h"
#include "base/hash.h"
#include "base/str.h"
#include "plan/declared.h"
#include "plan/setting_list.h"
#include "plan/side_changes.h"
#include "policy/document.h"

#include <assert.h>
#include <string.h>

/* 100,000 rows come to 7 MB. */
enum { DIGEST_TEXT_MAX = 256 * 1024 * 1024 };

/* The first line, so that a later way of doing this never gives what this one gave. */
static const char version[] = "iamlease digest 1";

struct digesting {
    const struct digest_input *input;
    struct arena *scratch;
    bool users_are_named_alike;        /* by both sides */
    struct map policies;               /* address → hash of what it allows */
    struct map accounts, grants;       /* that changed rows name: each once */
    struct strings rows;               /* "+" or "-" and a hash, of rows that only one side has */
    struct strings account_ids, names; /* the keys of these maps */
    struct strings teams;              /* with changed rows */
};

static const char *hash(struct arena *arena, const char *text)
{
    char hex[SHA256_HEX_SIZE];
    return arena_strdup(arena, sha256_hex(text, strlen(text), hex));
}

/* Statements by their meaning, managed policies as a set. */
static const char *policy_hash(struct digesting *digesting, const struct policy_decl *policy)
{
    char key[STR_POINTER_SIZE];
    const char *known = map_get(&digesting->policies, str_of_pointer(policy, key));
    if (known)
        return known;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct strings arns = {0};
    const char *text = document_canonical(arena, &policy->custom);
    for (size_t i = 0; i < policy->managed_policies.count; i++)
        strings_add(arena, &arns, policy->managed_policies.items[i].text);
    strings_sort_unique(&arns);
    for (size_t i = 0; i < arns.count; i++)
        text = arena_printf(arena, "%s\n%s", text, arns.items[i]);
    char *made = arena_strdup(digesting->scratch, hash(arena, text));
    map_put(&digesting->policies, arena_strdup(digesting->scratch, key), made);
    return made;
}

/* The window and the mode as they are written: a day is not the instant at which it ends. */
static const char *row_hash(struct digesting *digesting, struct arena *arena, const struct declared_row *row)
{
    const struct access_entry *entry = row->entry;
    return hash(arena, arena_printf(arena, "%s\n%lld\n%lld\n%d\n%d\n%s", row->fact.identity,
                                    (long long)row->fact.starts_at_s, (long long)row->fact.ends_at_s,
                                    entry->temporary && entry->ends_with_day, (int)entry->mode,
                                    policy_hash(digesting, row->fact.policy)));
}

/* The rows of one team on one side, sorted by what they hash to; those that the other side has too are left out. */
struct team_rows {
    struct declared declared;
    bool *paired;       /* of each: the other side has it too */
    struct map by_hash; /* → struct declared_row */
    struct strings hashes;
};

/*
 * Whether a file is the same on both sides, and all that its rows depend on: then it declares the same rows
 * twice, which is no difference.
 */
static bool is_shared(const struct digesting *digesting, const struct team_config *team,
                      const struct team_config *other, bool temporary)
{
    static const enum file_kind kinds[2][3] = {{FILE_ACCOUNTS, FILE_POLICIES, FILE_PERMANENT},
                                               {FILE_ACCOUNTS, FILE_POLICIES, FILE_TEMPORARY}};
    bool shared = other && digesting->users_are_named_alike;
    for (size_t i = 0; shared && i < 3; i++) {
        enum file_kind kind = kinds[temporary][i];
        shared = team->sound[kind] && team->sound[kind] == other->sound[kind];
    }
    return shared;
}

/* `other`: the team on the other side, or NULL. */
static struct team_rows rows_of(struct digesting *digesting, struct arena *arena, const struct config *config,
                                const struct team_config *team, const struct team_config *other)
{
    struct team_rows rows = {.by_hash = map_new(arena)};
    if (!team)
        return rows;
    declared_rows(arena, arena, &config->settings, team, &rows.declared);
    rows.paired = arena_array(arena, rows.declared.count, sizeof *rows.paired);
    for (size_t i = 0; i < rows.declared.count; i++)
        rows.paired[i] = is_shared(digesting, team, other, rows.declared.items[i].entry->temporary);
    return rows;
}

/* Whether two rows of one identity hash alike; false where that takes more than a look. */
static bool is_same_row(const struct declared_row *a, const struct declared_row *b)
{
    return a->fact.policy == b->fact.policy && a->fact.starts_at_s == b->fact.starts_at_s &&
           a->fact.ends_at_s == b->fact.ends_at_s && a->entry->temporary == b->entry->temporary &&
           a->entry->ends_with_day == b->entry->ends_with_day && a->entry->mode == b->entry->mode;
}

/* Most rows of a team that changes do not: one on each side is no difference, and need not be hashed. */
static void pair_off(struct arena *arena, struct team_rows *was, struct team_rows *is)
{
    struct map by_identity = map_new(arena);
    for (size_t i = 0; i < was->declared.count; i++)
        if (!was->paired[i])
            map_put(&by_identity, was->declared.items[i].fact.identity, &was->declared.items[i]);
    for (size_t i = 0; i < is->declared.count && by_identity.count; i++) {
        const struct declared_row *row = &is->declared.items[i];
        const struct declared_row *old = is->paired[i] ? NULL : map_get(&by_identity, row->fact.identity);
        size_t place = old ? (size_t)(old - was->declared.items) : 0;
        if (!old || was->paired[place] || !is_same_row(old, row))
            continue;
        was->paired[place] = true;
        is->paired[i] = true;
    }
}

static void hash_rows(struct digesting *digesting, struct arena *arena, struct team_rows *rows)
{
    for (size_t i = 0; i < rows->declared.count; i++) {
        if (rows->paired[i])
            continue;
        const char *hex = row_hash(digesting, arena, &rows->declared.items[i]);
        map_put(&rows->by_hash, hex, &rows->declared.items[i]);
        strings_add(arena, &rows->hashes, hex);
    }
    strings_sort(&rows->hashes);
}

static void remember(struct arena *arena, struct map *known, struct strings *list, const char *text)
{
    static char present;
    if (map_get(known, text))
        return;
    map_put(known, text, &present);
    strings_add(arena, list, text);
}

static void add_changed(struct digesting *digesting, const struct team_rows *rows, const char *hex,
                        const char *sign)
{
    const struct declared_row *row = map_get(&rows->by_hash, hex);
    struct arena *scratch = digesting->scratch;
    strings_add(scratch, &digesting->rows, arena_printf(scratch, "%s%s", sign, hex));
    remember(scratch, &digesting->accounts, &digesting->account_ids, row->fact.account_id);
    remember(scratch, &digesting->grants, &digesting->names, row->fact.grant);
    if (!digesting->teams.count || !str_eq(digesting->teams.items[digesting->teams.count - 1], row->fact.team))
        strings_add(scratch, &digesting->teams, row->fact.team);
}

static bool is_same_file(struct span a, struct span b)
{
    return a.file && b.file &&
           (a.file == b.file ||
            (a.file->size == b.file->size && memcmp(a.file->text, b.file->text, a.file->size) == 0));
}

/* Most teams do not change: what stands in the same text declares the same, as long as users are named alike. */
static bool is_unchanged(const struct digesting *digesting, const struct team_config *before,
                         const struct team_config *after)
{
    bool same = digesting->users_are_named_alike && before->accounts.count == after->accounts.count &&
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

static bool are_named_alike(const struct settings *before, const struct settings *after)
{
    bool alike =
        before->usernames == after->usernames && before->username_map.count == after->username_map.count;
    for (size_t i = 0; alike && i < after->username_map.count; i++)
        alike = str_eq(before->username_map.items[i].email.text, after->username_map.items[i].email.text) &&
                str_eq(before->username_map.items[i].name.text, after->username_map.items[i].name.text);
    return alike;
}

/* Rows that stand there twice count twice. */
static void compare_teams(struct digesting *digesting, const struct team_config *before,
                          const struct team_config *after)
{
    if (before && after && is_unchanged(digesting, before, after))
        return;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct team_rows was = rows_of(digesting, arena, digesting->input->before, before, after);
    struct team_rows is = rows_of(digesting, arena, digesting->input->after, after, before);
    pair_off(arena, &was, &is);
    hash_rows(digesting, arena, &was);
    hash_rows(digesting, arena, &is);
    for (size_t i = 0, j = 0; i < was.hashes.count || j < is.hashes.count;) {
        int order = i == was.hashes.count  ? 1
                    : j == is.hashes.count ? -1
                                           : strcmp(was.hashes.items[i], is.hashes.items[j]);
        if (order < 0)
            add_changed(digesting, &was, was.hashes.items[i], "-");
        if (order > 0)
            add_changed(digesting, &is, is.hashes.items[j], "+");
        i += order <= 0;
        j += order >= 0;
    }
}

static void collect_rows(struct digesting *digesting)
{
    const struct config *before = digesting->input->before, *after = digesting->input->after;
    for (size_t i = 0, j = 0; i < before->count || j < after->count;) {
        int order = i == before->count  ? 1
                    : j == after->count ? -1
                                        : strcmp(before->items[i].name, after->items[j].name);
        compare_teams(digesting, order <= 0 ? &before->items[i] : NULL, order >= 0 ? &after->items[j] : NULL);
        i += order <= 0;
        j += order >= 0;
    }
    strings_sort(&digesting->rows);
    strings_sort(&digesting->account_ids);
    strings_sort(&digesting->names);
}

/* What of the rules touches the rows: of their accounts, of their grants, of their teams, and what touches all. */
static void write_rules(struct digesting *digesting, struct buf *out)
{
    const struct digest_input *input = digesting->input;
    struct setting_list rules = {0};
    for (size_t i = 0; i < digesting->account_ids.count; i++) {
        const struct account_rules *account =
            input->account_rules ? account_rules_find(input->account_rules, digesting->account_ids.items[i])
                                 : NULL;
        if (account)
            buf_addf(out, "account %s %lld %d %d %lld\n", account->account_id, (long long)account->max_days,
                     account->require_reason, account->require_mfa, (long long)account->approvals);
    }
    for (size_t i = 0; i < digesting->names.count; i++)
        buf_addf(out, "grant %s %lld\n", digesting->names.items[i],
                 (long long)rules_max_days(input->rules, NULL, digesting->names.items[i]));
    setting_list_make_rules(digesting->scratch, input->rules, &rules);
    for (size_t i = 0; i < rules.count && digesting->rows.count; i++) {
        const char *name = rules.items[i].name;
        bool touches = str_prefix(name, "limits.") || str_prefix(name, "guardrails.") || str_eq(name, "teams");
        for (size_t j = 0; j < digesting->teams.count; j++)
            touches |=
                str_eq(name, arena_printf(digesting->scratch, "teams.%s.accounts", digesting->teams.items[j]));
        if (touches)
            buf_addf(out, "rule %s %s\n", name, rules.items[i].value);
    }
}

static void write_side_changes(struct digesting *digesting, struct buf *out)
{
    struct delta delta = {0};
    const struct side_input side = {.before = digesting->input->before, .after = digesting->input->after};
    side_changes_compute(digesting->scratch, &side, &delta);
    for (size_t i = 0; i < delta.side.count; i++) {
        const struct side_change *change = &delta.side.items[i];
        buf_addf(out, "%s %s\n%s\n%s\n", change->id, change->what, change->before ? change->before : "",
                 change->after ? change->after : "");
    }
}

const char *digest_compute(struct arena *arena, const struct digest_input *input)
{
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    struct digesting digesting = {.input = input,
                                  .scratch = scratch,
                                  .users_are_named_alike =
                                      are_named_alike(&input->before->settings, &input->after->settings),
                                  .policies = map_new(scratch),
                                  .accounts = map_new(scratch),
                                  .grants = map_new(scratch)};
    struct buf out;
    char hex[SHA256_HEX_SIZE];
    collect_rows(&digesting);
    buf_init(&out, DIGEST_TEXT_MAX);
    buf_addf(&out, "%s\n", version);
    for (size_t i = 0; i < digesting.rows.count; i++)
        buf_addf(&out, "%s\n", digesting.rows.items[i]);
    write_rules(&digesting, &out);
    write_side_changes(&digesting, &out);
    bool whole = buf_finish(&out);
    assert(whole);
    const char *digest = arena_strdup(arena, sha256_hex(out.bytes, out.size, hex));
    buf_free(&out);
    return digest;
}
