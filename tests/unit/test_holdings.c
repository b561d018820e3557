/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"
#include "base/time.h"
#include "plan/holdings.h"
#include "plan_world.h"
#include "policy/mark.h"
#include "unit.h"

#include <string.h>

#define ANY_DOCUMENT                                                                       \
    "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"s3:*\"," \
    "\"Resource\":\"*\"}}"

/* "bert payments-fix attach payments/fix prod\n": what it is, whose it is, until when, and what is odd about it. */
static const char *show_of(struct world *world, const struct config *config, const struct facts *declared)
{
    struct holdings holdings = {0};
    const char *text = "";
    char end[TIME_TEXT_SIZE];
    const struct holdings_input input = {
        .settings = &world->settings,
        .config = config,
        .declared = declared,
        .candidates = &world->candidates,
        .observed = &world->observed,
        .now_s = world->now_s,
    };
    holdings_compute(world->arena, &input, &holdings);
    assert_int_equal(holdings.now_s, world->now_s);
    for (size_t i = 0; i < holdings.count; i++) {
        const struct holding *h = &holdings.items[i];
        const char *slash = strrchr(h->what, '/');
        text = arena_printf(world->arena, "%s%s%s%s %s %s %s/%s %s%s%s%s%s\n", text,
                            str_eq(h->account_id, ACCOUNT) ? "" : "@",
                            h->principal_kind == PRINCIPAL_ROLE ? "role " : "", h->principal,
                            slash ? slash + 1 : h->what, access_mode_name(h->mode), h->team ? h->team : "?",
                            h->grant ? h->grant : "?", h->environment ? h->environment : "?",
                            h->ends_at_s ? " until " : "", h->ends_at_s ? time_format(h->ends_at_s, end) : "",
                            h->ended ? " ended" : "", h->declared ? "" : " undeclared");
    }
    for (size_t i = 0; i < holdings.problems.count; i++)
        text = arena_printf(world->arena, "%s! %s %s\n", text, holdings.problems.items[i].id,
                            holdings.problems.items[i].account_id);
    return text;
}

/* With an empty configuration: nobody has given the accounts names. */
static const char *show(struct world *world)
{
    const struct config nothing = {.settings = world->settings};
    return show_of(world, &nothing, &world->desired);
}

/* With a configuration of HEAD, and all that its entries say, ended or not. */
static const char *show_with(struct world *world, const char *yaml)
{
    const struct config *config = world_config(world, yaml);
    const struct facts declared = world_facts(world, yaml, 0);
    return show_of(world, config, &declared);
}

static void test_declared(void **state)
{
    (void)state;
    struct world *world = world_new();
    const char *yaml = WORLD_BASE "permanent-access:\n" PERMANENT(
        "ernie, bert", "fix, ro") "- {roles: [Deploy], environments: [dev], grants: [ro]}\n"
                                  "temporary-access:\n" LEASE("bert", "fix", "2026-11-26");
    world_want(world, yaml);
    world_implies(world, yaml);
    world_attach(world, "user bert", AWS_ARN("Billing")); /* foreign */
    world_inline(world, "user bert", "theirs", ANY_DOCUMENT);
    world_principal(world, ACCOUNT, "user nobody");
    assert_string_equal(show(world), "bert payments-fix attach payments/fix prod\n"
                                     "bert ReadOnlyAccess attach payments/ro prod\n"
                                     "bert temp-payments-fix-bert inline payments/fix prod"
                                     " until 2026-11-27T00:00:00Z\n"
                                     "ernie payments-fix attach payments/fix prod\n"
                                     "ernie ReadOnlyAccess attach payments/ro prod\n"
                                     "@role Deploy ReadOnlyAccess attach payments/ro dev\n");
    world_free(world);
}

/* What carries our mark is shown even if nobody declares it: it is there. */
static void test_undeclared(void **state)
{
    (void)state;
    struct world *world = world_new();
    world_implies(world,
                  WORLD_BASE "permanent-access:\n" PERMANENT("bert", "fix, ro") "temporary-access:\n" LEASE(
                      "bert", "fix", "2026-11-26") LEASE("ernie", "fix", "2026-11-24"));
    assert_string_equal(show(world), "bert payments-fix attach payments/fix ? undeclared\n"
                                     "bert temp-payments-fix-bert inline ?/? ?"
                                     " until 2026-11-27T00:00:00Z undeclared\n"
                                     "ernie temp-payments-fix-ernie inline ?/? ?"
                                     " until 2026-11-25T00:00:00Z ended undeclared\n");
    world->settings.owner = "other";
    assert_string_equal(show(world), "");
    world_free(world);
}

/* A lease that has ended is still the one of its entry; and whatever is there stands in an account with a name. */
static void test_ended_and_names_of_accounts(void **state)
{
    (void)state;
    struct world *world = world_new();
    world_implies(world, WORLD_BASE "permanent-access:\n" PERMANENT("bert", "fix") "temporary-access:\n" LEASE(
                             "bert", "fix", "2026-11-24") LEASE("ernie", "fix", "2026-11-24"));
    assert_string_equal(
        show_with(world, "team: billing\naws-accounts: {live: '" ACCOUNT "'}\nteam: payments\n" WORLD_BASE
                         "temporary-access:\n" LEASE("bert", "fix", "2026-11-24")),
        "bert payments-fix attach payments/fix prod undeclared\n"
        "bert temp-payments-fix-bert inline payments/fix prod until 2026-11-25T00:00:00Z ended\n"
        "ernie temp-payments-fix-ernie inline ?/? live until 2026-11-25T00:00:00Z ended undeclared\n");
    world_free(world);
}

