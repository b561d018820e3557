/* SPDX-License-Identifier: Apache-2.0 */
#include "plan_world.h"

#include "base/buf.h"
#include "base/str.h"
#include "base/time.h"
#include "plan/desired.h"
#include "plan_laws.h"
#include "unit.h"

#include <stdlib.h>
#include <string.h>

struct world *world_new(void)
{
    struct arena *arena = arena_new();
    struct world *world = ARENA_NEW(arena, struct world);
    *world = (struct world){.arena = arena, .settings = settings_defaults()};
    assert_true(time_parse_rfc3339(WORLD_NOW, &world->now_s));
    return world;
}

void world_free(struct world *world)
{
    arena_free(world->arena);
}

/* The first line behind `text` that begins with a letter, or its end. OIDC providers stand behind the roles
 * of their file. */
static const char *next_file(const char *text)
{
    do {
        const char *line = strchr(text, '\n');
        text = line ? line + 1 : text + strlen(text);
    } while (*text && (*text < 'a' || *text > 'z' || str_prefix(text, "oidc-providers:")));
    return text;
}

void world_files(struct arena *arena, const char *yaml, struct text_file ret_files[static TEXT_FILES_MAX])
{
    static const char *const folders[] = {"aws-accounts", "aws-policies", "aws-roles", "permanent-access",
                                          "temporary-access"};
    const char *team = "payments";
    size_t count = 0;
    for (const char *end; *yaml; yaml = end) {
        end = next_file(yaml);
        size_t size = strcspn(yaml, ":\n");
        const char *key = arena_strndup(arena, yaml, size), *path = "iamlease.yaml";
        if (str_eq(key, "team")) {
            team = arena_strndup(arena, yaml + size + 2, strcspn(yaml, "\n") - size - 2);
            continue;
        }
        for (size_t i = 0; i < COUNT(folders); i++)
            if (str_eq(key, folders[i]))
                path = arena_printf(arena, "%s/%s.yaml", key, team);
        assert_in_range(count, 0, TEXT_FILES_MAX - 1);
        ret_files[count++] = (struct text_file){path, arena_strndup(arena, yaml, (size_t)(end - yaml))};
    }
}

const struct config *world_config(struct world *world, const char *yaml)
{
    struct text_file files[TEXT_FILES_MAX] = {0};
    struct diags diags = diags_new(world->arena);
    world_files(world->arena, yaml, files);
    struct config *config = config_run(world->arena, files, &diags);
    CHECK(diags.errors == 0, "%s", config_run_diags(world->arena, &diags));
    return config;
}

struct facts world_facts(struct world *world, const char *yaml, int64_t now_s)
{
    struct facts facts = {0};
    struct config config = *world_config(world, yaml);
    config.settings.owner = world->settings.owner;
    desired_facts(world->arena, &config, &world->rules, now_s, &facts);
    plan_laws_of_facts(world, &facts);
    return facts;
}

static void add_candidates(struct world *world, const char *yaml)
{
    struct facts facts = world_facts(world, yaml, 0);
    for (size_t i = 0; i < facts.count; i++)
        *VEC_ADD(world->arena, &world->candidates) = facts.items[i];
}

void world_had(struct world *world, const char *yaml)
{
    world->applied = world_facts(world, yaml, 0);
    add_candidates(world, yaml);
}

void world_want(struct world *world, const char *yaml)
{
    world->desired = world_facts(world, yaml, world->now_s);
    add_candidates(world, yaml);
}

void world_hold(struct world *world, const char *yaml)
{
    world->held = world_facts(world, yaml, 0);
}

void world_hold_ends(struct world *world, const char *yaml)
{
    world->held_ends = world_facts(world, yaml, 0);
}

void world_implies(struct world *world, const char *yaml)
{
    const struct facts facts = world_facts(world, yaml, 0);
    for (size_t i = 0; i < facts.count; i++)
        world_account(world, facts.items[i].account_id); /* so that it is known what leases copy */
    operations_implied_state(world->arena, &world->settings, &facts, &facts, NULL, &world->observed);
}

struct observed_account *world_account(struct world *world, const char *account_id)
{
    for (size_t i = 0; i < world->observed.count; i++)
        if (str_eq(world->observed.items[i].account_id, account_id))
            return &world->observed.items[i];
    struct observed_account *account = VEC_ADD(world->arena, &world->observed);
    account->account_id = account_id;
    account->quotas = quotas_defaults();
    static const char *const sources[] = {AWS_ARN("ReadOnlyAccess"), AWS_ARN("SecurityAudit")};
    for (size_t i = 0; i < COUNT(sources); i++)
        *VEC_ADD(world->arena, &account->sources) = (struct observed_source){
            .arn = sources[i],
            .version_id = "v3",
            .document = arena_printf(world->arena,
                                     "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\","
                                     "\"Action\":\"s%zu:Get*\",\"Resource\":\"*\"}}",
                                     i),
        };
    return account;
}

