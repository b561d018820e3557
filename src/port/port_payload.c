/* SPDX-License-Identifier: Apache-2.0 */
#include "port/port_payload.h"

#include "base/str.h"

#include <stdio.h>

enum { RUN_ID_MAX = 64, KEY_SIZE = 64 };

bool port_is_run_id(const char *text)
{
    return *text && strlen(text) <= RUN_ID_MAX && str_only(text, "_-");
}

const struct json *port_value_at(const struct json *json, const char *path)
{
    char key[KEY_SIZE];
    while (json) {
        size_t size = strcspn(path, ".");
        snprintf(key, sizeof key, "%.*s", (int)size, path);
        json = json_get(json, key);
        if (!path[size])
            break;
        path += size + 1;
    }
    return json;
}

const char *port_text_at(const struct json *json, const char *path)
{
    const struct json *value = port_value_at(json, path);
    return value && value->kind == JSON_STRING ? value->string : NULL;
}

/* Where the three values stand. An automation has no user, and the entity is that of its event. */
struct shape {
    const char *input;
    const char *run_id, *entity, *entity_object;
};

static const struct shape shapes[] = {
    {"port_payload", "context.runId", "context.entity", "context.entity.identifier"},
    {"port_context", "runId", "entity", "entity.identifier"},
};
static const char requester_path[] = "trigger.by.user.email";

static int read_shape(struct arena *arena, const struct shape *shape, const char *text,
                      struct port_payload *ret, struct err *err)
{
    struct json *json;
    if (strlen(text) > PORT_INPUT_MAX)
        return err_set(err, ERR_INPUT, "the input %s is longer than %d bytes", shape->input, PORT_INPUT_MAX);
    if (json_parse(arena, text, strlen(text), &json, err) < 0)
        return err_wrap(err, "the input %s", shape->input);
    ret->run_id = port_text_at(json, shape->run_id);
    ret->entity = port_text_at(json, shape->entity);
    if (!ret->entity)
        ret->entity = port_text_at(json, shape->entity_object);
    ret->requester = port_text_at(json, requester_path);
    if (ret->run_id && port_is_run_id(ret->run_id))
        return 0;
    return err_set(err, ERR_INPUT, "the input %s has no id of a run at %s", shape->input, shape->run_id);
}

int port_payload_read(struct arena *arena, const struct json *inputs, struct port_payload *ret,
                      struct err *err)
{
    const char *payload = json_get_string(inputs, shapes[0].input);
    const char *context = json_get_string(inputs, shapes[1].input);
    *ret = (struct port_payload){0};
    payload = payload && *payload ? payload : NULL;
    context = context && *context ? context : NULL;
    if (payload && context)
        return err_set(err, ERR_INPUT,
                       "there are both inputs port_payload and port_context; give one of them");
    if (payload)
        return read_shape(arena, &shapes[0], payload, ret, err);
    if (context)
        return read_shape(arena, &shapes[1], context, ret, err);
    return err_set(err, ERR_INPUT,
                   "the workflow has no input port_payload or port_context: it is for runs that Port starts");
}
