/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as iamlease.yaml. Where nothing is wrong every setting is within its bounds, what the file does
 * not name has its default, and the same settings written out plainly are read as the same.
 */
#include "base/buf.h"
#include "base/json.h"
#include "base/str.h"
#include "config/config.h"
#include "config/grammar.h"
#include "require.h"

/* What is longer is no file: written out, the same may need more room. */
enum { SOURCE_MAX = 1024 * 1024 };

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

static bool same_texts(const struct located_list *a, const struct located_list *b)
{
    for (size_t i = 0; a->count == b->count && i < a->count; i++)
        if (!str_eq(a->items[i].text, b->items[i].text))
            return false;
    return a->count == b->count;
}

static bool same_rules_of_names(const struct rules *a, const struct rules *b)
{
    if (a->environments.count != b->environments.count || a->grants.count != b->grants.count ||
        a->teams.count != b->teams.count)
        return false;
    for (size_t i = 0; i < a->environments.count; i++) {
        const struct environment_rules *x = &a->environments.items[i], *y = &b->environments.items[i];
        if (!str_eq(x->name.text, y->name.text) || x->max_days != y->max_days ||
            x->require_reason != y->require_reason || x->require_mfa != y->require_mfa ||
            x->approvals != y->approvals)
            return false;
    }
    for (size_t i = 0; i < a->grants.count; i++)
        if (!str_eq(a->grants.items[i].name.text, b->grants.items[i].name.text) ||
            a->grants.items[i].max_days != b->grants.items[i].max_days)
            return false;
    for (size_t i = 0; i < a->teams.count; i++)
        if (!str_eq(a->teams.items[i].name.text, b->teams.items[i].name.text) ||
            !same_texts(&a->teams.items[i].accounts, &b->teams.items[i].accounts))
            return false;
    return true;
}

static bool same_rules(const struct rules *a, const struct rules *b)
{
    return a->max_days == b->max_days && a->max_removals_percent == b->max_removals_percent &&
           a->has_teams == b->has_teams && same_rules_of_names(a, b) &&
           same_texts(&a->guardrails_deny, &b->guardrails_deny) &&
           same_texts(&a->guardrails_warn, &b->guardrails_warn) &&
           str_eq(a->port.base_url, b->port.base_url) && same_texts(&a->port.actions, &b->port.actions) &&
           same_texts(&a->port.allow, &b->port.allow) && same_texts(&a->port.domains, &b->port.domains) &&
           a->port.request_mode == b->port.request_mode && a->port.direct == b->port.direct;
}

