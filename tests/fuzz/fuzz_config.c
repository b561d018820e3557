/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as configuration files. The input is cut at lines "--- file <path>"; what stands in front of the
 * first one is a file of policies. Then the files are read, in two orders, and what must always be true is
 * checked.
 */
#include "base/str.h"
#include "base/time.h"
#include "config/config.h"
#include "policy/document.h"
#include "policy/trust.h"
#include "require.h"

static const char first_path[] = "aws-policies/first.yaml";
static const char marker[] = "--- file ";
static const int64_t now_s = 1764147600; /* 2025-11-26T09:00:00Z */
enum { POLICY_SIZE_MAX = 6144, ACCOUNT_ID_DIGITS = 12 };

static const char *find_marker(const char *text, const char *end)
{
    for (const char *line = text; line < end;) {
        if ((size_t)(end - line) > strlen(marker) && memcmp(line, marker, strlen(marker)) == 0)
            return line;
        const char *newline = memchr(line, '\n', (size_t)(end - line));
        line = newline ? newline + 1 : end;
    }
    return end;
}

static void add_input(struct arena *arena, struct config_inputs *inputs, const char *path, const char *text,
                      size_t size, struct diags *diags)
{
    struct config_input input = {0};
    int ours = config_classify(arena, path, path, &input.kind, &input.team, diags);
    REQUIRE(ours == 1 || ours == 0 || ours == -1);
    if (ours != 1)
        return;
    for (size_t i = 0; i < inputs->count; i++)
        if (str_eq(inputs->items[i].file->path, path))
            return; /* one tree has no path twice */
    /* Copied to its exact size, so that AddressSanitizer sees who reads behind the NUL. */
    char *copy = arena_alloc(arena, size + 1);
    memcpy(copy, text, size);
    struct source_file *file = ARENA_NEW(arena, struct source_file);
    *file = (struct source_file){.path = path, .text = copy, .size = size};
    input.file = file;
    *VEC_ADD(arena, inputs) = input;
}

static struct config_inputs split(struct arena *arena, const char *text, size_t size, struct diags *diags)
{
    struct config_inputs inputs = {0};
    const char *end = text + size, *path = first_path;
    for (;;) {
        const char *next = find_marker(text, end);
        if (next > text || path != first_path)
            add_input(arena, &inputs, path, text, (size_t)(next - text), diags);
        if (next == end)
            return inputs;
        next += strlen(marker);
        const char *newline = memchr(next, '\n', (size_t)(end - next));
        path = arena_strndup(arena, next, (size_t)((newline ? newline : end) - next));
        text = newline ? newline + 1 : end;
    }
}

/* Code points of a line, a byte that is not UTF-8 counting as one; false when the file has no such line. */
static bool line_length(const struct source_file *file, uint32_t line, size_t *ret)
{
    const char *at = file->text, *end = at + file->size;
    for (; line > 1; line--) {
        at = at < end ? memchr(at, '\n', (size_t)(end - at)) : NULL;
        if (!at)
            return false;
        at++;
    }
    *ret = 0;
    while (at < end && *at != '\n') {
        uint32_t c;
        size_t length = str_decode_utf8(at, (size_t)(end - at), &c);
        at += length ? length : 1;
        ++*ret;
    }
    return true;
}

/* What is said is one line of UTF-8 that can be seen. */
static void check_text(const char *text)
{
    uint32_t c;
    for (size_t size = strlen(text), length; size; text += length, size -= length) {
        length = str_decode_utf8(text, size, &c);
        REQUIRE(length && !str_is_invisible(c));
    }
}

/* Every diagnostic stands inside of its file; a caret may point right behind a line. */
static void check_diag(const struct diag *diag)
{
    REQUIRE(diag->id && diag->message && *diag->message);
    REQUIRE(diag->message[strlen(diag->message) - 1] != '.');
    check_text(diag->message);
    if (diag->hint)
        check_text(diag->hint);
    if (diag->span.line == 0)
        return;
    size_t length;
    REQUIRE(diag->span.file);
    REQUIRE(line_length(diag->span.file, diag->span.line, &length));
    REQUIRE(diag->span.column >= 1 && diag->span.column <= length + 1);
    REQUIRE(diag->span.length >= 1);
    REQUIRE(diag->span.length == 1 || diag->span.column + diag->span.length <= length + 1);
}

static void check_policy(struct arena *arena, const struct policy_decl *policy)
{
    REQUIRE(policy->managed_policies.count + policy->custom.count > 0);
    if (policy->custom.count == 0)
        return;
    const char *json = document_to_json(arena, &policy->custom);
    REQUIRE(document_measure(json) <= POLICY_SIZE_MAX);
    struct document again = {0};
    struct err err = {0};
    REQUIRE(document_parse(arena, json, strlen(json), &again, &err) == 0);
    REQUIRE(document_equal(arena, &policy->custom, &again));
}

