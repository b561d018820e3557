/* SPDX-License-Identifier: Apache-2.0 */
#include "port/port_resources.h"
#include "unit.h"

#include <string.h>

#define HERE ":eu-west-1:123456789012:"

/* One line for each row of the table: an ARN, the service of its actions, and all resources. */
static const struct row {
    const char *arn, *service, *account_id, *resources;
} rows[] = {
    {"arn:aws:s3:::a-bucket.x", "s3", NULL, "arn:aws:s3:::a-bucket.x arn:aws:s3:::a-bucket.x/*"},
    {"arn:aws:ec2" HERE "instance/i-0a", "ec2", "123456789012", "arn:aws:ec2" HERE "instance/i-0a"},
    {"arn:aws:ec2" HERE "volume/vol-1", "ec2", "123456789012", "arn:aws:ec2" HERE "volume/vol-1"},
    {"arn:aws:ec2:eu-west-1::snapshot/snap-1", "ec2", NULL, "arn:aws:ec2:eu-west-1::snapshot/snap-1"},
    {"arn:aws:ec2" HERE "security-group/sg-1", "ec2", "123456789012", "arn:aws:ec2" HERE "security-group/sg-1"},
    {"arn:aws:dynamodb" HERE "table/a_b.c", "dynamodb", "123456789012",
     "arn:aws:dynamodb" HERE "table/a_b.c arn:aws:dynamodb" HERE "table/a_b.c/*"},
    {"arn:aws:sqs" HERE "jobs.fifo", "sqs", "123456789012", "arn:aws:sqs" HERE "jobs.fifo"},
    {"arn:aws:sns" HERE "alarms", "sns", "123456789012", "arn:aws:sns" HERE "alarms"},
    {"arn:aws:lambda" HERE "function:f", "lambda", "123456789012",
     "arn:aws:lambda" HERE "function:f arn:aws:lambda" HERE "function:f:*"},
    {"arn:aws:rds" HERE "db:main", "rds", "123456789012", "arn:aws:rds" HERE "db:main"},
    {"arn:aws:rds" HERE "cluster:main", "rds", "123456789012", "arn:aws:rds" HERE "cluster:main"},
    {"arn:aws:secretsmanager" HERE "secret:a/b-Xy12Zz", "secretsmanager", "123456789012",
     "arn:aws:secretsmanager" HERE "secret:a/b-Xy12Zz"},
    {"arn:aws:ssm" HERE "parameter/a/b", "ssm", "123456789012", "arn:aws:ssm" HERE "parameter/a/b"},
    {"arn:aws:logs" HERE "log-group:/aws/x", "logs", "123456789012",
     "arn:aws:logs" HERE "log-group:/aws/x arn:aws:logs" HERE "log-group:/aws/x:*"},
    {"arn:aws:logs" HERE "log-group:/aws/x:*", "logs", "123456789012",
     "arn:aws:logs" HERE "log-group:/aws/x:* arn:aws:logs" HERE "log-group:/aws/x"},
    {"arn:aws:ecr" HERE "repository/a/b", "ecr", "123456789012", "arn:aws:ecr" HERE "repository/a/b"},
    {"arn:aws:kms" HERE "key/0a-1b", "kms", "123456789012", "arn:aws:kms" HERE "key/0a-1b"},
    {"arn:aws:states" HERE "stateMachine:m", "states", "123456789012", "arn:aws:states" HERE "stateMachine:m"},
    {"arn:aws-cn:kinesis:cn-north-1:123456789012:stream/s", "kinesis", "123456789012",
     "arn:aws-cn:kinesis:cn-north-1:123456789012:stream/s"},
    {"arn:aws:eks" HERE "cluster/c", "eks", "123456789012", "arn:aws:eks" HERE "cluster/c"},
    {"arn:aws:ecs" HERE "cluster/c", "ecs", "123456789012", "arn:aws:ecs" HERE "cluster/c"},
    {"arn:aws:ecs" HERE "service/c/s", "ecs", "123456789012", "arn:aws:ecs" HERE "service/c/s"},
};

static void test_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct arena *arena = arena_new();
        struct port_resource resource;
        struct err err;
        const char *all = "";
        CHECK(port_resource_read(arena, rows[i].arn, &resource, &err) == 0, "%s", rows[i].arn);
        for (size_t j = 0; j < resource.resources.count; j++)
            all = arena_printf(arena, "%s%s%s", all, j ? " " : "", resource.resources.items[j]);
        CHECK(strcmp(all, rows[i].resources) == 0, "%s gives %s", rows[i].arn, all);
        assert_string_equal(resource.service, rows[i].service);
        CHECK(!resource.account_id == !rows[i].account_id &&
                  (!resource.account_id || strcmp(resource.account_id, rows[i].account_id) == 0),
              "%s", rows[i].arn);
        arena_free(arena);
    }
}

static void test_refused(void **state)
{
    (void)state;
    static const char *const arns[] = {
        "",
        "*",
        "bucket",
        "arn:aws:s3",
        "arn:aws:s3:::",
        "arn:aws:s3:::*",
        "arn:aws:s3:::a/b",
        "arn:aws:s3:::${aws:username}",
        "arn:aws:s3:::a b",
        "arn:aws:s3:::a\n",
        "arn:aws:s3:::a\"",
        "arn::s3:::a",
        "arn:a*:s3:::a",
        "arn:aws:s3:eu-west-1:123456789012:a",
        "arn:aws:ec2:eu-west-1:12345678901:instance/i-1",
        "arn:aws:ec2:eu-west-1:12345678901x:instance/i-1",
        "arn:aws:ec2::123456789012:instance/i-1",
        "arn:aws:ec2:*:123456789012:instance/i-1",
        "arn:aws:ec2" HERE "instance/",
        "arn:aws:ec2" HERE "instance/*",
        "arn:aws:ec2" HERE "vpc/vpc-1",
        "arn:aws:iam::123456789012:role/admin",
        "arn:aws:lambda" HERE "function:f:1",
        "arn:aws:S3:::a",
        "xrn:aws:s3:::a",
    };
    struct arena *arena = arena_new();
    struct port_resource resource;
    for (size_t i = 0; i < COUNT(arns); i++) {
        struct err err = {0};
        CHECK(port_resource_read(arena, arns[i], &resource, &err) == -1 && err.code == ERR_REFUSED, "%s",
              arns[i]);
    }
    arena_free(arena);
}

static void test_actions(void **state)
{
    (void)state;
    assert_true(port_action_is_of("s3:GetObject", "s3"));
    static const char *const wrong[] = {"s3:",          "s3",      "s3:*",         "s3:Get?",
                                        "S3:GetObject", "s3a:Get", "ec2:Describe", "s3:Get Object",
                                        "s3:Get\n",     "*",       "s3:Get:Put"};
    for (size_t i = 0; i < COUNT(wrong); i++)
        CHECK(!port_action_is_of(wrong[i], "s3"), "%s", wrong[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_actions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
