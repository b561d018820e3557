/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"
#include "plan/sharing.h"
#include "plan_world.h"
#include "unit.h"

/* The fact of a grant of a principal in ACCOUNT. */
static const struct fact *find(const struct facts *facts, const char *team, const char *principal,
                               const char *grant)
{
    for (size_t i = 0; i < facts->count; i++)
        if (str_eq(facts->items[i].team, team) && str_eq(facts->items[i].principal, principal) &&
            str_eq(facts->items[i].grant, grant))
            return &facts->items[i];
    fail_msg("no %s/%s", team, grant);
    return NULL;
}

static void test_who_else_brings_it(void **state)
{
    (void)state;
    struct world *world = world_new();
    struct facts facts = world_facts(
        world,
        WORLD_BASE "permanent-access:\n" PERMANENT("bert", "ro, both")
            PERMANENT("ernie", "ro") "team: billing\n"
                                     "aws-accounts: {prod: '" ACCOUNT "'}\n"
                                     "aws-policies: {audit: {managed_policies: ['" AWS_ARN(
                                         "SecurityAudit") "']}}\n"
                                                          "permanent-access:\n" PERMANENT("bert", "audit"),
        world->now_s);
    struct sharing sharing = sharing_new(&facts);
    const struct fact *ro = find(&facts, "payments", "bert", "ro");
    const struct fact *both = find(&facts, "payments", "bert", "both");
    const struct fact *audit = find(&facts, "billing", "bert", "audit");
    assert_ptr_equal(sharing_other(&sharing, ro, AWS_ARN("ReadOnlyAccess")), both);
    assert_ptr_equal(sharing_other(&sharing, both, AWS_ARN("ReadOnlyAccess")), ro);
    assert_ptr_equal(sharing_other(&sharing, both, AWS_ARN("SecurityAudit")), audit);
    assert_ptr_equal(sharing_other(&sharing, audit, AWS_ARN("SecurityAudit")), both);
    assert_null(sharing_other(&sharing, ro, AWS_ARN("Billing")));
    const struct fact *ernie = find(&facts, "payments", "ernie", "ro");
    assert_null(sharing_other(&sharing, ernie, AWS_ARN("ReadOnlyAccess")));
    /* a fact that is gone: whoever brings it now */
    struct fact gone = *ro;
    gone.identity = "gone";
    assert_non_null(sharing_other(&sharing, &gone, AWS_ARN("ReadOnlyAccess")));
    sharing_free(&sharing);
    world_free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_who_else_brings_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
