/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as iamlease.yaml. Where nothing is wrong every setting is within its bounds, what the file does
 * not name has its default, and the same settings written out plainly are read as the same.
 */
#include "base/str.h"
#include "config/config.h"
#include "config/grammar.h"
#include "require.h"

static struct settings read_settings(struct arena *arena, const char *text, size_t size, size_t *ret_errors)
{
    struct config_inputs inputs = {0};
    struct source_file *file = ARENA_NEW(arena, struct source_file);
    struct diags diags = diags_new(arena);
    *file = (struct source_file){.path = "iamlease.yaml", .text = text, .size = size};
    *VEC_ADD(arena, &inputs) = (struct config_input){.kind = FILE_SETTINGS, .file = file};
    struct config *config = config_load(arena, &inputs, &diags);
    REQUIRE(config->count == 0);
    for (size_t i = 0; i < diags.count; i++)
        REQUIRE(diags.items[i].span.file == file && *diags.items[i].id && *diags.items[i].message);
    *ret_errors = diags.errors;
    return config->settings;
}

static bool are_equal(const struct settings *a, const struct settings *b)
{
    return a->rules.max_days == b->rules.max_days &&
           a->rules.max_removals_percent == b->rules.max_removals_percent && str_eq(a->owner, b->owner) &&
           str_eq(a->deployer_role, b->deployer_role) && str_eq(a->policy_path, b->policy_path) &&
           str_eq(a->partition, b->partition);
}

static bool is_limit(int64_t days)
{
    return days >= 0 && days <= 3650;
}

static void check_bounds(const struct settings *settings)
{
    const struct rules *rules = &settings->rules;
    REQUIRE(is_limit(rules->max_days));
    REQUIRE(rules->max_removals_percent >= 0 && rules->max_removals_percent <= 100);
    for (size_t i = 0; i < rules->environments.count; i++) {
        const struct environment_rules *environment = &rules->environments.items[i];
        REQUIRE(grammar_environment.matches(environment->name.text) && environment->approvals >= 0);
        REQUIRE(environment->max_days == DAYS_UNSET || is_limit(environment->max_days));
    }
    for (size_t i = 0; i < rules->grants.count; i++)
        REQUIRE(rules->grants.items[i].max_days == DAYS_UNSET || is_limit(rules->grants.items[i].max_days));
    REQUIRE(grammar_owner.matches(settings->owner));
    REQUIRE(grammar_role.matches(settings->deployer_role));
    REQUIRE(!*settings->plan_role || grammar_role.matches(settings->plan_role));
    REQUIRE(grammar_policy_path.matches(settings->policy_path));
    REQUIRE(grammar_partition.matches(settings->partition));
}

/* A key can only be in the file when its letters are, or when an escape stands for one of them. */
static bool may_name(const char *text, size_t size, const char *key)
{
    return memchr(text, '\\', size) || memmem(text, size, key, strlen(key));
}

static void check_defaults(const struct settings *settings, const char *text, size_t size)
{
    const struct settings defaults = settings_defaults();
    const struct {
        const char *key, *value, *expected;
    } texts[] = {
        {"owner", settings->owner, defaults.owner},
        {"deployer_role", settings->deployer_role, defaults.deployer_role},
        {"plan_role", settings->plan_role, defaults.plan_role},
        {"external_id", settings->external_id, defaults.external_id},
        {"policy_path", settings->policy_path, defaults.policy_path},
        {"permissions_boundary", settings->permissions_boundary, defaults.permissions_boundary},
        {"partition", settings->partition, defaults.partition},
        {"region", settings->region, defaults.region},
        {"base_url", settings->rules.port.base_url, defaults.rules.port.base_url},
    };
    const struct {
        const char *key;
        size_t count;
    } lists[] = {
        {"environments", settings->rules.environments.count},
        {"grants", settings->rules.grants.count},
        {"teams", settings->rules.teams.count + settings->rules.has_teams},
        {"deny", settings->rules.guardrails_deny.count},
        {"warn", settings->rules.guardrails_warn.count},
        {"usernames", settings->username_map.count + (settings->usernames != defaults.usernames)},
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        REQUIRE(may_name(text, size, texts[i].key) || str_eq(texts[i].value, texts[i].expected));
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
        REQUIRE(may_name(text, size, lists[i].key) || lists[i].count == 0);
    REQUIRE(may_name(text, size, "max_days") || settings->rules.max_days == defaults.rules.max_days);
    REQUIRE(may_name(text, size, "max_removals") ||
            settings->rules.max_removals_percent == defaults.rules.max_removals_percent);
}

static void check_written(struct arena *arena, const struct settings *settings)
{
    size_t errors;
    const char *text =
        arena_printf(arena,
                     "version: 1\n"
                     "limits: { max_days: %lld, max_removals: \"%lld%%\" }\n"
                     "owner: \"%s\"\n"
                     "aws:\n"
                     "  deployer_role: \"%s\"\n"
                     "  policy_path: \"%s\"\n"
                     "  partition: \"%s\"\n",
                     (long long)settings->rules.max_days, (long long)settings->rules.max_removals_percent,
                     settings->owner, settings->deployer_role, settings->policy_path, settings->partition);
    struct settings again = read_settings(arena, text, strlen(text), &errors);
    REQUIRE(errors == 0 && are_equal(settings, &again));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    char *text = arena_alloc(arena, size + 1);
    size_t errors;
    memcpy(text, data, size);
    struct settings settings = read_settings(arena, text, size, &errors);
    if (errors)
        return 0;
    check_bounds(&settings);
    check_defaults(&settings, text, size);
    check_written(arena, &settings);
    return 0;
}
