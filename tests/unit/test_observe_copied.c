/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/observe_copied.h"
#include "aws_double.h"
#include "policy/copy_tag.h"
#include "unit.h"

#include <string.h>

#define THEIRS  "arn:aws:iam::" DOUBLE_ACCOUNT ":policy/theirs"
#define OF_AWS  "arn:aws:iam::aws:policy/ReadOnlyAccess"
#define DELETED "arn:aws:iam::" DOUBLE_ACCOUNT ":policy/deleted"
#define CONTENT "{\"Version\":\"2012-10-17\",\"Statement\":[]}"
#define VERSION "<R><Result><PolicyVersion><Document>" CONTENT "</Document></PolicyVersion></Result></R>"
#define ASSUME                                                              \
    {                                                                       \
        "Action=AssumeRole&", 200, NULL, DOUBLE_ASSUME_ROLE, HTTP_ANSWER, 0 \
    }
#define GET(what, status, body)                  \
    {                                            \
        what, status, NULL, body, HTTP_ANSWER, 0 \
    }

static void add_source(struct aws_double *fake, struct observed_account *account, const char *arn,
                       const char *version, const char *error)
{
    *VEC_ADD(fake->arena, &account->sources) =
        (struct observed_source){.arn = arn, .version_id = version, .document = CONTENT, .error = error};
}

/* A policy of which the first statement says that it was copied so. */
static void add_copy(struct aws_double *fake, struct observed_account *account, const char *arn,
                     const char *version)
{
    VEC_ADD(fake->arena, &account->policies)->document =
        arena_printf(fake->arena, "{\"Statement\":[{\"Sid\":\"iamlease00000000001%s%s\"}]}",
                     copy_tag(fake->arena, arn), version);
}

static void note_end(void *context)
{
    ++*(int *)context;
}

static void read_copied(struct aws_double *fake, struct observed_account *account, struct map *known)
{
    int ends = 0;
    struct err err = {0};
    account->account_id = DOUBLE_ACCOUNT;
    observe_copied(fake->arena, fake->aws, account, known, note_end, &ends);
    assert_int_equal(net_run(fake->net, &err), 0);
    assert_int_equal(ends, 1);
}

static void test_only_what_changed_is_read(void **state)
{
    (void)state;
    const struct http_line script[] = {ASSUME};
    struct aws_double *fake = aws_double_start(script, COUNT(script));
    struct map known = map_new(fake->arena);
    struct observed_account account = {0};
    add_source(fake, &account, THEIRS, "v12", NULL);
    add_source(fake, &account, DELETED, NULL, "there is no such policy");
    add_copy(fake, &account, THEIRS, "v12");
    add_copy(fake, &account, DELETED, "v1");
    add_copy(fake, &account, OF_AWS, "v1"); /* nobody asks for it any more */
    add_copy(fake, &account, THEIRS, "by hand");
    add_copy(fake, &account, THEIRS, "v1x");
    VEC_ADD(fake->arena, &account.policies)->name = "no document";
    read_copied(fake, &account, &known);
    assert_int_equal(account.copied.count, 0);
    aws_double_stop(fake);
    assert_int_equal(http_double_count(fake->server), 0);
    aws_double_free(fake);
}

static void test_each_version_is_read_once(void **state)
{
    (void)state;
    const struct http_line script[] = {
        ASSUME,
        GET("theirs&VersionId=v1", 200, VERSION),
        GET("theirs&VersionId=v2", 404, DOUBLE_ERROR("NoSuchEntity", "no")),
        GET("ReadOnlyAccess&VersionId=v7", 200, VERSION),
    };
    struct aws_double *fake = aws_double_start(script, COUNT(script));
    struct map known = map_new(fake->arena);
    struct observed_account account = {0}, next = {0};
    add_source(fake, &account, THEIRS, "v12", NULL);
    add_source(fake, &account, OF_AWS, "v8", NULL);
    add_source(fake, &next, OF_AWS, "v8", NULL);
    add_copy(fake, &account, THEIRS, "v1");
    add_copy(fake, &account, THEIRS, "v1");
    add_copy(fake, &account, THEIRS, "v2");
    add_copy(fake, &account, OF_AWS, "v7");
    add_copy(fake, &next, OF_AWS, "v7");
    read_copied(fake, &account, &known);
    read_copied(fake, &next, &known);
    assert_int_equal(account.copied.count, 3);
    assert_string_equal(observed_find_copied(&account, THEIRS, "v1")->document, CONTENT);
    assert_null(observed_find_copied(&account, THEIRS, "v2")->document);
    assert_null(observed_find_copied(&account, THEIRS, "v12"));
    assert_string_equal(observed_find_copied(&account, OF_AWS, "v7")->document, CONTENT);
    assert_string_equal(observed_find_copied(&next, OF_AWS, "v7")->document, CONTENT);
    aws_double_stop(fake);
    assert_int_equal(http_double_count_of(fake->server, "Action=GetPolicyVersion&"), 3);
    aws_double_free(fake);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_only_what_changed_is_read),
        cmocka_unit_test(test_each_version_is_read_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