static bool are_equal(const struct settings *a, const struct settings *b)
{
    if (a->usernames != b->usernames || a->username_map.count != b->username_map.count)
        return false;
    for (size_t i = 0; i < a->username_map.count; i++)
        if (!str_eq(a->username_map.items[i].email.text, b->username_map.items[i].email.text) ||
            !str_eq(a->username_map.items[i].name.text, b->username_map.items[i].name.text))
            return false;
    return same_rules(&a->rules, &b->rules) && str_eq(a->owner, b->owner) &&
           str_eq(a->deployer_role, b->deployer_role) && str_eq(a->plan_role, b->plan_role) &&
           str_eq(a->external_id, b->external_id) && str_eq(a->policy_path, b->policy_path) &&
           str_eq(a->permissions_boundary, b->permissions_boundary) && str_eq(a->partition, b->partition) &&
           str_eq(a->region, b->region);
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

static void write_list(struct json_writer *json, const char *key, const struct located_list *list)
{
    json_key(json, key);
    json_begin_array(json);
    for (size_t i = 0; i < list->count; i++)
        json_string(json, list->items[i].text);
    json_end_array(json);
}

static void write_days(struct json_writer *json, int64_t days)
{
    if (days != DAYS_UNSET)
        json_key_int(json, "max_days", days);
}

/* A section is an object at `key`; its end is the caller's affair. */
static void begin(struct json_writer *json, const char *key)
{
    json_key(json, key);
    json_begin_object(json);
}

static void write_rules(struct arena *arena, struct json_writer *json, const struct rules *rules)
{
    begin(json, "limits");
    json_key_int(json, "max_days", rules->max_days);
    json_key_string(json, "max_removals",
                    arena_printf(arena, "%lld%%", (long long)rules->max_removals_percent));
    json_end_object(json);
    begin(json, "environments");
    for (size_t i = 0; i < rules->environments.count; i++) {
        const struct environment_rules *environment = &rules->environments.items[i];
        begin(json, environment->name.text);
        write_days(json, environment->max_days);
        json_key_bool(json, "require_reason", environment->require_reason);
        json_key_bool(json, "require_mfa", environment->require_mfa);
        json_key_int(json, "approvals", environment->approvals);
        json_end_object(json);
    }
    json_end_object(json);
    begin(json, "grants");
    for (size_t i = 0; i < rules->grants.count; i++) {
        begin(json, rules->grants.items[i].name.text);
        write_days(json, rules->grants.items[i].max_days);
        json_end_object(json);
    }
    json_end_object(json);
    if (rules->has_teams) {
        begin(json, "teams");
        for (size_t i = 0; i < rules->teams.count; i++) {
            begin(json, rules->teams.items[i].name.text);
            write_list(json, "accounts", &rules->teams.items[i].accounts);
            json_end_object(json);
        }
        json_end_object(json);
    }
    begin(json, "guardrails");
    write_list(json, "deny", &rules->guardrails_deny);
    write_list(json, "warn", &rules->guardrails_warn);
    json_end_object(json);
    begin(json, "port");
    json_key_string(json, "base_url", rules->port.base_url);
    write_list(json, "actions", &rules->port.actions);
    write_list(json, "allow", &rules->port.allow);
    write_list(json, "domains", &rules->port.domains);
    json_key_string(json, "request_mode", rules->port.request_mode == PORT_DIRECT ? "direct" : "pull-request");
    json_key_bool(json, "direct", rules->port.direct);
    json_end_object(json);
}

static void write_mapping(struct json_writer *json, const struct settings *settings)
{
    json_key_string(json, "owner", settings->owner);
    if (settings->usernames == USERNAMES_MAP) {
        begin(json, "usernames");
        for (size_t i = 0; i < settings->username_map.count; i++)
            json_key_string(json, settings->username_map.items[i].email.text,
                            settings->username_map.items[i].name.text);
        json_end_object(json);
    } else {
        json_key_string(json, "usernames", settings->usernames == USERNAMES_EMAIL ? "email" : "local-part");
    }
    begin(json, "aws");
    json_key_string(json, "deployer_role", settings->deployer_role);
    json_key_string(json, "plan_role", settings->plan_role);
    json_key_string(json, "external_id", settings->external_id);
    json_key_string(json, "policy_path", settings->policy_path);
    json_key_string(json, "permissions_boundary", settings->permissions_boundary);
    json_key_string(json, "partition", settings->partition);
    json_key_string(json, "region", settings->region);
    json_end_object(json);
}

/* JSON is YAML. */
static void check_written(struct arena *arena, const struct settings *settings)
{
    size_t errors;
    struct buf out;
    buf_init(&out, 64 * 1024 * 1024);
    struct json_writer json = json_writer_new(&out, false);
    json_begin_object(&json);
    json_key_int(&json, "version", 1);
    write_rules(arena, &json, &settings->rules);
    write_mapping(&json, settings);
    json_end_object(&json);
    const char *text = arena_strndup(arena, out.bytes, out.size);
    buf_free(&out);
    struct settings again = read_settings(arena, text, strlen(text), &errors);
    REQUIRE(strlen(text) > SOURCE_MAX || (errors == 0 && are_equal(settings, &again)));
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
