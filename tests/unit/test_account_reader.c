/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/account_reader.h"
#include "base/buf.h"
#include "base/str.h"
#include "policy/mark.h"
#include "unit.h"

#include <string.h>

#define ACCOUNT            "123456789012"
#define LOCAL(name)        "arn:aws:iam::" ACCOUNT ":policy/" name
#define MARKED_DESCRIPTION "Read [iamlease default/payments/dev.read]"

struct fixture {
    struct arena *arena;
    struct account_needs needs;
    struct observed_account account;
    struct account_reader *reader;
    struct net_sink sink;
    struct buf page;
};

static int set_up(void **state)
{
    static struct fixture fixture;
    fixture = (struct fixture){.arena = arena_new(), .account = {.account_id = ACCOUNT}};
    strings_add(fixture.arena, &fixture.needs.principals[PRINCIPAL_USER], "Ada");
    strings_add(fixture.arena, &fixture.needs.principals[PRINCIPAL_ROLE], "deployer");
    strings_add(fixture.arena, &fixture.needs.principals[PRINCIPAL_GROUP], "Developers");
    strings_add(fixture.arena, &fixture.needs.policies, "payments-wanted");
    fixture.reader = account_reader_new(fixture.arena, &fixture.needs, "default", &fixture.account);
    fixture.sink = account_reader_sink(fixture.reader);
    buf_init(&fixture.page, 1024 * 1024);
    *state = &fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    account_reader_free(fixture->reader);
    buf_free(&fixture->page);
    arena_free(fixture->arena);
    return 0;
}

/* --- pages --- */

static void begin_page(struct fixture *fixture)
{
    buf_clear(&fixture->page);
    buf_add_text(&fixture->page, "<R xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\"><Result>");
}

/* A user with one attachment and one inline policy, each left out when NULL. */
static void add_user(struct fixture *fixture, const char *name, const char *attached, const char *document)
{
    buf_addf(&fixture->page, "<UserDetailList><member><UserName>%s</UserName><AttachedManagedPolicies>", name);
    if (attached)
        buf_addf(&fixture->page, "<member><PolicyName>x</PolicyName><PolicyArn>%s</PolicyArn></member>",
                 attached);
    buf_add_text(&fixture->page, "</AttachedManagedPolicies><UserPolicyList>");
    if (document)
        buf_addf(&fixture->page,
                 "<member><PolicyName>inline</PolicyName><PolicyDocument>%s</PolicyDocument></member>",
                 document);
    buf_add_text(&fixture->page, "</UserPolicyList></member></UserDetailList>");
}

static void add_policy(struct fixture *fixture, const char *name, const char *description)
{
    buf_addf(
        &fixture->page,
        "<Policies><member><PolicyName>%s</PolicyName><Arn>" LOCAL(
            "%s") "</Arn><Path>/</Path>"
                  "<Description>%s</Description><DefaultVersionId>v2</DefaultVersionId><PolicyVersionList>"
                  "<member><Document>%%7B%%22new%%22%%7D</Document><VersionId>v2</VersionId>"
                  "<IsDefaultVersion>true</IsDefaultVersion><CreateDate>2026-01-02T03:04:05.678Z</CreateDate></member>"
                  "<member><Document>%%7B%%22old%%22%%7D</Document><VersionId>v1</VersionId>"
                  "<IsDefaultVersion>false</IsDefaultVersion></member></PolicyVersionList></member></Policies>",
        name, name, description);
}

static void end_page(struct fixture *fixture, const char *marker)
{
    if (marker)
        buf_addf(&fixture->page, "<IsTruncated>true</IsTruncated><Marker>%s</Marker>", marker);
    else
        buf_add_text(&fixture->page, "<IsTruncated>false</IsTruncated>");
    buf_add_text(&fixture->page, "</Result></R>");
}

/* Gives the first `size` bytes of the page to the reader, in small pieces. */
static bool feed(struct fixture *fixture, size_t size)
{
    fixture->sink.reset(fixture->sink.context);
    for (size_t at = 0; at < size; at += 7)
        if (!fixture->sink.write(fixture->sink.context, fixture->page.bytes + at,
                                 size - at < 7 ? size - at : 7))
            return false;
    return true;
}

