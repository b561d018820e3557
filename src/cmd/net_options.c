/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/net_options.h"

#include "base/str.h"

#include <stdlib.h>
#include <string.h>

/* A whole number from 1 to `max`; 0 when the option is not given. */
static int read_number(const char *name, const char *text, unsigned max, unsigned *ret, struct err *err)
{
    enum { DIGITS_MAX = 6 };
    *ret = 0;
    if (!text)
        return 0;
    size_t digits = strspn(text, "0123456789");
    unsigned long number = digits && digits <= DIGITS_MAX && !text[digits] ? strtoul(text, NULL, 10) : 0;
    if (number < 1 || number > max)
        return err_set(err, ERR_USAGE, "--%s '%.64s' is not a whole number from 1 to %u", name, text, max);
    *ret = (unsigned)number;
    return 0;
}

/* Minutes, or seconds with an s behind. */
static int read_deadline(struct arena *arena, const char *text, unsigned *ret_s, struct err *err)
{
    enum { SECONDS = 60, DAY_S = 24 * 60 * 60 };
    size_t size = text ? strlen(text) : 0;
    bool is_seconds = size > 1 && text[size - 1] == 's';
    const char *number = is_seconds ? arena_strndup(arena, text, size - 1) : text;
    unsigned unit_s = is_seconds ? 1 : SECONDS;
    if (read_number("deadline", number, DAY_S / unit_s, ret_s, err) < 0)
        return -1;
    *ret_s *= unit_s;
    return 0;
}

int net_options_read(const struct invocation *invocation, struct net_options *ret, struct err *err)
{
    enum { IN_FLIGHT_MAX = 1000, TIMEOUT_MAX_S = 600, MS = 1000 };
    const struct options *options = &invocation->options;
    unsigned timeout_s;
    *ret = (struct net_options){
        .user_agent = "iamlease/" IAMLEASE_VERSION,
        .stop_signal = invocation->stop_signal,
        .ca_file = invocation->ca_file,
    };
    if (read_deadline(invocation->arena, options->deadline, &ret->deadline_s, err) < 0 ||
        read_number("answer-timeout", options->answer_timeout, TIMEOUT_MAX_S, &timeout_s, err) < 0 ||
        read_number("max-in-flight", options->max_in_flight, IN_FLIGHT_MAX, &ret->max_in_flight, err) < 0 ||
        read_number("max-in-flight-per-account", options->max_in_flight_per_account, IN_FLIGHT_MAX,
                    &ret->max_in_flight_per_group, err) < 0)
        return -1;
    ret->timeout_ms = timeout_s * MS;
    return 0;
}