/* Its entry says that it has ended, and in AWS it has not: that is not what is declared. */
static void test_lease_that_outlives_its_entry(void **state)
{
    (void)state;
    struct world *world = world_new();
    world_implies(world, WORLD_BASE "temporary-access:\n" LEASE("bert", "fix", "2026-11-26"));
    assert_string_equal(
        show_with(world, WORLD_BASE "temporary-access:\n" LEASE("bert", "fix", "2026-11-24")),
        "bert temp-payments-fix-bert inline payments/fix prod until 2026-11-27T00:00:00Z undeclared\n");
    world_free(world);
}

/* An entry went, and apply has not run or failed: what it gave is still there, without a mark that would tell. */
static void test_what_earlier_commits_declared(void **state)
{
    (void)state;
    struct world *world = world_new();
    const char *before = WORLD_BASE "permanent-access:\n" PERMANENT(
        "ernie, bert", "ro") "- {roles: [Deploy], environments: [dev], grants: [ro]}\n"
                             "temporary-access:\n" LEASE("bert", "fix", "2026-11-26");
    world_had(world, before); /* a candidate, too */
    world_implies(world, before);
    world_attach(world, "user bert", AWS_ARN("Billing"));
    assert_string_equal(show_with(world, WORLD_BASE "permanent-access:\n" PERMANENT("ernie", "ro")),
                        "bert ReadOnlyAccess attach payments/ro prod undeclared\n"
                        "bert temp-payments-fix-bert inline payments/fix prod"
                        " until 2026-11-27T00:00:00Z undeclared\n"
                        "ernie ReadOnlyAccess attach payments/ro prod\n"
                        "@role Deploy ReadOnlyAccess attach payments/ro dev undeclared\n");
    world_free(world);
}

/* It holds the text of our mark, and whose it is nobody can say: not a row, but not passed over either. */
static void test_damaged(void **state)
{
    (void)state;
    struct world *world = world_new();
    const char *prefix = mark_sid_prefix(world->arena, world->settings.owner);
    world_inline(world, "user bert", "theirs", ANY_DOCUMENT);
    world_inline(
        world, "user bert", "temp-payments-fix-bert",
        arena_printf(world->arena,
                     "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:*\","
                     "\"Resource\":\"*\"},{\"Sid\":\"%s1\",\"Effect\":\"Allow\",\"Action\":\"s3:*\","
                     "\"Resource\":\"*\"}]}",
                     prefix));
    assert_string_equal(show(world), "! lease-damaged " ACCOUNT "\n");
    world->settings.owner = "other";
    assert_string_equal(show(world), "");
    world_free(world);
}

static void test_names_regardless_of_case(void **state)
{
    (void)state;
    struct world *world = world_new();
    world_attach(world, "user Bert", AWS_ARN("ReadOnlyAccess"));
    world_want(world, WORLD_BASE "permanent-access:\n" PERMANENT("bert", "ro"));
    assert_string_equal(show(world), "Bert ReadOnlyAccess attach payments/ro prod\n");
    world_free(world);
}

/* A user's grant does not explain what a role of the same name has; nor one account's grant another's. */
static void test_others_grants_explain_nothing(void **state)
{
    (void)state;
    struct world *world = world_new();
    world_attach(world, "role bert", AWS_ARN("ReadOnlyAccess"));
    strings_add(world->arena, &world_principal(world, OTHER_ACCOUNT, "user bert")->attached,
                AWS_ARN("ReadOnlyAccess"));
    world_want(world, WORLD_BASE "permanent-access:\n" PERMANENT("bert", "ro"));
    assert_string_equal(show(world), "");
    world_free(world);
}

static void test_account_that_cannot_be_read(void **state)
{
    (void)state;
    struct world *world = world_new();
    world_account(world, OTHER_ACCOUNT)->error = "AssumeRole: AccessDenied";
    world_attach(world, "user bert", AWS_ARN("ReadOnlyAccess"));
    world_want(world, WORLD_BASE "permanent-access:\n" PERMANENT("bert", "ro"));
    assert_string_equal(show(world), "bert ReadOnlyAccess attach payments/ro prod\n"
                                     "! account-unreachable " OTHER_ACCOUNT "\n");
    world_free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_declared),
        cmocka_unit_test(test_undeclared),
        cmocka_unit_test(test_ended_and_names_of_accounts),
        cmocka_unit_test(test_lease_that_outlives_its_entry),
        cmocka_unit_test(test_what_earlier_commits_declared),
        cmocka_unit_test(test_damaged),
        cmocka_unit_test(test_names_regardless_of_case),
        cmocka_unit_test(test_others_grants_explain_nothing),
        cmocka_unit_test(test_account_that_cannot_be_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