static void read_page(struct fixture *fixture, const char *wanted_marker)
{
    const char *marker = "unset";
    assert_true(feed(fixture, fixture->page.size));
    assert_true(account_reader_end_page(fixture->reader, &marker));
    assert_true(str_eq(marker ? marker : "", wanted_marker ? wanted_marker : ""));
}

static const char *marked_document(struct fixture *fixture)
{
    return arena_printf(
        fixture->arena,
        "%%7B%%22Version%%22:%%222012-10-17%%22,%%22Statement%%22:%%7B%%22Sid%%22:%%22%s1%%22,"
        "%%22Effect%%22:%%22Allow%%22,%%22Action%%22:%%22s3:*%%22,%%22Resource%%22:%%22*%%22%%7D%%7D",
        mark_sid_prefix(fixture->arena, "default"));
}

static bool has_user(const struct fixture *fixture, const char *name)
{
    return observed_find_principal(&fixture->account, PRINCIPAL_USER, name) != NULL;
}

/* --- tests --- */

static void test_what_is_kept(void **state)
{
    struct fixture *fixture = *state;
    begin_page(fixture);
    add_user(fixture, "ada", "arn:aws:iam::aws:policy/ReadOnlyAccess", "%7B%22plain%22%7D");
    add_user(fixture, "stranger", "arn:aws:iam::aws:policy/ReadOnlyAccess", "%7B%7D");
    add_user(fixture, "leased", NULL, marked_document(fixture));
    add_user(fixture, "attached", LOCAL("payments-dev-read"), NULL);
    add_user(fixture, "elsewhere", LOCAL("hand-made"), NULL);
    add_policy(fixture, "payments-dev-read", MARKED_DESCRIPTION);
    add_policy(fixture, "Payments-Wanted", "no mark, but its name is wanted");
    add_policy(fixture, "hand-made", "no mark");
    add_policy(fixture, "other-owner", "x [iamlease other/payments/dev.read]");
    end_page(fixture, NULL);
    read_page(fixture, NULL);
    account_reader_finish(fixture->reader);

    assert_int_equal(fixture->account.principals.count, 3);
    assert_true(has_user(fixture, "ada") && has_user(fixture, "leased") && has_user(fixture, "attached"));
    const struct observed_principal *ada = &fixture->account.principals.items[0];
    assert_string_equal(ada->name, "ada");
    assert_string_equal(ada->attached.items[0], "arn:aws:iam::aws:policy/ReadOnlyAccess");
    assert_string_equal(ada->inline_policies.items[0].name, "inline");
    assert_string_equal(ada->inline_policies.items[0].document, "{\"plain\"}");

    assert_int_equal(fixture->account.policies.count, 2);
    const struct observed_policy *policy = observed_find_policy(&fixture->account, "payments-dev-read");
    assert_string_equal(policy->arn, LOCAL("payments-dev-read"));
    assert_string_equal(policy->description, MARKED_DESCRIPTION);
    assert_string_equal(policy->path, "/");
    assert_string_equal(policy->document, "{\"new\"}");
    assert_int_equal(policy->versions.count, 2);
    assert_string_equal(policy->versions.items[0].id, "v2");
    assert_true(policy->versions.items[0].is_default && !policy->versions.items[1].is_default);
    assert_int_equal(policy->versions.items[0].created_at_s, 1767323045);
    assert_non_null(observed_find_policy(&fixture->account, "payments-wanted"));
}

static void test_roles(void **state)
{
    struct fixture *fixture = *state;
    begin_page(fixture);
    buf_addf(
        &fixture->page,
        "<RoleDetailList><member><RoleName>deployer</RoleName><AttachedManagedPolicies/>"
        "<RolePolicyList><member><PolicyName>p</PolicyName><PolicyDocument>{}</PolicyDocument></member>"
        "</RolePolicyList><InstanceProfileList><member><Roles><member><RoleName>other</RoleName></member></Roles>"
        "</member></InstanceProfileList></member><member><RoleName>stranger</RoleName></member></RoleDetailList>");
    end_page(fixture, NULL);
    read_page(fixture, NULL);
    account_reader_finish(fixture->reader);
    assert_int_equal(fixture->account.principals.count, 1);
    assert_int_equal(fixture->account.principals.items[0].kind, PRINCIPAL_ROLE);
    assert_string_equal(fixture->account.principals.items[0].name, "deployer");
    assert_string_equal(fixture->account.principals.items[0].inline_policies.items[0].document, "{}");
}

