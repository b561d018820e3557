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
    return a->max_days == b->max_days && a->max_removals_percent == b->max_removals_percent &&
           str_eq(a->owner, b->owner) && str_eq(a->deployer_role, b->deployer_role) &&
           str_eq(a->policy_path, b->policy_path) && str_eq(a->partition, b->partition);
}

static void check_bounds(const struct settings *settings)
{
    REQUIRE(settings->max_days >= 0 && settings->max_days <= 3650);
    REQUIRE(settings->max_removals_percent >= 0 && settings->max_removals_percent <= 100);
    REQUIRE(grammar_owner.matches(settings->owner));
    REQUIRE(grammar_role.matches(settings->deployer_role));
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
    REQUIRE(may_name(text, size, "max_days") || settings->max_days == defaults.max_days);
    REQUIRE(may_name(text, size, "max_removals") ||
            settings->max_removals_percent == defaults.max_removals_percent);
    REQUIRE(may_name(text, size, "owner") || str_eq(settings->owner, defaults.owner));
    REQUIRE(may_name(text, size, "deployer_role") || str_eq(settings->deployer_role, defaults.deployer_role));
    REQUIRE(may_name(text, size, "policy_path") || str_eq(settings->policy_path, defaults.policy_path));
    REQUIRE(may_name(text, size, "partition") || str_eq(settings->partition, defaults.partition));
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
                     (long long)settings->max_days, (long long)settings->max_removals_percent,
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
