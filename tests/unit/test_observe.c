/* SPDX-License-Identifier: Apache-2.0 */
#include "aws_double.h"
#include "base/str.h"
#include "unit.h"

#include <string.h>

#define PAGE(content, marker) \
    "<R><Result>" content "<IsTruncated>true</IsTruncated><Marker>" marker "</Marker></Result></R>"
#define LAST_PAGE(content) "<R><Result>" content "<IsTruncated>false</IsTruncated></Result></R>"
#define USER(name)         "<UserDetailList><member><UserName>" name "</UserName></member></UserDetailList>"
#define ENTRY(key, value)  "<entry><key>" key "</key><value>" value "</value></entry>"
#define SUMMARY(entries)   "<R><Result><SummaryMap>" entries "</SummaryMap></Result></R>"

#define ASSUME                                                               \
    {                                                                        \
        "Action=AssumeRole&", 200, NULL, DOUBLE_ASSUME_ROLE, HTTP_ANSWER, 99 \
    }
#define GAAD "Action=GetAccountAuthorizationDetails&"
#define ANSWER(match, status, body)               \
    {                                             \
        match, status, NULL, body, HTTP_ANSWER, 0 \
    }
#define ALL_SUMMARIES                                                        \
    {                                                                        \
        "Action=GetAccountSummary&", 200, NULL, SUMMARY(""), HTTP_ANSWER, 99 \
    }

/* Reads accounts, in each of which ada is wanted, and two policies. */
static struct aws_double *observe(const struct http_line *script, size_t count, size_t account_count,
                                  struct observed *ret)
{
    struct aws_double *fake = aws_double_start(script, count);
    struct needs needs = {0};
    struct err err = {0};
    for (size_t i = 0; i < account_count; i++) {
        struct account_needs *account = VEC_ADD(fake->arena, &needs);
        account->account_id = arena_printf(fake->arena, "1234567890%02zu", i);
        strings_add(fake->arena, &account->principals[PRINCIPAL_USER], "ada");
        strings_add(fake->arena, &account->policies, "t-look");
        strings_add(fake->arena, &account->policies, "t-mend");
    }
    assert_int_equal(aws_observe(fake->arena, fake->aws, &needs, "default", ret, &err), 0);
    aws_double_stop(fake);
    assert_int_equal(ret->count, account_count);
    for (size_t i = 0; i < account_count; i++)
        assert_string_equal(ret->items[i].account_id, needs.items[i].account_id);
    return fake;
}

#define ROLE_MEMBER(name)                                                                                \
    "<member><RoleName>" name "</RoleName><AssumeRolePolicyDocument>{}</AssumeRolePolicyDocument><Tags>" \
    "<member><Key>port</Key><Value>integration</Value></member></Tags></member>"
#define GET_ROLE                                                                                             \
    "<R><Result><Role><AssumeRolePolicyDocument>{}</AssumeRolePolicyDocument><Description>why</Description>" \
    "<MaxSessionDuration>7200</MaxSessionDuration></Role></Result></R>"
#define PROVIDER(name) "<member><Arn>arn:aws:iam::123456789000:oidc-provider/" name "</Arn></member>"
#define GET_PROVIDER(client)                                                                                  \
    "<R><Result><Url>x</Url><ClientIDList><member>" client "</member></ClientIDList><ThumbprintList><member>" \
    "ab</member></ThumbprintList><Tags><member><Key>k</Key><Value>v</Value></member></Tags></Result></R>"

/* Reads one account, of which details of a role and the providers are wanted. */
static struct aws_double *observe_more_of(const struct http_line *script, size_t count, struct observed *ret)
{
    struct aws_double *fake = aws_double_start(script, count);
    struct needs needs = {0};
    struct err err = {0};
    struct account_needs *account = VEC_ADD(fake->arena, &needs);
    account->account_id = "123456789000";
    account->providers = true;
    strings_add(fake->arena, &account->roles, "Port");
    strings_add(fake->arena, &account->roles, "absent");
    strings_add(fake->arena, &account->principals[PRINCIPAL_ROLE], "plain");
    assert_int_equal(aws_observe(fake->arena, fake->aws, &needs, "default", ret, &err), 0);
    aws_double_stop(fake);
    return fake;
}