/* Groups are asked for by their own names: the list of a user's groups says nothing here. */
static void test_groups(void **state)
{
    struct fixture *fixture = *state;
    begin_page(fixture);
    buf_addf(&fixture->page,
             "<UserDetailList><member><UserName>stranger</UserName><GroupList><member>developers</member>"
             "</GroupList></member></UserDetailList>"
             "<GroupDetailList><member><GroupName>developers</GroupName><GroupPolicyList><member>"
             "<PolicyName>p</PolicyName><PolicyDocument>{}</PolicyDocument></member></GroupPolicyList>"
             "<AttachedManagedPolicies><member><PolicyName>x</PolicyName><PolicyArn>" LOCAL("hand-made") //
             "</PolicyArn></member></AttachedManagedPolicies></member>"
             "<member><GroupName>stranger</GroupName></member>"
             "<member><GroupName>leased</GroupName><GroupPolicyList><member><PolicyName>q</PolicyName>"
             "<PolicyDocument>%s</PolicyDocument></member></GroupPolicyList></member></GroupDetailList>",
             marked_document(fixture));
    end_page(fixture, NULL);
    read_page(fixture, NULL);
    account_reader_finish(fixture->reader);
    assert_int_equal(fixture->account.principals.count, 2);
    const struct observed_principal *developers =
        observed_find_principal(&fixture->account, PRINCIPAL_GROUP, "Developers");
    assert_non_null(developers);
    assert_string_equal(developers->attached.items[0], LOCAL("hand-made"));
    assert_string_equal(developers->inline_policies.items[0].name, "p");
    assert_string_equal(developers->inline_policies.items[0].document, "{}");
    assert_non_null(observed_find_principal(&fixture->account, PRINCIPAL_GROUP, "leased"));
    assert_null(observed_find_principal(&fixture->account, PRINCIPAL_USER, "leased"));
}

/* Policies come on a later page than those who have them attached. */
static void test_pages(void **state)
{
    struct fixture *fixture = *state;
    begin_page(fixture);
    add_user(fixture, "attached", LOCAL("payments-dev-read"), NULL);
    end_page(fixture, "page 2/&amp;");
    read_page(fixture, "page 2/&");
    begin_page(fixture);
    add_policy(fixture, "payments-dev-read", MARKED_DESCRIPTION);
    end_page(fixture, NULL);
    read_page(fixture, NULL);
    account_reader_finish(fixture->reader);
    assert_true(has_user(fixture, "attached"));
}

/* Wherever the first attempt at the second page breaks off, it leaves nothing behind. */
static void test_a_page_that_is_read_again(void **state)
{
    struct fixture *fixture = *state;
    begin_page(fixture);
    add_user(fixture, "ada", NULL, NULL);
    end_page(fixture, "2");
    read_page(fixture, "2");
    begin_page(fixture);
    add_user(fixture, "leased", NULL, marked_document(fixture));
    add_user(fixture, "attached", LOCAL("payments-dev-read"), NULL);
    add_policy(fixture, "payments-dev-read", MARKED_DESCRIPTION);
    end_page(fixture, NULL);
    for (size_t size = 0; size < fixture->page.size; size += 100)
        assert_true(feed(fixture, size));
    read_page(fixture, NULL);
    account_reader_finish(fixture->reader);
    assert_int_equal(fixture->account.principals.count, 3);
    assert_int_equal(fixture->account.policies.count, 1);
}

static void test_what_cannot_be_read(void **state)
{
    struct fixture *fixture = *state;
    static const char *const pages[] = {
        "",
        "<R><Result><IsTruncated>false</IsTruncated>",
        "<R><Result><IsTruncated>true</IsTruncated></Result></R>",
        "<R><Result><IsTruncated>true</IsTruncated><Marker></Marker></Result></R>",
        "{}",
    };
    for (size_t i = 0; i < COUNT(pages); i++) {
        const char *marker;
        buf_clear(&fixture->page);
        buf_add_text(&fixture->page, pages[i]);
        (void)feed(fixture, fixture->page.size);
        CHECK(!account_reader_end_page(fixture->reader, &marker), "%s", pages[i]);
    }
}

