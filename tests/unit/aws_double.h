/* SPDX-License-Identifier: Apache-2.0 */
/* A session whose AWS is a server that follows a script: http_double.h. */
#ifndef IAMLEASE_UNIT_AWS_DOUBLE_H
#define IAMLEASE_UNIT_AWS_DOUBLE_H

#include "aws/aws.h"
#include "http_double.h"

#define DOUBLE_ACCOUNT "123456789012"
#define DOUBLE_TOKEN   "FwoGZXIvYXdzEXAMPLETOKEN"

/* Answers to AssumeRole: good credentials. */
#define DOUBLE_ASSUME_ROLE                                                                           \
    "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIAEXAMPLE</AccessKeyId>"      \
    "<SecretAccessKey>assumed-secret</SecretAccessKey><SessionToken>" DOUBLE_TOKEN "</SessionToken>" \
    "</Credentials></AssumeRoleResult></AssumeRoleResponse>"

/* Any success without a content. */
#define DOUBLE_OK "<Response><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></Response>"

#define DOUBLE_ERROR(code, message)                                                   \
    "<ErrorResponse><Error><Type>Sender</Type><Code>" code "</Code><Message>" message \
    "</Message></Error></ErrorResponse>"

struct aws_double {
    struct arena *arena;
    struct http_double *server;
    struct net *net;
    struct aws *aws;
    int stop_signal;
};

/* Requests are tried four times, with next to no wait between them. */
struct aws_double *aws_double_start(const struct http_line *script, size_t count);

/* The same, with a deadline of the run. */
struct aws_double *aws_double_start_until(const struct http_line *script, size_t count, unsigned deadline_s);

/* Ends session and server; the requests may be looked at now. */
void aws_double_stop(struct aws_double *fake);
void aws_double_free(struct aws_double *fake);

#endif
