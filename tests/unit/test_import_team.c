/* SPDX-License-Identifier: Apache-2.0 */
#include "base/hash.h"
#include "base/str.h"
#include "base/time.h"
#include "config/file_text.h"
#include "config/import_team.h"
#include "config_run.h"
#include "policy/mark.h"
#include "unit.h"

#include <string.h>

#define ACCOUNT       "111111111111"
#define OTHER         "222222222222"
#define AWS(name)     "arn:aws:iam::aws:policy/" name
#define LOCAL(name)   "arn:aws:iam::" ACCOUNT ":policy/" name
#define ELSE(name)    "arn:aws:iam::" OTHER ":policy/" name
#define READ          "{\"Effect\":\"Allow\",\"Action\":\"s3:Get*\",\"Resource\":\"*\"}"
#define DOCUMENT(...) "{\"Version\":\"2012-10-17\",\"Statement\":[" __VA_ARGS__ "]}"
#define MARKED(name)  "Words [iamlease default/legacy/" name "]"
#define ENDS(date)    "\"Condition\":{\"DateLessThan\":{\"aws:CurrentTime\":\"" date "\"}}"
#define LEASE(date) \
    DOCUMENT("{\"Effect\":\"Allow\",\"Action\":\"s3:Get*\",\"Resource\":\"*\"," ENDS(date) "}")

/* Two accounts, "a" and "b", and what an import of them needs. */
struct fixture {
    struct arena *arena;
    struct observed_account accounts[2];
    struct strings patterns[PRINCIPAL_KIND_COUNT];
    const char *settings, *roles; /* iamlease.yaml; aws-roles of the team, or NULL */
    bool adopts;
    struct team_config team;
    struct imported imported;
};

static int set_up(void **state)
{
    static struct fixture fixture;
    fixture = (struct fixture){.arena = arena_new(), .settings = "version: 1\n"};
    fixture.accounts[0] = (struct observed_account){.account_id = ACCOUNT, .quotas = quotas_defaults()};
    fixture.accounts[1] = (struct observed_account){.account_id = OTHER, .quotas = quotas_defaults()};
    *state = &fixture;
    return 0;
}

static int tear_down(void **state)
{
    arena_free(((struct fixture *)*state)->arena);
    return 0;
}

static struct observed_principal *add(struct fixture *f, int account, enum principal_kind kind,
                                      const char *name, const char *attached)
{
    struct observed_principal *principal = VEC_ADD(f->arena, &f->accounts[account].principals);
    *principal = (struct observed_principal){.kind = kind, .name = name};
    if (attached)
        strings_add(f->arena, &principal->attached, attached);
    return principal;
}

static void add_inline(struct fixture *f, int account, const char *user, const char *name,
                       const char *document)
{
    struct observed_principal *principal = add(f, account, PRINCIPAL_USER, user, NULL);
    *VEC_ADD(f->arena, &principal->inline_policies) = (struct inline_policy){name, document};
}

static void add_policy(struct fixture *f, int account, const char *arn, const char *description,
                       const char *document)
{
    *VEC_ADD(f->arena, &f->accounts[account].policies) =
        (struct observed_policy){.arn = arn,
                                 .name = strrchr(arn, '/') + 1,
                                 .path = strchr(arn, '/') == strrchr(arn, '/') ? "/" : "/deep/",
                                 .description = description,
                                 .document = document};
}

static void import(struct fixture *f)
{
    static const struct account_decl accounts[] = {{.environment.text = "a", .account_id.text = ACCOUNT},
                                                   {.environment.text = "b", .account_id.text = OTHER}};
    struct text_file files[TEXT_FILES_MAX] = {{"iamlease.yaml", f->settings}};
    if (f->roles) {
        files[1] = (struct text_file){"aws-accounts/legacy.yaml",
                                      "aws-accounts: {a: '" ACCOUNT "', b: '" OTHER "'}\n"};
        files[2] = (struct text_file){"aws-roles/legacy.yaml", f->roles};
    }
    struct diags diags = diags_new(f->arena);
    const struct config *config = config_run(f->arena, files, &diags);
    const struct observed observed = {.items = f->accounts, .count = 2};
    struct import_request request = {.team = "legacy",
                                     .config = config,
                                     .accounts = accounts,
                                     .account_count = 2,
                                     .observed = &observed,
                                     .patterns = {&f->patterns[0], &f->patterns[1], &f->patterns[2]},
                                     .adopts = f->adopts};
    assert_int_equal(diags.errors, 0);
    assert_true(time_parse_rfc3339("2026-06-01T09:00:00Z", &request.now_s));
    f->imported = (struct imported){0};
    import_compute(f->arena, &request, &f->team, &f->imported);
}

