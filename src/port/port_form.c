/* SPDX-License-Identifier: Apache-2.0 */
#include "port/port_form.h"

enum { HOURS_MAX = 24 * 366, HOURS_DEFAULT = 8, HOUR_S = 3600 };

static int read_permissions(struct arena *arena, const struct json *inputs, struct port_form *ret,
                            struct err *err)
{
    const struct json *list = json_get(inputs, "permissions");
    if (!list)
        return 0;
    if (list->kind != JSON_ARRAY || list->count > PORT_PERMISSIONS_MAX)
        return err_set(err, ERR_INPUT, "the input permissions of the run is no list of at most %d",
                       PORT_PERMISSIONS_MAX);
    for (size_t i = 0; i < list->count; i++) {
        const struct json *item = &list->items[i];
        const char *name = item->kind == JSON_STRING ? item->string : json_get_string(item, "identifier");
        if (!name)
            return err_set(err, ERR_INPUT,
                           "the input permissions of the run holds something that is no action");
        strings_add_unique(arena, &ret->permissions, name);
    }
    return 0;
}

int port_form_read(struct arena *arena, const struct json *inputs, struct port_form *ret, struct err *err)
{
    const struct json *hours = json_get(inputs, "hours");
    const char *reason = json_get_string(inputs, "reason"), *ticket = json_get_string(inputs, "ticket");
    *ret = (struct port_form){.reason = reason ? reason : "", .ticket = ticket ? ticket : ""};
    if (hours && hours->kind != JSON_NULL) {
        bool is_whole = hours->kind == JSON_NUMBER && hours->number >= 1 && hours->number <= HOURS_MAX &&
                        hours->number == (double)(int64_t)hours->number;
        if (!is_whole)
            return err_set(err, ERR_INPUT, "the input hours of the run is no whole number from 1 to %d",
                           HOURS_MAX);
        ret->hours = (int64_t)hours->number;
    }
    return read_permissions(arena, inputs, ret, err);
}

int64_t port_form_lasts_s(const struct port_form *form)
{
    return (form->hours ? form->hours : HOURS_DEFAULT) * HOUR_S;
}