static void test_details_of_roles_and_providers(void **state)
{
    (void)state;
    const struct http_line script[] = {
        ASSUME,
        ANSWER(GAAD, 200,
               LAST_PAGE("<RoleDetailList>" ROLE_MEMBER("port") ROLE_MEMBER("plain")
                             ROLE_MEMBER("other") "</RoleDetailList>")),
        ALL_SUMMARIES,
        ANSWER("Action=GetRole&", 200, GET_ROLE),
        ANSWER("Action=ListOpenIDConnectProviders&", 200,
               "<LResponse><Result><OpenIDConnectProviderList>" PROVIDER("z.example.com/id") PROVIDER("gone")
                   PROVIDER("a.example.com") "</OpenIDConnectProviderList></Result></LResponse>"),
        ANSWER("z.example.com%2Fid", 200, GET_PROVIDER("one")),
        ANSWER("gone", 404, DOUBLE_ERROR("NoSuchEntity", "no")),
        ANSWER("a.example.com", 200, GET_PROVIDER("two")),
    };
    struct observed observed;
    struct aws_double *fake = observe_more_of(script, COUNT(script), &observed);
    const struct observed_account *account = &observed.items[0];
    assert_null(account->error);
    assert_int_equal(account->principals.count, 2);
    const struct observed_principal *role = observed_find_principal(account, PRINCIPAL_ROLE, "port");
    assert_int_equal(role->details->session_s, 7200);
    assert_string_equal(role->details->description, "why");
    assert_string_equal(tags_get(&role->details->tags, "PORT"), "integration");
    assert_string_equal(role->trust, "{}");
    assert_null(observed_find_principal(account, PRINCIPAL_ROLE, "plain")->details);
    assert_int_equal(account->providers.count, 2);
    assert_string_equal(account->providers.items[0].url, "a.example.com");
    const struct oidc_provider *provider = observed_find_provider(account, "z.example.com/id");
    assert_string_equal(provider->client_ids.items[0], "one");
    assert_string_equal(provider->thumbprints.items[0], "ab");
    assert_string_equal(tags_get(&provider->tags, "k"), "v");
    assert_null(observed_find_provider(account, "gone"));
    aws_double_free(fake);
}

static void test_details_that_cannot_be_read(void **state)
{
    (void)state;
    static const struct {
        const char *action, *body, *says;
        long status;
    } cases[] = {
        {"Action=GetRole&", DOUBLE_ERROR("NoSuchEntity", "no"), "role 'port' went away", 404},
        {"Action=GetRole&", DOUBLE_ERROR("AccessDenied", "no"), "iam:GetRole", 403},
        {"Action=ListOpenIDConnectProviders&", DOUBLE_ERROR("AccessDenied", "no"),
         "iam:ListOpenIDConnectProviders", 403},
        {"Action=ListOpenIDConnectProviders&", "<html>", "iam:ListOpenIDConnectProviders", 200},
        {"Action=ListOpenIDConnectProviders&", "<html></html>", "iam:ListOpenIDConnectProviders", 200},
        {"Action=GetOpenIDConnectProvider&", DOUBLE_ERROR("AccessDenied", "no"),
         "iam:GetOpenIDConnectProvider", 403},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct http_line script[] = {
            ASSUME,
            {cases[i].action, (int)cases[i].status, NULL, cases[i].body, HTTP_ANSWER, 0},
            ANSWER(GAAD, 200, LAST_PAGE("<RoleDetailList>" ROLE_MEMBER("port") "</RoleDetailList>")),
            ALL_SUMMARIES,
            ANSWER("Action=GetRole&", 200, GET_ROLE),
            ANSWER("Action=ListOpenIDConnectProviders&", 200,
                   "<LResponse><Result><OpenIDConnectProviderList>" PROVIDER(
                       "x") "</OpenIDConnectProviderList></Result></LResponse>"),
        };
        struct observed observed;
        struct aws_double *fake = observe_more_of(script, COUNT(script), &observed);
        CHECK(observed.items[0].error && strstr(observed.items[0].error, cases[i].says), "%zu: %s", i,
              observed.items[0].error);
        assert_int_equal(observed.items[0].principals.count, 0);
        assert_int_equal(observed.items[0].providers.count, 0);
        aws_double_free(fake);
    }
}

