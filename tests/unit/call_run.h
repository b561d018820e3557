/* SPDX-License-Identifier: Apache-2.0 */
/* Runs one operation, or some, against a script of answers: what tests of aws/call.c and of its parts share. */
#ifndef IAMLEASE_UNIT_CALL_RUN_H
#define IAMLEASE_UNIT_CALL_RUN_H

#include "aws_double.h"

#define POLICY_ARN "arn:aws:iam::" DOUBLE_ACCOUNT ":policy/iamlease/p"
#define DOCUMENT \
    "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":[\"s3:Get*\"],\"Resource\":[\"*\"]}]}"
#define SAME_DOCUMENT \
    "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Resource\":\"*\",\"Action\":\"s3:Get*\"}}"
#define OTHER_DOCUMENT \
    "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Resource\":\"*\",\"Action\":\"s3:*\"}}"

#define GET_POLICY(description)                                                           \
    "<R><Result><Policy><DefaultVersionId>v2</DefaultVersionId><Description>" description \
    "</Description></Policy></Result></R>"
#define GET_VERSION(document) \
    "<R><Result><PolicyVersion><Document>" document "</Document></PolicyVersion></Result></R>"
#define GET_INLINE(document) "<R><Result><PolicyDocument>" document "</PolicyDocument></Result></R>"

#define TRUST(action)                                                                                                       \
    "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::" DOUBLE_ACCOUNT \
    ":user/bert\"},\"Action\":\"" action "\"}}"
#define MARK "default/t/g:user:bert"
#define GET_ROLE_WITH(trust, key, mark, more)                                         \
    "<R><Result><Role><RoleName>r</RoleName><AssumeRolePolicyDocument>" trust         \
    "</AssumeRolePolicyDocument>" more "<Tags><member><Key>" key "</Key><Value>" mark \
    "</Value></member></Tags></Role>"                                                 \
    "</Result></R>"
#define BOUNDED_BY(arn)                                 \
    "<PermissionsBoundary><PermissionsBoundaryArn>" arn \
    "</PermissionsBoundaryArn><PermissionsBoundaryType>Policy</PermissionsBoundaryType></PermissionsBoundary>"
#define BOUNDARY                   "arn:aws:iam::" DOUBLE_ACCOUNT ":policy/limit"
#define GET_ROLE(trust, key, mark) GET_ROLE_WITH(trust, key, mark, BOUNDED_BY(BOUNDARY))
#define ABSENT_ROLE                DOUBLE_ERROR("NoSuchEntity", "The role with name bert cannot be found.")

#define ASSUME                                                              \
    {                                                                       \
        "Action=AssumeRole&", 200, NULL, DOUBLE_ASSUME_ROLE, HTTP_ANSWER, 0 \
    }
#define LINE(action, status, body)                               \
    {                                                            \
        "Action=" action "&", status, NULL, body, HTTP_ANSWER, 0 \
    }
#define ALWAYS(action, status, body)                              \
    {                                                             \
        "Action=" action "&", status, NULL, body, HTTP_ANSWER, 99 \
    }
#define LOST(action)                                      \
    {                                                     \
        "Action=" action "&", 200, NULL, "", HTTP_DROP, 0 \
    }
#define ABSENT_USER DOUBLE_ERROR("NoSuchEntity", "The user with name bert cannot be found.")
#define ABSENT_POLICY \
    DOUBLE_ERROR("NoSuchEntity", "Policy " POLICY_ARN " does not exist or is not attachable.")
#define EXISTS DOUBLE_ERROR("EntityAlreadyExists", "A policy called p already exists.")

#define TAGGED(key, value)                                                                        \
    "<ListPolicyTagsResponse><ListPolicyTagsResult><Tags><member><Key>" key "</Key><Value>" value \
    "</Value></member></Tags><IsTruncated>false</IsTruncated></ListPolicyTagsResult></ListPolicyTagsResponse>"

#define PROVIDER_URL  "oidc.example.com/x"
#define PROVIDER_ARN  "arn:aws:iam::" DOUBLE_ACCOUNT ":oidc-provider/" PROVIDER_URL
#define PROVIDER_MARK "default/t/p"
#define GET_PROVIDER(client, mark)                                                                   \
    "<R><Result><Url>" PROVIDER_URL "</Url><ClientIDList><member>" client "</member></ClientIDList>" \
    "<Tags><member><Key>iamlease</Key><Value>" mark "</Value></member></Tags></Result></R>"

/* What the program promises for one operation and the answers to it. */
struct call_case {
    const char *name;
    enum operation_kind kind;
    struct http_line script[8];
    enum result_status status;
    const char *code, *message; /* parts of them; NULL: must be NULL */
    size_t requests;            /* without AssumeRole */
};

/* An operation of that kind on what the answers above are about. */
struct operation call_run_operation(enum operation_kind kind);

/* Takes the result of a call into the struct result that is its context; that is RESULT_BLOCKED before. */
void call_run_note(void *context, const struct result *result);

/* Runs operations one after the other against a script; gives the result of the last. The caller frees. */
struct aws_double *call_run(const struct http_line *script, size_t count, const enum operation_kind *kinds,
                            size_t kind_count, struct result *ret);

void call_run_cases(const struct call_case *cases, size_t count);

#endif