/* The policies and entries as they are written, without the lines of lists that all of them have. */
static const char *files_of(struct fixture *f)
{
    const char *all = "";
    for (size_t i = 1; i < WRITTEN_KIND_COUNT; i++) {
        const enum file_kind kind = file_written_kinds[i];
        const char *text;
        struct err err = {0};
        if (!file_is_needed(&f->team, kind))
            continue;
        CHECK(file_text(f->arena, &f->team, kind, "x.yaml", "", "aws", &text, &err) == 0, "%s", err.message);
        all = arena_printf(f->arena, "%s%s", all, text);
    }
    return all;
}

/* "attachment bert arn: reason" */
static const char *left_of(struct fixture *f)
{
    const char *all = "";
    for (size_t i = 0; i < f->imported.left.count; i++) {
        const struct left_behind *left = &f->imported.left.items[i];
        all = arena_printf(f->arena, "%s%s %s %s: %s\n", all, left_kind_name(left->kind),
                           left->principal ? left->principal : "-", left->what, left->reason);
    }
    return all;
}

static void test_alike_in_two_accounts(void **state)
{
    struct fixture *f = *state;
    for (int i = 0; i < 2; i++) {
        add(f, i, PRINCIPAL_USER, "ada", AWS("SecurityAudit"));
        add(f, i, PRINCIPAL_USER, i ? "BERT" : "bert", AWS("SecurityAudit"));
        add(f, i, PRINCIPAL_ROLE, "ci", i ? ELSE("Foo") : LOCAL("Foo"));
    }
    add_policy(f, 0, LOCAL("Foo"), "a:\tb\n\xe2\x80\xaex", DOCUMENT(READ));
    add_policy(f, 1, ELSE("Foo"), "", DOCUMENT(READ));
    import(f);
    assert_string_equal(left_of(f), "role ci ci: role\nrole ci ci: role\n");
    assert_string_equal(
        files_of(f),
        "aws-policies:\n"
        "  Foo.a:\n"
        "    description: \"a: b x\"\n"
        "    managed_policies:\n"
        "    - \"" LOCAL("Foo") "\"\n"
                                "  Foo.b:\n"
                                "    managed_policies:\n"
                                "    - \"" ELSE("Foo") "\"\n"
                                                       "  SecurityAudit:\n"
                                                       "    managed_policies:\n"
                                                       "    - \"" AWS("SecurityAudit") "\"\n"
                                                                                       "permanent-access:\n"
                                                                                       "- users:\n"
                                                                                       "  - ada\n"
                                                                                       "  - bert\n"
                                                                                       "  environments:\n"
                                                                                       "  - a\n"
                                                                                       "  - b\n"
                                                                                       "  grants:\n"
                                                                                       "  - SecurityAudit\n"
                                                                                       "- roles:\n"
                                                                                       "  - ci\n"
                                                                                       "  environments:\n"
                                                                                       "  - a\n"
                                                                                       "  grants:\n"
                                                                                       "  - Foo.a\n"
                                                                                       "- roles:\n"
                                                                                       "  - ci\n"
                                                                                       "  environments:\n"
                                                                                       "  - b\n"
                                                                                       "  grants:\n"
                                                                                       "  - Foo.b\n");
}