static void test_pages_and_quotas(void **state)
{
    (void)state;
    const struct http_line script[] = {
        ASSUME,
        ANSWER("Marker=next%2F1", 200, LAST_PAGE(USER("bert"))),
        ANSWER(GAAD, 200, PAGE(USER("ada"), "next/1")),
        ANSWER("Action=GetAccountSummary&", 200,
               SUMMARY(
                   ENTRY("Users", "2") ENTRY("PolicySizeQuota", "5120") ENTRY("UserPolicySizeQuota", "99")
                       ENTRY("AttachedPoliciesPerUserQuota", "20") ENTRY("VersionsPerPolicyQuota", "-5")
                           ENTRY("GroupPolicySizeQuota", "5121") ENTRY("AttachedPoliciesPerGroupQuota", "11")
                               ENTRY("RolePolicySizeQuota", "99999999999999999999") ENTRY("UnknownQuota", "x")
                                   ENTRY("Policies", "7") ENTRY("PoliciesQuota", "1500") ENTRY("Roles", "0")
                                       ENTRY("RolesQuota", "1000"))),
    };
    struct observed observed;
    struct aws_double *fake = observe(script, COUNT(script), 1, &observed);
    const struct observed_account *account = &observed.items[0];
    assert_null(account->error);
    assert_int_equal(account->principals.count, 1);
    assert_string_equal(account->principals.items[0].name, "ada");
    assert_int_equal(account->quotas.managed_policy_size, 5120);
    assert_int_equal(account->quotas.inline_size[PRINCIPAL_USER], 99);
    assert_int_equal(account->quotas.attached[PRINCIPAL_USER], 20);
    assert_int_equal(account->quotas.inline_size[PRINCIPAL_GROUP], 5121);
    assert_int_equal(account->quotas.attached[PRINCIPAL_GROUP], 11);
    assert_true(account->quotas.policies == 7 && account->quotas.policies_max == 1500);
    assert_true(account->quotas.roles == 0 && account->quotas.roles_max == 1000);
    struct quotas defaults = quotas_defaults();
    assert_int_equal(account->quotas.versions_per_policy, defaults.versions_per_policy);
    assert_int_equal(account->quotas.inline_size[PRINCIPAL_ROLE], defaults.inline_size[PRINCIPAL_ROLE]);
    assert_int_equal(account->quotas.attached[PRINCIPAL_ROLE], defaults.attached[PRINCIPAL_ROLE]);
    const char *first = http_double_request(fake->server, 1);
    assert_non_null(strstr(first, "Filter.member.1=User&Filter.member.2=Role&Filter.member.3=Group"
                                  "&Filter.member.4=LocalManagedPolicy"));
    assert_non_null(strstr(first, "&MaxItems=1000"));
    assert_non_null(strstr(http_double_request(fake->server, 0),
                           "&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789000%3Arole%2FAWSSelfServeDeployer"
                           "&RoleSessionName=unit&DurationSeconds=3600"));
    aws_double_free(fake);
}

