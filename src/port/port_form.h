/* SPDX-License-Identifier: Apache-2.0 */
/* What stands in the form with which somebody asks for access; hostile, because people write it. */
#ifndef IAMLEASE_PORT_PORT_FORM_H
#define IAMLEASE_PORT_PORT_FORM_H

#include "base/err.h"
#include "base/json.h"
#include "base/vec.h"

#include <stdint.h>

enum { PORT_PERMISSIONS_MAX = 50 };

/* The form of port/, read. */
struct port_form {
    struct strings permissions;
    const char *reason, *ticket; /* "" when not given */
    int64_t hours;               /* 0: not given */
};

/* ERR_INPUT: the inputs are not what that form has. */
int port_form_read(struct arena *arena, const struct json *inputs, struct port_form *ret, struct err *err);

/* For how long: the hours of the form, 8 when it has none; in seconds. */
int64_t port_form_lasts_s(const struct port_form *form);

#endif