/* Names that come to one in AWS; the policies of AWS itself, too. */
/* Roles and OIDC providers themselves, but those that iamlease keeps; service-linked ones are counted. */
static void test_roles_and_providers(void **state)
{
    struct fixture *f = *state;
    static const char kept[] = "default/legacy/reader";
    f->roles =
        "aws-roles: {reader: {environments: [a], trust: [{services: ec2.amazonaws.com}], managed_policies: "
        "['" AWS(
            "SecurityAudit") "']}}\n"
                             "oidc-providers: {port: {url: 'https://kept.example', client_ids: [x], environments: [a]}}\n";
    add(f, 0, PRINCIPAL_ROLE, "bare", NULL);
    add(f, 0, PRINCIPAL_ROLE, "reader", AWS("SecurityAudit"))->mark = kept;
    add(f, 1, PRINCIPAL_ROLE, "reader", NULL)->mark = kept; /* not there */
    add(f, 1, PRINCIPAL_ROLE, "S1", NULL)->arn = "arn:aws:iam::" OTHER ":role/aws-service-role/x/S1";
    add(f, 1, PRINCIPAL_ROLE, "S2", NULL)->arn = "arn:aws:iam::" OTHER ":role/aws-service-role/x/S2";
    add(f, 1, PRINCIPAL_ROLE, "R", NULL)->arn = "arn:aws:iam::" OTHER ":role/aws-reserved/sso/R";
    for (int i = 0; i < 3; i++) {
        static const char *const urls[] = {"kept.example", "theirs.example", "gone.example"};
        struct oidc_provider *provider = VEC_ADD(f->arena, &f->accounts[0].providers);
        *provider = (struct oidc_provider){
            .arn = arena_printf(f->arena, "arn:aws:iam::" ACCOUNT ":oidc-provider/%s", urls[i]),
            .url = urls[i]};
        if (i != 1)
            tags_add(f->arena, &provider->tags, "iamlease", "default/legacy/oidc");
    }
    import(f);
    assert_string_equal(left_of(f), "attachment reader " AWS(
                                        "SecurityAudit") ": declared\n"
                                                         "role bare bare: role\n"
                                                         "oidc-provider - arn:aws:iam::" ACCOUNT
                                                         ":oidc-provider/gone.example: of-iamlease\n"
                                                         "oidc-provider - arn:aws:iam::" ACCOUNT
                                                         ":oidc-provider/theirs.example: oidc-provider\n"
                                                         "role - 2 service-linked roles: service-linked-role\n"
                                                         "role R R: reserved-role\n"
                                                         "role reader reader: of-iamlease\n");
    assert_string_equal(files_of(f), "");
    strings_add(f->arena, &f->patterns[PRINCIPAL_USER], "*");
    import(f);
    assert_string_equal(left_of(f), "");
    assert_int_equal(f->imported.filtered, 9);
}

/* One that is not ours yet, or that somebody else made: what aws-roles says of it is not said a second time. */
static void test_what_aws_roles_declares(void **state)
{
    struct fixture *f = *state;
    f->roles =
        "aws-roles: {reader: {environments: [a], trust: [{services: ec2.amazonaws.com}], managed_policies: "
        "['" AWS("SecurityAudit") "']}}\n";
    strings_add(f->arena, &add(f, 0, PRINCIPAL_ROLE, "Reader", AWS("SecurityAudit"))->attached, AWS("Other"));
    add(f, 1, PRINCIPAL_ROLE, "reader", AWS("SecurityAudit"));
    import(f);
    assert_string_equal(left_of(f), "attachment Reader " AWS("SecurityAudit") ": declared\n"
                                                                              "role Reader Reader: role\n"
                                                                              "role reader reader: role\n");
    assert_int_equal(f->imported.attachments, 2);
}

static void test_names_of_grants(void **state)
{
    struct fixture *f = *state;
    static const char *const arns[] = {LOCAL("a.b"), LOCAL("deep/A-B"), AWS("job-function/a-b"),
                                       LOCAL("c"),   AWS("x/d"),        AWS("y/d"),
                                       AWS("z/d")};
    static const char *const names[] = {"A-B.a.2", "a-b.aws", "a.b.a", "c", "d.aws", "d.aws.2", "d.aws.3"};
    for (size_t i = 0; i < COUNT(arns); i++)
        add(f, 0, PRINCIPAL_GROUP, arena_printf(f->arena, "r%zu", i), arns[i]);
    import(f);
    assert_string_equal(left_of(f), "");
    assert_int_equal(f->team.policies.count, COUNT(names));
    for (size_t i = 0; i < COUNT(names); i++)
        assert_string_equal(f->team.policies.items[i].name.text, names[i]);
}