struct observed_principal *world_principal(struct world *world, const char *account_id, const char *who)
{
    struct observed_account *account = world_account(world, account_id);
    const char *name = strchr(who, ' ');
    assert_non_null(name++);
    enum principal_kind kind = 0;
    while (!str_prefix(who, principal_kind_name(kind)))
        assert_int_not_equal(++kind, PRINCIPAL_KIND_COUNT);
    for (size_t i = 0; i < account->principals.count; i++)
        if (account->principals.items[i].kind == kind && str_eq(account->principals.items[i].name, name))
            return &account->principals.items[i];
    struct observed_principal *principal = VEC_ADD(world->arena, &account->principals);
    principal->kind = kind;
    principal->name = name;
    return principal;
}

void world_attach(struct world *world, const char *who, const char *arn)
{
    strings_add(world->arena, &world_principal(world, ACCOUNT, who)->attached, arn);
}

void world_inline(struct world *world, const char *who, const char *name, const char *document)
{
    struct observed_principal *principal = world_principal(world, ACCOUNT, who);
    *VEC_ADD(world->arena, &principal->inline_policies) =
        (struct inline_policy){.name = name, .document = document};
}

void world_policy(struct world *world, const char *name, const char *description, const char *document,
                  unsigned versions)
{
    struct observed_policy *policy = VEC_ADD(world->arena, &world_account(world, ACCOUNT)->policies);
    *policy = (struct observed_policy){
        .name = name,
        .path = "/iamlease/",
        .arn = arena_printf(world->arena, "arn:aws:iam::%s:policy/iamlease/%s", ACCOUNT, name),
        .description = description,
        .document = document,
    };
    for (unsigned i = 1; i <= versions; i++)
        *VEC_ADD(world->arena, &policy->versions) =
            (struct policy_version){.id = arena_printf(world->arena, "v%u", i),
                                    .is_default = i == versions,
                                    .created_at_s = i};
}

static void show_operation(struct buf *out, const struct operation *operation)
{
    const char *arn = operation->policy_arn ? strrchr(operation->policy_arn, '/') : NULL;
    buf_addf(out, "%s %s", operation_info(operation->kind)->title,
             operation->policy_name ? operation->policy_name
             : arn                  ? arn + 1
             : operation->provider  ? operation->provider->url
                                    : operation->principal);
    if (operation->version_id)
        buf_addf(out, " %s", operation->version_id);
    if (operation->principal && (operation->policy_name || arn))
        buf_addf(out, ", %s %s", principal_kind_name(operation->principal_kind), operation->principal);
    for (size_t i = 0; i < operation->after.count; i++)
        buf_addf(out, i ? " %zu" : ", after %zu", operation->after.items[i]);
    if (!str_eq(operation->account_id, ACCOUNT))
        buf_addf(out, " @%s", operation->account_id);
    buf_add_char(out, '\n');
}

const char *world_show(struct arena *arena, const struct plan *plan)
{
    struct buf out;
    buf_init(&out, 1024 * 1024);
    for (size_t i = 0; i < plan->operations.count; i++)
        show_operation(&out, &plan->operations.items[i]);
    for (size_t i = 0; i < plan->problems.count; i++) {
        const struct problem *problem = &plan->problems.items[i];
        buf_addf(&out, "! %s", problem->id);
        if (problem->fact)
            buf_addf(&out, ": %s, %s", problem->fact->principal, problem->fact->grant);
        buf_add_char(&out, '\n');
    }
    for (size_t i = 0; i < plan->notices.count; i++)
        buf_add_text(&out, "i\n");
    const char *text = arena_strndup(arena, out.bytes, out.size);
    assert_false(out.failed);
    buf_free(&out);
    return text;
}

struct operations_input world_input(const struct world *world, const struct observed *observed)
{
    return (struct operations_input){
        .settings = &world->settings,
        .desired = &world->desired,
        .held = &world->held,
        .held_ends = &world->held_ends,
        .candidates = &world->candidates,
        .applied = &world->applied,
        .observed = observed,
        .teams = &world->teams,
        .adopts = world->adopts,
        .now_s = world->now_s,
    };
}

const char *world_plan(struct world *world)
{
    const struct operations_input input = world_input(world, &world->observed);
    world->plan = (struct plan){.now_s = world->now_s, .settings = &world->settings};
    operations_compute(world->arena, &input, &world->plan);
    plan_laws_of_plan(world);
    return world_show(world->arena, &world->plan);
}

const char *world_cleanup(struct world *world)
{
    world->plan = (struct plan){.now_s = world->now_s, .settings = &world->settings};
    operations_cleanup(world->arena, &world->settings, &world->observed, NULL,
                       world->adopts ? &world->candidates : NULL, NULL, world->now_s, &world->plan);
    return world_show(world->arena, &world->plan);
}

void world_check_changes(const struct change_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct world *world = world_new();
        const char *had = arena_printf(world->arena, WORLD_BASE "%s", cases[i].had ? cases[i].had : "");
        const char *want = arena_printf(world->arena, WORLD_BASE "%s", cases[i].want ? cases[i].want : "");
        world_implies(world, had);
        world_principal(world, ACCOUNT, "user bert");
        world_principal(world, ACCOUNT, "user ernie");
        world_principal(world, ACCOUNT, "role Deploy");
        world_had(world, had);
        world_want(world, want);
        const char *plan = world_plan(world);
        CHECK(str_eq(plan, cases[i].expected), "%s:\n%s", cases[i].name, plan);
        world_free(world);
    }
}