/* A role, whose trust policy is one that AWS would give back as it is, or an OIDC provider. */
static void check_kept(struct arena *arena, const struct access_entry *entry)
{
    const struct role_decl *role = entry->ad_hoc->role;
    struct document trust, again = {0};
    struct err err = {0};
    REQUIRE((role != NULL) != (entry->ad_hoc->provider != NULL));
    REQUIRE(entry->ad_hoc->custom.count == 0 && entry->roles.count == 1);
    if (!role)
        return;
    trust_document(arena, "aws", "012345678901", role, &trust);
    const char *json = document_to_json(arena, &trust);
    REQUIRE(trust.count == role->trust.count && trust.count > 0);
    REQUIRE(document_parse_trust(arena, json, strlen(json), &again, &err) == 0);
    REQUIRE(document_equal(arena, &trust, &again));
}

static void check_entry(struct arena *arena, const struct team_config *team, const struct access_entry *entry)
{
    REQUIRE(entry->users.count + entry->roles.count + entry->groups.count > 0);
    REQUIRE(entry->environments.count > 0);
    REQUIRE(entry->temporary == (entry->ends_at_s > 0));
    REQUIRE(!entry->starts_at_s || entry->starts_at_s < entry->ends_at_s);
    REQUIRE(!entry->incomplete);
    if (entry->file == FILE_ROLES) {
        check_kept(arena, entry);
    } else {
        REQUIRE(entry->temporary || !entry->ad_hoc);
        REQUIRE((entry->grants.count > 0) != (entry->ad_hoc != NULL));
        if (entry->ad_hoc)
            check_policy(arena, entry->ad_hoc);
    }
    for (size_t i = 0; i < entry->environments.count; i++)
        REQUIRE(team_find_account(team, entry->environments.items[i].text));
    for (size_t i = 0; i < entry->grants.count; i++)
        REQUIRE(team_find_policy(team, entry->grants.items[i].text));
}

/* What is true of every configuration in which nothing is wrong. */
static void check_config(struct arena *arena, const struct config *config)
{
    for (size_t t = 0; t < config->count; t++) {
        const struct team_config *team = &config->items[t];
        REQUIRE(t == 0 || strcmp(config->items[t - 1].name, team->name) < 0);
        for (size_t i = 0; i < team->accounts.count; i++)
            REQUIRE(strlen(team->accounts.items[i].account_id.text) == ACCOUNT_ID_DIGITS);
        for (size_t i = 0; i < team->policies.count; i++)
            check_policy(arena, &team->policies.items[i]);
        for (size_t i = 0; i < team->entries.count; i++)
            check_entry(arena, team, &team->entries.items[i]);
    }
}

static void check_same(const struct diags *a, const struct diags *b)
{
    REQUIRE(a->errors == b->errors && a->warnings == b->warnings && a->count == b->count);
    for (size_t i = 0; i < a->count; i++) {
        const struct diag *x = &a->items[i], *y = &b->items[i];
        REQUIRE(str_eq(x->id, y->id) && str_eq(x->message, y->message) && x->severity == y->severity);
        REQUIRE(x->span.file == y->span.file && x->span.line == y->span.line &&
                x->span.column == y->span.column);
    }
}

static struct config *read_all(struct arena *arena, const struct config_inputs *inputs, struct diags *diags)
{
    *diags = diags_new(arena);
    struct config *config = config_load(arena, inputs, diags);
    if (diags->errors == 0)
        check_config(arena, config);
    struct all_account_rules accounts;
    config_account_rules(arena, &config->settings.rules, NULL, config, &accounts);
    const struct judge judge = {.rules = &config->settings.rules, .accounts = &accounts, .now_s = now_s};
    config_judge(config, &judge, diags);
    config_check_names(config, config, now_s, diags);
    diags_sort(diags);
    return config;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct diags names = diags_new(arena), forward, backward;
    struct config_inputs inputs = split(arena, (const char *)data, size, &names), reversed = {0};
    for (size_t i = inputs.count; i-- > 0;)
        *VEC_ADD(arena, &reversed) = inputs.items[i];
    struct config *a = read_all(arena, &inputs, &forward), *b = read_all(arena, &reversed, &backward);
    REQUIRE(a->count == b->count);
    check_same(&forward, &backward);
    for (size_t i = 0; i < names.count; i++)
        check_diag(&names.items[i]);
    for (size_t i = 0; i < forward.count; i++)
        check_diag(&forward.items[i]);
    return 0;
}