static void test_how_users_are_written(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *settings, *user, *written; /* NULL: left behind */
    } cases[] = {
        {"version: 1\n", "bert", "bert"},
        {"version: 1\n", "bert@example.com", NULL},
        {"usernames: email\n", "bert@example.com", "bert@example.com"},
        {"usernames: email\n", "bert", "bert"},
        {"usernames: email\n", "bert@", NULL},
        {"usernames: {b@example.com: Bert@x}\n", "bert@x", "b@example.com"},
        {"usernames: {b@example.com: bert}\n", "bert", "b@example.com"},
        {"usernames: {b@example.com: bert}\n", "carol", "carol"},
        {"usernames: {b@example.com: bert}\n", "c@example.com", NULL},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        f->accounts[0].principals.count = 0;
        f->settings = cases[i].settings;
        add(f, 0, PRINCIPAL_USER, cases[i].user, AWS("SecurityAudit"));
        import(f);
        if (!cases[i].written)
            CHECK(f->imported.left.count == 1 && str_eq(f->imported.left.items[0].reason, "user-name"), "%s",
                  cases[i].user);
        else
            CHECK(f->team.entries.count == 1 &&
                      str_eq(f->team.entries.items[0].users.items[0].text, cases[i].written),
                  "%s", cases[i].user);
    }
}

static void test_what_rules_refuse(void **state)
{
    struct fixture *f = *state;
    f->settings = "guardrails: {deny: ['iam:*']}\naws: {plan_role: Planner}\n";
    add(f, 0, PRINCIPAL_ROLE, "AWSSelfServeDeployer", LOCAL("legacy-x"));
    add(f, 0, PRINCIPAL_ROLE, "ci", LOCAL("legacy-x"));
    add(f, 0, PRINCIPAL_ROLE, "ci-2", AWS("SecurityAudit"));
    add(f, 1, PRINCIPAL_ROLE, "ci", ELSE("legacy-y"));
    add_policy(f, 0, LOCAL("legacy-x"), MARKED("x"), DOCUMENT(READ));
    add_policy(f, 1, ELSE("legacy-y"), MARKED("y"),
               DOCUMENT("{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}"));
    import(f);
    assert_string_equal(
        left_of(f),
        "attachment AWSSelfServeDeployer " LOCAL(
            "legacy-x") ": refused\n"
                        "attachment ci-2 " AWS(
                            "SecurityAudit") ": refused\n"
                                             "role AWSSelfServeDeployer AWSSelfServeDeployer: role\nrole ci ci: role\nrole ci-2 ci-2: role\n"
                                             "attachment ci " ELSE(
                                                 "legacy-y") ": refused\n"
                                                             "policy - " ELSE("legacy-y") ": of-iamlease\n"
                                                                                          "role ci ci: role\n");
    assert_int_equal(f->team.entries.count, 1);
    assert_string_equal(f->team.entries.items[0].grants.items[0].text, "x");
}

/* Of another account's, of another owner, of nobody; boundaries. */
static void test_policies_that_stay(void **state)
{
    struct fixture *f = *state;
    add(f, 0, PRINCIPAL_USER, "ada", LOCAL("other"));
    add(f, 0, PRINCIPAL_USER, "bert", "arn:aws:iam::333333333333:policy/x");
    add(f, 0, PRINCIPAL_USER, "carol", "arn:aws-cn:iam::aws:policy/SecurityAudit");
    add(f, 0, PRINCIPAL_ROLE, "svc", LOCAL("svc"))->arn =
        "arn:aws:iam::" ACCOUNT ":role/aws-service-role/x.amazonaws.com/svc";
    struct observed_principal *bound = add(f, 0, PRINCIPAL_ROLE, "bound", NULL);
    bound->boundary = LOCAL("limit");
    strings_add(f->arena, &bound->instance_profiles, "machine");
    add_policy(f, 0, LOCAL("limit"), "", DOCUMENT(READ));
    add_policy(f, 0, LOCAL("other"), "x [iamlease other/legacy/x]", DOCUMENT(READ));
    add_policy(f, 0, LOCAL("svc"), "", DOCUMENT(READ));
    add_policy(f, 0, LOCAL("unused"), "", "not even JSON");
    import(f);
    assert_string_equal(
        left_of(f),
        "attachment ada " LOCAL(
            "other") ": of-iamlease\n"
                     "attachment bert arn:aws:iam::333333333333:policy/x: policy-arn\n"
                     "attachment carol arn:aws-cn:iam::aws:policy/SecurityAudit: policy-arn\n"
                     "attachment svc " LOCAL(
                         "svc") ": service-linked-role\n"
                                "boundary bound " LOCAL(
                                    "limit") ": boundary\n"
                                             "instance-profile bound machine: instance-profile\n"
                                             "policy - " LOCAL(
                                                 "limit") ": boundary\n"
                                                          "policy - " LOCAL(
                                                              "other") ": of-iamlease\n"
                                                                       "policy - " LOCAL(
                                                                           "svc") ": not-imported\n"
                                                                                  "policy - " LOCAL(
                                                                                      "unused") ": unused\n"
                                                                                                "role - 1 service-linked role: service-linked-role\nrole bound bound: role\n");
    f->patterns[PRINCIPAL_USER] = (struct strings){0};
    strings_add(f->arena, &f->patterns[PRINCIPAL_USER], "zoe*");
    import(f);
    assert_string_equal(left_of(f), "");
    assert_int_equal(f->imported.filtered, 10);
}