static void test_pages_in_a_ring(void **state)
{
    struct fixture *fixture = *state;
    static const char *const markers[] = {"a", "b", "c", "b"};
    for (size_t i = 0; i < COUNT(markers); i++) {
        const char *marker;
        begin_page(fixture);
        end_page(fixture, markers[i]);
        assert_true(feed(fixture, fixture->page.size));
        CHECK(account_reader_end_page(fixture->reader, &marker) == (i < 3), "%zu", i);
    }
}

/* Elements in places where AWS never has them: nothing is kept, nothing breaks. */
static void test_odd_answers(void **state)
{
    struct fixture *fixture = *state;
    static const char *const parts[] = {
        "<UserDetailList><member/></UserDetailList>",
        "<UserDetailList><UserName>ada</UserName></UserDetailList>",
        "<UserDetailListmember><UserName>ada</UserName></UserDetailListmember>",
        "<Policies><member><PolicyVersionList><member/></PolicyVersionList></member></Policies>",
        "<Policies><member><PolicyVersionList><Document>x</Document></PolicyVersionList></member></Policies>",
        "<Policies><member><PolicyName>payments-wanted</PolicyName></member></Policies>",
        "<RoleDetailList><member><UserName>ada</UserName><UserPolicyList><member/></UserPolicyList></member>"
        "</RoleDetailList>",
    };
    begin_page(fixture);
    for (size_t i = 0; i < COUNT(parts); i++)
        buf_add_text(&fixture->page, parts[i]);
    end_page(fixture, NULL);
    read_page(fixture, NULL);
    account_reader_finish(fixture->reader);
    assert_int_equal(fixture->account.principals.count, 0);
    assert_int_equal(fixture->account.policies.count, 0);
}

/* For import nothing is too small: who has nothing of ours, boundaries, groups and instance profiles. */
static void test_everything(void **state)
{
    struct fixture *fixture = *state;
    account_reader_free(fixture->reader);
    fixture->needs = (struct account_needs){.everything = true};
    fixture->reader = account_reader_new(fixture->arena, &fixture->needs, "default", &fixture->account);
    fixture->sink = account_reader_sink(fixture->reader);
    begin_page(fixture);
    buf_add_text(
        &fixture->page,
        "<UserDetailList><member><UserName>zoe</UserName><GroupList><member>b</member><member>a</member></GroupList>"
        "<PermissionsBoundary><PermissionsBoundaryArn>limit</PermissionsBoundaryArn></PermissionsBoundary>"
        "</member></UserDetailList><RoleDetailList><member><RoleName>machine</RoleName><InstanceProfileList><member>"
        "<InstanceProfileName>profile</InstanceProfileName><Roles><member><RoleName>machine</RoleName></member>"
        "</Roles></member></InstanceProfileList></member></RoleDetailList>");
    add_policy(fixture, "hand-made", "");
    end_page(fixture, NULL);
    read_page(fixture, NULL);
    account_reader_finish(fixture->reader);
    assert_int_equal(fixture->account.principals.count, 2);
    assert_int_equal(fixture->account.policies.count, 1);
    const struct observed_principal *zoe = observed_find_principal(&fixture->account, PRINCIPAL_USER, "zoe");
    const struct observed_principal *machine =
        observed_find_principal(&fixture->account, PRINCIPAL_ROLE, "machine");
    assert_string_equal(zoe->boundary, "limit");
    assert_int_equal(zoe->groups.count, 2);
    assert_string_equal(zoe->groups.items[0], "b");
    assert_int_equal(machine->instance_profiles.count, 1);
    assert_string_equal(machine->instance_profiles.items[0], "profile");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_what_is_kept),
        TEST(test_everything),
        TEST(test_roles),
        TEST(test_groups),
        TEST(test_pages),
        TEST(test_a_page_that_is_read_again),
        TEST(test_what_cannot_be_read),
        TEST(test_pages_in_a_ring),
        TEST(test_odd_answers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