/* One account after the other fails in its own way; the others do not notice. */
static void test_accounts_do_not_disturb_each_other(void **state)
{
    (void)state;
    static const struct {
        struct http_line line;
        const char *error;
    } cases[] = {
        {ANSWER("123456789001", 403, DOUBLE_ERROR("AccessDenied", "no")),
         "cannot assume role arn:aws:iam::123456789001:role/"},
        {ANSWER(GAAD, 403, DOUBLE_ERROR("AccessDenied", "no")),
         "allow iam:GetAccountAuthorizationDetails to role arn:aws:iam::"},
        {ANSWER(GAAD, 200, "<R><Result><IsTruncated>"), "the answer cannot be read"},
        {ANSWER(GAAD, 200, "<!DOCTYPE R><R/>"), "cannot be read"},
        {ANSWER(GAAD, 200, "<html>"), "is a web page"},
        {ANSWER("Action=GetAccountSummary&", 403, DOUBLE_ERROR("AccessDenied", "no")),
         "allow iam:GetAccountSummary to role"},
        {ANSWER("Action=GetAccountSummary&", 200, "oops"), "the answer cannot be read"},
        {{"Action=GetAccountSummary&", 500, NULL, "", HTTP_ANSWER, 4}, "HTTP status 500 (tried"},
    };
    enum { ACCOUNTS = 3 };
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct http_line script[] = {cases[i].line,
                                           ASSUME,
                                           {GAAD, 200, NULL, LAST_PAGE(USER("ada")), HTTP_ANSWER, 99},
                                           ALL_SUMMARIES};
        bool by_tries = cases[i].line.times > 0;
        struct observed observed;
        struct aws_double *fake = observe(script, COUNT(script), by_tries ? 1 : ACCOUNTS, &observed);
        size_t failed = 0;
        for (size_t j = 0; j < observed.count; j++) {
            const struct observed_account *account = &observed.items[j];
            if (!account->error) {
                assert_int_equal(account->principals.count, 1);
                continue;
            }
            failed++;
            CHECK(strstr(account->error, cases[i].error), "%s", account->error);
            assert_int_equal(account->principals.count, 0);
        }
        CHECK(failed == 1, "case %zu: %zu failed", i, failed);
        aws_double_free(fake);
    }
}

/* A page whose answer is throttled, expires, is cut off or lost is read again from its beginning. */
static void test_pages_are_read_again(void **state)
{
    (void)state;
    const struct http_line faults[] = {
        ANSWER(GAAD, 400, DOUBLE_ERROR("Throttling", "Rate exceeded")),
        ANSWER(GAAD, 403, DOUBLE_ERROR("ExpiredToken", "expired")),
        {GAAD, 200, NULL, LAST_PAGE(USER("ada") USER("bert") USER("bert") USER("bert")), HTTP_CUT, 0},
        {GAAD, 200, NULL, "", HTTP_DROP, 0},
    };
    for (size_t i = 0; i < COUNT(faults); i++) {
        const struct http_line script[] = {faults[i], ASSUME, ANSWER(GAAD, 200, LAST_PAGE(USER("ada"))),
                                           ALL_SUMMARIES};
        struct observed observed;
        struct aws_double *fake = observe(script, COUNT(script), 1, &observed);
        CHECK(!observed.items[0].error, "case %zu: %s", i, observed.items[0].error);
        assert_int_equal(observed.items[0].principals.count, 1);
        aws_double_free(fake);
    }
}

#define POLICY(name, description)                                                                    \
    "<Policies><member><PolicyName>" name "</PolicyName><Arn>arn:aws:iam::123456789000:policy/" name \
    "</Arn><Path>/</Path><Description>" description "</Description></member></Policies>"
#define TAG(key, value) "<Tags><member><Key>" key "</Key><Value>" value "</Value></member></Tags>"
#define TAGS            "Action=ListPolicyTags&"
#define OF_SCRIPTS      "x (managed by iam-as-code for t)"
#define TAG_PAGE(content, marker)                                                               \
    "<ListPolicyTagsResponse><Result>" content "<IsTruncated>true</IsTruncated><Marker>" marker \
    "</Marker></Result></ListPolicyTagsResponse>"
#define LAST_TAGS(content)                     \
    "<ListPolicyTagsResponse><Result>" content \
    "<IsTruncated>false</IsTruncated></Result></ListPolicyTagsResponse>"