/* Documents of marked policies that no file can hold: each is listed with a reason, and breaks nothing else. */
static void test_hostile_documents(void **state)
{
    struct fixture *f = *state;
    struct buf deep, huge;
    buf_init(&deep, 1024 * 1024);
    buf_init(&huge, 1024 * 1024);
    for (int i = 0; i < 100000; i++)
        buf_add_char(&deep, '[');
    for (int i = 0; i < 300; i++)
        buf_addf(&huge, "%s{\"Effect\":\"Allow\",\"Action\":\"s3:Get%dABCDEFGH\",\"Resource\":\"*\"}",
                 i ? "," : "", i);
    const char *const documents[] = {
        "",
        "{}",
        "[]",
        "null",
        deep.bytes,
        DOCUMENT(),
        DOCUMENT("7"),
        DOCUMENT("{\"Effect\":\"Allow\",\"Effect\":\"Deny\",\"Action\":\"*\",\"Resource\":\"*\"}"),
        DOCUMENT("{\"Effect\":\"Allow\",\"Action\":\"*\",\"NotPrincipal\":\"*\",\"Resource\":\"*\"}"),
        DOCUMENT("{\"Effect\":\"Allow\",\"Action\":[],\"Resource\":\"*\"}"),
        DOCUMENT("{\"Effect\":\"Allow\",\"Action\":\"s3:\xc3\xa4\",\"Resource\":\"*\"}"),
        DOCUMENT("{\"Effect\":\"Allow\",\"Action\":\"s3:Get*\",\"Resource\":\"bucket\"}"),
        DOCUMENT("{\"Sid\":\"a b\",\"Effect\":\"Allow\",\"Action\":\"s3:Get*\",\"Resource\":\"*\"}"),
        DOCUMENT("{\"Sid\":\"a\",\"Effect\":\"Deny\",\"Action\":\"s3:*\",\"Resource\":\"*\"},"
                 "{\"Sid\":\"a\",\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\"}"),
        DOCUMENT(
            "{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\",\"Condition\":{\"Odd\":{\"a:b\":\"c\"}}}"),
        DOCUMENT(
            "{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\",\"Condition\":{\"Bool\":{\"a:b\":1.5}}}"),
        DOCUMENT("{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\","
                 "\"Condition\":{\"StringEquals\":{\"a:b\":\"\xe2\x80\xae\"}}}"),
        DOCUMENT("{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\","
                 "\"Condition\":{\"StringEquals\":{\"a:b\":\"x\",\"A:B\":\"y\"}}}"),
        "{\"Version\":\"2008-10-17\",\"Statement\":[" READ "]}",
        arena_printf(f->arena, DOCUMENT("%s"), huge.bytes),
    };
    for (size_t i = 0; i < COUNT(documents); i++) {
        f->accounts[0].principals.count = f->accounts[0].policies.count = 0;
        add(f, 0, PRINCIPAL_USER, "ada", LOCAL("legacy-x"));
        add(f, 0, PRINCIPAL_USER, "ada", AWS("SecurityAudit"));
        add_policy(f, 0, LOCAL("legacy-x"), MARKED("x"), documents[i]);
        add_inline(f, 0, "bert", "temp-legacy-y-bert", documents[i]);
        f->adopts = i % 2;
        import(f);
        CHECK(f->team.entries.count == 1 && f->team.policies.count == 1, "%zu: %s", i, files_of(f));
        CHECK(f->imported.left.count == 3, "%zu: %s", i, left_of(f));
    }
    buf_free(&deep);
    buf_free(&huge);
}

