/* SPDX-License-Identifier: Apache-2.0 */
#include "config/subject.h"

#include "base/buf.h"
#include "base/hash.h"
#include "base/str.h"
#include "policy/document.h"
#include "policy/trust.h"

#include <string.h>

static const struct team_config *find_team(const struct config *config, const char *name)
{
    size_t low = 0, high = config->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(config->items[middle].name, name);
        if (order == 0)
            return &config->items[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static const char *address_of(struct arena *arena, const struct source_file *file)
{
    char *text = arena_alloc(arena, STR_POINTER_SIZE);
    return str_of_pointer(file, text);
}

struct subjects subjects_new(struct arena *arena, const struct config_inputs *inputs,
                             const struct config *config)
{
    struct subjects subjects = {.arena = arena, .config = config, .files = map_new(arena)};
    for (size_t i = 0; i < inputs->count; i++) {
        struct subject *whole = ARENA_NEW(arena, struct subject);
        whole->kind = inputs->items[i].kind;
        whole->team = inputs->items[i].team ? find_team(config, inputs->items[i].team) : NULL;
        map_put(&subjects.files, address_of(arena, inputs->items[i].file), whole);
    }
    return subjects;
}

/* Whether `span` stands at or behind `start` in the same file: in file order the last such start is its own. */
static bool begins_before(struct span start, struct span span)
{
    if (start.file != span.file || start.line > span.line)
        return false;
    return start.line < span.line || start.column <= span.column;
}

struct subject subject_find(const struct subjects *subjects, struct span span)
{
    char address[STR_POINTER_SIZE];
    const struct subject *whole =
        span.file ? map_get(&subjects->files, str_of_pointer(span.file, address)) : NULL;
    struct subject found = whole ? *whole : (struct subject){.kind = FILE_KIND_COUNT};
    const struct team_config *team = found.team;
    if (!team || span.line == 0)
        return found;
    for (size_t i = 0; found.kind == FILE_ACCOUNTS && i < team->accounts.count; i++)
        if (begins_before(team->accounts.items[i].environment.span, span))
            found.account = &team->accounts.items[i];
    for (size_t i = 0; found.kind == FILE_POLICIES && i < team->policies.count; i++)
        if (begins_before(team->policies.items[i].name.span, span))
            found.policy = &team->policies.items[i];
    for (size_t i = 0; i < team->entries.count; i++)
        if (begins_before(team->entries.items[i].span, span))
            found.entry = &team->entries.items[i];
    return found;
}

/* One value behind the other, each ended by a line feed, which none can hold. */
static void add_list(struct buf *out, const char *what, const struct located_list *list)
{
    buf_addf(out, "%s\n", what);
    for (size_t i = 0; i < list->count; i++)
        buf_addf(out, "%s\n", list->items[i].text);
}

static bool is_writable(const struct document *document)
{
    for (size_t i = 0; i < document->count; i++)
        if (!(document->items[i].actions.count + document->items[i].not_actions.count) ||
            !(document->items[i].resources.count + document->items[i].not_resources.count))
            return false;
    return document->count > 0;
}

static void add_policy(struct arena *scratch, struct buf *out, const struct policy_decl *policy)
{
    buf_addf(out, "policy %s\n%s\n", policy->name.text,
             trust_canonical(scratch, policy->role, policy->provider));
    add_list(out, "managed", &policy->managed_policies);
    if (is_writable(&policy->custom))
        buf_addf(out, "%s\n", document_to_json(scratch, &policy->custom));
}

static void add_entry(struct arena *scratch, struct buf *out, const struct team_config *team,
                      const struct access_entry *entry)
{
    add_list(out, entry->temporary ? "temporary users" : "permanent users", &entry->users);
    add_list(out, "roles", &entry->roles);
    add_list(out, "groups", &entry->groups);
    for (size_t i = 0; i < entry->environments.count; i++) {
        const struct account_decl *account = team_find_account(team, entry->environments.items[i].text);
        buf_addf(out, "account %s %s\n", entry->environments.items[i].text,
                 account ? account->account_id.text : "");
    }
    for (size_t i = 0; i < entry->grants.count; i++) {
        const struct policy_decl *policy = team_find_policy(team, entry->grants.items[i].text);
        buf_addf(out, "grant %s\n", entry->grants.items[i].text);
        if (policy)
            add_policy(scratch, out, policy);
    }
    if (entry->ad_hoc)
        add_policy(scratch, out, entry->ad_hoc);
    buf_addf(out, "from %lld to %lld mode %d\n", (long long)entry->starts_at_s, (long long)entry->ends_at_s,
             (int)entry->mode);
}

/* Larger than any file: what stands in one cannot be cut off. */
enum { TEXT_MAX = 256 * 1024 * 1024 };

const char *subject_identity(const struct subjects *subjects, const struct diag *diag)
{
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    const struct subject subject = subject_find(subjects, diag->span);
    char hex[SHA256_HEX_SIZE];
    struct buf text;
    buf_init(&text, TEXT_MAX);
    buf_addf(&text, "%s\n%s\n%s\n", diag->id, diag->span.file ? diag->span.file->path : "", diag->message);
    if (subject.entry)
        add_entry(scratch, &text, subject.team, subject.entry);
    if (subject.policy)
        add_policy(scratch, &text, subject.policy);
    if (subject.account)
        buf_addf(&text, "account %s %s\n", subject.account->environment.text,
                 subject.account->account_id.text);
    const char *identity = arena_strdup(subjects->arena, sha256_hex(text.bytes, text.size, hex));
    buf_free(&text);
    return identity;
}
