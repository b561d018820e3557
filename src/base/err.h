/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Trouble with the world (files, git, network, AWS). Trouble in the user's configuration files is a
 * diagnostic: base/diag.h.
 *
 * A function that can fail takes `struct err *err` last and returns 0, or -1 with *err set:
 *
 *     return err_set(err, ERR_IO, "cannot read '%s': %s", path, strerror(errno));
 *
 * A caller may put its own words in front (err_wrap) and hand it on. On success *err is untouched.
 */
#ifndef IAMLEASE_BASE_ERR_H
#define IAMLEASE_BASE_ERR_H

enum err_code {
    ERR_NONE,
    ERR_USAGE,   /* the command line or the environment is wrong: exit code 64 */
    ERR_IO,      /* files and streams */
    ERR_GIT,     /* the repository, its objects and refs */
    ERR_NET,     /* no usable answer came */
    ERR_AWS,     /* AWS answered with an error */
    ERR_INPUT,   /* something from outside could not be read: JSON, XML, a date */
    ERR_REFUSED, /* a rule of iamlease forbids it */
    ERR_STOPPED, /* SIGINT or SIGTERM */
};

enum { ERR_MESSAGE_MAX = 2048 };

struct err {
    enum err_code code;
    char message[ERR_MESSAGE_MAX]; /* a sentence without full stop; longer ones are cut at the end */
};

/* Sets *err and returns -1. */
int err_set(struct err *err, enum err_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Puts "<text>: " in front of the message and returns -1. */
int err_wrap(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