static void test_one_grant_has_one_document(void **state)
{
    struct fixture *f = *state;
    add(f, 0, PRINCIPAL_USER, "ada", LOCAL("legacy-x"));
    add(f, 1, PRINCIPAL_USER, "ada", ELSE("legacy-x"));
    add_policy(f, 0, LOCAL("legacy-x"), MARKED("x"), DOCUMENT(READ));
    add_policy(f, 1, ELSE("legacy-x"), MARKED("x"), DOCUMENT(READ "," READ));
    import(f); /* equal by meaning */
    assert_string_equal(left_of(f), "");
    assert_int_equal(f->team.entries.count, 1);
    assert_int_equal(f->team.entries.items[0].environments.count, 2);
    f->accounts[1].policies.items[0].document =
        DOCUMENT("{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\"}");
    import(f);
    assert_string_equal(left_of(f),
                        "attachment ada " ELSE("legacy-x") ": not-expressible\n"
                                                           "policy - " ELSE("legacy-x") ": of-iamlease\n");
}

static void test_leases_of_others(void **state)
{
    struct fixture *f = *state;
    static const char soon[] = "2026-06-03T23:59:59Z";
    static const struct {
        const char *user, *name, *document;
        bool adopts;
        const char *reason; /* NULL: imported */
    } cases[] = {
        {"b.c", "temp-legacy-dev-x-b-c", LEASE("2026-06-03T23:59:59Z"), true, NULL},
        {"b.c", "temp-legacy-dev-x-b.c", LEASE("2026-06-03T23:59:59Z"), true, "inline-policy"},
        {"bert", "temp-legacy-dev-x-bert", LEASE("2026-06-03T23:59:59Z"), true, NULL},
        {"bert", "temp-legacy-dev-x-bert", LEASE("2026-06-03T23:59:59Z"), false, "not-adopted"},
        {"bert", "temp-legacy-dev-x-bert", LEASE("2026-05-31T23:59:59Z"), true, "ended"},
        {"bert", "temp-legacy-dev-x-bert", LEASE("2026-05-31T23:59:59Z"), false, "ended"},
        {"bert", "temp-legacy-dev-x-bert", LEASE("2026-07-03T23:59:59Z"), true, "refused"},
        {"bert", "temp-legacy-dev-x-carol", LEASE("2026-06-03T23:59:59Z"), true, "inline-policy"},
        {"bert", "temp-legacy-bert", LEASE("2026-06-03T23:59:59Z"), true, "inline-policy"},
        {"bert", "temp-legacy--bert", LEASE("2026-06-03T23:59:59Z"), true, "inline-policy"},
        {"bert", "temp-other-dev-x-bert", LEASE("2026-06-03T23:59:59Z"), true, "inline-policy"},
        {"bert", "temp-legacy-dev-x-bert", DOCUMENT(READ), true, "inline-policy"},
        {"bert", "temp-legacy-dev-x-bert",
         DOCUMENT("{\"Effect\":\"Allow\",\"Action\":\"s3:Get*\",\"Resource\":\"*\"," ENDS(
             "2026-06-03T23:59:59Z") "},{\"Effect\":\"Allow\",\"Action\":\"sqs:*\",\"Resource\":\"*\"," ENDS("2026-06-02T23:59:59Z") "}"),
         true, "inline-policy"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        f->accounts[0].principals.count = 0;
        f->adopts = cases[i].adopts;
        add_inline(f, 0, cases[i].user, cases[i].name, cases[i].document);
        import(f);
        if (cases[i].reason) {
            CHECK(f->imported.left.count == 1 && str_eq(f->imported.left.items[0].reason, cases[i].reason),
                  "%zu: %s", i, left_of(f));
            continue;
        }
        char end[TIME_TEXT_SIZE];
        CHECK(f->imported.leases == 1 && f->team.entries.items[0].temporary, "%zu: %s", i, left_of(f));
        assert_string_equal(time_format(f->team.entries.items[0].ends_at_s, end), soon);
        assert_string_equal(f->team.policies.items[0].name.text, "dev-x");
        assert_int_equal(f->team.policies.items[0].custom.items[0].conditions.count, 0);
    }
}

/* What the scripts made is a grant of its own with --adopt, and a policy like any other without it. */
static void test_policies_of_others(void **state)
{
    struct fixture *f = *state;
    add(f, 0, PRINCIPAL_USER, "ada", LOCAL("legacy-dev-x"));
    add(f, 1, PRINCIPAL_USER, "ada", ELSE("legacy-dev-x"));
    add_policy(f, 0, LOCAL("legacy-dev-x"), "Words (managed by iam-as-code for legacy)", DOCUMENT(READ));
    add_policy(f, 1, ELSE("legacy-dev-x"), "Words (managed by iam-as-code for other)", DOCUMENT(READ));
    f->adopts = true;
    import(f);
    assert_string_equal(left_of(f), "");
    assert_int_equal(f->team.policies.count, 2);
    assert_string_equal(f->team.policies.items[0].name.text, "dev-x");
    assert_string_equal(f->team.policies.items[0].description, "Words");
    assert_int_equal(f->team.policies.items[0].custom.count, 1);
    assert_string_equal(f->team.policies.items[1].managed_policies.items[0].text, ELSE("legacy-dev-x"));
    f->adopts = false;
    import(f);
    assert_int_equal(f->team.policies.items[0].custom.count + f->team.policies.items[1].custom.count, 0);
}

/* A statement with that Sid behind the prefix, and an end. */
static const char *statement_of(struct fixture *f, const char *sid, const char *end)
{
    return arena_printf(
        f->arena,
        DOCUMENT("{\"Sid\":\"%s%s\",\"Effect\":\"Allow\",\"Action\":\"s3:Get*\",\"Resource\":\"*\","
                 "\"Condition\":{\"DateLessThan\":{\"aws:CurrentTime\":\"%s\"}}}"),
        mark_sid_prefix(f->arena, "default"), sid, end);
}

/* A lease that is a managed policy is what its mark and its Sids say, or is left behind. */
static void test_leases_that_are_policies(void **state)
{
    static const char soon[] = "2026-06-03T12:00:00Z";
    char hex[SHA256_HEX_SIZE], known[32], unknown[] = "1x00000000v7";
    const char *arn = AWS("SecurityAudit");
    (void)snprintf(known, sizeof known, "1x%.8sv7", sha256_hex(arn, strlen(arn), hex));
    const struct {
        const char *mark, *sid, *end;
        const char *reason; /* NULL: it is an entry */
        size_t managed, statements;
    } cases[] = {
        {"dev.x:user:bert", "1", soon, NULL, 0, 1},
        {"dev.x:user:bert", known, soon, NULL, 1, 0},
        {"dev.x:user:bert", unknown, soon, NULL, 0, 1},
        {"dev.x:user:BERT", "1", soon, NULL, 0, 1},
        {"dev.x:user:bert:20260602T000000Z", "1", soon, "not-expressible", 0, 0},
        {"dev.x:user:bert:2026", "1", soon, "of-iamlease", 0, 0},
        {"dev.x:user:carol", "1", soon, "of-iamlease", 0, 0},
        {"dev.x:user", "1", soon, "of-iamlease", 0, 0},
        {"dev.x:role:bert", "1", soon, "of-iamlease", 0, 0},
        {"dev.x:user:bert", "1", "2026-05-31T00:00:00Z", "ended", 0, 0},
        {"dev.x:user:bert", "", soon, "not-expressible", 0, 0},
    };
    struct fixture *f = *state;
    add(f, 0, PRINCIPAL_USER, "ada", arn);
    add(f, 0, PRINCIPAL_USER, "bert", LOCAL("lease"));
    add(f, 0, PRINCIPAL_USER, "carol", NULL);
    for (size_t i = 0; i < COUNT(cases); i++) {
        f->accounts[0].policies.count = 0;
        add_policy(f, 0, LOCAL("lease"),
                   arena_printf(f->arena, "Words [iamlease default/legacy/%s]", cases[i].mark),
                   statement_of(f, cases[i].sid, cases[i].end));
        import(f);
        if (cases[i].reason) {
            CHECK(f->imported.left.count == 2 && str_eq(f->imported.left.items[0].reason, cases[i].reason),
                  "%zu: %s", i, left_of(f));
            continue;
        }
        CHECK(f->imported.left.count == 0 && f->imported.leases == 1, "%zu: %s", i, left_of(f));
        const struct policy_decl *grant = team_find_policy(&f->team, "dev.x");
        assert_string_equal(grant->description, "Words");
        assert_int_equal(grant->managed_policies.count, cases[i].managed);
        assert_int_equal(grant->custom.count, cases[i].statements);
        assert_int_equal(f->team.entries.items[f->team.entries.count - 1].mode, ENTRY_POLICY);
    }
}

/* One that is a role: for whom, and what it lends. */
static void test_leases_that_are_roles(void **state)
{
    struct fixture *f = *state;
    const char *trust = DOCUMENT("{\"Effect\":\"Allow\",\"Action\":\"sts:AssumeRole\",\"Principal\":{\"AWS\":"
                                 "\"arn:aws:iam::" ACCOUNT ":user/bert\"}," ENDS("2026-06-03T12:00:00Z") "}");
    static const struct {
        const char *mark, *attached, *left; /* "": it is an entry */
    } cases[] = {
        {"default/legacy/dev.x:user:bert", AWS("SecurityAudit"), ""},
        {"default/legacy/dev.x:user:nobody", AWS("SecurityAudit"),
         "attachment lease " AWS("SecurityAudit") ": not-expressible\nrole lease lease: not-expressible\n"},
        {"default/other/dev.x:user:bert", AWS("SecurityAudit"),
         "attachment lease " AWS("SecurityAudit") ": of-iamlease\nrole lease lease: of-iamlease\n"},
        {"default/legacy/dev.x:user:bert", LOCAL("legacy-dev-y"),
         "attachment lease " LOCAL("legacy-dev-y") ": not-expressible\npolicy - " LOCAL(
             "legacy-dev-y") ": of-iamlease\nrole lease lease: not-expressible\n"},
    };
    add(f, 0, PRINCIPAL_USER, "bert", NULL);
    for (size_t i = 0; i < COUNT(cases); i++) {
        f->accounts[0].principals.count = 1;
        f->accounts[0].policies.count = 0;
        struct observed_principal *role = add(f, 0, PRINCIPAL_ROLE, "lease", cases[i].attached);
        role->mark = cases[i].mark;
        role->trust = trust;
        if (strstr(cases[i].attached, ACCOUNT))
            add_policy(f, 0, cases[i].attached, MARKED("dev.y"), DOCUMENT(READ));
        import(f);
        assert_string_equal(left_of(f), cases[i].left);
        if (*cases[i].left)
            continue;
        assert_string_equal(files_of(f),
                            "aws-policies:\n"
                            "  dev.x:\n"
                            "    managed_policies:\n"
                            "    - \"" AWS("SecurityAudit") "\"\n"
                                                            "temporary-access:\n"
                                                            "- expires_at: \"2026-06-03T12:00:00Z\"\n"
                                                            "  users:\n"
                                                            "  - bert\n"
                                                            "  environments:\n"
                                                            "  - a\n"
                                                            "  grants:\n"
                                                            "  - dev.x\n"
                                                            "  mode: role\n");
    }
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_alike_in_two_accounts),      TEST(test_roles_and_providers),
        TEST(test_what_aws_roles_declares),    TEST(test_names_of_grants),
        TEST(test_how_users_are_written),      TEST(test_what_rules_refuse),
        TEST(test_policies_that_stay),         TEST(test_hostile_documents),
        TEST(test_one_grant_has_one_document), TEST(test_leases_of_others),
        TEST(test_policies_of_others),         TEST(test_leases_that_are_policies),
        TEST(test_leases_that_are_roles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