/* Tags are read of what is wanted and looks like cloud-iam-self-serve's, and of nothing else. */
static void test_tags_of_policies(void **state)
{
    (void)state;
    static const struct {
        struct http_line answers[2];
        const char *tag, *error;
        size_t calls;
    } cases[] = {
        {{ANSWER(TAGS, 200, LAST_TAGS(TAG("team", "x") TAG("IamLease", "default/t/look")))},
         "default/t/look",
         NULL,
         1},
        {{ANSWER("Marker=a%2F1", 200, LAST_TAGS(TAG("iamlease", "default/t/look"))),
          ANSWER(TAGS, 200, TAG_PAGE(TAG("team", "x"), "a/1"))},
         "default/t/look",
         NULL,
         2},
        {{ANSWER(TAGS, 200, LAST_TAGS(""))}, NULL, NULL, 1},
        {{ANSWER(TAGS, 200, LAST_TAGS(TAG("iamleases", "x")))}, NULL, NULL, 1},
        {{ANSWER(TAGS, 403, DOUBLE_ERROR("AccessDenied", "no"))}, NULL, "'iamlease policy deployer --adopt'", 1},
        {{ANSWER(TAGS, 404, DOUBLE_ERROR("NoSuchEntity", "gone"))}, NULL, "NoSuchEntity", 1},
        {{ANSWER(TAGS, 200, TAG_PAGE(TAG("iamlease", "x"), ""))}, NULL, "cannot be read", 1},
        {{ANSWER(TAGS, 200, "<html>")}, NULL, "is a web page", 1},
        {{{TAGS, 200, NULL, TAG_PAGE("", "again"), HTTP_ANSWER, 99}}, NULL, "cannot be read", 50},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct http_line summaries = ALL_SUMMARIES;
        const struct http_line script[] = {
            ASSUME,
            cases[i].answers[0],
            cases[i].answers[1].match ? cases[i].answers[1] : summaries,
            ANSWER(GAAD, 200,
                   LAST_PAGE(POLICY("t-look", OF_SCRIPTS) POLICY("t-other", OF_SCRIPTS)
                                 POLICY("t-mend", "by hand"))),
            summaries,
        };
        struct observed observed;
        struct aws_double *fake = observe(script, COUNT(script), 1, &observed);
        CHECK(!observed.items[0].error, "%zu: %s", i, observed.items[0].error);
        assert_int_equal(observed.items[0].policies.count, 2);
        const struct observed_policy *policy = observed_find_policy(&observed.items[0], "t-look");
        CHECK(!policy->tag == !cases[i].tag && (!policy->tag || str_eq(policy->tag, cases[i].tag)), "%zu: %s",
              i, policy->tag);
        CHECK(!policy->tag_error == !cases[i].error &&
                  (!policy->tag_error || strstr(policy->tag_error, cases[i].error)),
              "%zu: %s", i, policy->tag_error);
        assert_int_equal(http_double_count(fake->server), 3 + cases[i].calls); /* 3: role, sweep and summary */
        aws_double_free(fake);
    }
}

/* More accounts than are read at once. */
static void test_many_accounts(void **state)
{
    (void)state;
    enum { MANY = 80 };
    const struct http_line script[] = {ASSUME,
                                       {GAAD, 200, NULL, LAST_PAGE(USER("ada")), HTTP_ANSWER, 99},
                                       ALL_SUMMARIES};
    struct observed observed;
    struct aws_double *fake = observe(script, COUNT(script), MANY, &observed);
    for (size_t i = 0; i < MANY; i++)
        CHECK(!observed.items[i].error, "%zu: %s", i, observed.items[i].error);
    aws_double_free(fake);
}

static void test_nothing_to_read_and_a_signal(void **state)
{
    (void)state;
    const struct http_line script[] = {ASSUME};
    struct observed observed;
    struct aws_double *fake = observe(script, COUNT(script), 0, &observed);
    assert_int_equal(http_double_count(fake->server), 0);
    aws_double_free(fake);

    fake = aws_double_start(script, COUNT(script));
    struct account_needs account = {.account_id = DOUBLE_ACCOUNT};
    struct needs needs = {.items = &account, .count = 1};
    struct err err = {0};
    fake->stop_signal = 2;
    assert_int_equal(aws_observe(fake->arena, fake->aws, &needs, "default", &observed, &err), -1);
    assert_int_equal(err.code, ERR_STOPPED);
    aws_double_stop(fake);
    assert_int_equal(http_double_count(fake->server), 0);
    aws_double_free(fake);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_details_of_roles_and_providers),
        cmocka_unit_test(test_details_that_cannot_be_read),
        cmocka_unit_test(test_pages_and_quotas),
        cmocka_unit_test(test_accounts_do_not_disturb_each_other),
        cmocka_unit_test(test_pages_are_read_again),
        cmocka_unit_test(test_tags_of_policies),
        cmocka_unit_test(test_many_accounts),
        cmocka_unit_test(test_nothing_to_read_and_a_signal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
