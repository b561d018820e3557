/* SPDX-License-Identifier: Apache-2.0 */
/* Inside src/flow only: what somebody asks for in Port, and the entry that says it in the files. */
#ifndef IAMLEASE_FLOW_PORT_WISH_H
#define IAMLEASE_FLOW_PORT_WISH_H

#include "flow/port_base.h"
#include "flow/port_judging.h"
#include "model/rules.h"
#include "port/port_form.h"

struct port_wish {
    const struct run *run;
    const struct port_asking *asking;
    struct port_base *base;
    struct port_run of_port;
    struct port_form form;
    struct port_resource resource;
    const char *account_id; /* of the resource, as far as its ARN or its entity says; otherwise NULL */
    struct port_place place;
    struct all_account_rules rules; /* of the base */
    int64_t ends_at_s;

    const char *path, *text;     /* the file as it is to be */
    const struct config *config; /* with that */
    const char *held;            /* why the entry would not be granted for now, or NULL */
};

/* The rules of the account that it is about; or NULL. */
const struct account_rules *port_wish_rules(const struct port_wish *wish);

/*
 * Whoever asked may not be who has the IAM user: only the part before the '@' is compared, and the settings
 * do not know that mail domain. NULL: nothing speaks against it.
 */
const char *port_wish_stranger(const struct port_wish *wish);

/*
 * When it ends: the hours of the form after the run was started, `at_most_s` at most; counted from the run,
 * so that one that is started again, in whatever mode, is granted nothing more. ERR_REFUSED: that is over, or
 * Port does not say when the run was started.
 */
int port_wish_end(const struct port_wish *wish, int64_t at_most_s, int64_t *ret, struct err *err);

/*
 * Adds the entry to the text of its file, and judges all files with it as a pull request is: by the rules of
 * the base. ERR_REFUSED: it would not be valid; or nothing can be added to that file.
 */
int port_wish_write(struct port_wish *wish, struct err *err);

#endif
